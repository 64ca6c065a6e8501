"""Which factor, and which of its levels, an experiment should compare. Arrays only; it makes nothing.

A level is worth trying for what a short of it would tell, times the chance that it is the best: comparing two
that are surely poor teaches much and helps nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from apps.memory.model import Belief
from apps.memory.policy import POINTS, estimates, label

#: Draws of the posterior from which chances of being best are counted.
DRAWS = 1000


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One factor's most telling levels, the likeliest best first: chance of being best and sd in points of
    each, and `worth`: nats that one short of each would tell, weighed by those chances."""

    kind: str
    levels: tuple[str, ...]
    chances: tuple[float, ...]
    spreads: tuple[float, ...]
    worth: float


def most_telling(
    beliefs: Mapping[str, Belief], candidates: Mapping[str, Sequence[str]], n: int
) -> list[Choice]:
    """Every factor's best choice of at most `n` levels, the most telling factor first; factors with a single
    level are left out."""
    choices = [
        _choice(beliefs[kind], kind, list(dict.fromkeys(names)), n)
        for kind, names in candidates.items()
        if len(set(names)) > 1
    ]
    return sorted(choices, key=lambda choice: (-len(choice.levels), -choice.worth))


def _choice(belief: Belief, kind: str, names: Sequence[str], n: int) -> Choice:
    chances = _chances(belief, kind, names)
    spreads = estimates(belief, kind, names)[1]
    told = np.array([chance * _told(sd / POINTS) for chance, sd in zip(chances, spreads, strict=True)])
    # The likeliest best stays in: what is learned of the others is learned beside it.
    leader = int(np.argmax(chances))
    others = [k for k in np.argsort(-told, kind="stable") if k != leader][: n - 1]
    kept = sorted([leader, *others], key=lambda k: -chances[k])
    return Choice(
        kind=kind,
        levels=tuple(names[k] for k in kept),
        chances=tuple(float(chances[k]) for k in kept),
        spreads=tuple(float(spreads[k]) for k in kept),
        worth=float(told[kept].sum()),
    )


def _chances(belief: Belief, kind: str, names: Sequence[str]) -> np.ndarray:
    """How often each level leads the full posterior; the same for the same belief."""
    at = [belief.labels.index(label(kind, name)) for name in names]
    root = np.linalg.cholesky(belief.covariance[np.ix_(at, at)])
    luck = np.random.default_rng(0).standard_normal((len(at), DRAWS))
    leaders = (belief.mean[at][:, None] + root @ luck).argmax(axis=0)
    return np.bincount(leaders, minlength=len(at)) / DRAWS


def _told(sd: float) -> float:
    """Nats that one short tells of an effect known to `sd` (in sd of a short's luck)."""
    return 0.5 * log(1 + sd**2)
