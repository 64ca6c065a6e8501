"""Pictures as BT.709 limited-range 4:2:0 planes, and whole frames of them.

Working in the encoder's own planes spares a colour conversion of every frame. Arrays only.
"""

from math import ceil
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]

# Two encoder threads and this one share the machine; more would only fight each other.
cv2.setNumThreads(1)


#: BGR (0-255) to Y, U, V (BT.709, limited range, 8 bit): ITU-R BT.709-6 section 3.
FROM_BGR = np.array(
    [
        [0.0722 * 219 / 255, 0.7152 * 219 / 255, 0.2126 * 219 / 255, 16.0],
        [0.5 * 224 / 255, -0.38543 * 224 / 255, -0.11457 * 224 / 255, 128.0],
        [-0.04585 * 224 / 255, -0.45415 * 224 / 255, 0.5 * 224 / 255, 128.0],
    ]
)


class UnableToReadPicture(ValueError):
    """A layer is not an image; draw the scene again."""


class Frame:
    """One yuv420p frame in contiguous memory; width and height must be even.

    `data` is where it lies, for a frame in memory that is shared; else it gets memory of its own.
    """

    def __init__(self, width: int, height: int, data: Plane | None = None) -> None:
        self.width, self.height = width, height
        self.data = np.zeros(size_of(width, height), np.uint8) if data is None else data
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

    def thumbnail(self, width: int) -> Plane:
        """The frame as BGR, `width` pixels wide; at most half as wide as the frame costs next to nothing."""
        size = (width, round(width * self.height / self.width))
        return _to_bgr(*(cv2.resize(p, size, interpolation=cv2.INTER_AREA) for p in (self.y, self.u, self.v)))


def size_of(width: int, height: int) -> int:
    """Bytes of one yuv420p frame."""
    return width * height * 3 // 2


def _to_bgr(y: Plane, u: Plane, v: Plane) -> Plane:
    back = np.linalg.inv(FROM_BGR[:, :3])
    offset = -back @ FROM_BGR[:, 3]
    return cv2.transform(np.dstack((y, u, v)), np.hstack((back, offset[:, None])))


def dim(frame: Frame, light: float) -> None:
    """Leave `light` (0-1) of what is brighter than black, and of the colour."""
    for plane, rest in ((frame.y, 16), (frame.u, 128), (frame.v, 128)):
        cv2.convertScaleAbs(plane, dst=plane, alpha=light, beta=rest * (1 - light))


def smear(frame: Frame, pixels: float) -> None:
    """Blur along the rows, as a picture that moves by so many pixels while the shutter is open."""
    for plane, share in ((frame.y, 1), (frame.u, 2), (frame.v, 2)):
        width = max(1, round(pixels / share))
        cv2.blur(plane, (width, 1), dst=plane)


def read_picture(path: Path) -> Plane:
    """An image file as BGR or BGRA. Raises UnableToReadPicture where the file is no image."""
    image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if image is None:
        raise UnableToReadPicture("a layer is not an image that can be read; draw the scene again")
    if image.dtype != np.uint8:
        image = (image >> 8).astype(np.uint8)
    return cv2.cvtColor(image, cv2.COLOR_GRAY2BGR) if image.ndim == 2 else image


def covering(image: Plane, width: int, height: int) -> Plane:
    """The image grown or shrunk to cover width x height, and cropped about its centre to that."""
    h, w = image.shape[:2]
    if (w, h) == (width, height):
        return image
    scale = max(width / w, height / h)
    w, h = max(width, round(w * scale)), max(height, round(h * scale))
    shrinking = scale < 1
    image = cv2.resize(image, (w, h), interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_CUBIC)
    left, top = (w - width) // 2, (h - height) // 2
    return image[top : top + height, left : left + width]


def to_yuv(image: Plane) -> tuple[Plane, Plane, Plane]:
    """BGR (alpha, if any, is ignored) as three planes of full size."""
    # A slice without alpha would be copied pixel by pixel, which takes ten times as long as the sums.
    colour = cv2.cvtColor(image, cv2.COLOR_BGRA2BGR) if image.shape[2] == 4 else image
    y, u, v = cv2.split(cv2.transform(colour, FROM_BGR))
    return y, u, v


def half(plane: Plane) -> Plane:
    """A plane of even size at half of it, averaged."""
    size = (plane.shape[1] // 2, plane.shape[0] // 2)
    return cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
