"""Pictures cut to what is seen of them and made ready to be laid over others. Arrays only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, floor
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from apps.video.planes import Plane, half, to_yuv
from apps.video.resampling import Place
from apps.video.workspace import Workspace

#: Transparent pixels round a sprite, so that interpolation at its edge fades into nothing.
PAD = 4
#: Pixels from which a sprite is drawn in bands, and rows of the thinnest; less is not worth the calls.
BANDED, SHORTEST_BAND = 300_000, 48
#: Rows of a step beyond those that are needed now, so that a drift does not make it again.
SPARE_ROWS = 48
#: Parts of a luma and of a chroma pixel at which a sliding sprite may stand.
LUMA_STEPS, CHROMA_STEPS = 3, 2


@dataclass(frozen=True)
class Band:
    """Rows of a sprite in which something can be seen, cut to where that is; even luma pixels.

    `opaque`: nothing behind it can be seen, so that it is copied, not blended.
    """

    left: int
    top: int
    right: int
    bottom: int
    opaque: bool

    def halved(self) -> "Band":
        """The same band in planes of half size."""
        return Band(self.left // 2, self.top // 2, self.right // 2, self.bottom // 2, self.opaque)


@dataclass(frozen=True)
class Sprite:
    """A picture in planes, colours multiplied by alpha.

    `left`, `top` place its luma plane in its layer, pixels; both even. u, v, clear2 are half size. `clear`
    and `clear2` are 255 minus alpha, what of the picture behind shows through: that is what blending
    multiplies by. They are None where it is opaque.
    """

    left: int
    top: int
    y: Plane
    u: Plane
    v: Plane
    clear: Plane | None
    clear2: Plane | None
    bands: tuple[Band, ...]
    steps: "Steps | None" = None

    @property
    def width(self) -> int:
        return int(self.y.shape[1])

    @property
    def height(self) -> int:
        return int(self.y.shape[0])


class Steps:
    """A sprite's planes moved by thirds of a luma pixel, each made when it is first needed.

    What slides for seconds meets each of the nine many times; copying is a fifth of interpolating.
    A place is then off by a sixth of a pixel at most (colour: by half of one), which no eye can see.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._era = workspace, workspace.era
        self._made: dict[tuple[int, int, int], list[Plane]] = {}

    def moved(
        self, planes: Sequence[Plane], place: Place, parts: int, rows: Sequence[int]
    ) -> tuple[list[Plane], Place]:
        """Planes of one shape, and the whole place at which they are as good as `planes` at `place`.

        `parts`: into how many a pixel of theirs is divided. Of each plane at least so many `rows` are right.
        """
        if self._era != self._workspace.era:
            self._made.clear()
            self._era = self._workspace.era
        x, y = round(place.x * parts), round(place.y * parts)
        key = (planes[0].shape[1], x % parts, y % parts)
        made = self._made.get(key)
        if made is None or any(len(plane) < wanted for plane, wanted in zip(made, rows, strict=True)):
            made = self._made[key] = [
                self._moved(plane, x % parts / parts, y % parts / parts, wanted + SPARE_ROWS)
                for plane, wanted in zip(planes, rows, strict=True)
            ]
        return made, Place(x // parts, y // parts)

    def _moved(self, plane: Plane, x: float, y: float, rows: int) -> Plane:
        """The plane moved by (x, y), so many rows of it."""
        height, width = plane.shape
        out = self._workspace.plane(min(height, rows), width)
        centre = ((width - 1) / 2 - x, (len(out) - 1) / 2 - y)
        return cv2.getRectSubPix(plane, (width, len(out)), centre, patch=out)


def stepped(sprite: Sprite, workspace: Workspace) -> Sprite:
    """The sprite made ready to slide; takes up to nine times its memory in the workspace."""
    return replace(sprite, steps=Steps(workspace))


def opaque_sprite(image: Plane) -> Sprite:
    """A whole BGR picture (alpha, if any, is ignored) of even width and height."""
    y, u, v = to_yuv(image)
    return whole_sprite(y, half(u), half(v))


def whole_sprite(y: Plane, u: Plane, v: Plane) -> Sprite:
    """An opaque picture given as planes, u and v of half size."""
    height, width = y.shape
    return Sprite(0, 0, y, u, v, None, None, (Band(0, 0, width, height, True),))


def cut_sprite(image: Plane, left: int = 0, top: int = 0) -> Sprite | None:
    """The part of a BGRA picture at (left, top), even, that can be seen, padded; None where nothing can."""
    x, y, width, height = cv2.boundingRect(cv2.extractChannel(image, 3))
    if not width:
        return None
    x0, y0 = (floor((n - PAD) / 2) * 2 for n in (x, y))
    x1, y1 = (ceil((n + PAD) / 2) * 2 for n in (x + width, y + height))
    return sprite_of(_padded(image, x0, y0, x1, y1), left + x0, top + y0)


def _padded(image: Plane, left: int, top: int, right: int, bottom: int) -> Plane:
    h, w = image.shape[:2]
    canvas = np.zeros((bottom - top, right - left, 4), np.uint8)
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(right, w), min(bottom, h)
    canvas[y0 - top : y1 - top, x0 - left : x1 - left] = image[y0:y1, x0:x1]
    return canvas


def sprite_of(image: Plane, left: int, top: int) -> Sprite:
    """A straight-alpha BGRA picture of even size as a sprite at (left, top), both even."""
    alpha = cv2.extractChannel(image, 3)
    y, u, v = (cv2.multiply(plane, alpha, scale=1 / 255) for plane in to_yuv(image))
    clear = cv2.bitwise_not(alpha)
    return Sprite(left, top, y, half(u), half(v), clear, half(clear), _bands(alpha))


def _bands(alpha: Plane) -> tuple[Band, ...]:
    """The rows of a sprite grouped by what they need: nothing, a copy, a blend."""
    height, width = alpha.shape
    if height * width < BANDED:
        return (Band(0, 0, width, height, False),)
    runs = _runs(_row_kinds(alpha))
    return tuple(
        band for kind, top, bottom in runs if kind != _CLEAR for band in _cut(alpha, top, bottom, kind)
    )


_CLEAR, _MIXED, _OPAQUE = 0, 1, 2


def _row_kinds(alpha: Plane) -> NDArray[np.uint8]:
    """What each pair of rows is; a pair beside another kind is mixed, because samples reach over."""
    inside = alpha[:, PAD:-PAD]
    least = inside.min(axis=1).reshape(-1, 2).min(axis=1)
    most = alpha.max(axis=1).reshape(-1, 2).max(axis=1)
    kinds = np.where(most == 0, _CLEAR, np.where(least == 255, _OPAQUE, _MIXED)).astype(np.uint8)
    edges = np.flatnonzero(np.diff(kinds)) if len(kinds) > 1 else np.zeros(0, int)
    for edge in edges:
        kinds[max(edge - 1, 0) : edge + 3] = _MIXED
    return kinds


def _runs(kinds: NDArray[np.uint8]) -> list[tuple[int, int, int]]:
    """(kind, top, bottom) in luma rows; runs too short to be worth a call of their own become mixed."""
    cuts = [0, *(np.flatnonzero(np.diff(kinds)) + 1).tolist(), len(kinds)]
    runs: list[tuple[int, int, int]] = []
    for top, bottom in pairwise(cuts):
        kind = int(kinds[top]) if 2 * (bottom - top) >= SHORTEST_BAND else _MIXED
        if runs and runs[-1][0] == kind:
            runs[-1] = (kind, runs[-1][1], 2 * bottom)
        else:
            runs.append((kind, 2 * top, 2 * bottom))
    return runs


def _cut(alpha: Plane, top: int, bottom: int, kind: int) -> tuple[Band, ...]:
    """A run as bands: solid rows have soft ends, which are blended; others are cut to what is seen."""
    if kind == _OPAQUE:
        end, width = 2 * PAD, alpha.shape[1]
        return (
            Band(0, top, end, bottom, False),
            Band(end, top, width - end, bottom, True),
            Band(width - end, top, width, bottom, False),
        )
    x, _, width, _ = cv2.boundingRect(alpha[top:bottom])
    left, right = max(0, (x - PAD) // 2 * 2), min(alpha.shape[1], (x + width + PAD + 1) // 2 * 2)
    return (Band(left, top, right, bottom, False),) if width else ()


def faded(sprite: Sprite, share: float) -> Sprite:
    """The sprite at `share` (0-1) of its opacity."""
    if share >= 1 or sprite.clear is None:
        return sprite
    y, u, v = (cv2.convertScaleAbs(p, alpha=share) for p in (sprite.y, sprite.u, sprite.v))
    clear, clear2 = (
        cv2.convertScaleAbs(p, alpha=share, beta=255 * (1 - share)) for p in (sprite.clear, sprite.clear2)
    )
    bands = tuple(replace(band, opaque=False) for band in sprite.bands)
    return Sprite(sprite.left, sprite.top, y, u, v, clear, clear2, bands)


def enlarged(sprite: Sprite, scale: float) -> Sprite:
    """A sprite resampled once to `scale` times its size, rounded to even pixels."""
    w, h = (2 * round(n * scale / 2) for n in (sprite.width, sprite.height))

    def grown(plane: Plane | None, size: tuple[int, int]) -> Any:
        return None if plane is None else cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR)

    full, halved = (w, h), (w // 2, h // 2)
    y, clear = grown(sprite.y, full), grown(sprite.clear, full)
    u, v, clear2 = (grown(plane, halved) for plane in (sprite.u, sprite.v, sprite.clear2))
    bands = _bands(cv2.bitwise_not(clear)) if clear is not None else (Band(0, 0, w, h, True),)
    return Sprite(sprite.left, sprite.top, y, u, v, clear, clear2, bands)
