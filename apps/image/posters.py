"""Layouts in which the subjects are shown on sets: discs, tiles, lists, parts, comparisons. No pixels."""

import math
from collections.abc import Callable
from dataclasses import replace
from random import Random

from apps.image.composition import (
    Actor,
    Area,
    Arrow,
    Badge,
    Lettering,
    Set,
    Sticker,
    Tag,
)
from apps.image.placing import (
    FLAT,
    Arrangement,
    actor,
    badge,
    group,
    is_thinker,
    led,
    one_by_one,
    placed,
    square,
    sticker,
    whole_width,
    with_main,
)
from apps.image.readings import Reading, Subject


def hero(kind: str, share: float, tilt: float = 0.0) -> Callable[..., Arrangement]:
    """One subject on a set of a kind, at a share of the zone."""

    def arrange(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
        subject = reading.subjects[0]
        stage = Set(kind=kind, area=square(zone, 1.06), tilt=rng.choice((-1, 1)) * tilt, emoji=subject.emoji)
        act = rng.choice(("pop", "rise", "shake" if reading.theme == "things" else "pop"))
        return (stage,), (actor(subject, square(zone, share), rng, act=act, fill=1.0),)

    return arrange


def count_grid(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """Copies in a grid on a poster, their number beside it."""
    subject = reading.subjects[0]
    stickers = group(subject, zone.part(0.02, 0.1, 0.98, 0.98), rng, fill=0.9)
    stage = Set(kind="poster", area=zone.part(-0.02, 0.04, 1.02, 1.04), tilt=rng.uniform(-2, 2))
    return (stage,), (*one_by_one(stickers, subject), badge(f"×{subject.count}", zone, subject))


def count_fan(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """Copies on an arc above a large numeral."""
    subject = reading.subjects[0]
    x, y = zone.centre
    size = min(250.0, 2.6 * zone.width / (subject.count + 2))
    stickers = [
        sticker(subject, x + 300 * math.cos(a), y + 110 - 300 * math.sin(a), size, rng)
        for a in (math.pi * (0.5 + 0.9 * ((i + 0.5) / subject.count - 0.5)) for i in range(subject.count))
    ]
    numeral = Lettering(text=str(subject.count), area=zone.part(0.28, 0.42, 0.72, 1.0))
    stage = Set(kind="disc", area=square(zone, 1.0))
    return (stage,), (Actor(pieces=(numeral,), act="count"), *one_by_one(tuple(reversed(stickers)), subject))


def two(reading: Reading) -> float:
    """Suitability for two."""
    return 0.6 if len(reading.subjects) == 2 and not reading.figure else 0.0


def when(*relations: str) -> Callable[[Reading], float]:
    """Suitability for a relation between two."""
    return lambda reading: 1.3 if reading.relation in relations and len(reading.subjects) == 2 else 0.0


def versus(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """Two on the halves of a split, VS between."""
    first, second = reading.subjects[:2]
    one = actor(first, zone.part(-0.05, -0.03, 0.56, 0.55), rng, act="slide_right", fill=1)
    two = actor(second, zone.part(0.44, 0.47, 1.05, 1.05), rng, act="slide_left", fill=1)
    badge = Badge(text="VS", x=zone.centre[0], y=zone.centre[1], radius=84, tilt=-8)
    return (Set(kind="split", area=zone),), (one, two, Actor(pieces=(badge,), act="pop", word=second.word))


def scale(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """The larger one large, the smaller one small."""
    big, small = reading.subjects if reading.relation == "scale" else reading.subjects[::-1]
    one = actor(big, zone.part(0.3, 0.0, 1.04, 0.84), rng, act="rise", fill=0.98)
    two = actor(small, zone.part(-0.02, 0.55, 0.3, 0.88), rng, act="pop", fill=0.98)
    stage = (Set(kind="disc", area=square(zone.part(0.2, -0.02, 1.05, 0.9))), Set(kind="podium", area=zone))
    return stage, (one, two)


def turning(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """What was, an arrow, what it became."""
    first, second = reading.subjects[:2]
    one = zone.part(-0.02, 0.0, 0.46, 0.46)
    two = zone.part(0.42, 0.4, 1.04, 1.02)
    sets = (Set(kind="disc", area=square(one), tone=1), Set(kind="disc", area=square(two), tone=0))
    arrow = Arrow(
        start=(zone.part(0.48, 0.14, 1, 1).left, one.centre[1] - 40), end=(two.centre[0] + 40, two.top - 10)
    )
    start = actor(first, square(one, 0.84), rng, act="pop", fill=1)
    end = actor(second, square(two, 0.84), rng, act="rise", fill=1)
    return sets, (start, Actor(pieces=(arrow,), act="slide_right", word=second.word), end)


def pair(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """Two on a blob and a disc."""
    first, second = reading.subjects[:2]
    one, two = zone.part(-0.06, -0.05, 0.62, 0.64), zone.part(0.4, 0.38, 1.06, 1.06)
    if rng.random() < 0.5:
        one, two = zone.part(0.38, -0.05, 1.06, 0.64), zone.part(-0.06, 0.38, 0.6, 1.06)
    sets = (Set(kind="blob", area=square(one, 1.05)), Set(kind="disc", area=square(two, 0.95), tone=2))
    return sets, (
        actor(first, square(one, 0.84), rng, fill=1),
        actor(second, square(two, 0.84), rng, fill=1),
    )


def company(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """The main subject below, what belongs to it in a row above."""
    main, others = led(reading)
    if zone.width > FLAT * zone.height:
        return (), _flanked(main, others, zone, rng)
    body = actor(main, zone.part(0.14, 0.36, 0.86, 1.04), rng, act="rise", fill=0.97)
    shares = [math.sqrt(subject.count) for subject in others]
    left, tops = -0.06, []
    for subject, share in zip(others, shares, strict=True):
        right = left + 1.12 * share / sum(shares)
        tops.append(
            actor(subject, zone.part(left + 0.02, -0.03, right - 0.02, 0.38), rng, act="pop", fill=0.96)
        )
        left = right
    return (Set(kind="disc", area=square(zone.part(0.08, 0.22, 0.92, 1.1))),), (body, *tops)


def _flanked(main: Subject, others: list[Subject], zone: Area, rng: Random) -> tuple[Actor, ...]:
    """In a flat zone: the main subject in the middle, what belongs to it on both sides."""
    wide = whole_width(zone)
    shares = ((0.0, 0.02, 0.27, 0.94), (0.73, 0.02, 1.0, 0.94), (0.35, -0.1, 0.65, 0.16))
    middle = wide.part(0.24, 0.06, 0.76, 1.02)
    if len(others) == 1:
        middle, shares = wide.part(0.48, 0, 1.0, 1.02), ((0.0, 0.0, 0.46, 0.96), *shares[1:])
    sides = [actor(s, wide.part(*p), rng, act="pop", fill=0.95) for s, p in zip(others, shares, strict=False)]
    body = placed(main, middle.centre[0], middle.bottom, min(middle.width, middle.height), rng)
    return (body, *sides)


def orbit(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """The main subject in the middle of a ring that the others ride on."""
    main, others = led(reading)
    x, y = zone.centre
    turn = rng.uniform(-0.3, 0.3)
    actors = [actor(main, square(zone, 0.56), rng, act="pop", fill=1)]
    for i, subject in enumerate(others):
        angle = -math.pi / 2 + turn + 2 * math.pi * (i + 0.5) / len(others)
        cx, cy = x + 0.44 * zone.width * math.cos(angle), y + 0.42 * zone.height * math.sin(angle)
        spot = Area(left=cx - 125, top=cy - 125, right=cx + 125, bottom=cy + 125)
        actors.append(actor(subject, spot, rng, act="pop", fill=0.92))
    return (Set(kind="orbit", area=square(zone, 0.94)),), tuple(actors)


def parted(reading: Reading) -> float:
    """An animal or person, and parts of a body."""
    parts = [s for s in reading.subjects if s.theme == "body" and not is_thinker(s)]
    return 1.15 if 1 < len(parts) == len(reading.subjects) - 1 and with_main(reading) else 0.0


def map_of_parts(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """The main subject, a line from it to each of its parts, with number and name."""
    main, others = led(reading)
    x, y = zone.part(0.52, 0.6, 1, 1).left, zone.part(0, 0.58, 1, 1).top
    body = Sticker(emoji=main.emoji, x=x, y=y, size=zone.height * 0.62, tilt=-4)
    actors = [Actor(pieces=(body,), act="pop", word=main.word)]
    spots = ((0.12, 0.16), (0.86, 0.12), (0.06, 0.86))
    for subject, (sx, sy) in zip(others, spots, strict=False):
        cx, cy = zone.part(sx, 0, 1, 1).left, zone.part(0, sy, 1, 1).top
        size = 0.3 * zone.height
        point = (x + (cx - x) * 0.36, y + (cy - y) * 0.36)
        half = 150.0
        below = Area(left=cx - half, top=cy + size * 0.42, right=cx + half, bottom=cy + size * 0.42 + 84)
        text = f"{subject.count} {subject.name.split()[-1]}" if subject.count > 1 else subject.name
        part = Sticker(emoji=subject.emoji, x=cx, y=cy - 10, size=size)
        tag = Tag(text=text.upper(), area=_within(below, zone), point=point)
        actors.append(Actor(pieces=(tag, part), act="pop", word=subject.word))
    return (), tuple(actors)


def _within(area: Area, zone: Area) -> Area:
    """The area moved, as little as that takes, to where the zone's sides hold it."""
    shift = max(0.0, zone.left - area.left) - max(0.0, area.right - zone.right)
    return replace(area, left=area.left + shift, right=area.right + shift)


def many(reading: Reading) -> float:
    """Suitability for three or more."""
    return 0.65 if len(reading.subjects) >= 3 and not reading.figure else 0.0


def tiles(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """A tile for each."""
    boxes = [
        zone.part(0, 0, 0.48, 0.48),
        zone.part(0.52, 0, 1, 0.48),
        zone.part(0, 0.52, 0.48, 1),
        zone.part(0.52, 0.52, 1, 1),
    ]
    if len(reading.subjects) == 3:
        boxes = [zone.part(0, 0, 0.48, 0.48), zone.part(0.52, 0, 1, 0.48), zone.part(0.13, 0.52, 0.87, 1)]
    sets = tuple(Set(kind="tile", area=b, tone=i % 4) for i, b in enumerate(boxes[: len(reading.subjects)]))
    pairs = zip(reading.subjects, boxes, strict=False)
    return sets, tuple(actor(s, b.part(0.1, 0.08, 0.9, 0.92), rng, act="pop", fill=0.94) for s, b in pairs)


def listing(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """One row for each: its picture and its name."""
    height = 1 / len(reading.subjects)
    rows = [
        zone.part(0, i * height + 0.012, 1, (i + 1) * height - 0.012) for i in range(len(reading.subjects))
    ]
    actors = []
    for row, subject in zip(rows, reading.subjects, strict=True):
        sticker = group(replace(subject, count=1), row.part(0.03, 0.06, 0.34, 0.94), rng, fill=0.98)
        text = f"{subject.count} {subject.name}" if subject.count > 1 else subject.name
        name = Lettering(text=text.upper(), area=row.part(0.36, 0.16, 0.94, 0.84), role="ink", largest=84)
        actors.append(Actor(pieces=(*sticker, name), act="slide_right", word=subject.word))
    return tuple(Set(kind="tile", area=row, tone=i % 4) for i, row in enumerate(rows)), tuple(actors)
