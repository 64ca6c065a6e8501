"""Compares the levels of a factor from shorts made alike, and says no more than they can show. No I/O.

Each experiment is a block: its shorts share everything but the level, so only differences inside a block
count. A difference of two levels is N(0, 2 tau^2) before any evidence, tau = 0.3 sigma (field guide 4.3); a
block's difference is normal around it with variance 2 sigma^2. That shrinks what one lucky short shows to
nearly nothing: n pairs make the posterior mean their mean times n / (n + 11), and a single pair has to
differ by nearly ten sigma to be told apart. Sigma is estimated, from a prior worth SIGMA_WEIGHT shorts.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from math import ceil, erf, exp, pi, sqrt
from statistics import fmean
from uuid import UUID

from scipy.special import stdtrit

from apps.contracts.experiment import Comparison, Findings, Level, Trial
from apps.contracts.performance import component_of

#: Points by which shorts that are made alike differ from each other, before they have shown it: rewards
#: have 50 in their middle and reach 0 and 100 three standard deviations from it.
SIGMA = 50.0 / 3
#: Shorts' worth of evidence that SIGMA weighs.
SIGMA_WEIGHT = 10
#: Spread of a factor's levels, in sigma (field guide 4.3).
TAU = 0.3
#: Chance that an interval holds the difference.
CONFIDENCE = 0.95
#: Shorts of each level to tell a difference of d sigma apart, times d^2: 2 (1.96 + .84)^2 (field guide 4.2).
NEEDED = 15.7

Block = Mapping[str, Trial]
"""One experiment's trials by level."""


def findings(factor: str, levels: Sequence[str], blocks: Mapping[UUID, Block], newest: UUID) -> Findings:
    """What all `blocks` show of `levels`; `newest` is the experiment that is asked about."""
    measure = _measure(factor, blocks)
    values = [_values(block, measure) for block in blocks.values()]
    sigma, freedom = _sigma(values)
    comparisons = tuple(_compared(a, b, values, sigma, freedom) for a, b in combinations(levels, 2))
    winner = _winner(levels, comparisons)
    shorts = sum(len(block) for block in values)
    return Findings(
        measure=measure,
        shorts=shorts,
        levels=tuple(_level(level, blocks.values(), measure) for level in levels),
        comparisons=comparisons,
        winner=winner,
        said=_said(winner, comparisons, shorts, len(_values(blocks[newest], measure)), len(levels)),
    )


def _measure(factor: str, blocks: Mapping[UUID, Block]) -> str:
    """The factor's own component where every short that has numbers has it, else the whole reward."""
    own = component_of(factor)
    known = [t.rewards for block in blocks.values() for t in block.values() if t.rewards]
    return own if known and all(getattr(rewards, own) is not None for rewards in known) else "total"


def _values(block: Block, measure: str) -> dict[str, float]:
    values = {level: getattr(t.rewards, measure) for level, t in block.items() if t.rewards}
    return {level: value for level, value in values.items() if value is not None}


def _sigma(blocks: Iterable[Mapping[str, float]]) -> tuple[float, float]:
    """Standard deviation of one short around its block and level, and the degrees of freedom behind it.

    Level effects are left in: they widen the estimate, which errs on the side of silence.
    """
    squares, freedom = 0.0, 0
    for values in blocks:
        if len(values) > 1:
            middle = fmean(values.values())
            squares += sum((value - middle) ** 2 for value in values.values())
            freedom += len(values) - 1
    all_freedom = SIGMA_WEIGHT + freedom
    return sqrt((SIGMA_WEIGHT * SIGMA**2 + squares) / all_freedom), float(all_freedom)


def _compared(
    first: str, second: str, blocks: Iterable[Mapping[str, float]], sigma: float, freedom: float
) -> Comparison:
    differences = [values[first] - values[second] for values in blocks if {first, second} <= values.keys()]
    n = len(differences)
    mean = sum(differences) / (n + TAU**-2)
    sd = sqrt(2 / (n + TAU**-2)) * sigma
    reach = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * sd
    apart = abs(mean) > reach
    return Comparison(
        first=first,
        second=second,
        n=n,
        difference=round(mean, 2),
        low=round(mean - reach, 2),
        high=round(mean + reach, 2),
        apart=apart,
        more=0 if apart else more_shorts(mean, sd, sigma, n),
    )


def more_shorts(mean: float, sd: float, sigma: float, n: int) -> int:
    """About how many more shorts of each level tell a difference apart that is expected to be as large as the
    posterior N(mean, sd^2) says: NEEDED / d^2 with d = E|difference| / sigma, less the `n` there are."""
    standard = mean / sd
    folded = sd * sqrt(2 / pi) * exp(-(standard**2) / 2) + mean * erf(standard / sqrt(2))
    return max(ceil(NEEDED / (folded / sigma) ** 2) - n, 1)


def _winner(levels: Sequence[str], comparisons: Iterable[Comparison]) -> str | None:
    beaten: dict[str, set[str]] = {level: set() for level in levels}
    for one in comparisons:
        if one.apart:
            better, worse = (one.first, one.second) if one.difference > 0 else (one.second, one.first)
            beaten[better].add(worse)
    return next((level for level in levels if len(beaten[level]) == len(levels) - 1), None)


def _level(level: str, blocks: Iterable[Block], measure: str) -> Level:
    trials = [block[level] for block in blocks if level in block]
    values = [v for t in trials if t.rewards and (v := getattr(t.rewards, measure)) is not None]
    critic = [t.critic for t in trials if t.critic is not None]
    return Level(
        level=level,
        n=len(values),
        mean=round(fmean(values), 2) if values else None,
        n_critic=len(critic),
        critic_mean=round(fmean(critic), 2) if critic else None,
    )


def _said(winner: str | None, comparisons: Sequence[Comparison], shorts: int, here: int, wanted: int) -> str:
    if not shorts:
        return "No short of this experiment has real numbers yet, so nothing can be said."
    missing = f" {wanted - here} of its {wanted} shorts have no numbers yet." if here < wanted else ""
    if winner:
        rest = "the other" if wanted == 2 else f"each of the other {wanted - 1}"
        return f"{winner} does better than {rest}: every interval excludes 0.{missing}"
    apart = [c for c in comparisons if c.apart]
    told = "".join(f" {_better(c)}." for c in apart)
    more = min(c.more for c in comparisons if not c.apart)
    return (
        f"No level can be told apart from all others.{told} If the levels differ as much as now seems "
        f"likely, about {more} more shorts of each would show the next difference.{missing}"
    )


def _better(one: Comparison) -> str:
    better, worse = (one.first, one.second) if one.difference > 0 else (one.second, one.first)
    return f"{better} does better than {worse}"
