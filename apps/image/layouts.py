"""Arranges a reading in a zone: which layout suits, what the headline is, and who enters when. No pixels."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from apps.image.composition import (
    Actor,
    Area,
    Composition,
    Lettering,
    Sticker,
)
from apps.image.figures import (
    figure_bars,
    figure_card,
    figure_dial,
    figure_rows,
    figure_tower,
    growing,
    several_figures,
    with_figure,
    with_share,
    word_card,
    word_quote,
    wordless,
    wordy,
)
from apps.image.placing import Arrangement, counted, is_thinker, with_main
from apps.image.posters import (
    company,
    count_fan,
    count_grid,
    hero,
    listing,
    many,
    map_of_parts,
    orbit,
    pair,
    parted,
    scale,
    tiles,
    turning,
    two,
    versus,
    when,
)
from apps.image.readings import Reading
from apps.image.staged import (
    alone,
    close_up,
    crowd,
    crowded,
    face_to_face,
    faced,
    framed,
    gathered,
    gathering,
    stand,
    stand_aside,
    thinking,
    thought,
)

#: Narration words after the cut by which the first actor may still enter; a later one is there already.
EARLY_WORDS = 1


#: How far chance may move a layout's suitability (0-1), so that equals take turns.
CHANCE = 0.25


#: Share of the zone's height that a headline takes.
TITLE_SHARE = 0.38


#: Letters of a headline that are set in one line.
ONE_LINE = 14


@dataclass(frozen=True)
class Layout:
    """A way to arrange: how well it suits a reading (0: not at all), and the arranging.

    `pose` counts the scenes before this one with the same main subject; each has another side and size.
    """

    style: str
    suits: Callable[[Reading], float]
    arrange: Callable[[Reading, Area, Random, int], Arrangement]


def choose(reading: Reading, *, rng: Random, previous: str = "", variation: int = 0) -> Layout:
    """The most suitable layout, never `previous`; `variation` steps down the ranking."""
    scored = [
        (score + CHANCE * rng.random(), layout)
        for layout in LAYOUTS
        if layout.style != previous and (score := layout.suits(reading)) > 0
    ]
    ranked = [layout for _, layout in sorted(scored, key=lambda pair: -pair[0])]
    return ranked[variation % len(ranked)]


def compose(
    reading: Reading,
    zone: Area,
    *,
    rng: Random,
    previous: str = "",
    variation: int = 0,
    complete: bool = False,
    pose: int = 0,
) -> Composition:
    """The reading arranged in a zone.

    `complete` has every actor there from the first frame, beneath the headline.
    """
    layout = choose(reading, rng=rng, previous=previous, variation=variation)
    headline = _besides(reading, layout.style) if complete else ""
    titled = any(c.isalnum() for c in headline) and not layout.style.startswith("word")
    room = zone.part(0, TITLE_SHARE, 1, 1) if titled else zone
    sets, actors = layout.arrange(reading, room, rng, pose)
    if titled:
        actors = (*actors, _title(headline, zone.part(0, 0.01, 1, TITLE_SHARE - 0.01)))
    return Composition(style=layout.style, sets=sets, actors=_cued(_moved(actors, reading), complete))


def _moved(actors: tuple[Actor, ...], reading: Reading) -> tuple[Actor, ...]:
    """The one animal or person that the sentence has coming or going does so on that word."""
    movers = [s for s in reading.subjects if is_thinker(s) and s.count == 1]
    if not reading.moving or len(movers) != 1:
        return actors
    act, word = reading.moving
    return tuple(replace(a, act=act, word=word) if _shows_only(a, movers[0].emoji) else a for a in actors)


def _shows_only(actor: Actor, emoji: str) -> bool:
    return len(actor.pieces) == 1 and isinstance(actor.pieces[0], Sticker) and actor.pieces[0].emoji == emoji


def _besides(reading: Reading, style: str) -> str:
    """The headline, or what goes with the figure where the layout shows it large already."""
    return reading.beside if style.startswith("figure") and reading.figure else reading.headline


def _title(headline: str, area: Area) -> Actor:
    """The headline in one line or two, the weightier in the stage's colour."""
    lines = _lines(headline.upper())
    strong = max(range(len(lines)), key=lambda i: (any(c.isdigit() for c in lines[i]), i))
    shares = [1.0] if len(lines) == 1 else [0.6 if i == strong else 0.4 for i in range(2)]
    pieces, top = [], 0.0
    for i, (line, share) in enumerate(zip(lines, shares, strict=True)):
        # Other scripts' line boxes leave room for marks above and below, and may overlap by as much.
        slack = 0.0 if line.isascii() else 0.2 * share
        room = area.part(0, top - slack, 1, top + share + slack)
        role = "sun" if i == strong else "paper"
        pieces.append(Lettering(text=line, area=room, role=role, largest=240))
        top += share
    return Actor(pieces=tuple(pieces), act="pop")


def _lines(text: str) -> list[str]:
    """One line, or two of about the same length."""
    words = text.split()
    if len(words) < 2 or len(text) <= ONE_LINE:
        return [text]
    cut = min(range(1, len(words)), key=lambda i: abs(len(" ".join(words[:i])) - len(" ".join(words[i:]))))
    return [" ".join(words[:cut]), " ".join(words[cut:])]


def _cued(actors: tuple[Actor, ...], complete: bool) -> tuple[Actor, ...]:
    """The first actor enters at once or nearly so; a scene never opens on an empty stage."""
    if complete:
        return tuple(replace(actor, word=None) for actor in actors)
    first, *others = actors
    late = first.word is not None and first.word > EARLY_WORDS and first.act != "leave"
    return (replace(first, word=None) if late else first, *others)


LAYOUTS = (
    Layout("stand", alone(0.8, 0.6), stand),
    Layout("stand-aside", alone(0.8, 0.5), stand_aside),
    Layout("close-up", lambda r: 0.0 if framed(r) else alone(0.74, 0.5)(r), close_up),
    Layout("crowd", crowded, crowd),
    Layout("face-to-face", faced, face_to_face),
    Layout("thought", thinking, thought),
    Layout("gathering", gathered, gathering),
    Layout("hero-disc", alone(0.4, 0.7), hero("disc", 0.92)),
    Layout("hero-burst", alone(0.4, 0.7), hero("burst", 0.8)),
    Layout("hero-poster", alone(0.45, 0.6), hero("poster", 0.88, tilt=4)),
    Layout("hero-beam", alone(0.45, 0.6), hero("beam", 0.92)),
    Layout("hero-echo", lambda r: 0.0 if framed(r) else alone(0.5, 0.7)(r), hero("echo", 0.94)),
    Layout("hero-blob", alone(0.4, 0.7), hero("blob", 0.92)),
    Layout("count-grid", counted, count_grid),
    Layout("count-fan", counted, count_fan),
    Layout("versus", when("versus"), versus),
    Layout("scale", when("scale", "shrinking"), scale),
    Layout("before-after", when("turning"), turning),
    Layout("pair", two, pair),
    Layout("company", with_main, company),
    Layout("orbit", lambda r: with_main(r) * 0.8 if all(s.count == 1 for s in r.subjects) else 0.0, orbit),
    Layout("parts", parted, map_of_parts),
    Layout("tiles", many, tiles),
    Layout("list", lambda r: 1.2 if r.relation == "list" else 0.0, listing),
    Layout("figure-rows", several_figures, figure_rows),
    Layout("figure-bars", growing, figure_bars),
    Layout("figure-card", with_figure, figure_card),
    Layout("figure-tower", with_figure, figure_tower),
    Layout("figure-dial", with_share, figure_dial),
    Layout("word-card", wordy, word_card),
    Layout("word-quote", wordless, word_quote),
)
