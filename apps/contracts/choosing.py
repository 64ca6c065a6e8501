"""How every deciding service picks: its own judgement first, tipped by what memory drew. No I/O."""

from collections.abc import Mapping, Sequence
from statistics import fmean

from apps.contracts.decision import Advice, FactorKind

#: Points of a drawn score (0-100) that weigh as much as the whole range of fit (0-1). Smaller: memory
#: overrules judgement sooner; at 25 an advantage of 5 points beats a difference in fit of 0.2.
POINTS_PER_FIT = 25.0
#: How far below the best fit a candidate is no longer sensible: no draw lifts it over one that is.
SENSIBLE = 0.45


def ranked(fits: Mapping[str, float], kind: FactorKind, advice: Sequence[Advice]) -> tuple[str, ...]:
    """The candidates, best first: fit (0-1) plus the draw's distance from the mean draw of its rivals.

    A candidate memory says nothing of keeps its fit; equal merits keep the order of `fits`.
    """
    draws = {a.reference_id: a.draw for a in advice if a.kind is kind and a.reference_id in fits}
    middle = fmean(draws.values()) if draws else 0.0
    merit = {name: fit + (draws.get(name, middle) - middle) / POINTS_PER_FIT for name, fit in fits.items()}
    floor = max(fits.values()) - SENSIBLE
    return tuple(sorted(fits, key=lambda name: (fits[name] < floor, -merit[name])))


def said_of(name: str, kind: FactorKind, advice: Sequence[Advice]) -> str:
    """Memory's words on a candidate, as the end of a reason; empty where it has none."""
    return next((f" Memory: {a.reason}." for a in advice if a.kind is kind and a.reference_id == name), "")
