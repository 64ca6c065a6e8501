"""The place a scene is set in: its sky, what is at the horizon, the ground, and what frames it in front.

Cut-paper landscapes in the palette's colours. Lengths are those of composition; nothing knows the subjects.
"""

from dataclasses import dataclass
from random import Random

import skia

from apps.image import scenery
from apps.image.composition import HEIGHT, WIDTH
from apps.image.grounds import BLEED, FLOORS, HORIZON, RIDGES, Painter, cut
from apps.image.palette import Palette, mixed
from apps.image.scenery import paint
from apps.image.stickers import silhouette

#: Middle of the light, behind the subjects.
LIGHT = (WIDTH / 2 - 36, 610.0)


#: How much smaller the soft light is painted; at 12 steps begin to show.
SOFTNESS = 6


@dataclass(frozen=True, kw_only=True)
class World:
    """What a place is made of. `far`, `near` and `front` are emoji of which the outlines stand there.

    `ridge`, `floor` and `air` name painters; `light` is what is behind the subject: sun, moon, beam or none.
    """

    far: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    front: tuple[str, ...] = ()
    ridge: str = "hills"
    floor: str = "land"
    air: str = "motes"
    light: str = "sun"


WORLDS: dict[str, World] = {
    "sea": World(
        far=("🪸", "🪨", "🐠"),
        near=("🪸", "🐚"),
        front=("🌿", "🪸"),
        ridge="dunes",
        floor="sand",
        air="bubbles",
        light="beam",
    ),
    "ocean": World(far=("⛵", "🏝️"), ridge="waves", floor="water", air="clouds"),
    "ice": World(far=("🏔️", "🏔️"), near=("🪨",), front=("🌲",), ridge="peaks", floor="land", air="snow"),
    "desert": World(far=("🏜️", "🌵"), near=("🌵", "🪨"), front=("🌵", "🌾"), ridge="dunes", floor="sand"),
    "forest": World(
        far=("🌲", "🌳", "🌲", "🌴"), near=("🌳", "🌲"), front=("🌿", "🍃", "🌱"), ridge="hills", air="leaves"
    ),
    "meadow": World(
        far=("🌳", "🏡", "🌲"), near=("🌳", "🌻", "🌷"), front=("🌾", "🌷", "🌿"), ridge="hills", air="clouds"
    ),
    "farm": World(far=("🏡", "🌳", "🛖"), near=("🌾", "🌻"), front=("🌾", "🌾"), ridge="hills", air="clouds"),
    "mountain": World(far=("🌲", "🌲"), near=("🌲", "🪨"), front=("🌲", "🌿"), ridge="peaks", air="clouds"),
    "space": World(far=("🪐", "🌟"), front=("🪨",), ridge="craters", floor="sand", air="stars", light="moon"),
    "night": World(far=("🌲", "🏠", "🌳"), near=("🌲",), front=("🌿", "🌾"), air="stars", light="moon"),
    "city": World(
        far=("🏢", "🏬", "🏦"), near=("🌳",), front=("🌿",), ridge="blocks", floor="street", air="clouds"
    ),
    "vault": World(far=(), near=(), front=("🪴", "🌿"), ridge="bars", floor="sweep", air="coins"),
    "ruins": World(far=("🏛️", "🏰", "🌴"), near=("🏺", "🪨"), front=("🌿", "🌾"), ridge="dunes", floor="sand"),
    "room": World(near=("🪴", "🛋️"), front=("🪴",), ridge="none", floor="boards", air="window", light="lamp"),
    "kitchen": World(near=("🪴", "🫖"), ridge="none", floor="table", air="window", light="lamp"),
    "lab": World(
        far=("⚗️", "🧪", "🔬"), near=(), front=("🧪",), ridge="none", floor="table", air="cells", light="halo"
    ),
    "body": World(far=(), near=(), front=("🦠",), ridge="waves", floor="cells", air="cells", light="halo"),
    "grid": World(far=(), near=(), front=(), ridge="none", floor="lattice", air="circuit", light="halo"),
    "stadium": World(
        far=(), near=("🚩",), front=(), ridge="stands", floor="street", air="rays", light="none"
    ),
    "studio": World(far=(), near=(), front=(), ridge="none", floor="sweep", air="rays", light="halo"),
}


def world(place: str) -> World:
    """The world of a place; the studio where none is known."""
    return WORLDS.get(place, WORLDS["studio"])


def paint_sky(canvas: skia.Canvas, palette: Palette, place: str, rng: Random) -> None:
    """The opaque backmost layer down to the ground's own colour: light, air, and what is far."""
    here = world(place)
    _paint_light(canvas, palette, here, rng)
    AIR[here.air](canvas, palette, rng)
    if here.light in ("sun", "moon"):
        _paint_disc(canvas, palette, here.light, rng)
    ridge = RIDGES.get(here.ridge)
    if ridge:
        for step, lift in enumerate((150, 62)):
            colour = mixed(palette.glow, palette.floor, 0.24 + 0.3 * step)
            cut(canvas, ridge(HORIZON - lift * 0.4, lift, rng), colour, palette)
            _paint_far(canvas, palette, here, colour, step, rng)
    else:
        _paint_far(canvas, palette, here, mixed(palette.glow, palette.top, 0.5), 0, rng)


def paint_floor(canvas: skia.Canvas, palette: Palette, place: str, rng: Random) -> None:
    """The ground that subjects stand on, with what grows at its sides; dark where captions are read."""
    here = world(place)
    _paint_near(canvas, palette, here, rng)
    FLOORS[here.floor](canvas, palette, rng)
    _paint_verge(canvas, palette, here, rng)


def paint_front(canvas: skia.Canvas, palette: Palette, place: str, rng: Random) -> None:
    """Dark outlines that rise from the foot of the frame on both sides."""
    here = world(place)
    if not here.front:
        return
    dark = mixed(palette.shade, palette.ink, 0.62)
    for side in (0, 1):
        for i in range(3):
            size = rng.uniform(380, 560) * (1 - 0.2 * i)
            x = (-30 + i * 170) if side == 0 else WIDTH + 30 - i * 170
            base = HEIGHT + 30
            _stamp(
                canvas,
                rng.choice(here.front),
                x + rng.uniform(-24, 24),
                base - size * 0.42,
                size,
                dark,
                rng,
                9,
            )


def _paint_light(canvas: skia.Canvas, palette: Palette, here: World, rng: Random) -> None:
    """Sky and glow; painted small, then enlarged: far quicker."""
    frame = skia.Rect.MakeLTRB(-BLEED, -BLEED, WIDTH + BLEED, HEIGHT + BLEED)
    surface = skia.Surface(round(frame.width() / SOFTNESS), round(frame.height() / SOFTNESS))
    small = surface.getCanvas()
    small.scale(1 / SOFTNESS, 1 / SOFTNESS)
    small.translate(-frame.left(), -frame.top())
    small.drawPaint(scenery.linear((0, -60), (0, HORIZON + 60), palette.top, palette.glow))
    if here.light != "none":
        small.drawPaint(scenery.radial(LIGHT, 760, palette.light, 0.75))
    corner = rng.choice((-60.0, WIDTH + 60.0))
    small.drawPaint(scenery.radial((corner, 60.0), 760, palette.accents[2], 0.3))
    small.drawPaint(scenery.linear((0, HORIZON), (0, HEIGHT), palette.floor, palette.shade, 0.0, 1.0))
    smooth = skia.SamplingOptions(skia.FilterMode.kLinear)
    canvas.drawImageRect(surface.makeImageSnapshot(), frame, smooth)
    if here.light == "beam":
        _shafts(canvas, palette, rng)


def _paint_disc(canvas: skia.Canvas, palette: Palette, kind: str, rng: Random) -> None:
    """Sun or moon, low behind the subjects, with two rings of haze."""
    x, y = rng.choice((250.0, 500.0, 790.0)), rng.uniform(430, 560)
    radius = 250.0 if kind == "sun" else 190.0
    colour = palette.sun if kind == "sun" else palette.paper
    for scale, alpha in ((1.6, 0.12), (1.28, 0.18), (1.0, 0.92)):
        canvas.drawCircle(x, y, radius * scale, paint(colour, alpha))
    if kind == "moon":
        for dx, dy, r in ((-0.3, -0.2, 0.2), (0.32, 0.1, 0.14), (-0.05, 0.42, 0.12)):
            canvas.drawCircle(x + dx * radius, y + dy * radius, r * radius, paint(palette.glow, 0.3))


def _shafts(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    """Light that falls through water, from above one side to the other."""
    start = rng.uniform(0.15, 0.55) * WIDTH
    for i in range(5):
        x, spread = start + (i - 2) * 150, 46 + 26 * (i % 3)
        band = [
            (x, -BLEED),
            (x + spread, -BLEED),
            (x + spread * 2.6 + (i - 1) * 130, 1080),
            (x + (i - 2) * 130, 1080),
        ]
        canvas.drawPath(scenery.path([(float(a), float(b)) for a, b in band]), _fading(palette.light, 0.3))


def _fading(colour: str, alpha: float) -> skia.Paint:
    return scenery.linear((0, -BLEED), (0, 1080), colour, colour, alpha, 0.0)


def _paint_far(
    canvas: skia.Canvas, palette: Palette, here: World, colour: str, step: int, rng: Random
) -> None:
    """Outlines at the horizon, hazy with distance."""
    if not here.far:
        return
    on_wall = here.ridge == "none"
    places = [rng.uniform(-30, 190), rng.uniform(800, 1080), rng.uniform(330, 720)][: 2 + step]
    for x in places:
        size = rng.uniform(180, 300) * (0.8 + 0.4 * step)
        y = rng.uniform(330, 520) if on_wall else HORIZON - 10 - 34 * (1 - step) - size * 0.36
        _stamp(canvas, rng.choice(here.far), x, y, size, mixed(colour, palette.floor, 0.18), rng, 0)


def _paint_near(canvas: skia.Canvas, palette: Palette, here: World, rng: Random) -> None:
    if not here.near:
        return
    sides = [-20.0, WIDTH + 10.0]
    rng.shuffle(sides)
    for i, x in enumerate(sides):
        size = rng.uniform(330, 470) if i == 0 else rng.uniform(210, 300)
        colour = mixed(palette.floor, palette.shade, 0.5)
        _stamp(canvas, rng.choice(here.near), x, HORIZON + 66 - size * 0.42, size, colour, rng, 0)


def _paint_verge(canvas: skia.Canvas, palette: Palette, here: World, rng: Random) -> None:
    """A few plants or stones below the captions, between the ground and what frames it."""
    if here.floor not in ("land", "sand"):
        return
    colour = mixed(palette.shade, palette.floor, 0.28)
    for x in (rng.uniform(40, 300), rng.uniform(700, 1040)):
        size = rng.uniform(150, 240)
        _stamp(canvas, rng.choice(here.near or here.front), x, 1530 - size * 0.4, size, colour, rng, 6)


def _stamp(
    canvas: skia.Canvas, emoji: str, x: float, y: float, size: float, colour: str, rng: Random, tilt: float
) -> None:
    """One emoji's outline filled with a colour, centred on (x, y)."""
    scale = canvas.getTotalMatrix().mapRadius(1.0)
    image = silhouette(emoji, max(8, round(size * scale)), colour)
    canvas.save()
    canvas.rotate(rng.uniform(-tilt, tilt), x, y)
    if rng.random() < 0.5:
        canvas.translate(2 * x, 0)
        canvas.scale(-1, 1)
    half = size / 2
    area = skia.Rect.MakeLTRB(x - half, y - half, x + half, y + half)
    canvas.drawImageRect(image, area, skia.SamplingOptions(skia.FilterMode.kLinear))
    canvas.restore()


def _clouds(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    for i in range(4):
        x, y, w = rng.uniform(-40, WIDTH + 40), 190 + i * 120 + rng.uniform(-30, 30), rng.uniform(80, 150)
        cloud = skia.Path()
        cloud.addRRect(
            skia.RRect.MakeRectXY(skia.Rect.MakeLTRB(x - w * 1.5, y, x + w * 1.5, y + w * 0.5), w, w)
        )
        for dx, dy, r in ((-0.7, 0.08, 0.4), (-0.1, -0.16, 0.56), (0.62, 0.0, 0.44)):
            cloud.addCircle(x + dx * w, y + dy * w, r * w)
        canvas.drawPath(cloud, paint(palette.paper, 0.62 - 0.09 * i))


def _snow(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    for _ in range(70):
        flake = paint(palette.paper, rng.uniform(0.4, 0.9))
        canvas.drawCircle(
            rng.uniform(-90, WIDTH + 90), rng.uniform(-90, 900), rng.choice((4, 6, 8, 11)), flake
        )


def _motes(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    for _ in range(26):
        x, y, r = rng.uniform(-60, WIDTH + 60), rng.uniform(-60, 860), rng.uniform(5, 26)
        canvas.drawCircle(x, y, r, paint(palette.light, rng.uniform(0.12, 0.4)))


def _floating_cells(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    for _ in range(15):
        x, y, r = rng.uniform(-60, WIDTH + 60), rng.uniform(-60, 860), rng.uniform(36, 120)
        canvas.drawCircle(x, y, r, paint(palette.light, 0.12))
        canvas.drawCircle(x, y, r, paint(palette.light, 0.2, stroke=5))
        canvas.drawCircle(x + r * 0.15, y - r * 0.1, r * 0.34, paint(palette.light, 0.18))


def _window(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    """A wall with a window on one side and a shelf on the other."""
    left = rng.choice((60.0, 660.0))
    frame = skia.Rect.MakeXYWH(left, 250, 350, 420)
    canvas.drawRoundRect(frame.makeOutset(20, 20), 30, 30, paint(palette.paper, 0.75))
    canvas.drawRoundRect(frame, 16, 16, scenery.linear((0, 250), (0, 670), palette.accents[0], palette.sun))
    bar = paint(palette.paper, 0.85, stroke=16)
    canvas.drawLine(left + 175, 250, left + 175, 670, bar)
    canvas.drawLine(left, 450, left + 350, 450, bar)
    other = 720.0 if left < WIDTH / 2 else 60.0
    shade = mixed(palette.glow, palette.floor, 0.5)
    canvas.drawRoundRect(skia.Rect.MakeXYWH(other, 500, 330, 22), 11, 11, paint(shade))
    for i, (wide, high) in enumerate(((44, 150), (34, 180), (52, 130), (40, 165))):
        book = skia.Rect.MakeXYWH(other + 30 + i * 58, 500 - high, wide, high)
        canvas.drawRoundRect(book, 8, 8, paint(mixed(palette.accents[i % 3], palette.glow, 0.5)))


def _coins(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    for _ in range(17):
        x, y, r = rng.uniform(-40, WIDTH + 40), rng.uniform(-40, 800), rng.uniform(22, 62)
        canvas.drawCircle(x, y, r, paint(palette.light, 0.14))
        canvas.drawCircle(x, y, r * 0.74, paint(palette.light, 0.22, stroke=r * 0.1))


AIR: dict[str, Painter] = {
    "clouds": _clouds,
    "snow": _snow,
    "motes": _motes,
    "cells": _floating_cells,
    "bubbles": scenery.bubbles,
    "stars": scenery.stars,
    "leaves": scenery.leaves,
    "rays": scenery.rays,
    "circuit": scenery.circuit,
    "dots": scenery.dots,
    "coins": _coins,
    "window": _window,
}
