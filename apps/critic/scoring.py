"""Turns readings into scores: what is wanted of each signal, and how much it counts.

Intervals are the field's or, where the field has none, design values (field guide 2.1, 2.2).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from math import inf, isfinite
from typing import TypedDict, Unpack

from apps.contracts.decision import Strategy
from apps.contracts.judgement import Scores, Signal
from apps.critic.evidence import Reading

#: Score of a value that is just good enough, where better is possible: were it 1, all decent takes
#: would score alike and there would be nothing to learn from.
PASS = 0.7
#: Part scores under which a take is not accepted, whatever its total.
PART_FLOOR = 50.0
#: Parts that count into the total, by the platform's weights.
RATED = ("hook", "pacing", "loop")
#: Parts that only have to be good enough.
CRAFT = ("sound", "text")
#: The bar before there are enough first drafts to take it from, and how many are enough.
FIRST_THRESHOLD, ENOUGH_DRAFTS = 62.0, 10
#: Share of first drafts under the bar: keeps the retry rate there, so the bar cannot drift into
#: accepting everything or nothing; the clamp keeps a run of bad or brilliant drafts from moving it far.
PERCENTILE, LOWEST, HIGHEST = 40.0, 55.0, 80.0


@dataclass(frozen=True, kw_only=True)
class Band:
    """A trapezoid: score 0 up to `floor` and from `ceiling` on, full from `low` to `high`.

    With an `ideal` there is better than good enough: PASS at the interval's edges, 1 at the ideal (and
    past it where the interval is open). `limit` makes a gate: a value beyond it forbids acceptance.
    """

    part: str
    weight: float
    label: str
    floor: float = -inf
    low: float = -inf
    high: float = inf
    ceiling: float = inf
    ideal: float | None = None
    limit: float | None = None
    unit: str = ""

    def score(self, value: float) -> float:
        """0-1 (field guide 2.1), never falling towards the ideal."""
        edge = 1.0 if self.ideal is None else PASS
        if value < self.low:
            return edge * max((value - self.floor) / (self.low - self.floor), 0.0)
        if value > self.high:
            return edge * max((self.ceiling - value) / (self.ceiling - self.high), 0.0)
        return edge + (1 - edge) * self._nearness(value)

    def _nearness(self, value: float) -> float:
        """0 at the interval's edge, 1 at the ideal."""
        if self.ideal is None:
            return 1.0
        near = self.low if value < self.ideal else self.high
        return (value - near) / (self.ideal - near) if isfinite(near) else 1.0

    def trips(self, value: float) -> bool:
        """Whether the value is beyond the gate."""
        if self.limit is None:
            return False
        return value > self.limit if self.high < inf else value < self.limit


class _Extras(TypedDict, total=False):
    unit: str
    ideal: float
    limit: float


def _at_least(
    part: str, weight: float, label: str, low: float, floor: float, **extras: Unpack[_Extras]
) -> Band:
    return Band(part=part, weight=weight, label=label, low=low, floor=floor, **extras)


def _at_most(
    part: str, weight: float, label: str, high: float, ceiling: float, **extras: Unpack[_Extras]
) -> Band:
    return Band(part=part, weight=weight, label=label, high=high, ceiling=ceiling, **extras)


def _between(
    part: str, weight: float, label: str, feet: tuple[float, float, float, float], **extras: Unpack[_Extras]
) -> Band:
    floor, low, high, ceiling = feet
    return Band(
        part=part, weight=weight, label=label, floor=floor, low=low, high=high, ceiling=ceiling, **extras
    )


HOOK = {
    "hook_motion": _at_least("hook", 0.10, "motion in the first second", 0.004, 0.0, ideal=0.025),
    "hook_energy": _at_least(
        "hook", 0.06, "motion in the first second against the whole", 0.8, 0.0, ideal=2.0
    ),
    "first_change": _at_most(
        "hook", 0.08, "time to the first change on screen", 1.2, 3.0, unit="s", ideal=0.3
    ),
    "first_frame_light": _at_least("hook", 0.05, "brightness of the first frame", 0.08, 0.01, ideal=0.3),
    "first_frame_contrast": _at_least("hook", 0.08, "contrast in the first frame", 0.12, 0.02, ideal=0.3),
    "colourfulness": _at_least("hook", 0.07, "colourfulness of the opening", 33.0, 5.0, ideal=90.0),
    "speech_onset": _at_most("hook", 0.16, "time to the first word", 0.35, 1.5, unit="s", ideal=0.05),
    "hook_words": _at_least("hook", 0.12, "words heard in the hook window", 5.0, 0.0, ideal=8.0),
    "hook_end": _at_most("hook", 0.05, "time the hook runs past its window", 1.0, 4.0, unit="s", ideal=-0.5),
    "hook_wording": _at_least("hook", 0.13, "strength of the hook's wording", 0.4, 0.0, ideal=0.9),
    "greeting": _at_most("hook", 0.10, "greetings in the opening", 0.0, 1.0),
}
PACING = {
    "shot_length": _between("pacing", 0.16, "mean shot length", (0.7, 1.5, 3.5, 7.0), unit="s", ideal=2.2),
    "shot_variety": _between("pacing", 0.06, "variety of shot lengths", (0.0, 0.15, 0.7, 1.3), ideal=0.4),
    "longest_hold": _at_most("pacing", 0.16, "longest time without anything new", 4.0, 8.0, unit="s"),
    "motion": _at_least("pacing", 0.10, "usual motion", 0.003, 0.0, ideal=0.015),
    "freeze": _at_most("pacing", 0.12, "longest freeze", 0.5, 3.0, unit="s", limit=1.5),
    "black": _at_most("pacing", 0.08, "longest black", 0.0, 1.0, unit="s", limit=0.09),
    "speech_rate": _between(
        "pacing", 0.14, "speech rate", (2.0, 3.6, 6.5, 8.5), unit="syllables/s", ideal=5.0
    ),
    "silence_share": _at_most("pacing", 0.10, "share of silence", 0.12, 0.4, ideal=0.02),
    "longest_silence": _at_most("pacing", 0.08, "longest silence", 0.8, 2.0, unit="s", ideal=0.3),
}
LOOP = {
    "visual_seam": _at_most("loop", 0.38, "jump of the picture at the seam", 2.0, 15.0, ideal=0.2),
    "seam_to_cut": _at_most("loop", 0.08, "seam against the video's own cuts", 1.0, 3.0, ideal=0.01),
    "audio_seam": _at_most(
        "loop", 0.14, "level step of the sound at the seam", 4.0, 20.0, unit="dB", ideal=0.5
    ),
    "audio_step": _at_most("loop", 0.04, "click of the sound at the seam", 0.02, 0.3, ideal=0.002),
    "tail_silence": _at_most("loop", 0.10, "silence at the end", 0.15, 1.0, unit="s"),
    "bar_remainder": _at_most("loop", 0.06, "time missing to a whole bar", 0.05, 0.5, unit="s"),
    "semantic_loop": _at_least("loop", 0.20, "how the last line leads back", 0.4, -0.4, ideal=1.0),
}
SOUND = {
    "audio_present": _at_least("sound", 0.10, "sound in the file", 1.0, 0.0, limit=1.0),
    "loudness": _between(
        "sound", 0.25, "integrated loudness", (-24.0, -15.0, -13.0, -8.0), unit="LUFS", ideal=-14.0
    ),
    "true_peak": _at_most("sound", 0.15, "true peak", -1.0, 2.0, unit="dBTP", limit=0.0, ideal=-1.5),
    "clipping": _at_most("sound", 0.15, "clipped sound", 0.0, 100.0, unit="ms"),
    "voice_over_bed": _at_least(
        "sound", 0.30, "voice over the bed", 12.0, 0.0, unit="LU", limit=3.0, ideal=20.0
    ),
    "mono": _at_least("sound", 0.05, "agreement of left and right", 0.0, -0.5),
}
TEXT = {
    "captioned": _at_least("text", 0.15, "share of captions drawn", 1.0, 0.0, limit=0.5),
    "caption_contrast": _at_least("text", 0.35, "lowest caption contrast", 4.5, 1.5, ideal=12.0),
    "caption_outside": _at_most(
        "text", 0.30, "share of a caption outside the safe box", 0.005, 1.0, limit=0.005
    ),
    "reading_speed": _at_most(
        "text", 0.20, "reading speed", 20.0, 30.0, unit="characters/s", limit=25.0, ideal=14.0
    ),
    # A false number does harm however well it is told, and one line mends it: a gate. Names are read
    # from capitals, which is less certain: they only cost.
    "unsourced_figures": _at_most("text", 0.15, "figures that no source holds", 0.0, 2.0, limit=0.0),
    "unsourced_names": _at_most("text", 0.10, "names that no source holds", 0.0, 4.0),
}


def bands_for(strategy: Strategy) -> Mapping[str, Band]:
    """What is wanted of every signal of a job; the length limit is the platform's."""
    longest = float(strategy.max_length)
    file = {
        "edit_lists": _at_most("file", 0.2, "edit lists", 0.0, 3.0, limit=0.0),
        "index_first": _at_least("file", 0.2, "index before the media", 1.0, 0.0, limit=1.0),
        "start_offset": _at_most("file", 0.2, "start of picture and sound apart", 0.025, 0.1, unit="s"),
        "duration": _at_most("file", 0.2, "length", longest, longest * 1.5, unit="s", limit=longest),
        "flashes": _at_most("file", 0.2, "flashes in one second", 3.0, 9.0, limit=3.0),
    }
    return {**HOOK, **PACING, **LOOP, **SOUND, **TEXT, **file}


def signal_of(reading: Reading, band: Band) -> Signal:
    """A reading beside its wanted interval, scored."""
    return Signal(
        name=reading.name,
        part=band.part,
        value=round(reading.value, 4),
        low=None if band.low == -inf else band.low,
        high=None if band.high == inf else band.high,
        score=round(band.score(reading.value), 4),
        ordinal=reading.ordinal,
        gate=band.limit is not None,
    )


def part_scores(signals: Iterable[Signal], bands: Mapping[str, Band]) -> dict[str, float]:
    """0-100 for each part: the weighted mean of its signals, the worst where one is read twice."""
    worst = [min(same, key=lambda s: s.score) for _, same in groupby(sorted(signals, key=_name), key=_name)]
    parts = {signal.part for signal in worst}
    return {part: _weighted([s for s in worst if s.part == part], bands) for part in parts}


def totalled(parts: Mapping[str, float], weights: Mapping[str, float]) -> Scores:
    """The rated parts, and their total by the platform's weights (which need not sum to exactly 1)."""
    weighed = sum(weights.get(part, 0.0) for part in RATED) or 1.0
    total = sum(weights.get(part, 0.0) * parts[part] for part in RATED) / weighed
    return Scores(total=round(total, 2), **{part: round(parts[part], 2) for part in RATED})


def gates_failed(signals: Iterable[Signal], bands: Mapping[str, Band]) -> tuple[str, ...]:
    """Names of the gates that tripped."""
    return tuple(sorted({signal.name for signal in signals if bands[signal.name].trips(signal.value)}))


def is_acceptable(
    scores: Scores, parts: Mapping[str, float], gates: tuple[str, ...], threshold: float
) -> bool:
    """No gate tripped, the total over the bar, and no part so weak that the others only hide it."""
    floor = min(parts[part] for part in (*RATED, *CRAFT))
    return not gates and scores.total >= threshold and floor >= PART_FLOOR


def threshold_from(drafts: list[float]) -> float:
    """The bar for a total, from the totals of recent first drafts on that platform."""
    if len(drafts) < ENOUGH_DRAFTS:
        return FIRST_THRESHOLD
    place = (len(drafts) - 1) * PERCENTILE / 100
    below, share = int(place), place % 1
    ranked = sorted(drafts)
    value = ranked[below] * (1 - share) + ranked[min(below + 1, len(ranked) - 1)] * share
    return round(min(max(value, LOWEST), HIGHEST), 2)


def _name(signal: Signal) -> str:
    return signal.name


def _weighted(signals: list[Signal], bands: Mapping[str, Band]) -> float:
    weights = [bands[signal.name].weight for signal in signals]
    return 100 * sum(w * s.score for w, s in zip(weights, signals, strict=True)) / sum(weights)
