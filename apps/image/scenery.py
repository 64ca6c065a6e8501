"""What is behind the actors: the ground, its pattern, the stage's shapes and loose decoration."""

import math
from collections.abc import Callable
from random import Random

import skia

from apps.image.composition import HEIGHT, WIDTH, Area, Composition, Set, bounds
from apps.image.palette import Palette, channels, mixed
from apps.image.stickers import silhouette

#: Loose shapes for each visual energy; more than this competes with the subject.
LOOSE = {"low": 7, "medium": 13, "high": 20}
#: Room around the frame that is painted too, so that motion never shows an edge, pixels.
MARGIN = 90
#: Where captions are read; loose shapes keep out, pixels from the top.
CAPTIONS = (1000, 1300)
#: Pixels that loose shapes keep from what matters.
CLEAR = 46
#: How much smaller the soft light is painted; at 12 steps begin to show.
SOFTNESS = 6
Point = tuple[float, float]


def paint(colour: str, alpha: float = 1.0, *, stroke: float = 0.0) -> skia.Paint:
    """A paint of a colour #rrggbb, opacity 0-1; a stroke of that width, else a fill."""
    made = skia.Paint(AntiAlias=True, Color=skia.Color(*channels(colour), round(255 * alpha)))
    if stroke:
        made.setStyle(skia.Paint.kStroke_Style)
        made.setStrokeWidth(stroke)
        made.setStrokeCap(skia.Paint.kRound_Cap)
        made.setStrokeJoin(skia.Paint.kRound_Join)
    return made


def paint_ground(
    canvas: skia.Canvas, palette: Palette, composition: Composition, theme: str, rng: Random
) -> None:
    """The opaque backmost layer: light, a pattern that suits the theme or just the eye."""
    _paint_light(canvas, palette, rng)
    if any(part.kind == "split" for part in composition.sets):
        _paint_half(canvas, palette)
    pattern = THEMED.get(theme) if rng.random() < 0.6 else None
    (pattern or rng.choice(PATTERNS))(canvas, palette, rng)


def _paint_light(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    """Gradient, glow and the dark foot under the captions; painted small, then enlarged: far quicker."""
    frame = skia.Rect.MakeLTRB(-MARGIN * 2, -MARGIN * 2, WIDTH + MARGIN * 2, HEIGHT + MARGIN * 2)
    surface = skia.Surface(round(frame.width() / SOFTNESS), round(frame.height() / SOFTNESS))
    small = surface.getCanvas()
    small.scale(1 / SOFTNESS, 1 / SOFTNESS)
    small.translate(-frame.left(), -frame.top())
    small.drawPaint(_linear((0, 0), (WIDTH * 0.3, HEIGHT), palette.top, palette.foot))
    small.drawPaint(_radial((WIDTH / 2, 640), 900, palette.glow, 0.95))
    small.drawPaint(_radial(rng.choice(((0.0, 120.0), (float(WIDTH), 120.0))), 700, palette.accents[2], 0.35))
    small.drawPaint(_linear((0, 900), (0, HEIGHT), palette.ink, palette.ink, 0.0, 0.62))
    smooth = skia.SamplingOptions(skia.FilterMode.kLinear)
    canvas.drawImageRect(surface.makeImageSnapshot(), frame, smooth)


def paint_stage(
    canvas: skia.Canvas, palette: Palette, composition: Composition, energy: str, rng: Random
) -> None:
    """The middle layer: a landscape at the foot, loose shapes, then the stage's sets."""
    _paint_hills(canvas, palette, rng)
    _paint_loose(canvas, palette, composition, LOOSE.get(energy, LOOSE["medium"]), rng)
    for part in composition.sets:
        painter = SETS.get(part.kind)
        if painter:
            canvas.save()
            canvas.rotate(part.tilt, *part.area.centre)
            painter(canvas, palette, part)
            canvas.restore()


def _linear(
    start: Point, end: Point, first: str, last: str, opacity: float = 1.0, final_opacity: float = 1.0
) -> skia.Paint:
    colours = [
        skia.Color(*channels(first), round(255 * opacity)),
        skia.Color(*channels(last), round(255 * final_opacity)),
    ]
    shader = skia.GradientShader.MakeLinear([skia.Point(*start), skia.Point(*end)], colours)
    return skia.Paint(AntiAlias=True, Shader=shader)


def _radial(centre: Point, radius: float, colour: str, opacity: float) -> skia.Paint:
    colours = [skia.Color(*channels(colour), round(255 * opacity * share)) for share in (1.0, 0.45, 0.0)]
    return skia.Paint(
        AntiAlias=True, Shader=skia.GradientShader.MakeRadial(skia.Point(*centre), radius, colours)
    )


def _path(points: list[Point]) -> skia.Path:
    path = skia.Path()
    path.addPoly([skia.Point(*p) for p in points], True)
    return path


def _paint_half(canvas: skia.Canvas, palette: Palette) -> None:
    """The lower half of a comparison in another colour, as dark at its foot as the rest."""
    left, right, foot = (-200.0, 860.0), (WIDTH + 200.0, 440.0), HEIGHT + 200.0
    half = _path([left, right, (right[0], foot), (left[0], foot)])
    canvas.drawPath(
        half, _linear((0, 560), (0, 1500), mixed(palette.accents[0], palette.foot, 0.25), palette.foot)
    )
    canvas.drawLine(*left, *right, paint(palette.paper, 1, stroke=14))


# Patterns


def _rays(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    x, y, count = WIDTH / 2 - 20, 650, rng.choice((9, 11, 14))
    turn = rng.random()
    for i in range(count):
        a, b = (math.tau * (i + turn + side) / count for side in (0, 0.5))
        far = [(x + 2000 * math.cos(t), y + 2000 * math.sin(t)) for t in (a, b)]
        canvas.drawPath(_path([(x, y), *far]), paint(palette.stage, 0.11))


def _rings(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    for i in range(9):
        canvas.drawCircle(
            WIDTH / 2 - 20, 650, 300 + i * 130, paint(palette.stage, 0.15 - i * 0.012, stroke=34)
        )


def _dots(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    """Halftone that fades to the middle."""
    for row in range(-2, 36):
        for column in range(-2, 21):
            x, y = column * 60 + (row % 2) * 30, row * 56
            radius = min(15.0, abs(y - 650) / 55 - 3)
            if radius > 1:
                canvas.drawCircle(x, y, radius, paint(palette.stage, 0.13))


def _stripes(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    lean = rng.choice((-1, 1)) * 700
    for i in range(-10, 22, 2):
        x = i * 95
        band = [(x, -200), (x + 95, -200), (x + 95 + lean, HEIGHT + 200), (x + lean, HEIGHT + 200)]
        canvas.drawPath(_path([(float(a), float(b)) for a, b in band]), paint(palette.stage, 0.09))


def _grid(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    for i in range(-2, 32):
        canvas.drawLine(-200, i * 72, WIDTH + 200, i * 72, paint(palette.stage, 0.14, stroke=3))
        canvas.drawLine(i * 72 - 200, -200, i * 72 - 200, HEIGHT + 200, paint(palette.stage, 0.14, stroke=3))


def _bubbles(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    for _ in range(34):
        x, y, r = rng.uniform(-60, WIDTH + 60), rng.uniform(-60, HEIGHT), rng.uniform(14, 92)
        canvas.drawCircle(x, y, r, paint(palette.stage, 0.09))
        canvas.drawCircle(x, y, r, paint(palette.stage, 0.22, stroke=4))


def _stars(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    for _ in range(150):
        x, y = rng.uniform(-90, WIDTH + 90), rng.uniform(-90, HEIGHT)
        canvas.drawCircle(x, y, rng.choice((2, 3, 3, 5)), paint(palette.paper, rng.uniform(0.25, 0.9)))
    for _ in range(9):
        _paint_spark(
            canvas,
            rng.uniform(0, WIDTH),
            rng.uniform(0, 1100),
            rng.uniform(14, 34),
            paint(palette.paper, 0.9),
        )


def _steps(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    """Rising columns."""
    for i in range(9):
        top = 1100 - i * 105 + rng.uniform(-30, 30)
        bar = skia.Rect.MakeLTRB(-60 + i * 135, top, 40 + i * 135, HEIGHT + 200)
        canvas.drawRoundRect(bar, 18, 18, paint(palette.stage, 0.15))


def _leaves(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    for _ in range(26):
        canvas.save()
        canvas.translate(rng.uniform(-40, WIDTH + 40), rng.uniform(-40, HEIGHT))
        canvas.rotate(rng.uniform(0, 360))
        leaf = skia.Path()
        length = rng.uniform(70, 170)
        leaf.quadTo(length / 2, -length / 2.2, length, 0)
        leaf.quadTo(length / 2, length / 2.2, 0, 0)
        canvas.drawPath(leaf, paint(palette.stage, 0.16))
        canvas.restore()


def _circuit(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    line = paint(palette.stage, 0.24, stroke=6)
    for _ in range(22):
        x, y = 60 * rng.randrange(-1, 19), 60 * rng.randrange(-1, 30)
        bend, run = rng.choice((-60, 60, 120)), 60 * rng.randrange(2, 5)
        canvas.drawPath(_open_path([(x, y), (x, y + run), (x + bend, y + run + abs(bend))]), line)
        canvas.drawCircle(x, y, 13, paint(palette.stage, 0.32))


def _open_path(points: list[Point]) -> skia.Path:
    path = skia.Path()
    path.addPoly([skia.Point(*p) for p in points], False)
    return path


Pattern = Callable[[skia.Canvas, Palette, Random], None]
PATTERNS: tuple[Pattern, ...] = (_rays, _rings, _dots, _stripes, _grid, _rays)
THEMED: dict[str, Pattern] = {
    "sea": _bubbles,
    "space": _stars,
    "nature": _leaves,
    "money": _steps,
    "tech": _circuit,
    "science": _grid,
    "body": _bubbles,
    "food": _dots,
    "history": _rays,
    "ideas": _rays,
}


# Loose decoration


def _paint_hills(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    """Two soft hills at the foot, beneath the captions."""
    near = mixed(palette.foot, palette.ink, 0.45)
    for base, colour in ((1490, mixed(palette.top, palette.foot, 0.45)), (1640, near)):
        hill, shift = skia.Path(), rng.uniform(0, math.tau)
        hill.moveTo(-200, HEIGHT + 300)
        for x in range(-200, WIDTH + 240, 40):
            hill.lineTo(x, base + 60 * math.sin(shift + x / 260) + 24 * math.sin(shift * 2 + x / 110))
        hill.lineTo(WIDTH + 240, HEIGHT + 300)
        canvas.drawPath(hill, paint(colour))


def _paint_loose(
    canvas: skia.Canvas, palette: Palette, composition: Composition, count: int, rng: Random
) -> None:
    placed: list[Point] = []
    for _ in range(count * 12):
        x, y = rng.uniform(20, WIDTH - 20), rng.uniform(110, 1660)
        free = all(math.dist((x, y), other) > 150 for other in placed)
        if free and _is_outside(x, y, composition) and not CAPTIONS[0] < y < CAPTIONS[1]:
            placed.append((x, y))
            rng.choice(SHAPES)(canvas, x, y, rng.uniform(20, 40), paint(rng.choice(palette.accents), 0.95))
        if len(placed) == count:
            return


def _is_outside(x: float, y: float, composition: Composition) -> bool:
    """Whether a loose shape at a point would touch neither an actor nor the stage."""
    taken = [bounds(piece) for actor in composition.actors for piece in actor.pieces]
    taken += [part.area for part in composition.sets if part.kind != "split"]
    return not any(
        area.left - CLEAR < x < area.right + CLEAR and area.top - CLEAR < y < area.bottom + CLEAR
        for area in taken
    )


def _paint_spark(canvas: skia.Canvas, x: float, y: float, size: float, fill: skia.Paint) -> None:
    spark = skia.Path()
    spark.moveTo(x, y - size)
    for ex, ey in ((x + size, y), (x, y + size), (x - size, y), (x, y - size)):
        spark.quadTo(x, y, ex, ey)
    canvas.drawPath(spark, fill)


def _paint_ring(canvas: skia.Canvas, x: float, y: float, size: float, fill: skia.Paint) -> None:
    fill.setStyle(skia.Paint.kStroke_Style)
    fill.setStrokeWidth(size * 0.34)
    canvas.drawCircle(x, y, size * 0.7, fill)


def _paint_dot(canvas: skia.Canvas, x: float, y: float, size: float, fill: skia.Paint) -> None:
    canvas.drawCircle(x, y, size * 0.55, fill)


def _paint_plus(canvas: skia.Canvas, x: float, y: float, size: float, fill: skia.Paint) -> None:
    fill.setStrokeWidth(size * 0.42)
    fill.setStrokeCap(skia.Paint.kRound_Cap)
    canvas.drawLine(x - size * 0.7, y, x + size * 0.7, y, fill)
    canvas.drawLine(x, y - size * 0.7, x, y + size * 0.7, fill)


def _paint_wave(canvas: skia.Canvas, x: float, y: float, size: float, fill: skia.Paint) -> None:
    fill.setStyle(skia.Paint.kStroke_Style)
    fill.setStrokeWidth(size * 0.36)
    fill.setStrokeCap(skia.Paint.kRound_Cap)
    fill.setStrokeJoin(skia.Paint.kRound_Join)
    points = [(x + (i - 2) * size * 0.75, y + (size * 0.4 if i % 2 else -size * 0.4)) for i in range(5)]
    canvas.drawPath(_open_path(points), fill)


SHAPES = (_paint_spark, _paint_ring, _paint_dot, _paint_plus, _paint_wave)


# Sets


def _tone(palette: Palette, tone: int) -> str:
    return (palette.stage, *palette.accents)[tone % 4]


def _disc(canvas: skia.Canvas, palette: Palette, part: Set) -> None:
    x, y = part.area.centre
    radius = part.area.width / 2
    colour = _tone(palette, part.tone)
    canvas.drawCircle(x, y, radius * 1.14, paint(colour, 0.25))
    canvas.drawCircle(x, y, radius, paint(colour))
    canvas.drawCircle(x - radius * 0.18, y - radius * 0.2, radius * 0.78, paint(palette.paper, 0.28))


def _burst(canvas: skia.Canvas, palette: Palette, part: Set) -> None:
    x, y = part.area.centre
    for scale, colour in ((1.16, palette.accents[1]), (1.02, palette.stage)):
        canvas.drawPath(_path(_spikes(x, y, part.area.width / 2 * scale, 16)), paint(colour))
    canvas.drawCircle(x, y, part.area.width * 0.34, paint(palette.paper, 0.3))


def _spikes(x: float, y: float, radius: float, count: int) -> list[Point]:
    turns = [(math.pi * i / count, radius if i % 2 else radius * 0.84) for i in range(count * 2)]
    return [(x + r * math.cos(a), y + r * math.sin(a)) for a, r in turns]


def _poster(canvas: skia.Canvas, palette: Palette, part: Set) -> None:
    a = part.area
    back = skia.Rect.MakeLTRB(a.left + 22, a.top + 26, a.right + 22, a.bottom + 26)
    front = skia.Rect.MakeLTRB(a.left, a.top, a.right, a.bottom)
    canvas.drawRoundRect(back, 56, 56, paint(palette.ink, 0.35))
    canvas.drawRoundRect(front, 56, 56, paint(palette.stage))
    inner = skia.Rect.MakeLTRB(a.left + 24, a.top + 24, a.right - 24, a.bottom - 24)
    canvas.drawRoundRect(inner, 38, 38, paint(palette.stage_shade, 0.9, stroke=7))


def _tile(canvas: skia.Canvas, palette: Palette, part: Set) -> None:
    a = part.area
    canvas.drawRoundRect(
        skia.Rect.MakeLTRB(a.left, a.top + 14, a.right, a.bottom + 14), 48, 48, paint(palette.ink, 0.35)
    )
    canvas.drawRoundRect(
        skia.Rect.MakeLTRB(a.left, a.top, a.right, a.bottom), 48, 48, paint(_tone(palette, part.tone))
    )


def _card(canvas: skia.Canvas, palette: Palette, part: Set) -> None:
    a = part.area
    canvas.drawRoundRect(
        skia.Rect.MakeLTRB(a.left + 20, a.top + 24, a.right + 20, a.bottom + 24),
        56,
        56,
        paint(palette.accents[2]),
    )
    canvas.drawRoundRect(skia.Rect.MakeLTRB(a.left, a.top, a.right, a.bottom), 56, 56, paint(palette.stage))


def _beam(canvas: skia.Canvas, palette: Palette, part: Set) -> None:
    """A spotlight from above onto a floor."""
    a, (x, _) = part.area, part.area.centre
    cone = _path(
        [(x - 90, a.top - 420), (x + 90, a.top - 420), (a.right + 40, a.bottom), (a.left - 40, a.bottom)]
    )
    canvas.drawPath(cone, _linear((x, a.top - 420), (x, a.bottom), palette.paper, palette.stage, 0.5, 0.75))
    floor = skia.Rect.MakeLTRB(a.left - 40, a.bottom - 74, a.right + 40, a.bottom + 74)
    canvas.drawOval(floor, paint(palette.stage))
    canvas.drawOval(floor.makeInset(60, 24), paint(palette.paper, 0.35))


def _echo(canvas: skia.Canvas, palette: Palette, part: Set) -> None:
    """The subject's own outline, larger and larger, behind it."""
    for scale, colour, opacity in ((1.5, palette.accents[0], 0.4), (1.24, palette.stage, 1.0)):
        side = round(part.area.width * scale)
        ghost = silhouette(part.emoji, side, colour)
        x, y = part.area.centre
        canvas.drawImage(ghost, x - side / 2, y - side / 2, skia.SamplingOptions(), paint("#000000", opacity))


def _blob(canvas: skia.Canvas, palette: Palette, part: Set) -> None:
    x, y = part.area.centre
    canvas.drawPath(_wobble(x + 26, y + 30, part.area.width * 0.56, 1.2), paint(palette.accents[0]))
    canvas.drawPath(_wobble(x, y, part.area.width * 0.56, 0.4), paint(palette.stage))


def _wobble(x: float, y: float, radius: float, shift: float) -> skia.Path:
    points = []
    for i in range(90):
        a = math.tau * i / 90
        r = radius * (0.9 + 0.07 * math.sin(3 * a + shift) + 0.04 * math.sin(5 * a - shift))
        points.append((x + r * math.cos(a), y + r * math.sin(a)))
    return _path(points)


def _orbit(canvas: skia.Canvas, palette: Palette, part: Set) -> None:
    x, y = part.area.centre
    canvas.drawCircle(x, y, part.area.width * 0.47, paint(palette.paper, 0.75, stroke=9))
    canvas.drawCircle(x, y, part.area.width * 0.34, paint(palette.stage))


def _podium(canvas: skia.Canvas, palette: Palette, part: Set) -> None:
    a: Area = part.area
    floor = skia.Rect.MakeLTRB(a.left - 30, a.top + a.height * 0.86, a.right + 30, a.top + a.height * 0.95)
    canvas.drawRoundRect(floor.makeOffset(0, 16), 28, 28, paint(palette.ink, 0.4))
    canvas.drawRoundRect(floor, 28, 28, paint(palette.accents[1]))


SETS: dict[str, Callable[[skia.Canvas, Palette, Set], None]] = {
    "disc": _disc,
    "burst": _burst,
    "poster": _poster,
    "tile": _tile,
    "card": _card,
    "beam": _beam,
    "echo": _echo,
    "blob": _blob,
    "orbit": _orbit,
    "podium": _podium,
}
