"""Layouts in which the subjects stand on the ground of their place. No pixels."""

from collections.abc import Callable
from random import Random

from apps.image import manners
from apps.image.composition import (
    WIDTH,
    Actor,
    Area,
    Bubble,
    Sticker,
)
from apps.image.placing import (
    FLAT,
    MARGIN,
    Arrangement,
    badge,
    counted,
    is_thinker,
    placed,
    single,
    stands,
    whole_width,
)
from apps.image.readings import Reading


def alone(on_foot: float, hanging: float) -> Callable[[Reading], float]:
    """Suitability for one subject, by whether it stands."""
    return lambda r: (on_foot if stands(r.subjects[0]) else hanging) if single(r) else 0.0


def framed(reading: Reading) -> bool:
    """Whether a picture within a frame is among the subjects."""
    return any(manners.is_framed(s.emoji) for s in reading.subjects)


def _flat(zone: Area) -> bool:
    """Whether a headline took the room above: then subjects may reach up behind it."""
    return zone.width > FLAT * zone.height


def stand(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """In the middle, large."""
    subject = reading.subjects[0]
    size = zone.height * (1.14 if _flat(zone) else (0.96, 0.84)[pose % 2])
    return (), (placed(subject, zone.centre[0] + 36, zone.bottom - 8, size, rng, left=pose % 2 == 0),)


def stand_aside(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """On a third, looking across the frame, its place's light on the other side."""
    subject = reading.subjects[0]
    away = 0.12 if _flat(zone) else 0.0
    x = zone.part(0.26 + away if pose % 2 else 0.8 - away, 0, 1, 1).left
    return (), (placed(subject, x, zone.bottom + 4, zone.height * (1.1 if away else 0.88), rng),)


def close_up(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """So near that the frame cuts it."""
    subject = reading.subjects[0]
    x = zone.part(0.18 if pose % 2 else 0.92, 0, 1, 1).left
    return (), (placed(subject, x, zone.bottom + 70, 860.0, rng, act="rise", whole=False),)


def crowd(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """Copies standing in rows, the nearer ones larger."""
    subject = reading.subjects[0]
    back = subject.count // 2 if subject.count > 3 else 0
    actors = []
    for row, count in enumerate((back, subject.count - back)):
        size = min(zone.height * (0.6, 0.74)[row], zone.width * 1.15 / max(1, count) * 1.06)
        base = zone.bottom - (0.3 if row == 0 else 0) * zone.height + 4
        xs = [zone.left + zone.width * ((i + 0.5) / count * 1.12 - 0.06) for i in range(count)]
        pieces = tuple(placed(subject, x, base, size, rng, left=True, whole=False).pieces[0] for x in xs)
        if pieces:
            actors.append(Actor(pieces=pieces, act="rise", word=subject.word))
    return (), (*actors, badge(f"×{subject.count}", zone, subject))


def crowded(reading: Reading) -> float:
    """Suitability for copies that stand."""
    return 1.05 if counted(reading) and stands(reading.subjects[0]) else 0.0


def _all_single(reading: Reading, least: int, most: int) -> bool:
    return (
        least <= len(reading.subjects) <= most
        and all(s.count == 1 for s in reading.subjects)
        and not reading.figure
    )


def face_to_face(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """Two on one ground, looking at each other; the weightier is larger."""
    first, second = reading.subjects[:2]
    if pose % 2:
        first, second = second, first
    big = first.weight >= second.weight
    sizes = (0.76, 0.58) if big else (0.58, 0.76)
    left, right = whole_width(zone).left, whole_width(zone).right
    one, two = (min(zone.height * n, 560) for n in sizes)
    return (), (
        placed(first, left + one * 0.5, zone.bottom + 2, one, rng, act="slide_right"),
        placed(second, right - two * 0.5, zone.bottom + 10, two, rng, act="slide_left"),
    )


def faced(reading: Reading) -> float:
    """Suitability for two that stand."""
    both = _all_single(reading, 2, 2) and all(stands(s) for s in reading.subjects)
    return 0.85 if both and not reading.relation else 0.0


def thinking(reading: Reading) -> float:
    """Suitability for somebody and something that hangs in the air."""
    if not _all_single(reading, 2, 3):
        return 0.0
    thinkers = [s for s in reading.subjects if is_thinker(s)]
    thoughts = [s for s in reading.subjects if not is_thinker(s) and not stands(s)]
    return 1.0 if thinkers and thoughts else 0.0


def thought(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """Who thinks or feels stands below, what is thought of hangs above in a cloud."""
    who = max((s for s in reading.subjects if is_thinker(s)), key=lambda s: s.weight)
    what = next(s for s in reading.subjects if not is_thinker(s) and not stands(s))
    others = [s for s in reading.subjects if s not in (who, what)]
    aside = pose % 2 == 1
    x = zone.part(0.3 if aside else 0.72, 0, 1, 1).left
    flat = _flat(zone)
    radius = zone.height * (0.3 if flat else 0.26)
    reach = radius * 1.3 + MARGIN
    cx = min(WIDTH - reach, max(reach, zone.part(0.82 if aside else 0.2, 0, 1, 1).left))
    cy = zone.top + radius * 1.02
    head = (x, zone.bottom - zone.height * 0.62)
    cloud = Bubble(x=cx, y=cy, radius=radius, towards=head)
    inside = Sticker(emoji=what.emoji, x=cx, y=cy, size=radius * 1.24)
    actors = [placed(who, x, zone.bottom, zone.height * (0.84 if flat else 0.7), rng, left=not aside)]
    for other in others[:1]:
        at = zone.part(0.9 if aside else 0.1, 0, 1, 1).left
        actors.append(placed(other, at, zone.bottom + 8, zone.height * 0.42, rng))
    return (), (*actors, Actor(pieces=(cloud, inside), act="pop", word=what.word))


def gathered(reading: Reading) -> float:
    """Suitability for several of which one stands."""
    if not _all_single(reading, 2, 4) or not any(stands(s) for s in reading.subjects):
        return 0.0
    # A feeling hangs better in a thought than in the air.
    return 0.5 if any(manners.is_face(s.emoji) for s in reading.subjects) else 0.9


#: Where what stands beside the main subject has its place, a share of the zone from the far side, and how
#: large it is, a share of the zone's height: across from it, before it on its own side, between the two.
BESIDE = ((0.12, 0.52), (1.04, 0.34), (0.42, 0.3))


def gathering(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """The main subject on the ground, the others beside it or in the air above."""
    main = max((s for s in reading.subjects if stands(s)), key=lambda s: (is_thinker(s), s.weight))
    others = [s for s in reading.subjects if s is not main]
    aside = pose % 2 == 1
    flat = _flat(zone)
    x = zone.part(0.34 if aside else 0.7, 0, 1, 1).left
    tall = 1.27 if flat else 1.0
    share = 0.8 * tall - (0.1 if len(others) > 2 else 0)
    actors = [placed(main, x, zone.bottom, zone.height * share, rng)]
    beside, above = [s for s in others if stands(s)], [s for s in others if not stands(s)]
    for i, (subject, (at, size)) in enumerate(zip(beside, BESIDE, strict=False)):
        x = zone.part(1 - at if aside else at, 0, 1, 1).left
        actors.append(placed(subject, x, zone.bottom + 14 + 10 * i, zone.height * size * tall, rng))
    for i, subject in enumerate(above):
        at = zone.part((0.84 if aside else 0.16) if i == 0 else 0.5, 0, 1, 1).left
        foot = zone.top + zone.height * (0.5 if not beside else 0.36)
        actors.append(placed(subject, at, foot, zone.height * (0.4 if not beside else 0.32), rng))
    return (), tuple(actors)
