"""The looks a caption can have, and the painting of one card in one of them. No time, no video."""

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
import skia
from numpy.typing import NDArray

from apps.video import lettering
from apps.video.cues import split_lines

#: Shares of a card's size it may shrink by before two lines are tried instead of one.
_MIN_ONE_LINE = 0.85
#: Size of two lines beside one; any larger and they would reach into the subject above them.
TWO_LINES = 0.88
#: Pixels of a 1080 frame between the safe box and the nearest ink.
_MARGIN = 8
#: Pixels beyond a word's inks that soft edges may touch.
_SOFT = 2
#: Sizes of the active word of a popping style in the first frames of its turn.
WORD_POP = (1.16,)


@dataclass(frozen=True)
class CaptionStyle:
    """One look. Sizes in pixels of a 1080 wide frame or, where they say em, in font sizes; colours ARGB."""

    name: str
    face: str
    size: float
    capitals: bool
    fill: int
    active: int
    spoken: int
    outline: int
    outline_em: float
    line_em: float
    spacing_em: float = 0.0
    shadow: int = 0
    shadow_em: float = 0.0
    glow: int = 0
    box: int = 0
    chip: int = 0
    growth: float = 1.0
    pops: bool = False


STYLES = {
    style.name: style
    for style in (
        CaptionStyle(
            name="bold_pop",
            face="Anton",
            size=96,
            capitals=True,
            fill=0xFFFFFFFF,
            active=0xFFFFD60A,
            spoken=0xFFFFFFFF,
            outline=0xFF0B0B12,
            outline_em=0.15,
            line_em=1.22,
            spacing_em=0.016,
            shadow=0x99000000,
            shadow_em=0.07,
            growth=1.08,
            pops=True,
        ),
        CaptionStyle(
            name="clean_box",
            face="Montserrat Bold",
            size=66,
            capitals=False,
            fill=0xFFFFFFFF,
            active=0xFFFFFFFF,
            spoken=0xFFFFFFFF,
            outline=0,
            outline_em=0.0,
            line_em=1.42,
            box=0xF20E1020,
            chip=0xFF5B3DF5,
        ),
        CaptionStyle(
            name="karaoke_glow",
            face="Baloo Heavy",
            size=88,
            capitals=False,
            fill=0xFFFFFFFF,
            active=0xFF7CFFCB,
            spoken=0xFF7CFFCB,
            outline=0xFF10061F,
            outline_em=0.15,
            line_em=1.12,
            shadow=0x80000000,
            shadow_em=0.05,
            glow=0xFF12C98B,
            growth=1.0,
        ),
    )
}
DEFAULT_STYLE = "bold_pop"


def restyled(style: CaptionStyle, amount: float) -> CaptionStyle:
    """The style made easier to read by `amount` (0-1): a heavier outline or a denser box and a darker chip,
    larger type."""
    if amount <= 0:
        return style
    heavier = style.outline_em * (1 + 0.5 * amount)
    box = (0xFF << 24 | style.box & 0xFFFFFF) if style.box else 0
    chip = _darker(style.chip, 0.5 * amount)
    return replace(style, size=style.size * (1 + 0.08 * amount), outline_em=heavier, box=box, chip=chip)


def _darker(colour: int, share: float) -> int:
    """An ARGB colour without `share` of its light."""
    return colour & 0xFF000000 | sum(round((colour >> n & 0xFF) * (1 - share)) << n for n in (0, 8, 16))


@dataclass(frozen=True)
class PlacedWord:
    """A word in its card: left edge and baseline from the card's corner, pixels."""

    text: str
    x: float
    baseline: float
    width: float
    line: int


@dataclass(frozen=True)
class Card:
    """A card laid out: its words, font size, and the even size of its picture, pixels."""

    words: tuple[PlacedWord, ...]
    size: float
    width: int
    height: int
    style: CaptionStyle


@dataclass(frozen=True)
class Piece:
    """A part of a card: a straight-alpha BGRA picture, its corner at (left, top) in the card; all even."""

    picture: NDArray[np.uint8]
    left: int
    top: int


def lay_card(texts: Sequence[str], style: CaptionStyle, room: int, unit: float) -> Card:
    """Break and place words so that the card's ink is at most `room` pixels wide.

    `unit` is the frame's width over 1080. Lines are centred; two at most; type shrinks to fit.
    """
    shown = [_drawable(text.upper() if style.capitals else text) for text in texts]
    size = style.size * unit
    breaks = split_lines(texts)
    if len(breaks) == 1 and len(texts) > 1 and _fit(shown, (0,), style, size, room, unit) < _MIN_ONE_LINE:
        breaks = (0, _halfway(shown, style, size))
    if len(breaks) > 1:
        size *= TWO_LINES
    size *= min(1.0, _fit(shown, breaks, style, size, room, unit))
    return _placed(shown, breaks, style, size, unit)


def _drawable(text: str) -> str:
    """The text on one line, without what has no shape; everything else is drawn as it is."""
    encodable = " ".join(text.split()).encode("utf-8", "replace").decode()
    return "".join(c for c in encodable if unicodedata.category(c) != "Cc")


def _halfway(words: Sequence[str], style: CaptionStyle, size: float) -> int:
    widths = [_measure(w, style, size).width for w in words]
    return min(range(1, len(words)), key=lambda k: max(sum(widths[:k]), sum(widths[k:])))


def _fit(
    words: Sequence[str], breaks: Sequence[int], style: CaptionStyle, size: float, room: int, unit: float
) -> float:
    widest = max(_line_room(line, style, size) for line in _lines(words, breaks))
    return (room - 2 * _margin(style, size, unit)) / max(widest, 1.0)


def _lines(words: Sequence[str], breaks: Sequence[int]) -> list[Sequence[str]]:
    ends = (*breaks[1:], len(words))
    return [words[a:b] for a, b in zip(breaks, ends, strict=True)]


def _line_width(words: Sequence[str], style: CaptionStyle, size: float) -> float:
    widths = (_measure(w, style, size).width for w in words)
    return sum(widths) + _space(style, size) * (len(words) - 1)


def _line_room(words: Sequence[str], style: CaptionStyle, size: float) -> float:
    """The widest a line gets while its words take their turns to grow."""
    longest = max(_measure(w, style, size).width for w in words)
    most = max(style.growth, *WORD_POP) if style.pops else style.growth
    return _line_width(words, style, size) + longest * (most - 1)


def _measure(word: str, style: CaptionStyle, size: float) -> lettering.Measure:
    return lettering.measure(word, style.face, size, style.spacing_em * size)


def _space(style: CaptionStyle, size: float) -> float:
    return size * (0.27 + style.outline_em / 2)


def _margin(style: CaptionStyle, size: float, unit: float) -> float:
    ink = max(
        style.outline_em / 2 + style.shadow_em * 1.6, 0.34 if style.box else 0.0, 0.22 if style.glow else 0
    )
    return ink * size + _MARGIN * unit


def _placed(
    words: Sequence[str], breaks: Sequence[int], style: CaptionStyle, size: float, unit: float
) -> Card:
    lines = _lines(words, breaks)
    margin = _margin(style, size, unit)
    widths = [_line_width(line, style, size) for line in lines]
    inner = max(_line_room(line, style, size) for line in lines)
    width, height = _even(inner + 2 * margin), _even(len(lines) * style.line_em * size + 2 * margin)
    placed: list[PlacedWord] = []
    for n, (line, taken) in enumerate(zip(lines, widths, strict=True)):
        baseline = margin + (n + 0.5) * style.line_em * size + 0.36 * size
        placed += _row(line, (width - taken) / 2, baseline, n, style, size)
    return Card(words=tuple(placed), size=size, width=width, height=height, style=style)


def _row(
    words: Sequence[str], left: float, baseline: float, line: int, style: CaptionStyle, size: float
) -> list[PlacedWord]:
    order = range(len(words))
    row: dict[int, PlacedWord] = {}
    for n in reversed(order) if _right_to_left(words) else order:
        width = _measure(words[n], style, size).width
        row[n] = PlacedWord(words[n], left, baseline, width, line)
        left += width + _space(style, size)
    return [row[n] for n in order]


def _right_to_left(words: Sequence[str]) -> bool:
    kinds = [unicodedata.bidirectional(c) for word in words for c in word]
    strong = [kind for kind in kinds if kind in ("L", "R", "AL")]
    return bool(strong) and strong[0] != "L"


def _even(length: float) -> int:
    return int(-(-length // 2) * 2)


def paint(
    card: Card, active: int, *, scale: float = 1.0, growth: float | None = None, zoom: int = 1
) -> NDArray[np.uint8]:
    """The card as straight-alpha BGRA; word `active` is being spoken (-1: none yet).

    `scale` shrinks or grows the whole about its middle; `growth` overrides the active word's size;
    `zoom` makes a picture so many times the card's size.
    """
    surface = skia.Surface(card.width * zoom, card.height * zoom)
    with surface as canvas:
        canvas.scale(zoom, zoom)
        canvas.translate(card.width / 2, card.height / 2)
        canvas.scale(scale, scale)
        canvas.translate(-card.width / 2, -card.height / 2)
        _paint_ground(canvas, card, active)
        for n in range(len(card.words)):
            if n != active:
                _paint_word(canvas, card, n, active, 1.0)
        if 0 <= active < len(card.words):
            _paint_word(canvas, card, active, active, _growth(card.style, growth))
    return _picture_of(surface)


def ground_piece(card: Card, active: int) -> Piece | None:
    """What lies under the words, boxes and chip; None where there is nothing."""
    if not card.style.box and not (card.style.chip and 0 <= active < len(card.words)):
        return None
    surface = skia.Surface(card.width, card.height)
    with surface as canvas:
        _paint_ground(canvas, card, active)
    return Piece(_picture_of(surface), 0, 0)


def word_piece(card: Card, n: int, active: int, growth: float | None = None) -> Piece:
    """Word `n` as `paint` would paint it: most of a card is the same in every picture of it."""
    grown = _growth(card.style, growth) if n == active else 1.0
    left, top, right, bottom = _extent(card, card.words[n], grown)
    surface = skia.Surface(right - left, bottom - top)
    with surface as canvas:
        canvas.translate(-left, -top)
        _paint_word(canvas, card, n, active, grown)
    return Piece(_picture_of(surface), left, top)


def _extent(card: Card, word: PlacedWord, growth: float) -> tuple[int, int, int, int]:
    """What of the card a word's inks may touch: left, top, right, bottom, even."""
    margin = _margin(card.style, card.size, 0.0) * growth + _SOFT
    across, down = word.width * growth / 2 + margin, 1.1 * card.size * growth + margin
    x, y = word.x + word.width / 2, word.baseline - 0.36 * card.size
    return -_even(across - x), -_even(down - y), _even(x + across), _even(y + down)


def _picture_of(surface: Any) -> NDArray[np.uint8]:
    picture: NDArray[np.uint8] = surface.makeImageSnapshot().toarray(colorType=skia.kBGRA_8888_ColorType)
    return picture


def _paint_ground(canvas: Any, card: Card, active: int) -> None:
    style, size = card.style, card.size
    if style.box:
        for rect in _boxes(card):
            canvas.drawRoundRect(rect, size * 0.3, size * 0.3, skia.Paint(AntiAlias=True, Color=style.box))
    if style.chip and 0 <= active < len(card.words):
        rect = _chip(card, card.words[active])
        canvas.drawRoundRect(rect, size * 0.2, size * 0.2, skia.Paint(AntiAlias=True, Color=style.chip))


def _boxes(card: Card) -> list[Any]:
    """One rectangle round each line; neighbours overlap, so that they read as one shape."""
    boxes = []
    for line in range(card.words[-1].line + 1):
        row = [w for w in card.words if w.line == line]
        left, right = min(w.x for w in row), max(w.x + w.width for w in row)
        middle = row[0].baseline - 0.36 * card.size
        half = card.style.line_em * card.size / 2 + 0.02 * card.size
        pad = 0.32 * card.size
        boxes.append(skia.Rect.MakeLTRB(left - pad, middle - half, right + pad, middle + half))
    return boxes


def _chip(card: Card, word: PlacedWord) -> Any:
    pad, middle = 0.13 * card.size, word.baseline - 0.36 * card.size
    half = 0.58 * card.size
    return skia.Rect.MakeLTRB(word.x - pad, middle - half, word.x + word.width + pad, middle + half)


def _paint_word(canvas: Any, card: Card, n: int, active: int, growth: float) -> None:
    style = card.style
    colour = style.active if n == active else style.spoken if n < active else style.fill
    _ink_word(canvas, card, card.words[n], colour, n == active, growth)


def _ink_word(canvas: Any, card: Card, word: PlacedWord, colour: int, active: bool, growth: float) -> None:
    with _grown(canvas, card, word, growth):
        for ink, dy in _under(card.style, card.size, active):
            _write(canvas, card, word, ink, dy)
        _write(canvas, card, word, skia.Paint(AntiAlias=True, Color=colour), 0.0)


def _write(canvas: Any, card: Card, word: PlacedWord, ink: Any, dy: float) -> None:
    style = card.style
    lettering.draw(
        canvas,
        word.text,
        word.x,
        word.baseline + dy,
        style.face,
        card.size,
        ink,
        style.spacing_em * card.size,
    )


def _under(style: CaptionStyle, size: float, active: bool) -> list[tuple[Any, float]]:
    """What lies under a word's fill, bottom first: glow, shadow, outline; with its drop in pixels."""
    inks = []
    if style.glow and active:
        inks.append((_stroke(style.glow, style.outline_em * 2.1 * size, blur=0.09 * size), 0.0))
    if style.shadow:
        inks.append((_stroke(style.shadow, style.outline_em * size), style.shadow_em * size))
    if style.outline_em:
        inks.append((_stroke(style.outline, style.outline_em * size), 0.0))
    return inks


def _stroke(colour: int, width: float, blur: float = 0.0) -> Any:
    ink = skia.Paint(
        AntiAlias=True,
        Color=colour,
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=width,
        StrokeJoin=skia.Paint.kRound_Join,
    )
    if blur:
        ink.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
    return ink


def letter_mask(card: Card, active: int, growth: float | None = None, zoom: int = 1) -> NDArray[np.uint8]:
    """255 where the fill of a letter or digit is, painted as `paint` would; pictographs are left out."""
    white = skia.Paint(AntiAlias=True, Color=0xFFFFFFFF)
    surface = skia.Surface(card.width * zoom, card.height * zoom)
    with surface as canvas:
        canvas.scale(zoom, zoom)
        for n, word in enumerate(card.words):
            if any(c.isalnum() for c in word.text):
                with _grown(canvas, card, word, _growth(card.style, growth) if n == active else 1.0):
                    _write(canvas, card, word, white, 0.0)
    alpha: NDArray[np.uint8] = surface.makeImageSnapshot().toarray()[..., 3]
    return cv2.threshold(alpha, 200, 255, cv2.THRESH_BINARY)[1]


def _growth(style: CaptionStyle, growth: float | None) -> float:
    return style.growth if growth is None else growth


@contextmanager
def _grown(canvas: Any, card: Card, word: PlacedWord, growth: float) -> Iterator[None]:
    x, y = word.x + word.width / 2, word.baseline - 0.36 * card.size
    canvas.save()
    canvas.translate(x, y)
    canvas.scale(growth, growth)
    canvas.translate(-x, -y)
    yield
    canvas.restore()
