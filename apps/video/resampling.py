"""Windows of a plane at sub-pixel places and any scale. Arrays only; knows no sprite and no frame."""

from dataclasses import dataclass
from math import ceil, floor

import cv2
import numpy as np

from apps.video.planes import Plane

#: Scale under which pixels are averaged instead of interpolated, so that nothing flickers.
SHRINKING = 0.7
#: Source pixels that may be taken in addition for a closer fit; 24 keep edges within 0.02 pixels.
SPARE = 24
#: Pixels from a whole place that count as whole: too little to be seen, and a tenth of the work.
WHOLE = 0.06
#: Pixels by which an enlarged part may be longer or shorter than it should; scales close to 1 often miss by
#: more, and are warped.
EXCESS = 0.25
#: Pixels of a plane's edge that may be left out; sprites have more transparent ones there (sprites.PAD).
SHED = 2


@dataclass(frozen=True)
class Place:
    """Where a plane's corner stands in its target, pixels with fractions, and its scale."""

    x: float
    y: float
    scale: float = 1.0


class Sampler:
    """Reads a window of width x height from planes of one shape whose corner is at `place`: bilinear.

    Enlarging by whole pixel counts and then moving by a fraction takes a third of a warp's time; where
    the enlarged pixels can be chosen so that no fraction remains, a quarter.
    """

    def __init__(self, shape: tuple[int, ...], place: Place, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._place, self._warps = place, False
        self._stretches: tuple[_Stretch, _Stretch] | None = None
        if place.scale != 1.0:
            across = _stretch(shape[1], place.x, width, place.scale)
            down = _stretch(shape[0], place.y, height, place.scale)
            self._warps = max(abs(across.excess), abs(down.excess)) > EXCESS
            self._stretches = across, down
            self._kind = cv2.INTER_AREA if across.new < SHRINKING * across.count else cv2.INTER_LINEAR
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
        if self._warps:
            return self._warped(source, out)
        if self._stretches is not None:
            across, down = self._stretches
            part = source[down.first : down.first + down.count, across.first : across.first + across.count]
            source = cv2.resize(part, (across.new, down.new), interpolation=self._kind)
        if self._whole is None:
            return cv2.getRectSubPix(source, (self.width, self.height), self._centre, patch=out)
        window = source[self._whole]
        if out is not None:
            np.copyto(out, window)
        return window

    def _warped(self, source: Plane, out: Plane | None) -> Plane:
        scale = self._place.scale
        u, v = ((0.5 - corner) / scale - 0.5 for corner in (self._place.x, self._place.y))
        matrix = np.array([[1 / scale, 0, u], [0, 1 / scale, v]])
        kind = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        size, edges = (self.width, self.height), cv2.BORDER_REPLICATE
        return cv2.warpAffine(source, matrix, size, dst=out, flags=kind, borderMode=edges)


@dataclass(frozen=True)
class _Stretch:
    """Along one axis: `count` source pixels from `first` on become `new` ones, the first at `corner`.

    That is `excess` pixels more than the scale asks for, shared between both ends.
    """

    first: int
    count: int
    new: int
    excess: float
    corner: float


def _stretch(length: int, corner: float, window: int, scale: float) -> _Stretch:
    """All source pixels that the window shows, and up to SPARE more on either side: on the near one as
    many as put the first new pixel on a whole place, on the far one as make new / count closest to the scale.

    Where the source ends inside the window, some of its transparent edge may be left out as well.
    """
    begin, end = floor(-corner / scale) - 2, ceil((window - corner) / scale) + 2
    nearest = begin if begin >= 0 else SHED
    first = _closest(range(nearest, max(-1, nearest - SPARE), -1), corner, scale)
    last = end if end <= length else max(first + 1, length - SHED)
    best, count = 2.0, last - first
    for n in range(last - first, min(last - first + SPARE, length - first) + 1):
        error = abs(max(1, round(n * scale)) - n * scale)
        if error < best:
            best, count = error, n
    new = max(1, round(count * scale))
    excess = new - count * scale
    return _Stretch(first, count, new, excess, corner + first * scale - excess / 2)


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
