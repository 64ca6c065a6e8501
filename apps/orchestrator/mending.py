"""What an order did: the flagged signal before and after, and what it cost elsewhere. No Django, no I/O."""

from collections.abc import Sequence
from statistics import fmean

from apps.contracts.judgement import Directive, Judgement, Mend, Signal

#: Score (0-1) that the flagged signal has to gain; less is chance, or nothing that anyone would notice.
LEAST_GAIN = 0.02
#: Share of its way to the wanted interval that a value beyond the scale has to make good: its score is 0
#: before and after.
LEAST_APPROACH = 0.15
#: Points (0-100) that any sub-score may lose: what damage to other things does to it by chance.
MARGIN = 3.0
#: Parts of which the critic tells a score; those of the others follow from their signals.
SCORED = ("hook", "pacing", "loop")


def mends(base: Judgement, taken: Judgement, orders: Sequence[Directive]) -> tuple[Mend, ...]:
    """What each of `orders` did, by which the take of `taken` differs from that of `base`.

    An order is kept where its signal improved, no sub-score lost more than MARGIN and no gate tripped that
    had not before (field guide 5). Where it names no signal, the total stands for it.
    """
    fell = _fell(base, taken)
    return tuple(_mend(base, taken, order, fell) for order in orders)


def _mend(base: Judgement, taken: Judgement, order: Directive, fell: tuple[str, ...]) -> Mend:
    was, now = (_readings(judgement, order.signal) for judgement in (base, taken))
    before, after = _shown(was, order.ordinal), _shown(now, order.ordinal)
    improved = _improved(was, now)
    return Mend(
        base=base.attempt,
        attempt=taken.attempt,
        kind=order.kind,
        ordinal=order.ordinal,
        signal=order.signal,
        before=before.value,
        after=after.value,
        low=before.low,
        high=before.high,
        improved=improved,
        total_before=base.scores.total,
        total_after=taken.scores.total,
        fell=fell,
        kept=improved and not fell,
        score_before=before.score,
        score_after=after.score,
    )


def _readings(judgement: Judgement, name: str) -> list[Signal]:
    """Every reading of a signal, one a scene where it is read by scene; the total where there is none."""
    found = [signal for signal in judgement.signals if signal.name == name]
    total = judgement.scores.total
    return found or [Signal(name="total", part="", value=total, low=None, high=None, score=total / 100)]


def _shown(readings: Sequence[Signal], ordinal: int | None) -> Signal:
    """The reading of the scene that was named, else the worst."""
    worst_first = sorted(readings, key=lambda s: s.score)
    return next((s for s in worst_first if ordinal is not None and s.ordinal == ordinal), worst_first[0])


def _improved(was: Sequence[Signal], now: Sequence[Signal]) -> bool:
    """Whether less is missing over all scenes; mending one of two is a gain, moving a fault on is none."""
    gain = _missing(was) - _missing(now)
    if gain or any(s.score for s in (*was, *now)):
        return gain >= LEAST_GAIN
    return _way(now) <= (1 - LEAST_APPROACH) * _way(was)


def _missing(readings: Sequence[Signal]) -> float:
    return sum(1 - s.score for s in readings)


def _way(readings: Sequence[Signal]) -> float:
    """How far from their interval the values lie, all together."""
    return sum(_outside(s) for s in readings)


def _outside(signal: Signal) -> float:
    below = 0.0 if signal.low is None else signal.low - signal.value
    above = 0.0 if signal.high is None else signal.value - signal.high
    return max(below, above, 0.0)


def _fell(base: Judgement, taken: Judgement) -> tuple[str, ...]:
    """Sub-scores that lost more than MARGIN, and gates that tripped only now."""
    was, now = _parts(base), _parts(taken)
    lost = [part for part in was if part in now and was[part] - now[part] > MARGIN]
    return (*lost, *sorted(set(taken.gates_failed) - set(base.gates_failed)))


def _parts(judgement: Judgement) -> dict[str, float]:
    """Every part's score, 0-100: as told, or the mean of its signals, each at its worst."""
    told = {part: getattr(judgement.scores, part) for part in SCORED}
    worst: dict[str, dict[str, float]] = {}
    for signal in judgement.signals:
        if signal.part not in told:
            part = worst.setdefault(signal.part, {})
            part[signal.name] = min(signal.score, part.get(signal.name, 1.0))
    return {**told, **{part: 100 * fmean(scores.values()) for part, scores in worst.items()}}
