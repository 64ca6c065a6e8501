"""Layouts of numbers and words: cards, dials, columns, rows and quotes. No pixels."""

from dataclasses import replace
from random import Random

from apps.image.composition import (
    Actor,
    Area,
    Bars,
    Dial,
    Lettering,
    Piece,
    Set,
    Slab,
)
from apps.image.placing import Arrangement, actor, placed, square, whole_width
from apps.image.readings import Figure, Reading


def with_figure(reading: Reading) -> float:
    """Suitability for a number."""
    return 1.5 if reading.figure else 0.0


def with_share(reading: Reading) -> float:
    """Suitability for a percentage."""
    return 1.7 if reading.figure and _share(reading.figure) is not None else 0.0


def _share(figure: Figure) -> float | None:
    number = figure.value.rstrip("%").replace(",", ".").lstrip("~")
    if not figure.value.endswith("%") or not number.replace(".", "", 1).isdecimal():
        return None
    return min(1.0, float(number) / 100)


def figure_card(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
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
        actors.insert(0, actor(replace(subject, count=1), spot, rng, act="rise", fill=1))
    return (Set(kind="card", area=card, tilt=0),), tuple(actors)


def figure_tower(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
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
        actors.append(actor(replace(subject, count=1), spot, rng, act="rise", fill=0.92))
    return (Set(kind="burst", area=square(zone.part(0.05, 0.3, 0.95, 1.12))),), tuple(actors)


def figure_dial(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """A share as a ring, with the subject inside and the figure beneath."""
    figure = reading.figure
    assert figure is not None  # noqa: S101 - suits() has seen to it
    ring = square(zone.part(0, -0.04, 1, 0.96))
    dial = Dial(x=ring.centre[0], y=ring.centre[1], radius=ring.width * 0.46, share=_share(figure) or 0.0)
    low = 0.56 if reading.subjects else 0.2
    letters = Lettering(
        text=figure.value, area=ring.part(0.2, low, 0.8, low + (0.26 if reading.subjects else 0.6))
    )
    actors = [Actor(pieces=(dial,), act="pop"), Actor(pieces=(letters,), act="count", word=figure.word)]
    for subject in reading.subjects[:1]:
        actors.insert(
            1, actor(replace(subject, count=1), ring.part(0.29, 0.15, 0.71, 0.57), rng, act="pop", fill=1)
        )
    return (), tuple(actors)


def growing(reading: Reading) -> float:
    """A sum of money, or a figure where something grows."""
    figure = reading.figure
    is_money = figure is not None and any(c in figure.value for c in "$€£₹")
    grows = any(s.emoji in ("📈", "🌱", "🌳", "💹") for s in reading.subjects)
    return 0.0 if not figure else 1.75 if is_money and grows else 1.62 if is_money or grows else 0.0


def figure_bars(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """The figure above columns that rise towards it; the subject stands on one side."""
    figure = reading.figure
    assert figure is not None  # noqa: S101 - suits() has seen to it
    text = f"{figure.value} {figure.unit}".strip()
    letters = Lettering(text=text.upper(), area=zone.part(0, 0, 1, 0.34), role="sun", largest=260)
    heights = tuple(0.2 + 0.8 * (i / 5) ** 1.7 for i in range(6))
    bars = Bars(area=whole_width(zone).part(0.04, 0.4, 0.94, 1.0), heights=heights)
    actors = [Actor(pieces=(bars,), act="rise"), Actor(pieces=(letters,), act="count", word=figure.word)]
    pictures = [s for s in reading.subjects if s.emoji not in ("📈", "💹")] or list(reading.subjects)
    for subject in pictures[:1]:
        actors.insert(
            1, placed(replace(subject, count=1), zone.part(0.2, 0, 1, 1).left, zone.bottom + 24, 280, rng)
        )
    return (), tuple(actors)


def several_figures(reading: Reading) -> float:
    """Suitability for more than one number of a kind."""
    return (
        2.0
        if len(reading.figures) > 1 and all(_share(f) is not None or f.unit for f in reading.figures)
        else 0.0
    )


def figure_rows(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """One row for each figure: a bar as long as its share, the figure on it, what it counts beside it."""
    figures = reading.figures[:4]
    height = 1 / max(3, len(figures))
    shares = [_share(f) for f in figures]
    longest = max((s or 0.0 for s in shares), default=0.0) or 1.0
    actors = []
    for i, (figure, share) in enumerate(zip(figures, shares, strict=True)):
        row = zone.part(-0.02, i * height, 1.06, (i + 1) * height)
        reach = 0.34 + 0.3 * (share / longest if share is not None else 1.0)
        bar = Slab(area=row.part(0, 0.1, reach, 0.9), tone=i)
        value = Lettering(
            text=figure.value, area=row.part(0.03, 0.16, reach - 0.03, 0.84), role="ink", largest=170
        )
        pieces: tuple[Piece, ...] = (bar, value)
        if figure.unit:
            beside = row.part(reach + 0.02, 0.2, 0.94, 0.8)
            pieces = (*pieces, Lettering(text=figure.unit.upper(), area=beside, largest=104))
        actors.append(Actor(pieces=pieces, act="slide_right", word=figure.word))
    return (), tuple(actors)


def wordy(reading: Reading) -> float:
    """Suitability for words, the more the less there is to draw."""
    if reading.figure:
        return 0.0
    return 0.9 if not reading.subjects else 0.45 if max(s.weight for s in reading.subjects) < 2 else 0.15


def word_card(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """The weightiest word on a tilted card, the subject, if any, leaning on it."""
    tilt = rng.choice((-4, 4))
    card = zone.part(-0.01, 0.46 if reading.subjects else 0.22, 1.01, 0.92 if reading.subjects else 0.8)
    text = reading.keyword.upper() or "?"
    letters = Lettering(text=text, area=card.part(0.07, 0.1, 0.93, 0.9), role="ink", card="stage", tilt=tilt)
    actors = [Actor(pieces=(letters,), act="pop")]
    for subject in sorted(reading.subjects, key=lambda s: -s.weight)[:1]:
        actors.insert(
            0,
            actor(replace(subject, count=1), zone.part(0.18, -0.06, 0.82, 0.54), rng, act="rise", fill=0.95),
        )
    return (Set(kind="burst", area=square(zone, 1.1)),), tuple(actors)


def word_quote(reading: Reading, zone: Area, rng: Random, pose: int) -> Arrangement:
    """The weightiest word in paper letters between quotation marks."""
    letters = Lettering(text=reading.keyword.upper() or "?", area=zone.part(0.02, 0.3, 0.98, 0.72))
    marks = Lettering(text="“", area=zone.part(0.0, 0.02, 0.4, 0.62), role="stage", largest=520)
    return (Set(kind="blob", area=square(zone, 1.0)),), (Actor(pieces=(letters, marks), act="pop"),)


def wordless(reading: Reading) -> float:
    """Suitability for nothing to draw at all."""
    return 0.85 if not reading.subjects and not reading.figure else 0.0
