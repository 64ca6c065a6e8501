"""What a critique costs beside the render it judges; with --matrix, what each damage does to each score.

Run by `make bench-critic`. The short has 25 s at 1080x1920 and 30 frames a second, captions and all, as in
`make bench-render`; its sound is a synthetic voice over a chord, since only its length matters here. The
damages are made with ffmpeg on the finished file alone, which the critic then judges by the plan of the
sound one.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import soundfile
from numpy.typing import NDArray

from apps.contracts.decision import (
    AudienceProfile,
    Curve,
    CurvePoint,
    FrameSpec,
    HookType,
    LoopTechnique,
    Persona,
    Plan,
    Strategy,
    VoiceProfile,
)
from apps.contracts.media import CaptionBox, Take, Timeline
from apps.contracts.story import Line, Scene, Script, Story, Word
from apps.critic.bands import bands_for
from apps.critic.examine import Findings, examine
from apps.critic.scoring import gates_failed, part_scores
from apps.foundation import ffmpeg
from apps.video.composition import render
from benchmarks import short
from benchmarks.installation import bench
from benchmarks.render import PRESET, WORKERS

RATE = 48_000
ID = UUID(int=9)
#: Rounds of the critique; the fastest counts, since the first one warms the disk up.
ROUNDS = 3
#: The frame of the matrix: a ninth of the pixels, and the same signals.
SMALL = FrameSpec(width=360, height=640, fps=30)
#: As the platform's own files are made: no edit list, and no priming to be played.
KEPT = ["-movflags", "+faststart+negative_cts_offsets", "-use_editlist", "0"]
PARTS = ("hook", "pacing", "loop", "sound", "text", "file")


@dataclass(frozen=True)
class Made:
    """A finished short on disk, and all that the critic is told of it."""

    video: Path
    voice: Path
    told: dict[str, Any]


def make(folder: Path, frame: FrameSpec) -> tuple[Made, float]:
    """Draw, render and join the short; and the seconds of the last two."""
    scenes = short.draw(folder, frame=frame)
    with ProcessPoolExecutor(WORKERS) as pool:
        list(pool.map(int, range(WORKERS)))
        began = time.perf_counter()
        captions = [b for boxes in pool.map(_segment, scenes, [folder] * len(scenes)) for b in boxes]
        timeline = _timeline([scene.plan.shot for scene in scenes], frame)
        voice, sound = _sound(timeline, folder)
        video = _joined(len(scenes), sound, folder)
        seconds = time.perf_counter() - began
    return Made(video, voice, _told(timeline, captions, frame)), seconds


def _segment(scene: short.Scene, folder: Path) -> tuple[CaptionBox, ...]:
    return render(scene.plan, folder / f"segment{scene.plan.shot.ordinal}.mp4", PRESET).captions


def _joined(count: int, sound: Path, folder: Path) -> Path:
    listing, video = folder / "segments.txt", folder / "take.mp4"
    listing.write_text("".join(f"file '{(folder / f'segment{n}.mp4').resolve()}'\n" for n in range(count)))
    pictures = ["-f", "concat", "-safe", "0", "-i", str(listing), "-i", str(sound), "-c:v", "copy"]
    audio = ["-c:a", "aac", "-b:a", "192k", "-af", "atrim=start_sample=1024"]
    ffmpeg.run(["-loglevel", "error", *pictures, *audio, *KEPT, str(video)])
    return video


def _timeline(shots: Sequence[Any], frame: FrameSpec) -> Timeline:
    total = shots[-1].end_ms
    return Timeline(total_ms=total, fps=frame.fps, bpm=14 * 240_000 / total, bars=14, shots=tuple(shots))


def _sound(timeline: Timeline, folder: Path) -> tuple[Path, Path]:
    """(voice stem, mix): a buzz with formants word by word, and a chord whose level follows the arousal."""
    t = np.arange(round(timeline.total_ms / 1000 * RATE)) / RATE
    rng = np.random.default_rng(3)
    voice = np.zeros_like(t)
    for word in (w for cue in timeline.cues for w in cue.words):
        start, end = (round(ms / 1000 * RATE) for ms in (word.start_ms, word.end_ms))
        tone = sum(np.sin(2 * np.pi * rng.uniform(110, 160) * k * t[start:end]) / k for k in range(1, 25))
        voice[start:end] = tone * np.sin(np.linspace(0.15, np.pi - 0.15, end - start)) ** 0.5
    voice *= 0.18
    middles = [(shot.start_ms + shot.end_ms) / 2000 for shot in timeline.shots]
    swell = np.interp(t, middles, [10 ** (0.3 * shot.arousal) for shot in timeline.shots])
    bed = 0.008 * swell * sum(np.sin(2 * np.pi * f * t) for f in (220, 277, 330, 440))
    paths = folder / "voice.wav", folder / "mix.wav"
    for path, samples in zip(paths, (voice, voice + bed), strict=True):
        soundfile.write(path, np.clip(_both(samples), -1, 1), RATE)
    return paths


def _both(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.repeat(samples[:, None], 2, axis=1)


def _told(timeline: Timeline, captions: list[CaptionBox], frame: FrameSpec) -> dict[str, Any]:
    scenes, lines = [], []
    for shot, (purpose, said, shown, _, _) in zip(timeline.shots, short.SCENES, strict=True):
        start, end = round(shot.start_ms / 1000), round(shot.end_ms / 1000)
        scenes.append(
            Scene(
                id=ID,
                ordinal=shot.ordinal,
                start_sec=start,
                end_sec=end,
                purpose=purpose,
                narration=said,
                visual=shown,
            )
        )
        words = tuple(Word(display=word, spoken=word) for word in said.split())
        lines.append(Line(ordinal=shot.ordinal, words=words))
    take = Take(
        id=ID,
        attempt=0,
        key="take.mp4",
        poster_key="",
        sheet_key="",
        srt_key="",
        vtt_key="",
        duration_ms=timeline.total_ms,
        width=frame.width,
        height=frame.height,
        size_bytes=1,
        captions=tuple(captions),
    )
    return {
        "take": take,
        "timeline": timeline,
        "story": Story(id=ID, total_duration=25, scenes=tuple(scenes)),
        "script": Script(id=ID, story_id=ID, language="en", lines=tuple(lines)),
        "plan": _plan(timeline, frame),
    }


def _plan(timeline: Timeline, frame: FrameSpec) -> Plan:
    points = tuple(
        CurvePoint(sec=shot.start_ms / 1000, emotion=shot.emotion, valence=shot.valence, arousal=shot.arousal)
        for shot in timeline.shots
    )
    end = replace(points[-1], sec=timeline.total_ms / 1000)
    strategy = Strategy(
        platform="youtube_shorts",
        length_seconds=25,
        min_length=10,
        max_length=179,
        hook_window_seconds=2.0,
        scene_count=len(points),
        cut_seconds=4.0,
        loop_technique=LoopTechnique.RETURN,
        hook_types=(HookType.QUESTION,),
        weights={"hook": 0.4, "pacing": 0.35, "loop": 0.25},
        safe_box=short.SAFE_BOX,
        decisions=(),
    )
    watchers = AudienceProfile(
        key="all",
        name="All",
        attention_span=3,
        language_mix={"en": 1.0},
        visual_energy="high",
        emotion_bias=(),
    )
    speaker = Persona(
        id="p",
        name="P",
        sentence_length="short",
        energy_level="high",
        vocabulary_level="simple",
        voice=VoiceProfile(),
    )
    return Plan(
        strategy=strategy,
        audience=watchers,
        persona=speaker,
        curve=Curve(id=ID, name="measured", points=(*points, end)),
        hook_type=HookType.QUESTION,
        caption_style="bold_pop",
        retry_limit=0,
        frame=frame,
        factors={},
        decisions=(),
    )


def critique(made: Made, video: Path | None = None) -> Findings:
    """What the critic finds in the short, or in another file that is said to be it."""
    with tempfile.TemporaryDirectory(dir="var") as scratch:
        return examine(video=video or made.video, voice=made.voice, scratch=Path(scratch), **made.told)


#: What is done to the finished file: video filter or audio filter by size, from small to large. `end` is the
#: length in seconds.
DAMAGES: dict[str, tuple[str, Callable[[float, float], str], tuple[float, ...]]] = {
    "first word late by": ("a", lambda x, end: f"volume=0:enable='lt(t,{x})'", (0.5, 1.0, 1.5)),
    "frozen for": ("v", lambda x, end: _frozen(6.0, x), (1.0, 2.0, 3.5)),
    "silence of": ("a", lambda x, end: f"volume=0:enable='between(t,6,{6 + x})'", (1.0, 2.0, 4.0)),
    "cuts missing until": ("v", lambda x, end: _frozen(4.1, x - 4.1), (9.0, 14.0, 19.0)),
    "captions lower by": (
        "v",
        lambda x, end: f"pad=iw:ih+{x:.0f}:0:{x:.0f},crop=iw:ih-{x:.0f}:0:0",
        (30, 90, 160),
    ),
    "captions paled by": ("v", lambda x, end: f"drawbox=0:ih*.5:iw:ih*.17:white@{x}:fill", (0.3, 0.6, 0.8)),
    "seam broken over": ("v", lambda x, end: f"negate=enable='gte(t,{end - x})'", (0.04, 0.5, 1.0)),
    "end faded over": ("a", lambda x, end: f"afade=t=out:st={end - x}:d={x}", (0.1, 0.3, 1.0)),
    "louder by dB": ("a", lambda x, end: f"volume={x}dB", (3, 6, 12)),
    "bed over voice by": ("bed", lambda x, end: f"{x}", (2, 6, 20)),
    "flashes a second": (
        "v",
        lambda x, end: f"drawbox=color=white:t=fill:enable='between(t,8,10)*lt(mod(t*{x},1),.4)'",
        (4, 6),
    ),
}


def _frozen(start: float, seconds: float) -> str:
    """The frame at `start` stands for so long; the pictures behind it are covered, not moved."""
    first, count = round(start * 30), round(seconds * 30)
    return (
        f"loop=loop={count}:size=1:start={first},setpts=N/30/TB,"
        f"select='not(between(n,{first + count + 1},{first + 2 * count}))',setpts=N/30/TB"
    )


def damaged(made: Made, kind: str, filters: str, target: Path) -> Path:
    """The short's file with one thing wrong, encoded again."""
    line = ["-i", str(made.video)]
    if kind == "bed":
        noise = f"anoisesrc=c=pink:r={RATE}:a=0.05:d=60:seed=3,volume={filters}[n]"
        line += ["-filter_complex", f"{noise};[0:a][n]amix=2:duration=first:normalize=0,alimiter=limit=.8[a]"]
        line += ["-map", "0:v", "-map", "[a]"]
    else:
        line += [f"-{kind}f", filters]
    # A second encoding would be played with its priming: it is cut off, as ours is.
    line += ["-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-bf", "2", "-pix_fmt", "yuv420p"]
    ffmpeg.run([*line, "-c:a", "aac", "-b:a", "192k", *KEPT, str(target)])
    return target


def matrix(folder: Path) -> None:
    """Print, as Markdown, by how many points each damage moves each score, and the gates it trips."""
    made, _ = make(folder, SMALL)
    bands, end = bands_for(made.told["plan"].strategy), made.told["timeline"].total_ms / 1000
    again = damaged(made, "v", "null", folder / "again.mp4")
    base = part_scores(critique(made, again).signals, bands)
    print(f"| damage | size | {' | '.join(PARTS)} | gates |\n|---|---|{'---|' * (len(PARTS) + 1)}")
    print(f"| none | | {' | '.join(f'{base[part]:.0f}' for part in PARTS)} | |")
    for name, (kind, filters, sizes) in DAMAGES.items():
        for size in sizes:
            found = critique(made, damaged(made, kind, filters(size, end), folder / "damaged.mp4")).signals
            after, gates = part_scores(found, bands), gates_failed(found, bands)
            moved = " | ".join(f"{after[part] - base[part]:+.1f}" for part in PARTS)
            print(f"| {name} | {size:g} | {moved} | {', '.join(gates)} |", flush=True)


def speed(folder: Path) -> None:
    """Print what the critique takes, and its share of the render."""
    made, rendering = make(folder, short.FRAME)
    rounds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = critique(made)
        rounds.append((time.perf_counter() - began, found.seconds))
    seconds, steps = min(rounds, key=lambda one: one[0])
    bench(critique_share=seconds / rendering, critique_seconds=seconds, render_seconds=rendering)
    bench(**{f"critique_{step}_seconds": took for step, took in steps.items()})


def main() -> None:
    Path("var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir="var") as name:
        (matrix if "--matrix" in sys.argv else speed)(Path(name))


if __name__ == "__main__":
    main()
