"""Turns weak signals into orders for the next attempt. It orders; the stages decide how."""

from collections.abc import Mapping

from apps.contracts.judgement import Directive, DirectiveKind, Signal
from apps.critic.bands import Band
from apps.critic.remedies import REMEDIES, WHOLE_VIDEO

#: Orders in one retry: few enough that what helped can be told from what did not.
MOST = 3
#: Least `amount` of an order, so that a nearly good signal still moves.
LEAST_AMOUNT = 0.1
#: Weight of the parts outside the total: below the rated ones, as they only have to be good enough.
CRAFT_WEIGHT = 0.2


def directives_for(
    signals: tuple[Signal, ...], bands: Mapping[str, Band], weights: Mapping[str, float]
) -> tuple[Directive, ...]:
    """At most MOST orders, most useful first: tripped gates, then by what the total can gain.

    Weak is what lies outside its interval; where nothing does and the total is still too low, the
    signal with the most to gain is ordered mended.
    """
    usable = [s for s in signals if s.name in REMEDIES and s.score < 1]
    ranked = sorted(usable, key=lambda s: _urgency(s, bands[s.name], weights), reverse=True)
    weak = [s for s in ranked if _is_outside(s)] or ranked[:1]
    orders: dict[tuple[DirectiveKind, int | None], Directive] = {}
    for signal in weak:
        order = _order(signal, bands[signal.name])
        orders.setdefault((order.kind, order.ordinal), order)
    return tuple(orders.values())[:MOST]


def reason(signal: Signal, band: Band) -> str:
    """The measured fact in words: what, how much, and what is wanted."""
    return f"{band.label}: {_number(signal.value)}{_unit(band)}, wanted {_interval(signal)}{_unit(band)}"


def _is_outside(signal: Signal) -> bool:
    too_low = signal.low is not None and signal.value < signal.low
    return too_low or (signal.high is not None and signal.value > signal.high)


def _order(signal: Signal, band: Band) -> Directive:
    kind = REMEDIES[signal.name]
    if kind is DirectiveKind.MEND_FACTS and signal.ordinal == 0:
        kind = DirectiveKind.REWRITE_HOOK  # a hook is not mended: another one is chosen
    return Directive(
        kind=kind,
        ordinal=None if kind in WHOLE_VIDEO else signal.ordinal,
        amount=round(max(1 - signal.score, LEAST_AMOUNT), 2),
        reason=reason(signal, band),
        signal=signal.name,
    )


def _urgency(signal: Signal, band: Band, weights: Mapping[str, float]) -> tuple[bool, float]:
    """Tripped gates first, then the points that mending would add."""
    gain = weights.get(signal.part, CRAFT_WEIGHT) * band.weight * (1 - signal.score)
    return band.trips(signal.value), gain


def _interval(signal: Signal) -> str:
    if signal.low is None or signal.high is None:
        bound = signal.high if signal.low is None else signal.low
        return f"{'at most' if signal.low is None else 'at least'} {_number(bound or 0.0)}"
    return f"{_number(signal.low)} to {_number(signal.high)}"


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") if abs(value) < 10 else f"{value:.1f}"


def _unit(band: Band) -> str:
    return f" {band.unit}" if band.unit else ""
