"""A finished video as small arrays, decoded once. It measures and judges nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from apps.foundation import ffmpeg
from apps.foundation.mp4 import Mp4

#: Pixels of the small frames: enough for motion, cuts, seams and flashes, and 144 times less work.
WIDTH, HEIGHT = 90, 160
#: Rows of one planar 4:2:0 frame: luma, then the two quarter planes.
ROWS = HEIGHT * 3 // 2
#: Samples a second; the platforms' and the mixer's own rate, so nothing is resampled twice.
SAMPLE_RATE = 48_000
#: Seconds between the frames that motion is measured on (the thresholds assume 10 a second).
MOTION_STEP = 0.1


class UnableToWatch(RuntimeError):
    """The file holds no picture that can be decoded; render the take again."""


@dataclass(frozen=True, kw_only=True)
class Closeup:
    """One frame as it is in the file: uint8 planar 4:2:0 BT.709, limited range, (height * 3 / 2, width)."""

    planes: NDArray[np.uint8]

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        rows, width = self.planes.shape
        return width, rows * 2 // 3

    @property
    def luma(self) -> NDArray[np.uint8]:
        """Luma as it is coded, 16-235, (height, width)."""
        return self.planes[: self.size[1]]

    def rgb(self, left: int, top: int, right: int, bottom: int) -> NDArray[np.float32]:
        """A part of it in colour, 0-1, (rows, columns, 3); edges inside the frame."""
        width, height = self.size
        half = self.planes[height:].reshape(2, height // 2, width // 2)
        y = (self.planes[top:bottom, left:right].astype(np.float32) - 16) / 219
        rows, columns = slice(top // 2, (bottom + 1) // 2), slice(left // 2, (right + 1) // 2)
        u, v = ((_doubled(plane[rows, columns], y.shape) - 128) / 224 for plane in half)
        channels = (y + 1.5748 * v, y - 0.1873 * u - 0.4681 * v, y + 1.8556 * u)
        return np.clip(np.stack(channels, axis=-1), 0, 1)


@dataclass(frozen=True, kw_only=True)
class Footage:
    """Every frame, small, and the whole sound.

    `planes` is uint8 (frames, 240, 90), full-range BT.709 4:2:0; `sound` is float32 (samples, 2) in
    [-1, 1] at SAMPLE_RATE, cut or padded with silence to the pictures' length; `has_sound` is
    False where the file has no audio stream. `closeups` are frames in full, by their number.
    """

    planes: NDArray[np.uint8]
    sound: NDArray[np.float32]
    fps: float
    has_sound: bool
    closeups: dict[int, Closeup] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        """How long the pictures last."""
        return len(self.planes) / self.fps

    @cached_property
    def luma(self) -> NDArray[np.uint8]:
        """Luma of every frame, (frames, 160, 90)."""
        return self.planes[:, :HEIGHT]

    @cached_property
    def mono(self) -> NDArray[np.float32]:
        """What a phone's single speaker plays, (samples,)."""
        return self.sound.mean(axis=1, dtype=np.float32)

    @cached_property
    def jumps(self) -> NDArray[np.float64]:
        """Mean absolute luma difference of each frame to the one before it, 0-1; (frames,), first 0."""
        return self.differences(1)

    @cached_property
    def motion(self) -> NDArray[np.float64]:
        """The same between frames MOTION_STEP apart, sampled every MOTION_STEP; first 0."""
        step = self.step
        return self.differences(step)[::step]

    @property
    def step(self) -> int:
        """Frames in one MOTION_STEP."""
        return max(1, round(self.fps * MOTION_STEP))

    def differences(self, apart: int) -> NDArray[np.float64]:
        """Mean absolute luma difference, 0-1, of each frame to the one `apart` frames before it."""
        values = np.zeros(len(self.planes))
        for n in range(apart, len(values)):
            values[n] = distance(self.luma[n], self.luma[n - apart])
        return values

    def rgb(self, frame: int) -> NDArray[np.float64]:
        """One frame in colour, 0-255, (160, 90, 3); BT.709 full range."""
        planes = self.planes[frame]
        y = planes[:HEIGHT].astype(float)
        u, v = (_full_size(half) - 128.0 for half in np.split(planes[HEIGHT:].reshape(-1), 2))
        channels = (y + 1.5748 * v, y - 0.1873 * u - 0.4681 * v, y + 1.8556 * u)
        return np.clip(np.stack(channels, axis=-1), 0, 255)


def distance(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Mean absolute difference of two luma frames, 0-1."""
    return float(cv2.norm(one, other, cv2.NORM_L1)) / (255.0 * one.size)


def watch(video: Path, boxes: Mp4, *, scratch: Path, moments: Sequence[float] = ()) -> Footage:
    """Decode `video`, whose boxes were read, once. Raises UnableToWatch where there are no pictures.

    `moments` are the seconds of which frames are wanted in full; those after the end are left out.
    `scratch` is a folder for the raw sound and for those frames: ffmpeg can pipe only one stream at a time.
    """
    pictures = boxes.track("vide")
    if pictures is None or not pictures.samples or not pictures.duration:
        raise UnableToWatch("the take has no pictures; render it again")
    fps = pictures.samples / pictures.duration
    wanted = sorted({n for n in (round(m * fps) for m in moments) if 0 <= n < pictures.samples})
    sound = scratch / "critic-sound.raw" if boxes.track("soun") else None
    near = (
        scratch / "critic-frames.raw"
        if wanted and all(side and side % 2 == 0 for side in pictures.size)
        else None
    )
    planes = _decode(video, sound, near, wanted)
    raw = np.fromfile(sound, dtype="<i2") if sound else np.zeros(0, dtype="<i2")
    return Footage(
        planes=planes,
        sound=_fit(raw.reshape(-1, 2), round(len(planes) / fps * SAMPLE_RATE)),
        fps=fps,
        has_sound=raw.size > 0,
        closeups=_closeups(near, wanted, pictures.size) if near else {},
    )


def _decode(video: Path, sound: Path | None, near: Path | None, wanted: Sequence[int]) -> NDArray[np.uint8]:
    small = f"scale={WIDTH}:{HEIGHT}:flags=area:out_range=full:out_color_matrix=bt709,format=yuv420p"
    graph = f"[0:v:0]{small}[small]"
    if near is not None:
        these = "+".join(f"eq(n\\,{n})" for n in wanted)
        graph = (
            f"[0:v:0]split[all][some];[all]{small}[small];"
            f"[some]select={these},scale=out_range=tv:out_color_matrix=bt709,format=yuv420p[near]"
        )
    raw_video = ["-fps_mode", "passthrough", "-f", "rawvideo"]
    # Without the decoder's smoothing of block edges: an eighth of the time, and at this size no frame
    # differs by more than 0.001 in mean luma.
    arguments = ["-threads", "2", "-skip_loop_filter", "all", "-i", str(video), "-filter_complex", graph]
    arguments += ["-map", "[small]", *raw_video, "pipe:1"]
    if near is not None:
        arguments += ["-map", "[near]", *raw_video, str(near)]
    if sound is not None:
        arguments += ["-map", "0:a:0", "-ac", "2", "-ar", str(SAMPLE_RATE), "-f", "s16le", str(sound)]
    raw, _ = ffmpeg.run(arguments)
    if not raw:
        raise UnableToWatch("the take has no frame that can be decoded; render it again")
    return np.frombuffer(raw, dtype=np.uint8).reshape(-1, ROWS, WIDTH)


def _closeups(file: Path, wanted: Sequence[int], size: tuple[int, int]) -> dict[int, Closeup]:
    """The wanted frames, left on disk until they are looked at."""
    width, rows = size[0], size[1] * 3 // 2
    if file.stat().st_size < width * rows:
        return {}
    raw = np.memmap(file, dtype=np.uint8, mode="r")
    frames = raw[: len(raw) // (width * rows) * width * rows].reshape(-1, rows, width)
    return {n: Closeup(planes=planes) for n, planes in zip(wanted, frames, strict=False)}


def _fit(samples: NDArray[np.int16], length: int) -> NDArray[np.float32]:
    fitted = np.zeros((length, 2), dtype=np.float32)
    kept = samples[:length]
    fitted[: len(kept)] = kept / np.float32(32768)
    return fitted


def _full_size(half: NDArray[np.uint8]) -> NDArray[np.float64]:
    return half.reshape(HEIGHT // 2, WIDTH // 2).repeat(2, axis=0).repeat(2, axis=1).astype(float)


def _doubled(half: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.float32]:
    return half.repeat(2, axis=0).repeat(2, axis=1)[: shape[0], : shape[1]].astype(np.float32)
