"""Beats onto whole seconds. It knows words and seconds, nothing of their meaning."""

import itertools
from dataclasses import dataclass

from apps.contracts.story import Purpose
from apps.story.wording import spoken_length

#: Seconds of air that a scene has beside its words.
AIR = 0.35
#: Shortest scene a picture can be seen in, seconds.
SHORTEST = 1
#: How far scenes are stretched or squeezed to meet the length; beyond it speech sounds wrong.
STRETCH = (0.85, 1.25)
#: Seconds by which another line may be longer or shorter before the scenes are planned anew. Scenes that
#: keep their seconds keep their voice and picture as well.
SWING = 1.25
#: Share of the persona's words a minute that is left after pauses.
FLUENCY = 0.9


@dataclass(frozen=True, kw_only=True)
class Beat:
    """A scene before it has its seconds."""

    purpose: Purpose
    narration: str
    visual: str


def words_a_second(rate: int, pace: float) -> float:
    """Words spoken a second by a voice of `rate` words a minute, pauses included."""
    return max(60, rate) / 60 * FLUENCY * pace


def natural_seconds(text: str, speed: float) -> float:
    """How long `text` wants to be on screen at `speed` words a second."""
    return spoken_length(text) / speed + AIR


def still_fit(beats: tuple[Beat, ...], edges: list[int], *, speed: float) -> bool:
    """Whether the words fit the seconds between `edges`, planned for others, within SWING."""
    planned = [after - before for before, after in itertools.pairwise(edges)]
    return len(planned) == len(beats) and all(
        abs(natural_seconds(beat.narration, speed) - seconds) <= max(SWING, 0.4 * seconds)
        for beat, seconds in zip(beats, planned, strict=True)
    )


def cuts(
    beats: tuple[Beat, ...], *, speed: float, wanted: int, least: int, most: int, haste: float = 0.0
) -> list[int]:
    """The whole seconds at which scenes begin and end: 0 first, the total last, strictly rising.

    Scenes are as long as what is spoken in them; the total goes towards `wanted` within STRETCH and lies
    in [least, most] where the words allow it. `haste` (0-1) goes from there towards the shortest in which
    they can be said.
    """
    lengths = [natural_seconds(b.narration, speed) for b in beats]
    natural = sum(lengths)
    low, high = natural * STRETCH[0], natural * STRETCH[1]
    total = min(max(wanted, low), high)
    total -= haste * (total - low)
    total = max(round(min(max(total, min(least, high)), most)), SHORTEST * len(beats))
    edges, passed = [0], 0.0
    for i, length in enumerate(lengths):
        passed += length
        after = SHORTEST * (len(beats) - i - 1)
        edges.append(min(max(round(passed / natural * total), edges[-1] + SHORTEST), total - after))
    return edges
