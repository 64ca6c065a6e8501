"""Turns readings into scores, and scores into a verdict. What is wanted of each signal stands in `bands`."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from math import inf

from apps.contracts.decision import Strategy
from apps.contracts.judgement import Scores, Signal
from apps.critic.bands import Band
from apps.critic.evidence import Reading
from apps.critic.remedies import REMEDIES

#: Part scores under which a take is not accepted, whatever its total.
PART_FLOOR = 50.0
#: Parts that count into the total, by the platform's weights.
RATED = ("hook", "pacing", "loop")
#: Parts that only have to be good enough.
CRAFT = ("sound", "text")
#: The part of a language model's opinion, and the most that it may count in the total.
OPINION, MOST_OPINION = "opinion", 0.2
#: Which part of a take earns which of the platforms' metrics (field guide 1.4, 4.6).
EARNED_BY = {
    "viewed_vs_swiped": "hook",
    "skip_rate": "hook",
    "relative_retention": "pacing",
    "average_watch_share": "pacing",
    "completion": "pacing",
    "full_watch_rate": "pacing",
    "sends": "pacing",
    "shares": "pacing",
    "replays": "loop",
}
#: How much more a part weighs for earning the platform's first, second and third metric.
TILTS = (0.15, 0.10, 0.05)
#: The bar before there are enough first drafts to take it from (the 40th percentile of 24 shorts made from
#: varied briefs with the embedded providers), and how many are enough.
FIRST_THRESHOLD, ENOUGH_DRAFTS = 78.5, 10
#: First drafts that the bar is taken from, and the share of them under it, per cent: keeps the retry rate
#: there (field guide 2.2). More would lag behind what drafts have become and let all of them pass, or none.
RECENT_DRAFTS, PERCENTILE = 50, 40.0
#: The bar's own bounds: under the lower one a take is not good enough however bad the rest are; the upper one
#: is there for takes that are all but perfect. Any closer, and drafts that drift past one would all be alike.
LOWEST, HIGHEST = 50.0, 97.0


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
        label=band.label,
        unit=band.unit,
        directive=REMEDIES.get(reading.name, ""),
    )


def weights_for(strategy: Strategy) -> dict[str, float]:
    """The platform's weights, tilted to the parts that earn what it ranks by; they sum to 1.

    A part's weight grows by the TILTS of its metrics among the first three; unknown metrics tilt nothing.
    """
    tilted = {part: strategy.weights.get(part, 0.0) for part in RATED}
    for metric, tilt in zip(strategy.priority_metrics, TILTS, strict=False):
        part = EARNED_BY.get(metric)
        if part:
            tilted[part] += tilt * strategy.weights.get(part, 0.0)
    whole = sum(tilted.values()) or 1.0
    return {part: weight / whole for part, weight in tilted.items()}


def part_scores(signals: Iterable[Signal], bands: Mapping[str, Band]) -> dict[str, float]:
    """0-100 for each part: the weighted mean of its signals, the worst where one is read twice."""
    worst = [min(same, key=lambda s: s.score) for _, same in groupby(sorted(signals, key=_name), key=_name)]
    parts = {signal.part for signal in worst}
    return {part: _weighted([s for s in worst if s.part == part], bands) for part in parts}


def totalled(parts: Mapping[str, float], weights: Mapping[str, float], *, opinion: float = 0.0) -> Scores:
    """The rated parts, and their total by the platform's weights (which need not sum to exactly 1).

    Where a model gave its opinion, it makes up the share `opinion` of the total, at most MOST_OPINION.
    """
    weighed = sum(weights.get(part, 0.0) for part in RATED) or 1.0
    total = sum(weights.get(part, 0.0) * parts[part] for part in RATED) / weighed
    if OPINION in parts:
        share = min(max(opinion, 0.0), MOST_OPINION)
        total = (1 - share) * total + share * parts[OPINION]
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


def threshold_from(drafts: Sequence[float]) -> float:
    """The bar for a total, from the totals of recent first drafts on that platform.

    It follows them, so that about PERCENTILE of them fall short however good or bad they become. A draft
    that tripped a gate counts as 0: it is tried again whatever the bar.
    """
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
