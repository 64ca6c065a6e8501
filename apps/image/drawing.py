"""Composition to pixels: layers back to front, and the bytes of their files."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, singledispatch
from random import Random

import cv2
import numpy as np
import numpy.typing as npt
import skia

from apps.image import png, typesetting
from apps.image.composition import (
    HEIGHT,
    WIDTH,
    Actor,
    Arrow,
    Badge,
    Composition,
    Dial,
    Lettering,
    Piece,
    Sticker,
)
from apps.image.palette import Palette
from apps.image.scenery import paint, paint_ground, paint_stage
from apps.image.stickers import sticker

Pixels = npt.NDArray[np.uint8]

#: Share by which a layer is larger than the frame; the motion has half of it on every side.
OVERSCAN = 0.12
#: Layers of actors; more would cost the renderer more than it shows.
MOST_LAYERS = 4
#: Depth of the middle layer, and of the first and last layer of actors.
MIDDLE_DEPTH, FIRST_DEPTH, LAST_DEPTH = 0.35, 0.6, 1.0
#: The preview is this share of the frame: enough for a thumbnail and a contact sheet.
PREVIEW_SHARE = 0.5


@dataclass(frozen=True)
class DrawnLayer:
    """One layer's image, its depth 0-1, act and word; `opaque` for the ground."""

    image: skia.Image
    depth: float
    act: str
    word: int | None
    opaque: bool


def draw_layers(
    composition: Composition, palette: Palette, *, theme: str, energy: str, size: tuple[int, int], rng: Random
) -> tuple[DrawnLayer, ...]:
    """Ground, stage, then the actors; every layer is `layer_size(size)` large."""
    ground = _painted(size, lambda c: paint_ground(c, palette, composition, theme, rng))
    stage = _painted(size, lambda c: paint_stage(c, palette, composition, energy, rng))
    casts = _casts(composition.actors)
    layers = [
        DrawnLayer(ground, 0.0, "still", None, True),
        DrawnLayer(stage, MIDDLE_DEPTH, "still", None, False),
    ]
    for i, cast in enumerate(casts):
        depth = FIRST_DEPTH + (LAST_DEPTH - FIRST_DEPTH) * (i + 1) / len(casts)
        pixels = _painted(size, partial(_act, palette=palette, actors=cast))
        layers.append(DrawnLayer(pixels, round(depth, 3), cast[0].act, cast[0].word, False))
    return tuple(layers)


def layer_size(frame: tuple[int, int]) -> tuple[int, int]:
    """Width and height of a layer, even numbers, for a frame's."""
    width, height = (2 * round(side * (1 + OVERSCAN) / 2) for side in frame)
    return width, height


def png_of(layer: DrawnLayer) -> bytes:
    """The layer as a PNG: RGB where it is opaque, else RGBA."""
    pixels: Pixels = layer.image.toarray(colorType=skia.kRGBA_8888_ColorType)
    return png.encode(pixels[:, :, :3] if layer.opaque else pixels)


def flatten(layers: Sequence[DrawnLayer], size: tuple[int, int]) -> Pixels:
    """All layers at rest, cut to the frame and halved: RGB."""
    small = (round(size[0] * PREVIEW_SHARE), round(size[1] * PREVIEW_SHARE))
    surface = skia.Surface(*small)
    canvas = surface.getCanvas()
    canvas.scale(PREVIEW_SHARE, PREVIEW_SHARE)
    width, height = layer_size(size)
    smooth = skia.SamplingOptions(skia.FilterMode.kLinear)
    for layer in layers:
        canvas.drawImage(layer.image, (size[0] - width) / 2, (size[1] - height) / 2, smooth)
    return np.ascontiguousarray(surface.toarray(colorType=skia.kRGBA_8888_ColorType)[:, :, :3])


def jpeg(pixels: Pixels) -> bytes:
    """RGB pixels as a JPEG."""
    return bytes(cv2.imencode(".jpg", pixels[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 86])[1])


def colourfulness(pixels: Pixels) -> float:
    """Hasler and Süsstrunk's M (2003) of RGB pixels: 33 is moderately colourful, 59 quite."""
    red, green, blue = (pixels[:, :, i].astype(np.float32) for i in range(3))
    first, second = red - green, (red + green) / 2 - blue
    spread = math.hypot(float(first.std()), float(second.std()))
    return spread + 0.3 * math.hypot(float(first.mean()), float(second.mean()))


def _casts(actors: tuple[Actor, ...]) -> list[list[Actor]]:
    """Actors by layer; the surplus joins the last layer, which then acts with its first."""
    return [[a] for a in actors[: MOST_LAYERS - 1]] + (
        [list(actors[MOST_LAYERS - 1 :])] if len(actors) >= MOST_LAYERS else []
    )


def _painted(size: tuple[int, int], painter: Callable[[skia.Canvas], object]) -> skia.Image:
    width, height = layer_size(size)
    surface = skia.Surface(width, height)
    canvas = surface.getCanvas()
    canvas.translate((width - size[0]) / 2, (height - size[1]) / 2)
    canvas.scale(size[0] / WIDTH, size[1] / HEIGHT)
    painter(canvas)
    return surface.makeImageSnapshot()


def _act(canvas: skia.Canvas, palette: Palette, actors: list[Actor]) -> None:
    for piece in (piece for actor in actors for piece in actor.pieces):
        canvas.save()
        _paint_piece(piece, canvas, palette)
        canvas.restore()


@singledispatch
def _paint_piece(piece: Piece, canvas: skia.Canvas, palette: Palette) -> None:
    raise NotImplementedError(type(piece).__name__)


@_paint_piece.register
def _(piece: Sticker, canvas: skia.Canvas, palette: Palette) -> None:
    canvas.rotate(piece.tilt, piece.x, piece.y)
    # Rasterised at the size at which it is shown, so that it is as crisp in a small frame as in a large one.
    scale = canvas.getTotalMatrix().mapRadius(1.0)
    image = sticker(piece.emoji, max(8, round(piece.size * scale)), palette.paper, palette.ink)
    half = image.width() / 2 / scale
    area = skia.Rect.MakeLTRB(piece.x - half, piece.y - half, piece.x + half, piece.y + half)
    canvas.drawImageRect(image, area, skia.SamplingOptions(skia.CubicResampler.Mitchell()))


@_paint_piece.register
def _(piece: Lettering, canvas: skia.Canvas, palette: Palette) -> None:
    if not typesetting.can_set(piece.text):
        return
    canvas.rotate(piece.tilt, *piece.area.centre)
    if piece.card:
        a = piece.area
        card = skia.Rect.MakeLTRB(a.left, a.top, a.right, a.bottom).makeOutset(54, 40)
        canvas.drawRoundRect(card.makeOffset(18, 22), 44, 44, paint(palette.accents[2]))
        canvas.drawRoundRect(card, 44, 44, paint(palette.paper))
    setting = typesetting.fit(
        piece.text, width=piece.area.width, height=piece.area.height, largest=piece.largest
    )
    colour = {"paper": palette.paper, "ink": palette.ink, "stage": palette.stage}[piece.role]
    outline = None if piece.role == "ink" else (palette.ink, max(5.0, setting.size * 0.045))
    typesetting.paint(canvas, setting, centre=piece.area.centre, colour=colour, outline=outline)


@_paint_piece.register
def _(piece: Badge, canvas: skia.Canvas, palette: Palette) -> None:
    canvas.rotate(piece.tilt, piece.x, piece.y)
    canvas.drawCircle(piece.x + 6, piece.y + 10, piece.radius, paint(palette.ink, 0.5))
    canvas.drawCircle(piece.x, piece.y, piece.radius, paint(palette.paper))
    canvas.drawCircle(piece.x, piece.y, piece.radius * 0.9, paint(palette.accents[2]))
    side = piece.radius * 1.5
    setting = typesetting.fit(piece.text, width=side, height=side, largest=piece.radius * 1.25)
    typesetting.paint(
        canvas,
        setting,
        centre=(piece.x, piece.y),
        colour=palette.paper,
        outline=(palette.ink, piece.radius * 0.05),
    )


@_paint_piece.register
def _(piece: Arrow, canvas: skia.Canvas, palette: Palette) -> None:
    (x1, y1), (x2, y2) = piece.start, piece.end
    line = skia.Path()
    line.moveTo(x1, y1)
    line.quadTo(x2, y1, x2, y2)
    head = skia.Path()
    head.addPoly([skia.Point(x2 - 58, y2 - 62), skia.Point(x2, y2), skia.Point(x2 + 58, y2 - 62)], False)
    for width, colour in ((52.0, palette.ink), (32.0, palette.paper)):
        for part in (line, head):
            canvas.drawPath(part, paint(colour, 1, stroke=width))


@_paint_piece.register
def _(piece: Dial, canvas: skia.Canvas, palette: Palette) -> None:
    ring = skia.Rect.MakeLTRB(
        piece.x - piece.radius, piece.y - piece.radius, piece.x + piece.radius, piece.y + piece.radius
    )
    width = piece.radius * 0.2
    canvas.drawCircle(piece.x, piece.y, piece.radius + width * 0.75, paint(palette.ink, 0.55))
    canvas.drawOval(ring, paint(palette.paper, 0.25, stroke=width))
    canvas.drawArc(ring, -90, 360 * piece.share, False, paint(palette.stage, 1, stroke=width))
