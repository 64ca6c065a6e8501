"""What the critic said, arranged for the eye: signals, attempts side by side, what mends did."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.contracts.judgement import Judgement, Mend, Signal
from apps.contracts.progress import JobSnapshot

#: Width of a signal's drawing, in SVG units, and the share of it kept free at either end.
BAR_WIDTH, BAR_MARGIN = 120, 0.14
#: The scores of an attempt, as they stand in a table.
SCORES = ("total", "hook", "pacing", "loop")


@dataclass(frozen=True)
class SignalRow:
    """A measured value beside the interval it should lie in, and both as a drawing."""

    signal: Signal
    name: str
    value: str
    wanted: str
    inside: bool
    band_at: float
    band_wide: float
    dot: float


@dataclass(frozen=True)
class Attempt:
    """One attempt beside the others. `change` is how far its total lies from the first attempt's."""

    number: int
    judgement: Judgement
    delivered: bool
    parts: dict[str, list[SignalRow]]
    change: float

    @property
    def scores(self) -> list[tuple[str, float]]:
        """Name and points of each score, total first."""
        return [(name, getattr(self.judgement.scores, name)) for name in SCORES]

    @property
    def weak(self) -> list[SignalRow]:
        """What lies outside of its interval, worst first."""
        rows = [row for part in self.parts.values() for row in part if not row.inside]
        return sorted(rows, key=lambda row: row.signal.score)

    @property
    def count(self) -> int:
        """How much was measured."""
        return len(self.judgement.signals)


@dataclass(frozen=True)
class MendRow:
    """What one order of a retry did."""

    mend: Mend
    signal: str
    before: str
    after: str
    wanted: str
    gain: float


def attempts(snapshot: JobSnapshot) -> list[Attempt]:
    """Every judged attempt, oldest first."""
    judged = snapshot.judgements
    first = judged[0].scores.total if judged else 0.0
    return [
        Attempt(
            number=one.attempt + 1,
            judgement=one,
            delivered=snapshot.take is not None and one.attempt == snapshot.attempt,
            parts=by_part(one.signals),
            change=one.scores.total - first,
        )
        for one in judged
    ]


def mends(snapshot: JobSnapshot) -> list[MendRow]:
    """What the orders of every retry did, oldest first."""
    signals = {signal.name: signal for judged in snapshot.judgements for signal in judged.signals}
    return [_mend(mend, signals.get(mend.signal)) for mend in snapshot.mends]


def by_part(signals: Iterable[Signal]) -> dict[str, list[SignalRow]]:
    """Rows of signals under the part they belong to."""
    parts: dict[str, list[SignalRow]] = {}
    for signal in signals:
        parts.setdefault(signal.part, []).append(_row(signal))
    return parts


def _row(signal: Signal) -> SignalRow:
    above = signal.low is None or signal.value >= signal.low
    below = signal.high is None or signal.value <= signal.high
    at, wide, dot = _bar(signal)
    return SignalRow(
        signal=signal,
        name=signal.label or signal.name.replace("_", " ").capitalize(),
        value=_with_unit(signal.value, signal.unit),
        wanted=_interval(signal.low, signal.high, signal.unit),
        inside=above and below,
        band_at=at,
        band_wide=wide,
        dot=dot,
    )


def _bar(signal: Signal) -> tuple[float, float, float]:
    """Where the wanted band starts, how wide it is, and where the value lies."""
    ends = [bound for bound in (signal.low, signal.high) if bound is not None]
    low, high = min([signal.value, *ends]), max([signal.value, *ends])
    room = (high - low) or max(abs(high), 1.0)
    low, high = low - room * BAR_MARGIN, high + room * BAR_MARGIN

    def place(value: float | None, otherwise: float) -> float:
        return otherwise if value is None else round((value - low) / (high - low) * BAR_WIDTH, 1)

    start = place(signal.low, 0.0)
    return start, round(place(signal.high, float(BAR_WIDTH)) - start, 1), place(signal.value, 0.0)


def _mend(mend: Mend, signal: Signal | None) -> MendRow:
    unit = signal.unit if signal else ""
    return MendRow(
        mend=mend,
        signal=(signal.label if signal else "") or mend.signal.replace("_", " "),
        before=_with_unit(mend.before, unit),
        after=_with_unit(mend.after, unit),
        wanted=_interval(mend.low, mend.high, unit),
        gain=mend.total_after - mend.total_before,
    )


def _interval(low: float | None, high: float | None, unit: str) -> str:
    if low is not None and high is not None:
        return f"{_figure(low)} to {_with_unit(high, unit)}"
    if low is not None:
        return f"at least {_with_unit(low, unit)}"
    return f"at most {_with_unit(high, unit)}" if high is not None else "any"


def _with_unit(value: float, unit: str) -> str:
    return f"{_figure(value)}\N{NO-BREAK SPACE}{unit}" if unit else _figure(value)


def _figure(value: float) -> str:
    """Three digits that say something: 14.2, 0.183, 1,204."""
    if value == 0:
        return "0"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
