"""Other ways to learn what wins, for `benchmarks.memory` to compare with.

All of them choose level by level, which is kind to them: keyed on whole recipes (144 of them) they would
learn next to nothing in 300 videos (field guide 4.3).
"""

import warnings
from collections.abc import Sequence
from math import log, sqrt
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Recipe = tuple[int, ...]


class Rival(Protocol):
    """Chooses a level index for each factor, and hears later how it did, in sd of success."""

    def choose(self) -> Recipe: ...

    def learn(self, recipe: Recipe, success: float) -> None: ...


class Random:
    """Tries everything alike."""

    def __init__(self, sizes: Sequence[int], seed: int) -> None:
        self.sizes, self.chance = tuple(sizes), np.random.default_rng([seed, 1])

    def choose(self) -> Recipe:
        return tuple(int(self.chance.integers(size)) for size in self.sizes)

    def learn(self, recipe: Recipe, success: float) -> None:
        pass


class BestScore(Random):
    """Remembers the best single score of every level and uses the winner; explores with 20 %."""

    explores = 0.2

    def __init__(self, sizes: Sequence[int], seed: int) -> None:
        super().__init__(sizes, seed)
        self.best = [np.full(size, -np.inf) for size in sizes]

    def choose(self) -> Recipe:
        if self.chance.random() < self.explores:
            return super().choose()
        return tuple(_leader(best, self.chance) for best in self.best)

    def learn(self, recipe: Recipe, success: float) -> None:
        for best, level in zip(self.best, recipe, strict=True):
            best[level] = max(best[level], success)


class Greedy(Random):
    """Follows the means of the same additive model with the true prior, and nothing else."""

    effect_sd = 0.2

    def __init__(self, sizes: Sequence[int], seed: int) -> None:
        super().__init__(sizes, seed)
        self.starts = np.cumsum([1, *sizes])
        self.precision = np.diag([1.0, *[1 / self.effect_sd**2] * sum(sizes)])
        self.information = np.zeros(self.starts[-1])

    def choose(self) -> Recipe:
        mean = np.linalg.solve(self.precision, self.information)
        parts = [mean[a:b] for a, b in zip(self.starts[:-1], self.starts[1:], strict=True)]
        return tuple(_leader(part, self.chance) for part in parts)

    def learn(self, recipe: Recipe, success: float) -> None:
        at = np.array([0, *(int(a) + level for a, level in zip(self.starts[:-1], recipe, strict=True))])
        self.precision[at[:, None], at] += 1.0
        self.information[at] += success


class Ucb1(Random):
    """Mean plus sqrt(2 ln n / n_level) of every level (Auer et al. 2002), in sd."""

    def __init__(self, sizes: Sequence[int], seed: int) -> None:
        super().__init__(sizes, seed)
        self.sums = [np.zeros(size) for size in sizes]
        self.counts = [np.zeros(size) for size in sizes]

    def choose(self) -> Recipe:
        return tuple(_leader(self._bounds(k), self.chance) for k in range(len(self.sizes)))

    def learn(self, recipe: Recipe, success: float) -> None:
        for k, level in enumerate(recipe):
            self.sums[k][level] += success
            self.counts[k][level] += 1

    def _bounds(self, k: int) -> NDArray[np.float64]:
        counts = self.counts[k]
        bonus = sqrt(2 * log(max(counts.sum(), 2)))
        seen = np.maximum(counts, 1)
        return np.where(counts > 0, self.sums[k] / seen + bonus / np.sqrt(seen), np.inf)


class LinTs(Random):
    """MABWiser's LinTS (Apache-2.0), one bandit a factor, with its own defaults (alpha 1, l2_lambda 1)."""

    def __init__(self, sizes: Sequence[int], seed: int) -> None:
        super().__init__(sizes, seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from mabwiser.mab import MAB, LearningPolicy
        self.bandits = [
            MAB(list(range(size)), LearningPolicy.LinTS(alpha=1.0, l2_lambda=1.0), seed=seed + k)
            for k, size in enumerate(sizes)
        ]
        self.knows = False

    def choose(self) -> Recipe:
        if not self.knows:
            return super().choose()
        return tuple(int(bandit.predict([[1.0]])) for bandit in self.bandits)

    def learn(self, recipe: Recipe, success: float) -> None:
        for bandit, level in zip(self.bandits, recipe, strict=True):
            learn = bandit.partial_fit if self.knows else bandit.fit
            learn([level], [success], [[1.0]])
        self.knows = True


RIVALS: dict[str, type[Random]] = {
    "random": Random,
    "best_score": BestScore,
    "greedy": Greedy,
    "ucb1": Ucb1,
    "lints": LinTs,
}


def _leader(values: NDArray[np.float64], chance: np.random.Generator) -> int:
    """The best; one of the best at random where they are equal."""
    return int(chance.choice(np.flatnonzero(values >= values.max() - 1e-12)))
