"""How every deciding service picks: its own judgement first, overruled by memory as evidence grows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from apps.contracts.decision import Advice, Belief, FactorKind, Rival

#: Points (0-100) that the whole range of fit (0-1) is worth before there is evidence: two prior sd of a
#: factor's effect. A fit is a prior belief: its weight falls as the posterior narrows. Larger: what judgement
#: never tries is never found out; at 15 a channel kept to one length and one cut rate for 300 shorts.
POINTS_PER_FIT = 7.0
#: How far below the best fit a candidate is no longer sensible: no draw lifts it over one that is.
SENSIBLE = 0.45


@dataclass(frozen=True)
class Choice:
    """The candidates, best first, and what stood behind the first of them (None without advice)."""

    order: tuple[str, ...]
    belief: Belief | None


def choose(fits: Mapping[str, float], kind: FactorKind, advice: Sequence[Advice]) -> Choice:
    """The candidates by merit: memory's draw plus what is left of the fit's weight.

    In a normal model a prior mean keeps the share sd^2 / prior_sd^2 of its weight: that share of a
    candidate's fit is added to its draw. A candidate memory says nothing of is drawn at its rivals' mean;
    equal merits keep the order of `fits`.
    """
    known = {a.reference_id: a for a in advice if a.kind is kind and a.reference_id in fits}
    floor = max(fits.values()) - SENSIBLE
    order = _by_merit(fits, known, {name: a.draw for name, a in known.items()}, floor)
    return Choice(order, _belief(order[0], fits, known, floor) if known else None)


def ranked(fits: Mapping[str, float], kind: FactorKind, advice: Sequence[Advice]) -> tuple[str, ...]:
    """The candidates of `choose`, best first."""
    return choose(fits, kind, advice).order


def said_of(name: str, kind: FactorKind, advice: Sequence[Advice]) -> str:
    """Memory's words on a candidate, as the end of a reason; empty where it has none."""
    return next((f" Memory: {a.reason}." for a in advice if a.kind is kind and a.reference_id == name), "")


def _by_merit(
    fits: Mapping[str, float], known: Mapping[str, Advice], draws: Mapping[str, float], floor: float
) -> tuple[str, ...]:
    middle = fmean(draws.values()) if draws else 0.0
    merit = {
        name: draws.get(name, middle) + POINTS_PER_FIT * fit * _prior_share(known.get(name))
        for name, fit in fits.items()
    }
    return tuple(sorted(fits, key=lambda name: (fits[name] < floor, -merit[name])))


def _prior_share(advice: Advice | None) -> float:
    """What a prior belief still weighs: 1 without evidence, towards 0 as it grows."""
    if advice is None or not advice.prior_sd:
        return 1.0
    return min((advice.sd / advice.prior_sd) ** 2, 1.0)


def _belief(chosen: str, fits: Mapping[str, float], known: Mapping[str, Advice], floor: float) -> Belief:
    shares = _propensities(fits, known, floor)
    means = {name: a.score + POINTS_PER_FIT * fits[name] * _prior_share(a) for name, a in known.items()}
    rivals = tuple(
        Rival(
            reference_id=name,
            fit=round(fits[name], 3),
            mean=a.score,
            sd=a.sd,
            n=a.n,
            propensity=round(shares.get(name, 0.0), 3),
        )
        for name, a in sorted(known.items(), key=lambda pair: -shares.get(pair[0], 0.0))
    )
    mine = known.get(chosen)
    sensible = [means[name] for name in known if fits[name] >= floor]
    return Belief(
        mean=mine.score if mine else fmean(a.score for a in known.values()),
        sd=mine.sd if mine else max(a.sd for a in known.values()),
        n=mine.n if mine else 0,
        propensity=round(shares.get(chosen, 0.0), 3),
        cost=round(max(max(sensible, default=0.0) - means[chosen], 0.0), 2) if mine else 0.0,
        rivals=rivals,
    )


def _propensities(
    fits: Mapping[str, float], known: Mapping[str, Advice], floor: float
) -> Mapping[str, float]:
    """How often each candidate would have been first, over memory's samples."""
    count = min((len(a.samples) for a in known.values()), default=0)
    wins = Counter(
        _by_merit(fits, known, {name: a.samples[k] for name, a in known.items()}, floor)[0]
        for k in range(count)
    )
    return {name: won / count for name, won in wins.items()}
