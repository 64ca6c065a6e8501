"""Where the eye goes in a picture, and the window of a given shape that keeps it. Arrays only."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Map = npt.NDArray[np.float32]

#: Longer side of a map. Spectral residual is meant for about 64; finer shows texture and not things.
SIDE = 72
#: Share of the middle's attraction: people put what matters near the middle, but not always.
CENTRE = 0.35
#: Share of a window's height at which its subject stands best: above the captions.
EYE_LEVEL = 0.42
#: Share of a window's width at either side that the camera may leave behind; what stands there counts less.
EDGE = 0.2


@dataclass(frozen=True)
class Window:
    """A part of a picture, its edges as shares of width and height.

    `kept` is the share of what catches the eye that lies in it; `worth` the same, less for what stands at
    its edges or under the captions.
    """

    left: float
    top: float
    right: float
    bottom: float
    kept: float = 1.0
    worth: float = 1.0


def saliency(pixels: Pixels) -> Map:
    """How much each part of a BGR picture catches the eye; sums to 1, longer side SIDE.

    The mean of two measures: spectral residual (Hou and Zhang, CVPR 2007), which finds what breaks the
    texture, and distance from the mean colour (Achanta et al., CVPR 2009), which finds what stands out.
    """
    small = _small(pixels)
    found = _unit(_spectral_residual(small)) + _unit(_colour_distance(small))
    return _normal(found)


def together(maps: Sequence[Map]) -> Map:
    """One map of several of the same shape."""
    return _normal(np.mean(np.stack(maps), axis=0, dtype=np.float32))


def resized_to(found: Map, like: Map) -> Map:
    """Any measure of interest as a saliency map of another's size."""
    size = (like.shape[1], like.shape[0])
    return _normal(_unit(cv2.resize(found, size, interpolation=cv2.INTER_AREA)))


def best_window(found: Map, width: float, height: float) -> Window:
    """The window of `width` x `height` (shares of the picture) about what catches the eye.

    What lies in the middle of the window and at EYE_LEVEL counts most, so that the subject is neither
    cut nor under the captions; and what lies near the picture's own middle counts a little more.
    """
    rows, columns = found.shape
    w, h = max(1, round(columns * width)), max(1, round(rows * height))
    inward = np.minimum(np.arange(w) + 0.5, np.arange(w)[::-1] + 0.5) / (w * EDGE)
    across = 0.15 + 0.85 * np.clip(inward, 0, 1)
    down = 0.5 + 0.5 * np.exp(-((((np.arange(h) + 0.5) / h - EYE_LEVEL) / 0.28) ** 2))
    kernel = np.outer(down, across).astype(np.float32)
    places = cv2.filter2D(_focused(found), cv2.CV_32F, kernel, anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
    places = places[: rows - h + 1, : columns - w + 1]
    top, left = np.unravel_index(int(np.argmax(places)), places.shape)
    kept = float(found[top : top + h, left : left + w].sum())
    x, y = _share(int(left), columns - w, 1 - width), _share(int(top), rows - h, 1 - height)
    worth = float((found[top : top + h, left : left + w] * kernel).sum())
    return Window(x, y, x + width, y + height, kept, worth)


def standing(found: Map) -> Map:
    """What stands out from its own row: sky, sea and ground, which every part of a wide view has, are
    taken off, so that a window cut from its width goes by the things in it."""
    return _normal(np.clip(found - np.median(found, axis=1, keepdims=True), 0, None))


def scattered(found: Map) -> float:
    """The share of a picture's columns that hold half of what stands out: small for a few subjects, towards
    a half for a wide view or a texture."""
    falling = np.sort(standing(found).sum(axis=0))[::-1]
    return float(np.searchsorted(np.cumsum(falling), 0.5) + 1) / falling.size


def _share(at: int, steps: int, room: float) -> float:
    return room * at / steps if steps > 0 else room / 2


def _small(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    scale = SIDE / max(height, width)
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def _spectral_residual(small: Pixels) -> Map:
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float32)
    spectrum = np.fft.fft2(grey)
    logs = np.log(np.abs(spectrum) + 1e-6).astype(np.float32)
    residual = logs - cv2.blur(logs, (3, 3))
    back = np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))
    return cv2.GaussianBlur((np.abs(back) ** 2).astype(np.float32), (0, 0), 3.0)


def _colour_distance(small: Pixels) -> Map:
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB).astype(np.float32)
    away = cv2.GaussianBlur(lab, (0, 0), 1.0) - lab.mean(axis=(0, 1))
    return cv2.GaussianBlur(np.linalg.norm(away, axis=2).astype(np.float32), (0, 0), 2.0)


def _unit(found: Map) -> Map:
    """Without the commonplace half, and without single points that outshine everything."""
    above = np.clip(found - np.median(found), 0, None)
    return np.minimum(above / (np.percentile(above, 98) + 1e-9), 1.0)


def _focused(found: Map) -> Map:
    rows, columns = found.shape
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    away = ((x / max(1, columns - 1) - 0.5) ** 2 + (y / max(1, rows - 1) - 0.45) ** 2) / 0.16
    return found * ((1 - CENTRE) + CENTRE * np.exp(-away))


def _normal(found: Map) -> Map:
    total = float(found.sum())
    if total <= 1e-9:
        return np.full(found.shape, 1 / found.size, np.float32)
    return (found / total).astype(np.float32)
