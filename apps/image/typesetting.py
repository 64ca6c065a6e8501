"""Lettering: text fitted into a box and painted, shaped by HarfBuzz. Typefaces from wheels only."""

import threading
from dataclasses import dataclass
from functools import cache

import skia

from apps.foundation.typefaces import typeface_path
from apps.image.palette import channels

#: Families in the order in which they are asked for a glyph; the emoji hold digits too, so they come last.
DISPLAY = ("Anton", "Baloo 2", "Noto Sans", "Noto Sans Devanagari", "Noto Color Emoji")
ROUND = ("Montserrat", "Baloo 2", "Noto Sans", "Noto Sans Devanagari", "Noto Color Emoji")
#: Weight of the variable typefaces; the static ones have one weight.
WEIGHTS = {"Montserrat": 800.0, "Baloo 2": 800.0, "Noto Sans": 800.0, "Noto Sans Devanagari": 800.0}
#: OpenType axis "wght".
WEIGHT_AXIS = 0x77676874
#: Smallest lettering in pixels of a 1080 wide frame; what does not fit at this size is not set.
SMALLEST = 44

#: Line height of ASCII capitals and figures, em; Anton's own 1.5 leaves a third of a card empty.
TIGHT = 1.08

_local = threading.local()


@dataclass(frozen=True)
class Setting:
    """Text at the size at which it fits: font size, line box and the lines' real width, in pixels."""

    text: str
    families: tuple[str, ...]
    size: float
    width: float
    height: float


@cache
def typeface(name: str) -> skia.Typeface:
    """The typeface, at its display weight where it is variable."""
    # A manager of its own: the default one reads the machine's fonts first, and warns of what it finds.
    face = skia.FontMgr.New_Custom_Empty().makeFromFile(str(typeface_path(name)))
    if name not in WEIGHTS:
        return face
    position = skia.FontArguments.VariationPosition
    axes = position.Coordinates([position.Coordinate(WEIGHT_AXIS, WEIGHTS[name])])
    arguments = skia.FontArguments()
    arguments.setVariationDesignPosition(position(axes))
    return face.makeClone(arguments)


def can_set(text: str) -> bool:
    """Whether every visible character has a glyph in the wheels' typefaces."""
    faces = [typeface(name) for name in DISPLAY]
    shown = [ord(c) for c in text if not c.isspace() and c.isprintable()]
    return bool(shown) and all(any(face.unicharToGlyph(code) for face in faces) for code in shown)


def fit(
    text: str, *, width: float, height: float, families: tuple[str, ...] = DISPLAY, largest: float = 420
) -> Setting:
    """The largest setting of `text` in at most three lines whose words are whole and inside the box."""
    low, high = float(SMALLEST), max(largest, SMALLEST + 1.0)
    best = _measure(text, families, low, width)
    for _ in range(8):
        size = (low + high) / 2
        found = _measure(text, families, size, width)
        if found.height <= height and found.width <= width:
            low, best = size, found
        else:
            high = size
    return best


def paint(
    canvas: skia.Canvas,
    setting: Setting,
    *,
    centre: tuple[float, float],
    colour: str,
    outline: tuple[str, float] | None = None,
) -> None:
    """Paint a setting centred on a point; `outline` is a colour and a width in pixels under the fill."""
    x, y = centre[0] - setting.width / 2 - 1, centre[1] - setting.height / 2
    if outline:
        stroke = skia.Paint(AntiAlias=True, Color=skia.Color(*channels(outline[0])))
        stroke.setStyle(skia.Paint.kStroke_Style)
        stroke.setStrokeWidth(outline[1] * 2)
        stroke.setStrokeJoin(skia.Paint.kRound_Join)
        _paragraph(setting.text, setting.families, setting.size, setting.width + 2, stroke).paint(
            canvas, x, y
        )
    fill = skia.Paint(AntiAlias=True, Color=skia.Color(*channels(colour)))
    _paragraph(setting.text, setting.families, setting.size, setting.width + 2, fill).paint(canvas, x, y)


def _measure(text: str, families: tuple[str, ...], size: float, width: float) -> Setting:
    paragraph = _paragraph(text, families, size, width, skia.Paint())
    widest = max(paragraph.LongestLine, paragraph.MinIntrinsicWidth)
    return Setting(text, families, size, widest, paragraph.Height)


def _paragraph(
    text: str, families: tuple[str, ...], size: float, width: float, paint: skia.Paint
) -> skia.textlayout.Paragraph:
    style = skia.textlayout.TextStyle()
    style.setFontFamilies(list(families))
    style.setFontSize(size)
    style.setForegroundPaint(paint)
    if text.isascii():
        style.setHeight(TIGHT)
        style.setHeightOverride(True)
        style.setHalfLeading(True)
    whole = skia.textlayout.ParagraphStyle()
    whole.setTextStyle(style)
    whole.setTextAlign(skia.textlayout.TextAlign.kCenter)
    collection, unicode = _fonts()
    builder = skia.textlayout.ParagraphBuilder.make(whole, collection, unicode)
    builder.pushStyle(style)
    builder.addText(text)
    paragraph = builder.Build()
    paragraph.layout(width)
    return paragraph


def _fonts() -> tuple[skia.textlayout.FontCollection, skia.Unicode]:
    """One collection per thread: it caches what it lays out, and not for several threads at once."""
    if not hasattr(_local, "fonts"):
        provider = skia.textlayout.TypefaceFontProvider()
        for name in {*DISPLAY, *ROUND}:
            provider.registerTypeface(typeface(name), name)
        collection = skia.textlayout.FontCollection()
        collection.setDefaultFontManager(provider)
        _local.fonts = (collection, skia.Unicodes.ICU.Make())
    fonts: tuple[skia.textlayout.FontCollection, skia.Unicode] = _local.fonts
    return fonts
