"""From beliefs to this plan's draws: what to follow, what to try, and what to rest. Arrays only; it learns
nothing and knows no storage.

Thompson sampling with a scaled posterior. In full it explores a world of many small effects for longer than
a channel lives: in field guide 4.3's factorised world it earns 4, 19 and 40 % of the oracle's gain after 30,
100 and 300 videos, where following the means earns 15, 34 and 42 and then sticks to what was lucky first.
Following them almost, and more boldly as they come to mean something, while fatigue and a floor keep the rest
in play, earns 14, 36 and 52 (2,000 worlds with delay and drift) and keeps half of all styles alive.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from apps.memory.model import Belief
from apps.memory.moments import Array

#: Points (0-100) at the middle, and for one sd of success: three sd span the scale (field guide 4.4).
MIDDLE, POINTS = 50.0, 50.0 / 3
#: Draws of the policy from which propensities are counted (field guide 4.4).
SAMPLES = 200
#: Share of the posterior's spread that is drawn once real numbers abound, how many are half of that, and by
#: how much more where a channel has grown uniform: twice costs nothing, four times 2 points of the gain.
BOLDNESS, BOLD_SHORTS, BOLDER = 0.3, 200.0, 2.0
#: Probability with which any candidate may lead, in full from FLOOR_SHORTS shorts' worth of evidence on
#: (field guide 4.7). It costs 3 points of the gain.
FLOOR, FLOOR_SHORTS = 0.08, 60.0
#: Sd of success a level loses for each natural log of 1 + its uses among the channel's RECENT newest. The
#: guide's .05 costs 2 points of the oracle's gain and wins no style that this does not.
FATIGUE, RECENT = 0.015, 10
#: Shorts in a row after which what they share rests for one plan.
ROW = 3
#: Points that a resting level loses: no fit makes up for them.
RESTING = 40.0
#: Shorts a channel must have made before it can be called uniform, and the share of what it could show that
#: is too little (field guide 4.7).
ENOUGH, UNIFORM = 10, 0.4
#: Newest shorts over which a channel's variety is measured.
WINDOW = 30


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """One candidate in points: mean and sd of the posterior, sd before evidence, this plan's draw, more
    draws of the same policy, uses of late, and whether it rests this time."""

    kind: str
    reference: str
    mean: float
    sd: float
    prior_sd: float
    draw: float
    samples: tuple[float, ...]
    uses: int
    rests: bool


def label(kind: str, reference: str) -> str:
    """How a factor is called in the model."""
    return f"{kind}/{reference}"


def weigh(
    beliefs: Mapping[str, Belief],
    candidates: Mapping[str, Sequence[str]],
    *,
    history: Sequence[Mapping[str, str]] = (),
    known: Mapping[str, int] | None = None,
    seed: Sequence[int] = (0,),
    samples: int = SAMPLES,
) -> list[Weighed]:
    """Every candidate of every kind, from one draw of the whole model (and `samples` more).

    `beliefs` holds, by kind, the belief of the component that teaches it, all over the same labels;
    `history` the channel's factors, newest first; `known` how many levels there are by kind.
    """
    chance = np.random.default_rng(list(seed))
    any_belief = next(iter(beliefs.values()))
    luck = chance.standard_normal((len(any_belief.labels), samples + 1))
    thrown = {key: _thrown(belief, luck) for key, belief in {id(b): b for b in beliefs.values()}.items()}
    resting = resting_levels(beliefs, candidates, history)
    weighed: list[Weighed] = []
    for kind, references in candidates.items():
        belief = beliefs[kind]
        bold = boldness(belief)
        if is_uniform(kind, history, (known or {}).get(kind, len(references))):
            bold = min(BOLDER * bold, 1.0)
        drawn = belief.mean[:, None] + bold * thrown[id(belief)]
        uses = Counter(factors.get(kind) for factors in history[:RECENT])
        weighed += _kind(belief, drawn, kind, references, uses, resting, chance)
    return weighed


def boldness(belief: Belief) -> float:
    """The share of the posterior's spread that is drawn: all of it until real numbers come."""
    real = belief.real
    return exp(-real) + BOLDNESS * real / (real + BOLD_SHORTS)


def effective(counts: Sequence[int]) -> float:
    """How many styles a mix amounts to: exp(entropy) (field guide 4.7)."""
    shares = np.array([n for n in counts if n], dtype=float)
    if not len(shares):
        return 0.0
    shares /= shares.sum()
    return float(np.exp(-(shares * np.log(shares)).sum()))


def is_uniform(kind: str, history: Sequence[Mapping[str, str]], known: int) -> bool:
    """Whether a channel's newest shorts show too few levels of what there are."""
    shown = [factors[kind] for factors in history[:WINDOW] if kind in factors]
    if len(shown) < ENOUGH or known < 2:
        return False
    return effective(list(Counter(shown).values())) < UNIFORM * known


def resting_levels(
    beliefs: Mapping[str, Belief],
    candidates: Mapping[str, Sequence[str]],
    history: Sequence[Mapping[str, str]],
) -> set[str]:
    """What must not be chosen this time: of a recipe shown ROW times in a row, the level that is missed
    least. To rest each level on its own would cost 7 points of the oracle's gain of 52."""
    newest = history[:ROW]
    free = [kind for kind, references in candidates.items() if len(set(references)) > 1]
    if len(newest) < ROW or not free:
        return set()
    if any(factors.get(kind) != newest[0].get(kind) for factors in newest for kind in free):
        return set()
    missed = {kind: _loss(beliefs[kind], kind, newest[0].get(kind, ""), candidates[kind]) for kind in free}
    rested = min(missed, key=lambda kind: missed[kind])
    return {label(rested, newest[0].get(rested, ""))}


def _loss(belief: Belief, kind: str, shown: str, references: Sequence[str]) -> float:
    """What the best other candidate is worth less than the one shown."""
    means = {name: belief.mean[belief.place[label(kind, name)]] for name in references}
    if shown not in means:
        return float("inf")
    return float(means[shown] - max(mean for name, mean in means.items() if name != shown))


def _thrown(belief: Belief, luck: Array) -> Array:
    """How far each draw lies from the mean: (D, draws)."""
    thrown: Array = np.linalg.cholesky(belief.covariance) @ luck
    return thrown


def _kind(
    belief: Belief,
    drawn: Array,
    kind: str,
    references: Sequence[str],
    uses: Counter[str | None],
    resting: set[str],
    chance: np.random.Generator,
) -> list[Weighed]:
    names = list(dict.fromkeys(references))
    at = [belief.place[label(kind, name)] for name in names]
    mean, sd, before = estimates(belief, kind, names)
    values = _base(belief, kind, at) + _beside(drawn[at])
    values -= FATIGUE * np.log1p([[uses[name]] for name in names])
    rests = [label(kind, name) in resting for name in names]
    points = MIDDLE + POINTS * _floored(values, _floor(belief), chance) - RESTING * np.array(rests)[:, None]
    samples = np.round(points[:, 1:], 3).tolist()
    return [
        Weighed(
            kind=kind,
            reference=name,
            mean=float(mean[k]),
            sd=float(sd[k]),
            prior_sd=float(before[k]),
            draw=float(points[k, 0]),
            samples=tuple(samples[k]),
            uses=uses[name],
            rests=rests[k],
        )
        for k, name in enumerate(names)
    ]


def estimates(belief: Belief, kind: str, references: Sequence[str]) -> tuple[Array, Array, Array]:
    """Mean, sd and sd before any evidence of each candidate, in points, set against each other."""
    at = [belief.place[label(kind, name)] for name in references]
    mean = _base(belief, kind, at) + _beside(belief.mean[at])
    block = np.ix_(at, at)
    spreads = [POINTS * _spread_beside(cov[block]) for cov in (belief.covariance, belief.before)]
    return MIDDLE + POINTS * mean, spreads[0], spreads[1]


def _beside(values: Array) -> Array:
    """Effects beside their own mean: only differences can be chosen among, and only they are ever known."""
    return values - values.mean(axis=0) if len(values) > 1 else values


def _spread_beside(covariance: Array) -> Array:
    """Standard deviations of effects beside their own mean."""
    if len(covariance) == 1:
        return np.sqrt(np.diag(covariance))
    return np.sqrt(np.diag(covariance) - 2 * covariance.mean(axis=0) + covariance.mean())


def _base(belief: Belief, kind: str, at: Sequence[int]) -> float:
    """What a usual short earns with a middling candidate of this kind, in sd."""
    mine = belief.kinds[kind]
    others = belief.usual @ belief.mean - belief.usual[mine] @ belief.mean[mine]
    middling = belief.mean[at].mean() if len(at) > 1 else 0.0
    return float(others + middling * belief.usual[0])


def _floor(belief: Belief) -> float:
    return FLOOR * min(belief.shorts / FLOOR_SHORTS, 1.0)


def _floored(values: Array, floor: float, chance: np.random.Generator) -> Array:
    """Draws of which a share `floor` is dealt out among the candidates at random."""
    dealt = np.flatnonzero(chance.random(values.shape[1]) < floor)
    if not len(dealt):
        return values
    mixed = values.copy()
    mixed[:, dealt] = chance.permuted(values[:, dealt], axis=0)
    return mixed
