"""One picture that shows a whole video: stills in order, each with its time. Arrays only."""

from collections.abc import Sequence
from math import floor

import cv2
import numpy as np
import skia

from apps.video import lettering
from apps.video.planes import Plane

#: Stills on a sheet where shots allow, and in a row; with more shots there are more rows.
CELLS, COLUMNS = 12, 6
#: Pixels: the sheet's width, the gaps in it, the line under each still, and the room of a time in it.
WIDTH, GUTTER, LINE, LABEL = 1080, 12, 26, 80
#: Ground, time and mark, BGR: dark enough that the stills are what is seen.
GROUND, INK, MARK = (24, 18, 16), (190, 184, 180), (80, 190, 255)
#: Size of the times, pixels, and their face among the captions' own.
SIZE, FACE = 17.0, "Montserrat Bold"
#: Which stills of a strip of four are shown, by how many are: late ones first, when all have arrived.
_PICKS: dict[int, tuple[int, ...]] = {1: (2,), 2: (1, 3), 3: (0, 2, 3), 4: (0, 1, 2, 3)}


def sheet(strips: Sequence[Sequence[Plane]], spans: Sequence[tuple[int, int]]) -> Plane:
    """Stills over the whole video on one BGR picture, WIDTH wide, every shot at least once.

    `strips` has each shot's stills, evenly over it; `spans` their [start, end) in milliseconds. The first
    still of each shot carries a mark.
    """
    cells = [
        (strips[n][k], _moment(spans[n], k, len(strips[n])), first)
        for n, count in enumerate(_shares(spans, len(strips[0])))
        for k, first in _picked(count, len(strips[n]))
    ]
    width = (WIDTH - GUTTER * (COLUMNS + 1)) // COLUMNS
    height = round(width * cells[0][0].shape[0] / cells[0][0].shape[1])
    rows = -(-len(cells) // COLUMNS)
    page = np.full((GUTTER + rows * (height + LINE + GUTTER), WIDTH, 3), GROUND, np.uint8)
    for n, (still, ms, first) in enumerate(cells):
        x = GUTTER + n % COLUMNS * (width + GUTTER)
        y = GUTTER + n // COLUMNS * (height + LINE + GUTTER)
        page[y : y + height, x : x + width] = cv2.resize(still, (width, height), interpolation=cv2.INTER_AREA)
        _caption(page, x, y + height, ms, first=first)
    return page


def _shares(spans: Sequence[tuple[int, int]], most: int) -> list[int]:
    """Stills for each shot: one at least, the others where a shot is longest for what it has."""
    counts = [1] * len(spans)
    wanted = -(-max(CELLS, len(spans)) // COLUMNS) * COLUMNS
    while sum(counts) < min(wanted, most * len(spans)):
        room = [(end - start) / n if n < most else 0.0 for (start, end), n in zip(spans, counts, strict=True)]
        counts[room.index(max(room))] += 1
    return counts


def _picked(count: int, stills: int) -> list[tuple[int, bool]]:
    """Indices of `count` of a strip's stills, and whether each is the shot's first."""
    picks = _PICKS[count] if stills == 4 else tuple(floor((k + 0.5) * stills / count) for k in range(count))
    return [(k, n == 0) for n, k in enumerate(picks)]


def _moment(span: tuple[int, int], k: int, stills: int) -> float:
    return span[0] + (k + 0.5) / stills * (span[1] - span[0])


def _caption(page: Plane, x: int, y: int, ms: float, *, first: bool) -> None:
    """The time below a still; before it a dot where a shot begins."""
    area = page[y : y + LINE, x : x + LABEL]
    surface = skia.Surface(LABEL, LINE)
    with surface as canvas:
        blue, green, red = GROUND
        canvas.clear(skia.Color(red, green, blue))
        if first:
            canvas.drawCircle(5, LINE - 11, 4, _paint(MARK))
        text = f"{int(ms // 60_000)}:{ms % 60_000 / 1000:04.1f}"
        lettering.draw(canvas, text, 14 if first else 0, LINE - 5, FACE, SIZE, _paint(INK))
    area[:] = surface.makeImageSnapshot().toarray(colorType=skia.kBGRA_8888_ColorType)[..., :3]


def _paint(bgr: tuple[int, int, int]) -> skia.Paint:
    blue, green, red = bgr
    return skia.Paint(Color=skia.Color(red, green, blue), AntiAlias=True)
