"""A light touch of colour: pictures of others drawn a little towards one mood, so that they go together.

Luma and chroma only (full-range YCbCr, 8 bit), so that a photo and a clip are graded alike. Arrays only.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from apps.image.palette import Palette, channels

Pixels = npt.NDArray[np.uint8]

#: Luma (0-255) that pictures are drawn towards: mean and spread of a well-exposed photo.
MIDDLE, SPREAD = 112.0, 58.0
#: Share of the way that is gone, and the furthest: more than this, and skin looks ill.
SHARE, MOST_LUMA, MOST_CHROMA = 0.22, 9.0, 5.0
#: Least and greatest gain of contrast.
GAINS = (0.96, 1.10)
#: How dark the picture gets where captions are read, and at its edges: shares of the palette's ink.
FOOT, EDGE = 0.34, 0.22


@dataclass(frozen=True)
class Grade:
    """y' = gain * y + lift; `blue` and `red` are added to Cb and Cr. All in 8-bit steps."""

    gain: float = 1.0
    lift: float = 0.0
    blue: float = 0.0
    red: float = 0.0


def grade_for(pixels: Pixels, palette: Palette) -> Grade:
    """What draws BGR pixels (a small copy is enough) towards a palette's colours and a good exposure."""
    luma, red, blue = (plane.astype(np.float32) for plane in cv2.split(_ycc(pixels)))
    mean, deviation = float(luma.mean()), float(luma.std())
    gain = float(np.clip(1 + SHARE * (SPREAD / max(deviation, 8.0) - 1), *GAINS))
    shift = _bounded(SHARE * (MIDDLE - mean), MOST_LUMA)
    tint = _tint((palette.top, palette.glow))
    return Grade(
        gain=gain,
        lift=mean * (1 - gain) + shift,
        blue=_bounded(SHARE * (tint[1] - (float(blue.mean()) - 128)), MOST_CHROMA),
        red=_bounded(SHARE * (tint[0] - (float(red.mean()) - 128)), MOST_CHROMA),
    )


def apply(grade: Grade, pixels: Pixels) -> Pixels:
    """BGR pixels, graded."""
    steps = np.arange(256, dtype=np.float32)
    tables = (steps * grade.gain + grade.lift, steps + grade.red, steps + grade.blue)
    table = np.dstack([np.clip(np.rint(t), 0, 255).astype(np.uint8) for t in tables])
    return cv2.cvtColor(cv2.LUT(_ycc(pixels), table), cv2.COLOR_YCrCb2BGR)


def as_filter(grade: Grade) -> str:
    """The same for limited-range 8-bit video, as an ffmpeg filter; made of numbers only."""
    lift = 16 * (1 - grade.gain) + grade.lift * 219 / 255
    blue, red = grade.blue * 224 / 255, grade.red * 224 / 255
    return (
        f"lutyuv=y='clip(val*{grade.gain:.4f}+{lift:.3f},16,235)'"
        f":u='clip(val+{blue:.3f},16,240)':v='clip(val+{red:.3f},16,240)'"
    )


def shade(width: int, height: int) -> npt.NDArray[np.float32]:
    """How much of the ink lies over each pixel: a soft foot under the captions, and darker corners."""
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    foot = FOOT * _eased((y - 0.42) / 0.26)
    corner = EDGE * _eased((np.hypot(x, (2 * y - 1) * 0.9) - 0.75) / 0.75)
    return 1 - (1 - foot) * (1 - corner)


def shaded(pixels: Pixels, ink: str) -> Pixels:
    """BGR pixels under the shade."""
    alpha = shade(pixels.shape[1], pixels.shape[0])[:, :, None]
    colour = np.array(channels(ink)[::-1], np.float32)
    return np.rint(pixels * (1 - alpha) + colour * alpha).astype(np.uint8)


def _ycc(pixels: Pixels) -> Pixels:
    return cv2.cvtColor(pixels, cv2.COLOR_BGR2YCrCb)


def _tint(colours: Sequence[str]) -> tuple[float, float]:
    """The mean (Cr, Cb) of colours, 128 taken off, at a third: a photo's own chroma is far weaker."""
    one = np.array([[channels(colour)[::-1] for colour in colours]], np.uint8)
    _, red, blue = (float(p.mean()) - 128 for p in cv2.split(_ycc(one)))
    return red / 3, blue / 3


def _bounded(value: float, most: float) -> float:
    return min(most, max(-most, value))


def _eased(u: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    clipped = np.clip(u, 0, 1)
    return clipped * clipped * (3 - 2 * clipped)
