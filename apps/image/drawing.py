"""Composition to pixels: layers back to front, and the bytes of their files."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
    Area,
    Arrow,
    Badge,
    Bars,
    Bubble,
    Composition,
    Dial,
    Lettering,
    Piece,
    Slab,
    Sticker,
    Tag,
    bounds,
)
from apps.image.grounds import BLEED
from apps.image.palette import Palette
from apps.image.scenery import linear, paint, paint_split, paint_stage
from apps.image.stickers import ink_of, sticker
from apps.image.worlds import paint_floor, paint_front, paint_sky

Pixels = npt.NDArray[np.uint8]

#: Share by which a layer is larger than the frame; the motion has half of it on every side.
OVERSCAN = 0.12
#: Layers of actors; more would cost the renderer more than it shows.
MOST_LAYERS = 4
#: Depth of the ground, of the stage's sets, and of the first and last layer of actors.
FLOOR_DEPTH, MIDDLE_DEPTH, FIRST_DEPTH, LAST_DEPTH = 0.25, 0.4, 0.55, 0.85
#: JPEG quality of the ground; below 90 its gradients show blocks once the encoder has had them too.
GROUND_QUALITY = 94
#: Where each still layer can have paint; the rest is not looked at.
CANVAS = Area(left=-BLEED, top=-BLEED, right=WIDTH + BLEED, bottom=HEIGHT + BLEED)
FLOOR = replace(CANVAS, top=380.0)
STAGE = replace(CANVAS, top=0.0, bottom=1200.0)
FRONT = replace(CANVAS, top=1250.0)
#: The preview is this share of the frame: enough for a thumbnail and a contact sheet.
PREVIEW_SHARE = 0.5


@dataclass(frozen=True)
class DrawnLayer:
    """One layer's image, its depth 0-1, act and word; `opaque` for the ground.

    The image is cut to what is seen of it; `left`, `top` (even, canvas pixels) say where it lies.
    """

    image: skia.Image
    left: int
    top: int
    depth: float
    act: str
    word: int | None
    opaque: bool


def draw_layers(
    composition: Composition, palette: Palette, *, place: str, size: tuple[int, int], rng: Random
) -> tuple[DrawnLayer, ...]:
    """Sky, ground, stage, the actors, and what frames them, on a canvas that is `layer_size(size)` large."""
    sky, _, _ = _painted(size, lambda c: _paint_back(c, palette, place, composition, rng), CANVAS)
    floor = _painted(size, lambda c: paint_floor(c, palette, place, rng), FLOOR)
    stage = _painted(size, lambda c: paint_stage(c, palette, composition), STAGE)
    casts = _casts(composition.actors)
    layers = [DrawnLayer(sky, 0, 0, 0.0, "still", None, True)]
    layers += _cut(floor, FLOOR_DEPTH, "still", None)
    layers += _cut(stage, MIDDLE_DEPTH, "still", None)
    for i, cast in enumerate(casts):
        depth = FIRST_DEPTH + (LAST_DEPTH - FIRST_DEPTH) * (i + 1) / len(casts)
        painted = _painted(size, partial(_act, palette=palette, actors=cast), _reach(cast))
        layers += _cut(painted, round(depth, 3), cast[0].act, cast[0].word)
    front = _painted(size, lambda c: paint_front(c, palette, place, rng), FRONT)
    return (*layers, *_cut(front, 1.0, "still", None))


def _reach(cast: list[Actor]) -> Area:
    """Where actors can leave paint: their bounds, and room for rims, shadows and tilts."""
    boxes = [bounds(piece) for actor in cast for piece in actor.pieces]
    room = 60 + 0.22 * max(max(box.width, box.height) for box in boxes)
    return Area(
        left=min(box.left for box in boxes) - room,
        top=min(box.top for box in boxes) - room,
        right=max(box.right for box in boxes) + room,
        bottom=max(box.bottom for box in boxes) + room,
    )


def _paint_back(
    canvas: skia.Canvas, palette: Palette, place: str, composition: Composition, rng: Random
) -> None:
    paint_sky(canvas, palette, place, rng)
    paint_split(canvas, palette, composition)


def _cut(painted: "Painted", depth: float, act: str, word: int | None) -> list[DrawnLayer]:
    """The layer cut to what is seen of it, all four sides at even pixels; none where nothing is seen."""
    image, across, down = painted
    alpha = np.empty((image.height(), image.width()), np.uint8)
    image.readPixels(skia.ImageInfo.MakeA8(image.width(), image.height()), alpha, alpha.shape[1])
    x, y, width, height = cv2.boundingRect(alpha)
    if not width:
        return []
    left, top = x // 2 * 2, y // 2 * 2
    right, bottom = (x + width + 1) // 2 * 2, (y + height + 1) // 2 * 2
    seen = image.makeSubset(skia.IRect.MakeLTRB(left, top, right, bottom))
    return [DrawnLayer(seen, across + left, down + top, depth, act, word, False)]


def layer_size(frame: tuple[int, int]) -> tuple[int, int]:
    """Width and height of a layer, even numbers, for a frame's."""
    width, height = (2 * round(side * (1 + OVERSCAN) / 2) for side in frame)
    return width, height


def file_of(layer: DrawnLayer) -> bytes:
    """The layer as a file: a JPEG where it is opaque (half the bytes, sooner read), else an RGBA PNG."""
    pixels: Pixels = layer.image.toarray(colorType=skia.kRGBA_8888_ColorType)
    return jpeg(pixels[:, :, :3], GROUND_QUALITY) if layer.opaque else png.encode(pixels)


def flatten(layers: Sequence[DrawnLayer], size: tuple[int, int]) -> Pixels:
    """All layers at rest, cut to the frame and halved: RGB."""
    small = (round(size[0] * PREVIEW_SHARE), round(size[1] * PREVIEW_SHARE))
    surface = skia.Surface(*small)
    canvas = surface.getCanvas()
    canvas.scale(PREVIEW_SHARE, PREVIEW_SHARE)
    width, height = layer_size(size)
    smooth = skia.SamplingOptions(skia.FilterMode.kLinear)
    for layer in layers:
        x, y = (size[0] - width) / 2 + layer.left, (size[1] - height) / 2 + layer.top
        canvas.drawImage(layer.image, x, y, smooth)
    return np.ascontiguousarray(surface.toarray(colorType=skia.kRGBA_8888_ColorType)[:, :, :3])


def jpeg(pixels: Pixels, quality: int = 86) -> bytes:
    """RGB pixels as a JPEG, colours at full resolution."""
    full = (cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444)
    flags = [cv2.IMWRITE_JPEG_QUALITY, quality, *full]
    return bytes(cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), flags)[1])


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


Painted = tuple[skia.Image, int, int]


def _painted(size: tuple[int, int], painter: Callable[[skia.Canvas], object], area: Area) -> Painted:
    """What a painter leaves in an area of the canvas, and where that lies on it: even pixels."""
    width, height = layer_size(size)
    scale = size[0] / WIDTH
    x, y = (width - size[0]) / 2, (height - size[1]) / 2
    left, top = (
        max(0, math.floor((n * scale + shift) / 2) * 2) for n, shift in ((area.left, x), (area.top, y))
    )
    right = min(width, math.ceil((area.right * scale + x) / 2) * 2)
    bottom = min(height, math.ceil((area.bottom * scale + y) / 2) * 2)
    surface = skia.Surface(max(2, right - left), max(2, bottom - top))
    canvas = surface.getCanvas()
    canvas.translate(x - left, y - top)
    canvas.scale(scale, size[1] / HEIGHT)
    painter(canvas)
    return surface.makeImageSnapshot(), left, top


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
    y, ink = piece.y, ink_of(piece.emoji)
    if piece.stands and ink:
        y += piece.size * (1 - ink.height / max(ink.width, ink.height)) / 2
        width = piece.size * ink.width / max(ink.width, ink.height)
        _paint_shade(canvas, palette, piece.x, piece.y + piece.size / 2, width)
    canvas.rotate(piece.tilt, piece.x, y)
    if piece.mirrored:
        canvas.translate(2 * piece.x, 0)
        canvas.scale(-1, 1)
    # Rasterised at the size at which it is shown, so that it is as crisp in a small frame as in a large one.
    scale = canvas.getTotalMatrix().mapRadius(1.0)
    image = sticker(piece.emoji, max(8, round(piece.size * scale)), palette.paper, palette.ink)
    half = image.width() / 2 / scale
    area = skia.Rect.MakeLTRB(piece.x - half, y - half, piece.x + half, y + half)
    canvas.drawImageRect(image, area, skia.SamplingOptions(skia.CubicResampler.Mitchell()))


def _paint_shade(canvas: skia.Canvas, palette: Palette, x: float, foot: float, width: float) -> None:
    """The shadow where something touches the ground."""
    for scale, alpha in ((1.0, 0.16), (0.84, 0.2), (0.62, 0.24)):
        half, high = width * scale * 0.52, width * scale * 0.075
        oval = skia.Rect.MakeLTRB(x - half, foot - high, x + half, foot + high)
        canvas.drawOval(oval, paint(palette.ink, alpha))


@_paint_piece.register
def _(piece: Bubble, canvas: skia.Canvas, palette: Palette) -> None:
    x, y, r = piece.x, piece.y, piece.radius
    puffs = [(x + r * 0.74 * math.cos(a), y + r * 0.66 * math.sin(a), r * 0.5) for a in _turns(9)]
    puffs.append((x, y, r * 0.86))
    angle = math.atan2(piece.towards[1] - y, piece.towards[0] - x)
    for reach, size in ((1.36, 0.17), (1.66, 0.1)):
        puffs.append((x + r * reach * math.cos(angle), y + r * reach * math.sin(angle), r * size))
    for dx, dy, grown, colour, alpha in ((8, 16, 8, palette.ink, 0.3), (0, 0, 0, palette.paper, 1.0)):
        for px, py, size in puffs:
            canvas.drawCircle(px + dx, py + dy, size + grown, paint(colour, alpha if alpha == 1 else 0.16))


def _turns(count: int) -> list[float]:
    return [math.tau * i / count for i in range(count)]


@_paint_piece.register
def _(piece: Tag, canvas: skia.Canvas, palette: Palette) -> None:
    if not typesetting.can_set(piece.text):
        return
    (x, y), a = piece.area.centre, piece.area
    canvas.drawLine(x, y, *piece.point, paint(palette.ink, 0.7, stroke=16))
    canvas.drawLine(x, y, *piece.point, paint(palette.paper, 1, stroke=8))
    canvas.drawCircle(*piece.point, 15, paint(palette.paper))
    card = skia.Rect.MakeLTRB(a.left, a.top, a.right, a.bottom)
    canvas.drawRoundRect(card.makeOffset(6, 10), 26, 26, paint(palette.ink, 0.4))
    canvas.drawRoundRect(card, 26, 26, paint(palette.paper))
    setting = typesetting.fit(piece.text, width=a.width - 36, height=a.height - 16, largest=72)
    typesetting.paint(canvas, setting, centre=a.centre, colour=palette.ink)


@_paint_piece.register
def _(piece: Slab, canvas: skia.Canvas, palette: Palette) -> None:
    a, colour = piece.area, (palette.stage, *palette.accents)[piece.tone % 4]
    card = skia.Rect.MakeLTRB(a.left, a.top, a.right, a.bottom)
    canvas.drawRoundRect(card.makeOffset(8, 14), 40, 40, paint(palette.ink, 0.38))
    canvas.drawRoundRect(card, 40, 40, paint(colour))
    canvas.drawRoundRect(card.makeInset(8, 8), 33, 33, paint(palette.paper, 0.5, stroke=5))


@_paint_piece.register
def _(piece: Bars, canvas: skia.Canvas, palette: Palette) -> None:
    a, count = piece.area, len(piece.heights)
    step = a.width / count
    for i, share in enumerate(piece.heights):
        left, top = a.left + i * step + step * 0.1, a.bottom - a.height * share
        bar = skia.Rect.MakeLTRB(left, top, left + step * 0.8, a.bottom)
        canvas.drawRoundRect(bar.makeOffset(10, 8), 16, 16, paint(palette.ink, 0.35))
        fill = linear((0, top), (0, a.bottom), palette.stage, palette.stage_shade)
        canvas.drawRoundRect(bar, 16, 16, fill)
        canvas.drawRoundRect(bar, 16, 16, paint(palette.paper, 0.9, stroke=7))


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
    colour = {"paper": palette.paper, "ink": palette.ink, "stage": palette.stage, "sun": palette.sun}[
        piece.role
    ]
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
