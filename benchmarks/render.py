"""How close rendering comes to encoding alone, and how far it is from MoviePy, in one interleaved run.

Run by `make bench-render`. The short has 25 s at 1080x1920 and 30 frames a second, captions and all.
"""

import mmap
import multiprocessing
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from apps.foundation import ffmpeg
from apps.video.composition import Performance, ShotPlan, render
from apps.video.encoder import CRF, MUXING, arguments
from apps.video.planes import Frame
from benchmarks import moviepy_baseline, short
from benchmarks.installation import bench
from benchmarks.short import Scene

PRESET = "veryfast"  # what config/settings.py renders with
#: Rounds of each measurement; the medians are compared.
ROUNDS = 3
#: The scene that is changed for one_scene_share.
CHANGED = 2
#: Times the six scenes are repeated for the longest video: 7 x 25 s = 175 s.
LONGEST = 7
#: Renders at once, as `manage.py work` does it.
WORKERS = os.cpu_count() or 2

Pool = ProcessPoolExecutor


def segment_of(plan: ShotPlan, folder: Path) -> Path:
    """Render one scene to its file."""
    target = folder / f"segment{plan.shot.ordinal}.mp4"
    render(plan, target, PRESET)
    return target


def by_workers(scenes: Sequence[Scene], folder: Path, pool: Pool) -> float:
    """Seconds to render every scene, WORKERS at once, and join them."""
    began = time.perf_counter()
    plans = [scene.plan for scene in scenes]
    _join(list(pool.map(segment_of, plans, [folder] * len(plans))), folder)
    return time.perf_counter() - began


def by_one(scenes: Sequence[Scene], folder: Path) -> float:
    """Seconds to render every scene one after the other in this process, and join them."""
    began = time.perf_counter()
    _join([segment_of(scene.plan, folder) for scene in scenes], folder)
    return time.perf_counter() - began


def one_changed(scenes: Sequence[Scene], folder: Path) -> float:
    """Seconds to render one scene again and join it to the others, which an earlier run has left there."""
    began = time.perf_counter()
    plan = scenes[CHANGED].plan
    segment_of(replace(plan, shot=replace(plan.shot, cues=plan.shot.cues[:-1])), folder)
    _join([folder / f"segment{n}.mp4" for n in range(len(scenes))], folder)
    return time.perf_counter() - began


def _join(segments: Sequence[Path], folder: Path) -> None:
    listing = folder / "segments.txt"
    listing.write_text("".join(f"file '{path.resolve()}'\n" for path in segments))
    source = ["-loglevel", "error", "-f", "concat", "-safe", "0", "-i", str(listing), "-c", "copy"]
    ffmpeg.run([*source, *MUXING, str(folder / "whole.mp4")])


def write_frames(scenes: Sequence[Scene], target: Path) -> None:
    """The finished frames as raw yuv420p."""
    frame = Frame(short.FRAME.width, short.FRAME.height)
    with target.open("wb") as file:
        for scene in scenes:
            performance = Performance(scene.plan)
            for n in range(performance.frames):
                performance.paint(frame, n)
                file.write(frame.data.data)


def encode(frames: Path, target: Path) -> float:
    """Seconds ffmpeg alone needs for the same frames with the same settings."""
    line = arguments(short.FRAME, PRESET, target)
    line[line.index("pipe:0")] = str(frames)
    began = time.perf_counter()
    ffmpeg.run(line)
    return time.perf_counter() - began


def moviepy(scenes: Sequence[Scene], folder: Path, **settings: Any) -> float:
    """Seconds MoviePy takes for the same short, with its own settings or ours."""
    began = time.perf_counter()
    moviepy_baseline.render(scenes, folder / "moviepy.mp4", **settings)
    return time.perf_counter() - began


def in_children(count: int, job: Callable[[Path], object], folder: Path) -> float:
    """Seconds until `count` processes that start at once have done a job, each in a folder of its own."""
    context = multiprocessing.get_context("fork")
    folders = [folder / f"child{n}" for n in range(count)]
    for child in folders:
        child.mkdir(exist_ok=True)
    processes = [context.Process(target=job, args=(child,)) for child in folders]
    began = time.perf_counter()
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise SystemExit("a render process failed")
    return time.perf_counter() - began


def peak_mb(folder: Path) -> float:
    """Megabytes a process that renders the longest video holds at most, its ffmpeg included."""
    scenes = short.draw(folder, repeats=LONGEST)
    context = multiprocessing.get_context("spawn")
    heard, told = context.Pipe()
    process = context.Process(target=_render_and_tell, args=(scenes, folder, told))
    process.start()
    peak: float = heard.recv()
    process.join()
    return peak


def _render_and_tell(scenes: Sequence[Scene], folder: Path, told: Connection) -> None:
    told.send(_watched(lambda: by_one(scenes, folder)))


def _watched(job: Callable[[], object]) -> float:
    """The most that this process and its children held at one time while it did a job, megabytes."""
    seen, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            mine = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
            seen.append(sum(_resident_mb(process) for process in ("self", *mine)))

    thread = threading.Thread(target=watch)
    thread.start()
    job()
    done.set()
    thread.join()
    return max(seen)


def _resident_mb(process: str) -> float:
    """What a process holds now; 0 where it has ended."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    except OSError:
        return 0.0
    return int(pages) * mmap.PAGESIZE / 2**20


def measured(folder: Path, scenes: Sequence[Scene], pool: Pool) -> dict[str, float]:
    """Median seconds of everything that is compared, in turns."""
    frames = folder / "frames.yuv"
    write_frames(scenes, frames)
    jobs: dict[str, Callable[[], float]] = {
        "encode": lambda: encode(frames, folder / "encoded.mp4"),
        "whole": lambda: by_workers(scenes, folder, pool),
        "alone": lambda: by_one(scenes, folder),
        "changed": lambda: one_changed(scenes, folder),
        "pair": lambda: in_children(2, lambda child: by_one(scenes, child), folder),
        "twice": lambda: sum(in_children(1, lambda child: by_one(scenes, child), folder) for _ in "ab"),
        "moviepy": lambda: moviepy(scenes, folder),
    }
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(ROUNDS):
        for name, job in jobs.items():
            times[name].append(job())
    frames.unlink()
    return {name: statistics.median(seconds) for name, seconds in times.items()}


def main() -> None:
    Path("var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir="var") as name, Pool(WORKERS) as pool:
        folder = Path(name)
        scenes = short.draw(folder)
        by_workers(scenes, folder, pool)  # so that the workers are as warm as a worker is
        seconds = measured(folder, scenes, pool)
        same = moviepy(scenes, folder, preset=PRESET, crf=CRF)
        bench(
            encode_ratio=seconds["whole"] / seconds["encode"],
            encode_ratio_one_worker=seconds["alone"] / seconds["encode"],
            moviepy_ratio=seconds["moviepy"] / seconds["whole"],
            moviepy_ratio_same_preset=same / seconds["whole"],
            one_scene_share=seconds["changed"] / seconds["whole"],
            two_at_once_ratio=seconds["pair"] / seconds["twice"],
            peak_mb=peak_mb(folder),
            whole_seconds=seconds["whole"],
            encode_seconds=seconds["encode"],
            moviepy_seconds=seconds["moviepy"],
        )


if __name__ == "__main__":
    main()
