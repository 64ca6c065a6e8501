"""From a platform's numbers to rewards that can be compared: 0-100 beside shorts of the same length.

Views depend on the platform's mood and completion on length, so a number means nothing by itself. Each is
put on a scale where differences are alike (logits of shares), freed of what length alone explains, and set
against the platform's reported shorts in sd: those within +-20 % of its length first, the platform's others
where these are few, and a plain expectation before there are any. Numbers only: no storage.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from apps.contracts.performance import Performance, Rewards
from apps.memory.policy import MIDDLE, POINTS

#: Seconds in e^(-d / 55), the share of viewers who stay for a short of d seconds (field guide 1.4).
STAYING = 55.0
#: Shorts whose lengths differ by less than this share are compared with each other first (field guide 1.4).
BAND = 0.2
#: Shorts' worth that a wider comparison weighs against a narrower one: band, platform, expectation.
WIDER = 10.0
#: The same for a channel's own level: after so many shorts half of what sets its account apart is taken off.
ACCOUNT = 10.0
#: Sd beyond which one short says no more than a very good or bad one: the scale ends there.
FURTHEST = 3.0
#: Views whose sampling noise equals the difference between videos: .24 / n against .15^2 (a rate near 60 %).
VIEWS = 10.0
#: What is expected of each measure, on its scale, before anything is reported, and its sd between shorts.
EXPECTED = {
    "stay": (0.0, 0.6),  # logit of the share who stay, beside e^(-d / 55)
    "hook": (0.6, 0.6),  # logit of the share not swiped away: 65 %
    "pacing": (0.0, 0.6),  # logit of completion among those who stayed, beside e^(-d / 55)
    "loop": (-2.6, 0.8),  # logit of replays a view: 7 %
    "share": (-4.0, 0.9),  # logit of shares a viewer reached: 2 %
}
#: What each measure weighs in the whole: staying and passing on bring reach (field guide 1.4).
WEIGHTS = {"stay": 0.4, "share": 0.25, "hook": 0.2, "loop": 0.15}
#: Correlation of two measures of one short, for the sd of their weighted mean.
TOGETHER = 0.5


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One reported short: its measures on their scales, its length in seconds, and whose it is."""

    measures: Mapping[str, float]
    length: float
    channel: str


def measures_of(performance: Performance, length: float) -> dict[str, float]:
    """What a platform's numbers say of a short of `length` seconds (0: unknown), measure by measure.

    Field guide 4.6: hook from swipes or engaged views, pacing from completion among those who stayed, loop
    from replays or from watching longer than it lasts, sharing from shares a viewer reached.
    """
    p = performance
    if p.views <= 0:
        return {}
    held = _first(_rest(p.skip_rate), _per(p.engaged_views, p.views))
    watched = None if p.average_watch_seconds is None or length <= 0 else p.average_watch_seconds / length
    stayed = _first(p.completion, None if watched is None else min(watched, 1.0))
    again = _first(_per(p.replays, p.views), None if watched is None else max(watched - 1, 0.0))
    found = {
        "stay": None if stayed is None else _logit(stayed) - _usual_staying(length),
        "hook": None if held is None else _logit(held),
        "pacing": None if stayed is None else _logit(stayed / (held or 1.0)) - _usual_staying(length),
        "loop": None if again is None else _logit(again),
        "share": None if p.shares is None else _logit(p.shares / max(p.reach or p.views, 1)),
    }
    return {name: value for name, value in found.items() if value is not None}


def weight_of(performance: Performance) -> float:
    """How much of a full reading so many views are, 0-1: beyond 500 more of them say little (4.2)."""
    return performance.views / (performance.views + VIEWS)


def rewards_among(short: Measured, others: Sequence[Measured]) -> Rewards:
    """A short's rewards beside the platform's other reported shorts."""
    z = {name: _standing(name, value, short, others) for name, value in short.measures.items()}
    known = {name: weight for name, weight in WEIGHTS.items() if name in z}
    return Rewards(
        total=_points(_together(z, known)) if known else None,
        hook=_points(z.get("hook")),
        pacing=_points(z.get("pacing")),
        loop=_points(z.get("loop")),
        share=_points(z.get("share")),
    )


def _standing(name: str, value: float, short: Measured, others: Sequence[Measured]) -> float:
    """How many sd above its like a short is on one measure, less what its account always gets."""
    seen = [o for o in others if name in o.measures]
    near = [o for o in seen if short.length > 0 and abs(o.length / short.length - 1) <= BAND]
    middle, spread = EXPECTED[name]
    for group in (seen, near):
        middle, spread = _narrowed([o.measures[name] for o in group], middle, spread)
    own = [(o.measures[name] - middle) / spread for o in seen if o.channel == short.channel]
    account = sum(own) / (len(own) + ACCOUNT)
    alike = len(own) / len(seen) if seen else 1.0
    return (value - middle) / spread - account * (1 - alike)


def _narrowed(values: Sequence[float], middle: float, spread: float) -> tuple[float, float]:
    """Mean and sd of a group, shrunk towards the wider one's."""
    n = len(values)
    mean = (WIDER * middle + sum(values)) / (WIDER + n)
    about = sum((v - mean) ** 2 for v in values)
    return mean, sqrt((WIDER * spread**2 + about) / (WIDER + n))


def _together(z: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The weighted mean of measures, in its own sd."""
    squares, whole = sum(w * w for w in weights.values()), sum(weights.values())
    spread = sqrt(squares + TOGETHER * (whole**2 - squares))
    return sum(weight * z[name] for name, weight in weights.items()) / spread


def _points(z: float | None) -> float | None:
    return None if z is None else round(MIDDLE + POINTS * max(-FURTHEST, min(FURTHEST, z)), 2)


def _usual_staying(length: float) -> float:
    return _logit(exp(-max(length, 1.0) / STAYING)) if length > 0 else 0.0


def _logit(share: float) -> float:
    """Log odds, of shares kept off 0 and 1, where a single viewer would be infinite."""
    kept = min(max(share, 0.002), 0.998)
    return log(kept / (1 - kept))


def _first(*values: float | None) -> float | None:
    return next((value for value in values if value is not None), None)


def _rest(share: float | None) -> float | None:
    return None if share is None else 1 - share


def _per(count: int | None, views: int) -> float | None:
    return None if count is None else count / views
