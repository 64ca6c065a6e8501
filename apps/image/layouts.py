"""Arranges a reading in a zone: which layout suits, and where its pieces go. No pixels."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from apps.image.composition import Actor, Area, Arrow, Badge, Composition, Dial, Lettering, Set, Sticker
from apps.image.subjects import Figure, Reading, Subject

#: Narration words after the cut by which the first actor may still enter; a later one is there already.
EARLY_WORDS = 1
#: How far chance may move a layout's suitability (0-1), so that equals take turns.
CHANCE = 0.25
#: What a layout loses on every second scene; more than CHANCE, so that equals never follow themselves.
OUT_OF_TURN = 0.3
ENTRANCES = ("pop", "rise", "slide_left", "slide_right")


@dataclass(frozen=True)
class Layout:
    """A way to arrange: how well it suits a reading (0: not at all), and the arranging."""

    style: str
    suits: Callable[[Reading], float]
    arrange: Callable[[Reading, Area, Random], tuple[tuple[Set, ...], tuple[Actor, ...]]]


def compose(
    reading: Reading,
    zone: Area,
    *,
    rng: Random,
    turn: int = 0,
    previous: str = "",
    variation: int = 0,
    complete: bool = False,
) -> Composition:
    """The most suitable layout, never `previous`; `variation` steps down the ranking.

    `turn` is the scene's place in the video: neighbours prefer different layouts even where they
    are drawn at the same time and know nothing of each other. `complete` has every actor there
    from the first frame.
    """
    ranked = [layout for layout in _ranked(reading, rng, turn) if layout.style != previous]
    layout = ranked[variation % len(ranked)]
    sets, actors = layout.arrange(reading, zone, rng)
    return Composition(style=layout.style, sets=sets, actors=_cued(actors, complete))


def _ranked(reading: Reading, rng: Random, turn: int) -> list[Layout]:
    scored = []
    for place, layout in enumerate(LAYOUTS):
        score, chance = layout.suits(reading), CHANCE * rng.random()
        if score > 0:
            scored.append((score + chance - OUT_OF_TURN * ((place + turn) % 2), layout))
    return [layout for _, layout in sorted(scored, key=lambda pair: -pair[0])]


def _cued(actors: tuple[Actor, ...], complete: bool) -> tuple[Actor, ...]:
    """The first actor enters at once or nearly so; a scene never opens on an empty stage."""
    if complete:
        return tuple(replace(actor, word=None) for actor in actors)
    first, *others = actors
    late = first.word is not None and first.word > EARLY_WORDS
    return (replace(first, word=None) if late else first, *others)


# Groups


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
            stickers.append(_sticker(subject, x, y, cell * fill, rng))
    return tuple(stickers)


def _sticker(subject: Subject, x: float, y: float, size: float, rng: Random) -> Sticker:
    return Sticker(emoji=subject.emoji, x=x, y=y, size=size, tilt=rng.uniform(-5, 5))


def _actor(subject: Subject, area: Area, rng: Random, *, act: str = "", fill: float = 0.86) -> Actor:
    pieces = group(subject, area, rng, fill=fill)
    return Actor(pieces=pieces, act=act or rng.choice(ENTRANCES), word=subject.word)


def _square(area: Area, share: float = 1.0) -> Area:
    half = min(area.width, area.height) * share / 2
    x, y = area.centre
    return Area(left=x - half, top=y - half, right=x + half, bottom=y + half)


# One subject


def _single(reading: Reading) -> float:
    return (
        0.7 if len(reading.subjects) == 1 and reading.subjects[0].count == 1 and not reading.figure else 0.0
    )


def _hero(
    kind: str, share: float, tilt: float = 0.0
) -> Callable[..., tuple[tuple[Set, ...], tuple[Actor, ...]]]:
    def arrange(reading: Reading, zone: Area, rng: Random) -> tuple[tuple[Set, ...], tuple[Actor, ...]]:
        subject = reading.subjects[0]
        stage = Set(kind=kind, area=_square(zone, 1.06), tilt=rng.choice((-1, 1)) * tilt, emoji=subject.emoji)
        act = rng.choice(("pop", "rise", "shake" if reading.theme == "things" else "pop"))
        return (stage,), (_actor(subject, _square(zone, share), rng, act=act, fill=1.0),)

    return arrange


# Copies of one subject


def _counted(reading: Reading) -> float:
    return 0.95 if len(reading.subjects) == 1 and reading.subjects[0].count > 1 else 0.0


def _count_grid(reading: Reading, zone: Area, rng: Random) -> tuple[tuple[Set, ...], tuple[Actor, ...]]:
    subject = reading.subjects[0]
    stickers = group(subject, zone.part(0.02, 0.1, 0.98, 0.98), rng, fill=0.9)
    stage = Set(kind="poster", area=zone.part(-0.02, 0.04, 1.02, 1.04), tilt=rng.uniform(-2, 2))
    return (stage,), (*_one_by_one(stickers, subject), _badge(f"×{subject.count}", zone, subject))


def _count_fan(reading: Reading, zone: Area, rng: Random) -> tuple[tuple[Set, ...], tuple[Actor, ...]]:
    """Copies on an arc above a large numeral."""
    subject = reading.subjects[0]
    x, y = zone.centre
    size = min(250.0, 2.6 * zone.width / (subject.count + 2))
    stickers = [
        _sticker(subject, x + 300 * math.cos(a), y + 110 - 300 * math.sin(a), size, rng)
        for a in (math.pi * (0.5 + 0.9 * ((i + 0.5) / subject.count - 0.5)) for i in range(subject.count))
    ]
    numeral = Lettering(text=str(subject.count), area=zone.part(0.28, 0.42, 0.72, 1.0))
    stage = Set(kind="disc", area=_square(zone, 1.0))
    return (stage,), (Actor(pieces=(numeral,), act="count"), *_one_by_one(tuple(reversed(stickers)), subject))


def _one_by_one(stickers: tuple[Sticker, ...], subject: Subject) -> tuple[Actor, ...]:
    """Up to three copies each come alone, a word apart; more come together."""
    if len(stickers) > 3:
        return (Actor(pieces=stickers, act="pop", word=subject.word),)
    words = [
        None if subject.word is None else max(0, subject.word - len(stickers) + 1 + i)
        for i in range(len(stickers))
    ]
    return tuple(Actor(pieces=(s,), act="pop", word=w) for s, w in zip(stickers, words, strict=True))


def _badge(text: str, zone: Area, subject: Subject) -> Actor:
    badge = Badge(text=text, x=zone.right - 70, y=zone.top + 70, radius=92, tilt=8)
    return Actor(pieces=(badge,), act="pop", word=subject.word)


# Two subjects


def _two(reading: Reading) -> float:
    return 0.6 if len(reading.subjects) == 2 and not reading.figure else 0.0


def _when(*relations: str) -> Callable[[Reading], float]:
    return lambda reading: 1.3 if reading.relation in relations and len(reading.subjects) == 2 else 0.0


def _versus(reading: Reading, zone: Area, rng: Random) -> tuple[tuple[Set, ...], tuple[Actor, ...]]:
    first, second = reading.subjects[:2]
    one = _actor(first, zone.part(-0.05, -0.03, 0.56, 0.55), rng, act="slide_right", fill=1)
    two = _actor(second, zone.part(0.44, 0.47, 1.05, 1.05), rng, act="slide_left", fill=1)
    badge = Badge(text="VS", x=zone.centre[0], y=zone.centre[1], radius=84, tilt=-8)
    return (Set(kind="split", area=zone),), (one, two, Actor(pieces=(badge,), act="pop", word=second.word))


def _scale(reading: Reading, zone: Area, rng: Random) -> tuple[tuple[Set, ...], tuple[Actor, ...]]:
    big, small = reading.subjects if reading.relation == "scale" else reading.subjects[::-1]
    one = _actor(big, zone.part(0.3, 0.0, 1.04, 0.84), rng, act="rise", fill=0.98)
    two = _actor(small, zone.part(-0.02, 0.55, 0.3, 0.88), rng, act="pop", fill=0.98)
    stage = (Set(kind="disc", area=_square(zone.part(0.2, -0.02, 1.05, 0.9))), Set(kind="podium", area=zone))
    return stage, (one, two)


def _turning(reading: Reading, zone: Area, rng: Random) -> tuple[tuple[Set, ...], tuple[Actor, ...]]:
    first, second = reading.subjects[:2]
    one = zone.part(-0.02, 0.0, 0.46, 0.46)
    two = zone.part(0.42, 0.4, 1.04, 1.02)
    sets = (Set(kind="disc", area=_square(one), tone=1), Set(kind="disc", area=_square(two), tone=0))
    arrow = Arrow(
        start=(zone.part(0.48, 0.14, 1, 1).left, one.centre[1] - 40), end=(two.centre[0] + 40, two.top - 10)
    )
    start = _actor(first, _square(one, 0.84), rng, act="pop", fill=1)
    end = _actor(second, _square(two, 0.84), rng, act="rise", fill=1)
    return sets, (start, Actor(pieces=(arrow,), act="slide_right", word=second.word), end)


def _pair(reading: Reading, zone: Area, rng: Random) -> tuple[tuple[Set, ...], tuple[Actor, ...]]:
    first, second = reading.subjects[:2]
    one, two = zone.part(-0.06, -0.05, 0.62, 0.64), zone.part(0.4, 0.38, 1.06, 1.06)
    if rng.random() < 0.5:
        one, two = zone.part(0.38, -0.05, 1.06, 0.64), zone.part(-0.06, 0.38, 0.6, 1.06)
    sets = (Set(kind="blob", area=_square(one, 1.05)), Set(kind="disc", area=_square(two, 0.95), tone=2))
    return sets, (
        _actor(first, _square(one, 0.84), rng, fill=1),
        _actor(second, _square(two, 0.84), rng, fill=1),
    )


# Several subjects


def _with_main(reading: Reading) -> float:
    """One thing that has others: it alone, the others counted or small."""
    if not 2 <= len(reading.subjects) <= 4 or all(s.count > 1 for s in reading.subjects):
        return 0.0
    return 0.9 if any(s.count > 1 for s in reading.subjects) else 0.5


def _led(reading: Reading) -> tuple[Subject, list[Subject]]:
    """The weightiest single subject, and the others in their order."""
    main = max((s for s in reading.subjects if s.count == 1), key=lambda s: s.weight)
    return main, [s for s in reading.subjects if s is not main]


def _company(reading: Reading, zone: Area, rng: Random) -> tuple[tuple[Set, ...], tuple[Actor, ...]]:
    """The main subject below, what belongs to it in a row above."""
    main, others = _led(reading)
    body = _actor(main, zone.part(0.14, 0.36, 0.86, 1.04), rng, act="rise", fill=0.97)
    shares = [math.sqrt(subject.count) for subject in others]
    left, tops = -0.06, []
    for subject, share in zip(others, shares, strict=True):
        right = left + 1.12 * share / sum(shares)
        tops.append(
            _actor(subject, zone.part(left + 0.02, -0.03, right - 0.02, 0.38), rng, act="pop", fill=0.96)
        )
        left = right
    return (Set(kind="disc", area=_square(zone.part(0.08, 0.22, 0.92, 1.1))),), (body, *tops)


def _orbit(reading: Reading, zone: Area, rng: Random) -> tuple[tuple[Set, ...], tuple[Actor, ...]]:
    """The main subject in the middle of a ring that the others ride on."""
    main, others = _led(reading)
    x, y = zone.centre
    turn = rng.uniform(-0.3, 0.3)
    actors = [_actor(main, _square(zone, 0.56), rng, act="pop", fill=1)]
    for i, subject in enumerate(others):
        angle = -math.pi / 2 + turn + 2 * math.pi * (i + 0.5) / len(others)
        cx, cy = x + 0.44 * zone.width * math.cos(angle), y + 0.42 * zone.height * math.sin(angle)
        spot = Area(left=cx - 125, top=cy - 125, right=cx + 125, bottom=cy + 125)
        actors.append(_actor(subject, spot, rng, act="pop", fill=0.92))
    return (Set(kind="orbit", area=_square(zone, 0.94)),), tuple(actors)


def _many(reading: Reading) -> float:
    return 0.65 if len(reading.subjects) >= 3 and not reading.figure else 0.0


def _tiles(reading: Reading, zone: Area, rng: Random) -> tuple[tuple[Set, ...], tuple[Actor, ...]]:
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
    return sets, tuple(_actor(s, b.part(0.1, 0.08, 0.9, 0.92), rng, act="pop", fill=0.94) for s, b in pairs)


def _list(reading: Reading, zone: Area, rng: Random) -> tuple[tuple[Set, ...], tuple[Actor, ...]]:
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


# Figures and words


def _with_figure(reading: Reading) -> float:
    return 1.5 if reading.figure else 0.0


def _with_share(reading: Reading) -> float:
    return 1.7 if reading.figure and _share(reading.figure) is not None else 0.0


def _share(figure: Figure) -> float | None:
    number = figure.value.rstrip("%").replace(",", ".").lstrip("~")
    if not figure.value.endswith("%") or not number.replace(".", "", 1).isdecimal():
        return None
    return min(1.0, float(number) / 100)


def _figure_card(reading: Reading, zone: Area, rng: Random) -> tuple[tuple[Set, ...], tuple[Actor, ...]]:
    """The figure on a card, the subject leaning on its upper edge."""
    figure = reading.figure
    assert figure is not None  # noqa: S101 - suits() has seen to it
    low = 0.4 if reading.subjects else 0.2
    card = zone.part(-0.02, low, 1.02, 0.98 if figure.unit else 0.9)
    pieces = [
        Lettering(
            text=figure.value, area=card.part(0.06, 0.06, 0.94, 0.7 if figure.unit else 0.94), role="ink"
        )
    ]
    if figure.unit:
        unit = Lettering(
            text=figure.unit.upper(), area=card.part(0.1, 0.7, 0.9, 0.94), role="ink", largest=96
        )
        pieces.append(unit)
    actors = [Actor(pieces=tuple(pieces), act="count", word=figure.word)]
    for i, subject in enumerate(reading.subjects[:2]):
        spot = zone.part(0.02, -0.04, 0.5, 0.46) if i == 0 else zone.part(0.56, 0.04, 0.96, 0.44)
        if len(reading.subjects) == 1:
            spot = zone.part(0.25, -0.04, 0.75, 0.46)
        actors.insert(0, _actor(replace(subject, count=1), spot, rng, act="rise", fill=1))
    return (Set(kind="card", area=card, tilt=0),), tuple(actors)


def _figure_tower(reading: Reading, zone: Area, rng: Random) -> tuple[tuple[Set, ...], tuple[Actor, ...]]:
    """The figure set directly on the ground, the subject large beneath it."""
    figure = reading.figure
    assert figure is not None  # noqa: S101 - suits() has seen to it
    text = f"{figure.value} {figure.unit}".strip()
    letters = Lettering(text=text.upper(), area=zone.part(0, 0, 1, 0.4 if reading.subjects else 0.9))
    actors = [Actor(pieces=(letters,), act="count", word=figure.word)]
    spots = [zone.part(0.14, 0.38, 0.86, 1.04)]
    if len(reading.subjects) > 1:
        spots = [zone.part(-0.02, 0.42, 0.54, 1.02), zone.part(0.48, 0.46, 1.02, 1.02)]
    for subject, spot in zip(reading.subjects, spots, strict=False):
        actors.append(_actor(replace(subject, count=1), spot, rng, act="rise", fill=0.92))
    return (Set(kind="burst", area=_square(zone.part(0.05, 0.3, 0.95, 1.12))),), tuple(actors)


def _figure_dial(reading: Reading, zone: Area, rng: Random) -> tuple[tuple[Set, ...], tuple[Actor, ...]]:
    """A share as a ring, with the subject inside and the figure beneath."""
    figure = reading.figure
    assert figure is not None  # noqa: S101 - suits() has seen to it
    ring = _square(zone.part(0, -0.04, 1, 0.96))
    dial = Dial(x=ring.centre[0], y=ring.centre[1], radius=ring.width * 0.46, share=_share(figure) or 0.0)
    low = 0.56 if reading.subjects else 0.2
    letters = Lettering(
        text=figure.value, area=ring.part(0.2, low, 0.8, low + (0.26 if reading.subjects else 0.6))
    )
    actors = [Actor(pieces=(dial,), act="pop"), Actor(pieces=(letters,), act="count", word=figure.word)]
    for subject in reading.subjects[:1]:
        actors.insert(
            1, _actor(replace(subject, count=1), ring.part(0.29, 0.15, 0.71, 0.57), rng, act="pop", fill=1)
        )
    return (), tuple(actors)


def _wordy(reading: Reading) -> float:
    if reading.figure:
        return 0.0
    return 0.9 if not reading.subjects else 0.45 if max(s.weight for s in reading.subjects) < 2 else 0.15


def _word_card(reading: Reading, zone: Area, rng: Random) -> tuple[tuple[Set, ...], tuple[Actor, ...]]:
    """The weightiest word on a tilted card, the subject, if any, leaning on it."""
    tilt = rng.choice((-4, 4))
    card = zone.part(-0.01, 0.46 if reading.subjects else 0.22, 1.01, 0.92 if reading.subjects else 0.8)
    text = reading.keyword.upper() or "?"
    letters = Lettering(text=text, area=card.part(0.07, 0.1, 0.93, 0.9), role="ink", card="stage", tilt=tilt)
    actors = [Actor(pieces=(letters,), act="pop")]
    for subject in sorted(reading.subjects, key=lambda s: -s.weight)[:1]:
        actors.insert(
            0,
            _actor(replace(subject, count=1), zone.part(0.18, -0.06, 0.82, 0.54), rng, act="rise", fill=0.95),
        )
    return (Set(kind="burst", area=_square(zone, 1.1)),), tuple(actors)


def _word_quote(reading: Reading, zone: Area, rng: Random) -> tuple[tuple[Set, ...], tuple[Actor, ...]]:
    """The weightiest word in paper letters between quotation marks."""
    letters = Lettering(text=reading.keyword.upper() or "?", area=zone.part(0.02, 0.3, 0.98, 0.72))
    marks = Lettering(text="“", area=zone.part(0.0, 0.02, 0.4, 0.62), role="stage", largest=520)
    return (Set(kind="blob", area=_square(zone, 1.0)),), (Actor(pieces=(letters, marks), act="pop"),)


def _wordless(reading: Reading) -> float:
    return 0.85 if not reading.subjects and not reading.figure else 0.0


LAYOUTS = (
    Layout("hero-disc", _single, _hero("disc", 0.92)),
    Layout("hero-burst", _single, _hero("burst", 0.8)),
    Layout("hero-poster", _single, _hero("poster", 0.88, tilt=4)),
    Layout("hero-beam", _single, _hero("beam", 0.92)),
    Layout("hero-echo", _single, _hero("echo", 0.94)),
    Layout("hero-blob", _single, _hero("blob", 0.92)),
    Layout("count-grid", _counted, _count_grid),
    Layout("count-fan", _counted, _count_fan),
    Layout("versus", _when("versus"), _versus),
    Layout("scale", _when("scale", "shrinking"), _scale),
    Layout("before-after", _when("turning"), _turning),
    Layout("pair", _two, _pair),
    Layout("company", _with_main, _company),
    Layout("orbit", lambda r: _with_main(r) * 0.8 if all(s.count == 1 for s in r.subjects) else 0.0, _orbit),
    Layout("tiles", _many, _tiles),
    Layout("list", lambda r: 1.2 if r.relation == "list" else 0.0, _list),
    Layout("figure-card", _with_figure, _figure_card),
    Layout("figure-tower", _with_figure, _figure_tower),
    Layout("figure-dial", _with_share, _figure_dial),
    Layout("word-card", _wordy, _word_card),
    Layout("word-quote", _wordless, _word_quote),
)
