"""A finished video as small arrays, decoded once. It measures and judges nothing."""

from dataclasses import dataclass
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
class Footage:
    """Every frame, small, and the whole sound.

    `planes` is uint8 (frames, 240, 90), full-range BT.709 4:2:0; `sound` is float32 (samples, 2) in
    [-1, 1] at SAMPLE_RATE, cut or padded with silence to the pictures' length; `has_sound` is
    False where the file has no audio stream.
    """

    planes: NDArray[np.uint8]
    sound: NDArray[np.float32]
    fps: float
    has_sound: bool

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


def watch(video: Path, boxes: Mp4, *, scratch: Path) -> Footage:
    """Decode `video`, whose boxes were read, once. Raises UnableToWatch where there are no pictures.

    `scratch` is a folder to put the raw sound in: ffmpeg can pipe only one stream at a time.
    """
    pictures = boxes.track("vide")
    if pictures is None or not pictures.samples or not pictures.duration:
        raise UnableToWatch("the take has no pictures; render it again")
    sound = scratch / "critic-sound.raw" if boxes.track("soun") else None
    planes = _decode(video, sound)
    fps = pictures.samples / pictures.duration
    raw = np.fromfile(sound, dtype="<i2") if sound else np.zeros(0, dtype="<i2")
    return Footage(
        planes=planes,
        sound=_fit(raw.reshape(-1, 2), round(len(planes) / fps * SAMPLE_RATE)),
        fps=fps,
        has_sound=raw.size > 0,
    )


def _decode(video: Path, sound: Path | None) -> NDArray[np.uint8]:
    shrink = f"scale={WIDTH}:{HEIGHT}:flags=area:out_range=full:out_color_matrix=bt709"
    pictures = ["-map", "0:v:0", "-vf", shrink, "-fps_mode", "passthrough", "-pix_fmt", "yuv420p"]
    arguments = ["-threads", "2", "-i", str(video), *pictures, "-f", "rawvideo", "pipe:1"]
    if sound is not None:
        arguments += ["-map", "0:a:0", "-ac", "2", "-ar", str(SAMPLE_RATE), "-f", "s16le", str(sound)]
    raw, _ = ffmpeg.run(arguments)
    if not raw:
        raise UnableToWatch("the take has no frame that can be decoded; render it again")
    return np.frombuffer(raw, dtype=np.uint8).reshape(-1, ROWS, WIDTH)


def _fit(samples: NDArray[np.int16], length: int) -> NDArray[np.float32]:
    fitted = np.zeros((length, 2), dtype=np.float32)
    kept = samples[:length]
    fitted[: len(kept)] = kept / np.float32(32768)
    return fitted


def _full_size(half: NDArray[np.uint8]) -> NDArray[np.float64]:
    return half.reshape(HEIGHT // 2, WIDTH // 2).repeat(2, axis=0).repeat(2, axis=1).astype(float)
