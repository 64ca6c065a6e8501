"""Small photos and clips for tests, made here."""

from pathlib import Path

import cv2
import numpy as np

from apps.foundation import ffmpeg


def scene(
    width: int, height: int, subjects: tuple[tuple[float, float], ...] = (), seed: int = 1
) -> np.ndarray:
    """A hazy landscape, BGR, with a disc of a third of its height at each (x, y), shares of its size."""
    rng = np.random.default_rng(seed)
    y = np.linspace(0, 1, height)[:, None, None]
    ground = np.where(y > 0.6, np.array([60.0, 90, 70]), np.array([190.0, 160, 110]) + 40 * y)
    picture = np.repeat(ground, width, 1) + rng.normal(0, 6, (height, width, 3))
    picture = np.clip(picture, 0, 255).astype(np.uint8)
    for left, top in subjects:
        at = (round(left * width), round(top * height))
        cv2.circle(picture, at, height // 6, (30, 60, 235), -1)
        cv2.circle(picture, at, height // 10, (240, 240, 250), -1)
    return picture


def encoded(picture: np.ndarray, ending: str = ".jpg") -> bytes:
    return cv2.imencode(ending, picture)[1].tobytes()


def clip(
    path: Path,
    *,
    size: tuple[int, int] = (360, 640),
    seconds: float = 3.0,
    fps: int = 10,
    lively: tuple[float, float] = (0, 99),
    at: float = 0.5,
) -> Path:
    """A disc over a still ground, which moves between the seconds of `lively`; with a tone beside it."""
    ground = scene(*size)
    frames, place = [], at
    for n in range(round(seconds * fps)):
        if lively[0] <= n / fps < lively[1]:
            place = at + 0.08 * np.sin(n)
        shown = ground.copy()
        cv2.circle(shown, (round(place * size[0]), round(0.45 * size[1])), size[1] // 8, (30, 60, 235), -1)
        frames.append(shown.tobytes())
    codec = (
        ("libvpx", "-deadline", "realtime") if path.suffix == ".webm" else ("libx264", "-preset", "ultrafast")
    )
    picture = (
        "-f",
        "rawvideo",
        "-pix_fmt",
        "bgr24",
        "-s",
        f"{size[0]}x{size[1]}",
        "-r",
        str(fps),
        "-i",
        "pipe:0",
    )
    sound = ("-f", "lavfi", "-i", f"sine=d={seconds}") if path.suffix == ".mp4" else ()
    end = ("-c:v", *codec, "-pix_fmt", "yuv420p", str(path))
    ffmpeg.run([*picture, *sound, *end], data=b"".join(frames))
    return path
