"""Painters that many places share: shapes, what is in the air, and the sets a stage is dressed with."""

import math
from collections.abc import Callable
from random import Random

import skia

from apps.image.composition import HEIGHT, WIDTH, Area, Composition, Set
from apps.image.palette import Palette, channels
from apps.image.stickers import silhouette

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


def paint_stage(canvas: skia.Canvas, palette: Palette, composition: Composition) -> None:
    """The composition's sets, back to front, without those that belong to the sky."""
    for part in composition.sets:
        if part.kind in SETS:
            canvas.save()
            canvas.rotate(part.tilt, *part.area.centre)
            SETS[part.kind](canvas, palette, part)
            canvas.restore()


def paint_split(canvas: skia.Canvas, palette: Palette, composition: Composition) -> None:
    """For a comparison: the sky's lower right half in another colour, a paper line between the two."""
    if all(part.kind != "split" for part in composition.sets):
        return
    left, right, foot = (-200.0, 880.0), (WIDTH + 200.0, 420.0), HEIGHT + 200.0
    half = path([left, right, (right[0], foot), (left[0], foot)])
    canvas.drawPath(half, linear((0, 480), (0, 1000), palette.accents[0], palette.floor))
    canvas.drawLine(*left, *right, paint(palette.paper, 1, stroke=16))


def linear(
    start: Point, end: Point, first: str, last: str, opacity: float = 1.0, final_opacity: float = 1.0
) -> skia.Paint:
    """A gradient between two points, opacities 0-1."""
    colours = [
        skia.Color(*channels(first), round(255 * opacity)),
        skia.Color(*channels(last), round(255 * final_opacity)),
    ]
    shader = skia.GradientShader.MakeLinear([skia.Point(*start), skia.Point(*end)], colours)
    return skia.Paint(AntiAlias=True, Shader=shader)


def radial(centre: Point, radius: float, colour: str, opacity: float) -> skia.Paint:
    """A glow that fades to nothing at its radius."""
    colours = [skia.Color(*channels(colour), round(255 * opacity * share)) for share in (1.0, 0.45, 0.0)]
    return skia.Paint(
        AntiAlias=True, Shader=skia.GradientShader.MakeRadial(skia.Point(*centre), radius, colours)
    )


def path(points: list[Point]) -> skia.Path:
    """A closed polygon."""
    path = skia.Path()
    path.addPoly([skia.Point(*p) for p in points], True)
    return path


# Air


def rays(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    """Wedges of light from behind the subjects."""
    x, y, count = WIDTH / 2 - 20, 650, rng.choice((9, 11, 14))
    turn = rng.random()
    for i in range(count):
        a, b = (math.tau * (i + turn + side) / count for side in (0, 0.5))
        far = [(x + 2000 * math.cos(t), y + 2000 * math.sin(t)) for t in (a, b)]
        canvas.drawPath(path([(x, y), *far]), paint(palette.stage, 0.11))


def dots(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    """Halftone that fades to the middle."""
    for row in range(-2, 36):
        for column in range(-2, 21):
            x, y = column * 60 + (row % 2) * 30, row * 56
            radius = min(15.0, abs(y - 650) / 55 - 3)
            if radius > 1:
                canvas.drawCircle(x, y, radius, paint(palette.stage, 0.13))


def bubbles(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    """Bubbles at every height."""
    for _ in range(34):
        x, y, r = rng.uniform(-60, WIDTH + 60), rng.uniform(-60, HEIGHT), rng.uniform(14, 92)
        canvas.drawCircle(x, y, r, paint(palette.stage, 0.09))
        canvas.drawCircle(x, y, r, paint(palette.stage, 0.22, stroke=4))


def stars(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    """Stars, a few of them sparkling."""
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


def leaves(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    """Leaves in the wind."""
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


def circuit(canvas: skia.Canvas, palette: Palette, rng: Random) -> None:
    """Lines and joints of a circuit."""
    line = paint(palette.stage, 0.24, stroke=6)
    for _ in range(22):
        x, y = 60 * rng.randrange(-1, 19), 60 * rng.randrange(-1, 30)
        bend, run = rng.choice((-60, 60, 120)), 60 * rng.randrange(2, 5)
        canvas.drawPath(open_path([(x, y), (x, y + run), (x + bend, y + run + abs(bend))]), line)
        canvas.drawCircle(x, y, 13, paint(palette.stage, 0.32))


def open_path(points: list[Point]) -> skia.Path:
    """An open line through points."""
    path = skia.Path()
    path.addPoly([skia.Point(*p) for p in points], False)
    return path


def _paint_spark(canvas: skia.Canvas, x: float, y: float, size: float, fill: skia.Paint) -> None:
    spark = skia.Path()
    spark.moveTo(x, y - size)
    for ex, ey in ((x + size, y), (x, y + size), (x - size, y), (x, y - size)):
        spark.quadTo(x, y, ex, ey)
    canvas.drawPath(spark, fill)


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
        canvas.drawPath(path(_spikes(x, y, part.area.width / 2 * scale, 16)), paint(colour))
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
    cone = path(
        [(x - 90, a.top - 420), (x + 90, a.top - 420), (a.right + 40, a.bottom), (a.left - 40, a.bottom)]
    )
    canvas.drawPath(cone, linear((x, a.top - 420), (x, a.bottom), palette.paper, palette.stage, 0.5, 0.75))
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
    return path(points)


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
