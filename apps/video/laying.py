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
    luma = [sprite.y] if sprite.a is None else [sprite.y, sprite.a]
    chroma = [sprite.u, sprite.v] if sprite.a2 is None else [sprite.u, sprite.v, sprite.a2]
    halves = tuple(band.halved() for band in sprite.bands)
    if sprite.steps is not None and scale == 1.0:
        _lay((frame.y,), *sprite.steps.moved(luma, Place(x, y), LUMA_STEPS), sprite.bands, last)
        place = Place(x / 2, y / 2)
        _lay((frame.u, frame.v), *sprite.steps.moved(chroma, place, CHROMA_STEPS), halves, last // 2)
        return
    _lay((frame.y,), luma, Place(x, y, scale), sprite.bands, last)
    _lay((frame.u, frame.v), chroma, Place(x / 2, y / 2, scale), halves, last // 2)


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
    """Lay planes of one shape, the last of them the alpha where there is one, above row `last`."""
    alpha = planes[-1] if len(planes) > len(targets) else None
    height, width = min(last, targets[0].shape[0]), targets[0].shape[1]
    for band in bands:
        window = _window(band, place, width, height) if alpha is not None else (0, 0, width, height)
        if window[0] < window[2] and window[1] < window[3]:
            _lay_band(targets, planes, None if band.opaque else alpha, place, window)


def _lay_band(
    targets: Sequence[Plane],
    planes: Sequence[Plane],
    alpha: Plane | None,
    place: Place,
    window: tuple[int, int, int, int],
) -> None:
    x0, y0, x1, y1 = window
    sampler = Sampler(planes[0].shape, Place(place.x - x0, place.y - y0, place.scale), x1 - x0, y1 - y0)
    cover = sampler.sample(alpha) if alpha is not None else None
    for target, plane in zip(targets, planes, strict=False):
        area = target[y0:y1, x0:x1]
        if cover is None:
            sampler.sample(plane, area)
        else:
            _blend(area, sampler.sample(plane), cover)


def _window(band: Band, place: Place, width: int, height: int) -> tuple[int, int, int, int]:
    """The target's pixels (left, top, right, bottom) that a band covers; neighbours never overlap."""
    x0, x1 = (place.x + n * place.scale for n in (band.left, band.right))
    y0, y1 = (place.y + n * place.scale for n in (band.top, band.bottom))
    return max(0, ceil(x0)), max(0, floor(y0)), min(width, floor(x1)), min(height, floor(y1))


def _blend(area: Plane, source: Plane, alpha: Plane) -> None:
    """area = area * (1 - alpha) + source, where source is already multiplied by alpha."""
    cv2.subtract(area, cv2.multiply(area, alpha, scale=1 / 255), dst=area)
    cv2.add(area, source, dst=area)
