"""Sprites laid over a frame: the innermost loop of rendering. Arrays only; knows no motion."""

from collections.abc import Sequence
from math import ceil, floor

import cv2

from apps.video.planes import Frame, Plane
from apps.video.resampling import Place, Sampler
from apps.video.sprites import CHROMA_STEPS, LUMA_STEPS, Band, Sprite


def draw(
    frame: Frame, sprite: Sprite, x: float, y: float, scale: float = 1.0, *, bottom: int | None = None
) -> None:
    """Lay `sprite` with its top left corner at (x, y), in pixels with fractions, scaled by `scale`.

    An opaque sprite replaces the whole frame and must cover it. Rows from `bottom` (even) on are left
    as they are, where something else will cover them.
    """
    last = frame.height if bottom is None else bottom
    luma = [sprite.y] if sprite.clear is None else [sprite.y, sprite.clear]
    chroma = [sprite.u, sprite.v] if sprite.clear2 is None else [sprite.u, sprite.v, sprite.clear2]
    bands = [b for b in sprite.bands if x + b.right * scale > 0 and x + b.left * scale < frame.width]
    halves = [band.halved() for band in bands]
    place, half = Place(x, y, scale), Place(x / 2, y / 2, scale)
    if sprite.steps is not None and scale == 1.0:
        through = sprite.clear is not None
        rows = _rows_needed(luma, bands, y, last, through)
        luma, place = sprite.steps.moved(luma, place, LUMA_STEPS, rows)
        rows = _rows_needed(chroma, halves, y / 2, last // 2, through)
        chroma, half = sprite.steps.moved(chroma, half, CHROMA_STEPS, rows)
    _lay((frame.y,), luma, place, bands, last)
    _lay((frame.u, frame.v), chroma, half, halves, last // 2)


def _rows_needed(
    planes: Sequence[Plane], bands: Sequence[Band], y: float, last: int, through: bool
) -> list[int]:
    """How many rows of each plane can be seen above row `last`. The last plane, where it says what shows
    `through`, is needed only as far as something does."""
    seen = max(1, min(len(planes[0]), last - floor(y) + 1))
    if not through:
        return [seen] * len(planes)
    mixed = [band.bottom for band in bands if not band.opaque and band.top < seen]
    return [*[seen] * (len(planes) - 1), min(seen, max(mixed, default=1))]


def covered_from(frame: Frame, sprite: Sprite, place: Place) -> int:
    """The even row from which on `sprite` hides all that is behind it; the frame's height if none."""
    solid = [band for band in sprite.bands if band.opaque]
    if not solid:
        return frame.height
    lowest = solid[-1]
    left, right = (place.x + n * place.scale for n in (lowest.left, lowest.right))
    top, bottom = (place.y + n * place.scale for n in (lowest.top, lowest.bottom))
    if left > 0 or right < frame.width or bottom < frame.height:
        return frame.height
    return max(0, ceil(top / 2) * 2 + 2)


def _lay(
    targets: Sequence[Plane], planes: Sequence[Plane], place: Place, bands: Sequence[Band], last: int
) -> None:
    """Lay planes of one shape above row `last`; the last one says what shows through, if anything does."""
    clear = planes[-1] if len(planes) > len(targets) else None
    height, width = min(last, targets[0].shape[0]), targets[0].shape[1]
    for band in bands:
        window = _window(band, place, width, height) if clear is not None else (0, 0, width, height)
        if window[0] < window[2] and window[1] < window[3]:
            _lay_band(targets, planes, None if band.opaque else clear, place, window)


def _lay_band(
    targets: Sequence[Plane],
    planes: Sequence[Plane],
    clear: Plane | None,
    place: Place,
    window: tuple[int, int, int, int],
) -> None:
    x0, y0, x1, y1 = window
    sampler = Sampler(planes[0].shape, Place(place.x - x0, place.y - y0, place.scale), x1 - x0, y1 - y0)
    through = sampler.sample(clear) if clear is not None else None
    for target, plane in zip(targets, planes, strict=False):
        area = target[y0:y1, x0:x1]
        if through is None:
            sampler.sample(plane, area)
        else:
            cv2.multiply(area, through, dst=area, scale=1 / 255)
            cv2.add(area, sampler.sample(plane), dst=area)


def _window(band: Band, place: Place, width: int, height: int) -> tuple[int, int, int, int]:
    """The target's pixels (left, top, right, bottom) that a band covers; neighbours never overlap."""
    x0, x1 = (place.x + n * place.scale for n in (band.left, band.right))
    y0, y1 = (place.y + n * place.scale for n in (band.top, band.bottom))
    return max(0, floor(x0)), max(0, floor(y0)), min(width, floor(x1)), min(height, floor(y1))
