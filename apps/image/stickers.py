"""One emoji as a sticker: crisp at any size, with a paper rim and a soft shadow. Arrays in, images out."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt
import skia

from apps.image.palette import channels
from apps.image.typesetting import typeface

Pixels = npt.NDArray[np.uint8]

#: Pixels of the probe that finds where a glyph's ink is; larger finds it no better.
PROBE = 128
#: Rim as a share of the sticker's size; thinner vanishes on a phone.
RIM = 0.022
#: Stickers kept ready, of the same scene as a rule; one of 620 px takes about 3 MB.
KEPT = 8


@dataclass(frozen=True)
class Ink:
    """Where a glyph's ink lies, in units of the font size, relative to where it is drawn."""

    left: float
    top: float
    width: float
    height: float


@lru_cache(maxsize=512)
def ink_of(emoji: str) -> Ink | None:
    """The box of the emoji's ink; None where the typeface has no picture for it."""
    alpha = _raster(emoji, PROBE, PROBE // 2, PROBE // 2, (PROBE * 3, PROBE * 3))[:, :, 3]
    columns, rows = np.flatnonzero(alpha.any(axis=0)), np.flatnonzero(alpha.any(axis=1))
    if not len(columns) or skia.Font(typeface("Noto Color Emoji")).textToGlyphs(emoji)[0] == 0:
        return None
    left, top = int(columns[0]), int(rows[0])
    return Ink(
        (left - PROBE // 2) / PROBE,
        (top - PROBE // 2) / PROBE,
        (int(columns[-1]) + 1 - left) / PROBE,
        (int(rows[-1]) + 1 - top) / PROBE,
    )


@lru_cache(maxsize=KEPT)
def sticker(emoji: str, size: int, rim: str, shadow: str) -> skia.Image:
    """The emoji, its longer side `size` pixels, centred in a square image 1.3 times as large.

    `rim` and `shadow` are colours #rrggbb; an empty rim leaves the glyph bare.
    """
    side = round(size * 1.3)
    tile = raster(emoji, size, side)
    surface = skia.Surface(side, side)
    canvas = surface.getCanvas()
    alpha = np.ascontiguousarray(tile[:, :, 3])
    edge = _widened(alpha, size * RIM) if rim else alpha
    canvas.drawImage(_tinted(_softened(edge, size * 0.03), shadow, 0.42), 0, size * 0.035)
    if rim:
        canvas.drawImage(_tinted(edge, rim, 1.0), 0, 0)
    canvas.drawImage(_lit(tile, size, shadow), 0, 0)
    return surface.makeImageSnapshot()


@lru_cache(maxsize=KEPT)
def silhouette(emoji: str, size: int, colour: str) -> skia.Image:
    """The emoji's outline filled with one colour, in a square image of `size` pixels."""
    return _tinted(np.ascontiguousarray(raster(emoji, round(size * 0.9), size)[:, :, 3]), colour, 1.0)


def raster(emoji: str, size: int, side: int) -> Pixels:
    """The bare emoji, longer side `size`, centred in `side` x `side` x 4 straight-alpha bytes."""
    ink = ink_of(emoji)
    if ink is None:
        return np.zeros((side, side, 4), np.uint8)
    font = size / max(ink.width, ink.height)
    x = side / 2 - (ink.left + ink.width / 2) * font
    y = side / 2 - (ink.top + ink.height / 2) * font
    return _raster(emoji, font, x, y, (side, side))


def _raster(emoji: str, font: float, x: float, y: float, size: tuple[int, int]) -> Pixels:
    surface = skia.Surface(*size)
    face = skia.Font(typeface("Noto Color Emoji"), font)
    # A shaper joins the parts of a sequence (astronaut = person + rocket) into its one glyph.
    blob = skia.TextBlob.MakeFromShapedText(emoji, face)
    surface.getCanvas().drawTextBlob(blob, x, y, skia.Paint(AntiAlias=True))
    pixels: Pixels = surface.toarray(colorType=skia.kRGBA_8888_ColorType)
    return pixels


def _lit(tile: Pixels, size: int, shadow: str) -> skia.Image:
    """The glyph with light on its upper left and its lower right in shade, so that it is not flat."""
    surface = skia.Surface(tile.shape[1], tile.shape[0])
    canvas = surface.getCanvas()
    canvas.drawImage(skia.Image.fromarray(tile, skia.kRGBA_8888_ColorType), 0, 0)
    near, far = tile.shape[0] / 2 - size * 0.42, tile.shape[0] / 2 + size * 0.46
    colours = [
        skia.Color(255, 255, 255, 64),
        skia.Color(255, 255, 255, 0),
        skia.Color(*channels(shadow), 0),
        skia.Color(*channels(shadow), 92),
    ]
    ends = [skia.Point(near, near), skia.Point(far, far)]
    light = skia.Paint(Shader=skia.GradientShader.MakeLinear(ends, colours, [0.0, 0.4, 0.58, 1.0]))
    light.setBlendMode(skia.BlendMode.kSrcATop)
    canvas.drawPaint(light)
    return surface.makeImageSnapshot()


def _widened(alpha: Pixels, by: float) -> Pixels:
    """The shape grown by `by` pixels, corners round."""
    distance = cv2.distanceTransform(255 - np.where(alpha > 127, 255, 0).astype(np.uint8), cv2.DIST_L2, 5)
    return (np.clip(by + 0.5 - distance, 0, 1) * 255).astype(np.uint8)


def _softened(alpha: Pixels, by: float) -> Pixels:
    """Blurred at a quarter of the size, where it costs a sixteenth."""
    small = cv2.resize(alpha, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), max(0.6, by / 4))
    return cv2.resize(blurred, alpha.shape[::-1], interpolation=cv2.INTER_LINEAR).astype(np.uint8)


def _tinted(alpha: Pixels, colour: str, strength: float) -> skia.Image:
    tile = np.empty((*alpha.shape, 4), np.uint8)
    tile[:, :, :3] = channels(colour)
    tile[:, :, 3] = (alpha * strength).astype(np.uint8)
    return skia.Image.fromarray(tile, skia.kRGBA_8888_ColorType)
