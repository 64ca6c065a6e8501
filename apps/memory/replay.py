"""Off-policy checks: what other choices would have earned, from the propensities on record. Numbers only.

A short whose choices were unlikely stands for the many that were not made (Horvitz and Thompson 1952). The
weights of a short's factors multiply; self-normalised (Hajek), so that their sum need not be exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

#: Shorts with propensities and rewards below which nothing is said.
LEAST = 20
#: Weights beyond this many times the mean are cut: one rare short must not speak for all (bias for variance).
CUT = 10.0


@dataclass(frozen=True, kw_only=True)
class Logged:
    """One short: its reward in points, and of each of its choices how likely it was and how likely it would
    have been among even ones."""

    reward: float
    propensities: tuple[float, ...]
    evens: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Check:
    """What was earned, in points, and what choosing evenly would have: `even` with half its 95 % interval,
    from `effective` shorts' worth of weights."""

    n: int
    mean: float
    even: float
    half: float
    effective: float


def check(shorts: Sequence[Logged]) -> Check | None:
    """The policy beside even choices on the same shorts; None where too few are known."""
    if len(shorts) < LEAST:
        return None
    rewards = np.array([short.reward for short in shorts])
    weights = np.array(
        [np.prod(short.evens) / np.prod(np.maximum(short.propensities, 0.005)) for short in shorts]
    )
    weights = np.minimum(weights, CUT * weights.mean())
    even = float(weights @ rewards / weights.sum())
    error = float(np.sqrt((weights**2) @ (rewards - even) ** 2) / weights.sum())
    return Check(
        n=len(shorts),
        mean=float(rewards.mean()),
        even=even,
        half=1.96 * error,
        effective=float(weights.sum() ** 2 / (weights**2).sum()),
    )
