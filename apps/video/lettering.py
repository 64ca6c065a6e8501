"""Words as shaped glyphs: typefaces from wheels, harfbuzz through skia. Draws nothing by itself."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import skia

from apps.foundation.typefaces import typeface_path

#: Names used in styles -> (typeface, weight; 0: as it is).
_FACES = {
    "Anton": ("Anton", 0),
    "Montserrat Bold": ("Montserrat", 700),
    "Baloo Heavy": ("Baloo 2", 800),
    "Devanagari": ("Baloo 2", 700),
    "Sans": ("Noto Sans", 800),
    "Sans Devanagari": ("Noto Sans Devanagari", 800),
    "Emoji": ("Noto Color Emoji", 0),
}
#: Asked in this order for a character the style's own face lacks.
_FALLBACKS = ["Devanagari", "Sans", "Sans Devanagari", "Emoji"]
#: Wider than any word; a line is never broken inside one.
_ENDLESS = 100_000


@dataclass(frozen=True)
class Measure:
    """A word's advance, ascent and descent, pixels."""

    width: float
    ascent: float
    descent: float


@cache
def _fonts() -> Any:
    provider = skia.textlayout.TypefaceFontProvider()
    for name, (face, weight) in _FACES.items():
        provider.registerTypeface(_typeface(face, weight), name)
    collection = skia.textlayout.FontCollection()
    collection.setDefaultFontManager(provider)
    return collection


def _typeface(face: str, weight: int) -> Any:
    typeface = skia.FontMgr.New_Custom_Empty().makeFromFile(str(typeface_path(face)), 0)
    if not weight:
        return typeface
    where = skia.FontArguments.VariationPosition
    # Neither is copied by skia, so both must outlive makeClone.
    axes = where.Coordinates([where.Coordinate(int.from_bytes(b"wght", "big"), weight)])
    position = where(axes)
    arguments = skia.FontArguments()
    arguments.setVariationDesignPosition(position)
    return typeface.makeClone(arguments)


def _paragraph(text: str, face: str, size: float, spacing: float, paint: Any) -> Any:
    style = skia.textlayout.TextStyle()
    style.setFontFamilies([face, *_FALLBACKS])
    style.setFontSize(size)
    style.setLetterSpacing(spacing)
    style.setForegroundPaint(paint)
    whole = skia.textlayout.ParagraphStyle()
    whole.setTextStyle(style)
    builder = skia.textlayout.ParagraphBuilder.make(whole, _fonts(), _unicode())
    builder.pushStyle(style)
    builder.addText(text)
    paragraph = builder.Build()
    paragraph.layout(_ENDLESS)
    return paragraph


@cache
def _unicode() -> Any:
    return skia.Unicodes.ICU.Make()


@lru_cache(maxsize=4096)
def measure(text: str, face: str, size: float, spacing: float = 0.0) -> Measure:
    """How much room a word takes in a face of _FACES at `size` pixels."""
    shaped = _paragraph(text, face, size, spacing, skia.Paint())
    return Measure(
        width=max(0.0, shaped.LongestLine),  # skia says minus infinity of an empty word
        ascent=shaped.AlphabeticBaseline,
        descent=max(0.0, shaped.Height - shaped.AlphabeticBaseline),
    )


def draw(
    canvas: Any,
    text: str,
    x: float,
    baseline: float,
    face: str,
    size: float,
    paint: Any,
    spacing: float = 0.0,
) -> None:
    """Paint a word with its baseline at `baseline`; right-to-left words are shaped as such."""
    shaped = _paragraph(text, face, size, spacing, paint)
    shaped.paint(canvas, x, baseline - shaped.AlphabeticBaseline)
