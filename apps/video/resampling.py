"""Windows of a plane at sub-pixel places and any scale. Arrays only; knows no sprite and no frame."""

from dataclasses import dataclass
from math import ceil, floor

import cv2
import numpy as np

from apps.video.planes import Plane

#: Scale under which pixels are averaged instead of interpolated, so that nothing flickers.
SHRINKING = 0.7
#: Source pixels before a window that may be taken in addition, so that it falls on a whole place.
SPARE = 24
#: Pixels from a whole place that count as whole: too little to be seen, and a tenth of the work.
WHOLE = 0.06
#: Pixels of a plane's edge that may be left out; sprites have more transparent ones there (sprites.PAD).
SHED = 2
#: Pixels along each axis that are resampled at least: getRectSubPix reads nonsense from a single one.
LEAST = 2


@dataclass(frozen=True)
class Place:
    """Where a plane's corner stands in its target, pixels with fractions, and its scale."""

    x: float
    y: float
    scale: float = 1.0


class Sampler:
    """Reads a window of width x height from planes of one shape whose corner is at `place`: bilinear.

    Enlarging and then moving by a fraction takes a third of a warp's time.
    """

    def __init__(self, shape: tuple[int, ...], place: Place, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._scale = place.scale
        self._part: tuple[slice, slice] | None = None
        if place.scale != 1.0:
            across = _stretch(shape[1], place.x, width, place.scale)
            down = _stretch(shape[0], place.y, height, place.scale)
            self._part = slice(down.first, down.last), slice(across.first, across.last)
            # By factors, because a whole number of pixels would bend the scale; but never to next to nothing.
            vanishes = min(across.last - across.first, down.last - down.first) * place.scale < LEAST
            self._size = (across.new, down.new) if vanishes else None
            self._kind = cv2.INTER_AREA if place.scale < SHRINKING else cv2.INTER_LINEAR
            shape, place = (down.new, across.new), Place(across.corner, down.corner)
        self._centre = ((width - 1) / 2 - place.x, (height - 1) / 2 - place.y)
        self._whole = self._whole_pixels(shape, place)

    def _whole_pixels(self, shape: tuple[int, ...], place: Place) -> tuple[slice, slice] | None:
        """The window's rows and columns where it falls on whole pixels that are all there."""
        left, top = round(-place.x), round(-place.y)
        if max(abs(place.x + left), abs(place.y + top)) > WHOLE:
            return None
        if left < 0 or top < 0 or left + self.width > shape[1] or top + self.height > shape[0]:
            return None
        return slice(top, top + self.height), slice(left, left + self.width)

    def sample(self, source: Plane, out: Plane | None = None) -> Plane:
        """The window of `source`, edges repeated; copied into `out` where that is given."""
        if self._part is not None:
            part, scale = source[self._part], self._scale
            source = cv2.resize(part, self._size, fx=scale, fy=scale, interpolation=self._kind)
        if self._whole is None:
            return cv2.getRectSubPix(source, (self.width, self.height), self._centre, patch=out)
        window = source[self._whole]
        if out is not None:
            np.copyto(out, window)
        return window


@dataclass(frozen=True)
class _Stretch:
    """Along one axis: source pixels `first` to `last` become `new` ones, the first of them at `corner`."""

    first: int
    last: int
    new: int
    corner: float


def _stretch(length: int, corner: float, window: int, scale: float) -> _Stretch:
    """All source pixels that the window shows, and up to SPARE more before it: as many as put the first new
    pixel on a whole place. Where the source begins inside the window, SHED of its edge may be left out.
    """
    begin, end = floor(-corner / scale) - 2, ceil((window - corner) / scale) + 2
    nearest = begin if begin >= 0 else SHED
    nearest = min(nearest, length - LEAST)
    first = _closest(range(nearest, max(-1, nearest - SPARE), -1), corner, scale)
    last = max(first + LEAST, min(end, length))
    return _Stretch(first, last, max(LEAST, round((last - first) * scale)), corner + first * scale)


def _closest(firsts: range, corner: float, scale: float) -> int:
    """The first of `firsts` whose place is nearly whole, else the one nearest to it."""
    best, found = 1.0, firsts[0]
    for first in firsts:
        at = corner + first * scale
        error = abs(at - round(at))
        if error < best:
            best, found = error, first
        if best <= WHOLE:
            break
    return found
