"""Puts subjects in their places: copies in a grid, on foot or hanging, and how each comes in. No pixels."""

import math
from dataclasses import replace
from random import Random

from apps.image import manners
from apps.image.composition import (
    WIDTH,
    Actor,
    Area,
    Badge,
    Set,
    Sticker,
)
from apps.image.manners import is_animal, looks_left
from apps.image.readings import Reading, Subject

#: Width over height from which a zone has no room for a row above.
FLAT = 1.3


#: Pixels that actors keep from the frame's edge; the safe box binds lettering alone.
MARGIN = 30.0


Arrangement = tuple[tuple[Set, ...], tuple[Actor, ...]]


ENTRANCES = ("pop", "rise", "slide_left", "slide_right")


def group(subject: Subject, area: Area, rng: Random, *, fill: float = 0.86) -> tuple[Sticker, ...]:
    """A subject's copies in the grid that lets them be largest, centred in an area."""
    count = subject.count
    columns = max(range(1, count + 1), key=lambda n: min(area.width / n, area.height / math.ceil(count / n)))
    rows = math.ceil(count / columns)
    cell = min(area.width / columns, area.height / rows)
    stickers = []
    for row in range(rows):
        here = min(columns, count - row * columns)
        for column in range(here):
            x = area.centre[0] + (column - (here - 1) / 2) * cell
            y = area.centre[1] + (row - (rows - 1) / 2) * cell
            stickers.append(sticker(subject, x, y, cell * fill, rng))
    return tuple(stickers)


def sticker(subject: Subject, x: float, y: float, size: float, rng: Random) -> Sticker:
    """One picture, tilted a little by chance."""
    return Sticker(emoji=subject.emoji, x=x, y=y, size=size, tilt=rng.uniform(-5, 5))


def actor(subject: Subject, area: Area, rng: Random, *, act: str = "", fill: float = 0.86) -> Actor:
    """A subject and its copies in an area."""
    pieces = group(subject, area, rng, fill=fill)
    return Actor(pieces=pieces, act=act or rng.choice(ENTRANCES), word=subject.word)


def square(area: Area, share: float = 1.0) -> Area:
    """The square in the middle of an area."""
    half = min(area.width, area.height) * share / 2
    x, y = area.centre
    return Area(left=x - half, top=y - half, right=x + half, bottom=y + half)


def stands(subject: Subject) -> bool:
    """Whether a subject has its foot on the ground."""
    return manners.stands(subject.emoji, subject.theme)


def is_thinker(subject: Subject) -> bool:
    """Whether a subject is an animal or a person."""
    return manners.is_thinker(subject.emoji)


def placed(
    subject: Subject,
    x: float,
    base: float,
    size: float,
    rng: Random,
    *,
    act: str = "",
    left: bool | None = None,
    whole: bool = True,
) -> Actor:
    """One subject with its foot at `base`, or hanging there; it looks to the middle, or as `left` says.

    It stands as near to `x` as the frame's edges let it be `whole`.
    """
    on_foot = stands(subject)
    room = WIDTH / 2 - MARGIN - size / 2
    if whole and room >= 0:
        x = min(max(x, WIDTH / 2 - room), WIDTH / 2 + room)
    goal = x > WIDTH / 2 - 60 if left is None else left
    piece = Sticker(
        emoji=subject.emoji,
        x=x,
        y=base - size / 2 - (0 if on_foot else 40),
        size=size,
        tilt=rng.uniform(-2, 2) if on_foot else rng.uniform(-6, 6),
        stands=on_foot,
        mirrored=looks_left(subject.emoji) and not goal,
    )
    return Actor(pieces=(piece,), act=act or _entrance(subject, x), word=subject.word)


def whole_width(zone: Area) -> Area:
    """The zone out to the frame's edges, a margin left."""
    return replace(zone, left=min(zone.left, MARGIN), right=max(zone.right, WIDTH - MARGIN))


def _entrance(subject: Subject, x: float) -> str:
    """Walkers come in from their side, what grows rises, the rest pops."""
    if is_animal(subject.emoji) or looks_left(subject.emoji):
        return "slide_right" if x < WIDTH / 2 - 60 else "slide_left"
    return "rise" if stands(subject) else "pop"


def single(reading: Reading) -> float:
    """Suitability for one thing alone."""
    return (
        0.7 if len(reading.subjects) == 1 and reading.subjects[0].count == 1 and not reading.figure else 0.0
    )


def counted(reading: Reading) -> float:
    """Suitability for copies of one thing."""
    return 0.95 if len(reading.subjects) == 1 and reading.subjects[0].count > 1 else 0.0


def one_by_one(stickers: tuple[Sticker, ...], subject: Subject) -> tuple[Actor, ...]:
    """Up to three copies each come alone, a word apart; more come together."""
    if len(stickers) > 3:
        return (Actor(pieces=stickers, act="pop", word=subject.word),)
    words = [
        None if subject.word is None else max(0, subject.word - len(stickers) + 1 + i)
        for i in range(len(stickers))
    ]
    return tuple(Actor(pieces=(s,), act="pop", word=w) for s, w in zip(stickers, words, strict=True))


def badge(text: str, zone: Area, subject: Subject) -> Actor:
    """A number in a disc, at the upper right."""
    badge = Badge(text=text, x=zone.right - 70, y=zone.top + 70, radius=92, tilt=8)
    return Actor(pieces=(badge,), act="pop", word=subject.word)


def with_main(reading: Reading) -> float:
    """One thing that has others: it alone, the others counted or small."""
    if not 2 <= len(reading.subjects) <= 4 or all(s.count > 1 for s in reading.subjects):
        return 0.0
    return 0.9 if any(s.count > 1 for s in reading.subjects) else 0.5


def led(reading: Reading) -> tuple[Subject, list[Subject]]:
    """The weightiest single subject, and the others in their order."""
    main = max((s for s in reading.subjects if s.count == 1), key=lambda s: s.weight)
    return main, [s for s in reading.subjects if s is not main]
