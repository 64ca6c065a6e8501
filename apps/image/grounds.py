"""Ridges at the horizon and floors to stand on, cut from paper. Lengths are those of composition."""

import math
from collections.abc import Callable
from random import Random

import skia

from apps.image import scenery
from apps.image.composition import HEIGHT, WIDTH
from apps.image.palette import Palette, mixed
from apps.image.scenery import paint

#: Where the ground meets the sky, pixels from the top; subjects stand a little below it.
HORIZON = 830


#: What is painted beyond the frame, pixels, so that motion never shows an edge.
BLEED = 200


def cut(canvas: skia.Canvas, shape: skia.Path, colour: str, palette: Palette) -> None:
    """A sheet of paper: a soft shadow on what is behind it, a lit edge."""
    for width in (54.0, 30.0, 12.0):
        canvas.drawPath(shape, paint(palette.ink, 0.05, stroke=width))
    canvas.drawPath(shape, paint(colour))
    canvas.save()
    canvas.clipPath(shape, skia.ClipOp.kIntersect, True)
    canvas.drawPath(shape, paint(palette.light, 0.22, stroke=16))
    canvas.restore()


def _closed(points: list[tuple[float, float]]) -> skia.Path:
    foot = HEIGHT + BLEED + 100.0
    return scenery.path([(-BLEED - 60.0, foot), *points, (WIDTH + BLEED + 60.0, foot)])


def _line(base: float, shape: Callable[[float], float], step: int = 24) -> skia.Path:
    span = range(-BLEED - 60, WIDTH + BLEED + 60 + step, step)
    return _closed([(float(x), base + shape(x)) for x in span])


def _hills(base: float, height: float, rng: Random) -> skia.Path:
    a, b = rng.uniform(0, math.tau), rng.uniform(0, math.tau)
    return _line(base, lambda x: height * (0.6 * math.sin(a + x / 230) + 0.4 * math.sin(b + x / 121)))


def _dunes(base: float, height: float, rng: Random) -> skia.Path:
    a = rng.uniform(0, math.tau)
    return _line(base, lambda x: height * (abs(math.sin(a + x / 420)) - 0.6) * 0.9)


def _waves(base: float, height: float, rng: Random) -> skia.Path:
    a = rng.uniform(0, math.tau)
    return _line(base, lambda x: height * 0.7 * math.sin(a + x / 150), 12)


def _peaks(base: float, height: float, rng: Random) -> skia.Path:
    points, x = [], -BLEED - 60.0
    while x < WIDTH + BLEED + 60:
        points += [(x, base + rng.uniform(0, 40)), (x + 150, base - height * rng.uniform(1.1, 2.6))]
        x += rng.uniform(240, 330)
    return _closed(points)


def _blocks(base: float, height: float, rng: Random, widths: tuple[float, float] = (70, 150)) -> skia.Path:
    points, x = [], -BLEED - 60.0
    while x < WIDTH + BLEED + 60:
        wide, top = rng.uniform(*widths), base - height * rng.uniform(0.3, 2.8)
        points += [(x, top), (x + wide, top)]
        x += wide
    return _closed(points)


def _bars(base: float, height: float, rng: Random) -> skia.Path:
    """Columns that rise to the right, a gap between them: a chart as a skyline."""
    points: list[tuple[float, float]] = []
    for i in range(-2, 12):
        x, top = i * 112.0, base + 60 - (i + 2) * (26 + height * 0.22) + rng.uniform(-20, 20)
        points += [(x, base + 90), (x, top), (x + 78, top), (x + 78, base + 90)]
    return _closed(points)


def _craters(base: float, height: float, rng: Random) -> skia.Path:
    a = rng.uniform(0, math.tau)
    return _line(base + 20, lambda x: height * 0.35 * (math.sin(a + x / 200) + 0.6 * math.sin(x / 67)))


def _stands(base: float, height: float, rng: Random) -> skia.Path:
    return _line(base, lambda x: -height * (0.5 + 1.6 * ((x - WIDTH / 2) / WIDTH) ** 2 * 2))


RIDGES: dict[str, Callable[[float, float, Random], skia.Path]] = {
    "hills": _hills,
    "dunes": _dunes,
    "waves": _waves,
    "peaks": _peaks,
    "blocks": _blocks,
    "bars": _bars,
    "craters": _craters,
    "stands": _stands,
}


def _sheet(canvas: skia.Canvas, palette: Palette, shape: skia.Path) -> None:
    """A ground: lit at its edge, nearly dark from where captions begin."""
    for width in (60.0, 34.0, 14.0):
        canvas.drawPath(shape, paint(palette.ink, 0.07, stroke=width))
    canvas.drawPath(shape, scenery.linear((0, HORIZON - 20), (0, 1090), palette.floor, palette.shade))
    canvas.save()
    canvas.clipPath(shape, skia.ClipOp.kIntersect, True)
    canvas.drawPath(shape, paint(palette.light, 0.3, stroke=18))
    canvas.restore()


def _land(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    a = rng.uniform(0, math.tau)
    _sheet(canvas, palette, _line(HORIZON + 34, lambda x: 30 * math.sin(a + x / 300)))
    for _ in range(26):
        x, y = rng.uniform(-60, WIDTH + 60), rng.uniform(HORIZON + 110, 1500)
        blade = paint(mixed(palette.floor, palette.light, 0.3), 0.5, stroke=6)
        for lean in (-14, 0, 14):
            canvas.drawLine(x, y, x + lean, y - 26 + abs(lean) * 0.5, blade)
    near = _line(1500, lambda x: 46 * math.sin(a * 2 + x / 240))
    cut(canvas, near, mixed(palette.shade, palette.ink, 0.3), palette)


def _sand(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    a = rng.uniform(0, math.tau)
    _sheet(canvas, palette, _line(HORIZON + 40, lambda x: 26 * math.sin(a + x / 360)))
    for i in range(9):
        y = HORIZON + 120 + i * i * 9
        ripple = skia.Path()
        ripple.moveTo(-BLEED, y)
        for x in range(-BLEED, WIDTH + BLEED + 60, 60):
            ripple.lineTo(x, y + 9 * math.sin(a + i + x / 90))
        canvas.drawPath(ripple, paint(palette.light, 0.13, stroke=5 + i * 0.6))
    near = _line(1540, lambda x: 40 * math.sin(a * 3 + x / 300))
    cut(canvas, near, mixed(palette.shade, palette.ink, 0.3), palette)


def _water(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    """Wave behind wave, each nearer one darker and slower."""
    a = rng.uniform(0, math.tau)
    first = _line(HORIZON + 50, lambda x: 16 * abs(math.sin(a + x / 95)), 12)
    _sheet(canvas, palette, first)
    for i in range(1, 5):
        base, length = HORIZON + 50 + 110 * i + 30 * i * i, 95 + 40 * i
        colour = mixed(palette.shade, palette.ink, 0.1 * i)
        cut(canvas, _swell(base, 22 + 6 * i, length, a * i), colour, palette)


def _swell(base: float, height: float, length: float, shift: float) -> skia.Path:
    return _line(base, lambda x: height * abs(math.sin(shift + x / length)), 12)


def _flat(base: float) -> skia.Path:
    return _closed([(-BLEED - 60.0, base), (WIDTH + BLEED + 60.0, base)])


def _boards(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    _sheet(canvas, palette, _flat(HORIZON + 40))
    seam = paint(palette.ink, 0.28, stroke=5)
    for i in range(-7, 8):
        canvas.drawLine(WIDTH / 2 + i * 150, HORIZON + 42, WIDTH / 2 + i * 520, HEIGHT + BLEED, seam)


def _street(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    _sheet(canvas, palette, _flat(HORIZON + 44))
    for y, thick in ((HORIZON + 66, 8.0), (1330, 16.0)):
        canvas.drawLine(-BLEED, y, WIDTH + BLEED, y, paint(palette.light, 0.2, stroke=thick))
    for i in range(-2, 9):
        dash = skia.Rect.MakeXYWH(i * 190 - 20, 1500, 110, 26)
        canvas.drawRoundRect(dash, 13, 13, paint(palette.light, 0.3))


def _table(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    """A table top, its front edge below the captions."""
    _sheet(canvas, palette, _flat(HORIZON + 50))
    edge = skia.Rect.MakeLTRB(-BLEED, 1420, WIDTH + BLEED, 1490)
    canvas.drawRect(edge, paint(mixed(palette.floor, palette.shade, 0.45)))
    canvas.drawRect(
        skia.Rect.MakeLTRB(-BLEED, 1490, WIDTH + BLEED, HEIGHT + BLEED),
        paint(mixed(palette.shade, palette.ink, 0.4)),
    )
    for i in range(-3, 16):
        canvas.drawCircle(i * 90, 1640 + 66 * (i % 2), 17, paint(palette.light, 0.13))


def _sweep(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    """A studio floor: a pool of light on which the subject stands."""
    _sheet(canvas, palette, _line(HORIZON + 60, lambda x: ((x - WIDTH / 2) / WIDTH) ** 2 * 120))
    pool = skia.Rect.MakeLTRB(60, HORIZON + 74, WIDTH - 130, HORIZON + 236)
    for scale, alpha in ((0, 0.14), (60, 0.16), (130, 0.18)):
        canvas.drawOval(pool.makeInset(scale, scale * 0.24), paint(palette.light, alpha))
    cut(
        canvas,
        _line(1530, lambda x: -70 * math.cos((x - WIDTH / 2) / 420)),
        mixed(palette.shade, palette.ink, 0.3),
        palette,
    )


def _cells(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    a = rng.uniform(0, math.tau)
    _sheet(canvas, palette, _line(HORIZON + 40, lambda x: 34 * math.sin(a + x / 110), 12))
    for _ in range(16):
        x, y, r = rng.uniform(0, WIDTH), rng.uniform(1080, HEIGHT), rng.uniform(30, 90)
        canvas.drawCircle(x, y, r, paint(palette.light, 0.06))
        canvas.drawCircle(x, y, r * 0.4, paint(palette.light, 0.08))
    cut(
        canvas,
        _line(1560, lambda x: 40 * math.sin(a + x / 120), 12),
        mixed(palette.shade, palette.ink, 0.3),
        palette,
    )


def _lattice(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    """A grid that runs to the horizon."""
    _sheet(canvas, palette, _flat(HORIZON + 40))
    line = paint(palette.light, 0.3, stroke=5)
    for i in range(-9, 10):
        canvas.drawLine(WIDTH / 2 + i * 110, HORIZON + 42, WIDTH / 2 + i * 560, HEIGHT + BLEED, line)
    for i in range(1, 11):
        y = HORIZON + 42 + 11 * i * i
        canvas.drawLine(-BLEED, y, WIDTH + BLEED, y, line)


Painter = Callable[[skia.Canvas, Palette, Random], None]


FLOORS: dict[str, Painter] = {
    "land": _land,
    "sand": _sand,
    "water": _water,
    "boards": _boards,
    "street": _street,
    "table": _table,
    "sweep": _sweep,
    "cells": _cells,
    "lattice": _lattice,
}
