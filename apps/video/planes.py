"""Pictures as BT.709 limited-range 4:2:0 planes, laid over each other at sub-pixel places.

Working in the encoder's own planes spares a colour conversion of every frame. Arrays only.
"""

from dataclasses import dataclass
from math import ceil, floor
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]

# Two encoder threads and this one share the machine; more would only fight each other.
cv2.setNumThreads(1)

#: BGR (0-255) to Y, U, V (BT.709, limited range, 8 bit): ITU-R BT.709-6 section 3.
_FROM_BGR = np.array(
    [
        [0.0722 * 219 / 255, 0.7152 * 219 / 255, 0.2126 * 219 / 255, 16.0],
        [0.5 * 224 / 255, -0.38543 * 224 / 255, -0.11457 * 224 / 255, 128.0],
        [-0.04585 * 224 / 255, -0.45415 * 224 / 255, 0.5 * 224 / 255, 128.0],
    ]
)
#: Transparent pixels round a sprite, so that interpolation at its edge fades into nothing.
PAD = 4


class UnableToReadPicture(ValueError):
    """A layer is not an image; draw the scene again."""


class Frame:
    """One yuv420p frame in contiguous memory; width and height must be even."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.data = np.zeros(width * height * 3 // 2, np.uint8)
        luma = width * height
        half = (height // 2, width // 2)
        self.y: Plane = self.data[:luma].reshape(height, width)
        self.u: Plane = self.data[luma : luma + luma // 4].reshape(half)
        self.v: Plane = self.data[luma + luma // 4 :].reshape(half)

    def bgr(self, box: tuple[int, int, int, int] | None = None) -> Plane:
        """The frame, or the (left, top, right, bottom) part of it, as BGR."""
        left, top, right, bottom = box or (0, 0, self.width, self.height)
        size = (right - left, bottom - top)
        half = (slice(top // 2, ceil(bottom / 2)), slice(left // 2, ceil(right / 2)))
        u, v = (cv2.resize(p[half], size, interpolation=cv2.INTER_LINEAR) for p in (self.u, self.v))
        return _to_bgr(self.y[top:bottom, left:right], u, v)


def _to_bgr(y: Plane, u: Plane, v: Plane) -> Plane:
    back = np.linalg.inv(_FROM_BGR[:, :3])
    offset = -back @ _FROM_BGR[:, 3]
    return cv2.transform(np.dstack((y, u, v)), np.hstack((back, offset[:, None])))


@dataclass(frozen=True)
class Sprite:
    """A picture in planes, colours multiplied by alpha; `a` and `a2` are None where it is opaque.

    `left`, `top` place its luma plane in its layer, pixels; both even. u, v, a2 are half size.
    """

    left: int
    top: int
    y: Plane
    u: Plane
    v: Plane
    a: Plane | None
    a2: Plane | None

    @property
    def width(self) -> int:
        return int(self.y.shape[1])

    @property
    def height(self) -> int:
        return int(self.y.shape[0])

    @property
    def opaque(self) -> bool:
        return self.a is None


def read_picture(path: Path, width: int, height: int) -> Plane:
    """An image file as BGR or BGRA of width x height, cropped about its centre to that shape.

    Raises UnableToReadPicture where the file is no image.
    """
    image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if image is None:
        raise UnableToReadPicture("a layer is not an image that can be read; draw the scene again")
    if image.dtype != np.uint8:
        image = (image >> 8).astype(np.uint8)
    if image.ndim == 2:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    return _cover(image, width, height)


def _cover(image: Plane, width: int, height: int) -> Plane:
    h, w = image.shape[:2]
    if (w, h) == (width, height):
        return image
    scale = max(width / w, height / h)
    w, h = max(width, round(w * scale)), max(height, round(h * scale))
    shrinking = scale < 1
    image = cv2.resize(image, (w, h), interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_CUBIC)
    left, top = (w - width) // 2, (h - height) // 2
    return image[top : top + height, left : left + width]


def opaque_sprite(image: Plane) -> Sprite:
    """A whole BGR picture (alpha, if any, is ignored) of even width and height."""
    y, u, v = cv2.split(cv2.transform(image[..., :3], _FROM_BGR))
    return Sprite(0, 0, y, _half(u), _half(v), None, None)


def cut_sprite(image: Plane) -> Sprite | None:
    """The part of a BGRA picture that can be seen, padded; None where nothing can."""
    box = cv2.boundingRect(image[..., 3])
    if not box[2]:
        return None
    left, top = (floor((box[i] - PAD) / 2) * 2 for i in (0, 1))
    right, bottom = (ceil((box[i] + box[i + 2] + PAD) / 2) * 2 for i in (0, 1))
    return sprite_of(_padded(image, left, top, right, bottom), left, top)


def _padded(image: Plane, left: int, top: int, right: int, bottom: int) -> Plane:
    h, w = image.shape[:2]
    canvas = np.zeros((bottom - top, right - left, 4), np.uint8)
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(right, w), min(bottom, h)
    canvas[y0 - top : y1 - top, x0 - left : x1 - left] = image[y0:y1, x0:x1]
    return canvas


def sprite_of(image: Plane, left: int, top: int) -> Sprite:
    """A straight-alpha BGRA picture of even size as a sprite at (left, top), both even."""
    alpha = np.ascontiguousarray(image[..., 3])
    yuv = cv2.split(cv2.transform(image[..., :3], _FROM_BGR))
    y, u, v = (cv2.multiply(plane, alpha, scale=1 / 255) for plane in yuv)
    return Sprite(left, top, y, _half(u), _half(v), alpha, _half(alpha))


def _half(plane: Plane) -> Plane:
    size = (plane.shape[1] // 2, plane.shape[0] // 2)
    return cv2.resize(plane, size, interpolation=cv2.INTER_AREA)


def faded(sprite: Sprite, share: float) -> Sprite:
    """The sprite at `share` (0-1) of its opacity."""
    if share >= 1 or sprite.a is None:
        return sprite
    y, u, v, a, a2 = (
        cv2.convertScaleAbs(p, alpha=share) for p in (sprite.y, sprite.u, sprite.v, sprite.a, sprite.a2)
    )
    return Sprite(sprite.left, sprite.top, y, u, v, a, a2)


def enlarged(sprite: Sprite, scale: float) -> Sprite:
    """A sprite resampled once to `scale` times its size, rounded to even pixels."""
    w, h = (2 * round(n * scale / 2) for n in (sprite.width, sprite.height))

    def grown(plane: Plane | None, size: tuple[int, int]) -> Any:
        return None if plane is None else cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR)

    full, half = (w, h), (w // 2, h // 2)
    y, a = grown(sprite.y, full), grown(sprite.a, full)
    u, v, a2 = (grown(plane, half) for plane in (sprite.u, sprite.v, sprite.a2))
    return Sprite(sprite.left, sprite.top, y, u, v, a, a2)


def draw(frame: Frame, sprite: Sprite, x: float, y: float, scale: float = 1.0) -> None:
    """Lay `sprite` with its top left corner at (x, y), in pixels with fractions, scaled by `scale`.

    An opaque sprite replaces the whole frame and must cover it.
    """
    _lay(frame.y, sprite.y, sprite.a, x, y, scale)
    _lay(frame.u, sprite.u, sprite.a2, x / 2, y / 2, scale)
    _lay(frame.v, sprite.v, sprite.a2, x / 2, y / 2, scale)


def _lay(target: Plane, source: Plane, alpha: Plane | None, x: float, y: float, scale: float) -> None:
    h, w = target.shape
    x0, y0 = max(0, floor(x)), max(0, floor(y))
    x1 = min(w, ceil(x + source.shape[1] * scale))
    y1 = min(h, ceil(y + source.shape[0] * scale))
    if alpha is None:
        x0, y0, x1, y1 = 0, 0, w, h
    if x1 <= x0 or y1 <= y0:
        return
    area = target[y0:y1, x0:x1]
    where = (x - x0, y - y0, scale, x1 - x0, y1 - y0)
    if alpha is None:
        _sample(source, *where, out=area)
    else:
        _blend(area, _sample(source, *where), _sample(alpha, *where))


def _sample(
    source: Plane, x: float, y: float, scale: float, width: int, height: int, out: Plane | None = None
) -> Plane:
    """`source` with its corner at (x, y) in a window of width x height, bilinear."""
    u, v = (0.5 - x) / scale - 0.5, (0.5 - y) / scale - 0.5
    if scale == 1.0:  # ten times as fast as a warp
        centre = (u + (width - 1) / 2, v + (height - 1) / 2)
        return cv2.getRectSubPix(source, (width, height), centre, patch=out)
    matrix = np.array([[1 / scale, 0, u], [0, 1 / scale, v]])
    kind = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(
        source, matrix, (width, height), dst=out, flags=kind, borderMode=cv2.BORDER_REPLICATE
    )


def _blend(area: Plane, source: Plane, alpha: Plane) -> None:
    """area = area * (1 - alpha) + source, where source is already multiplied by alpha."""
    cv2.subtract(area, cv2.multiply(area, alpha, scale=1 / 255), dst=area)
    cv2.add(area, source, dst=area)
