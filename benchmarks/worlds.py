"""A simulated audience with hidden tastes: what it makes of a short's factors, and of its luck.

Section 4.3's factorised world of the field guide: each level of each factor is worth N(0, .2^2), each whole
recipe N(0, .05^2) more, a video's luck N(0, 1), all in standard deviations of success; tastes drift slowly
and forget as an AR(1). Everything follows from the seed, for any factor and level names, so the same
audience can watch a table of recipes or the jobs of a real installation. It knows nothing of memory.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from math import exp, log, sqrt
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from apps.contracts.performance import Performance

#: Field guide 4.3: 6 hooks x 4 personas x 6 arcs.
FACTORS: dict[str, tuple[str, ...]] = {
    "hook": tuple(f"hook{n}" for n in range(6)),
    "persona": tuple(f"persona{n}" for n in range(4)),
    "emotion_curve": tuple(f"arc{n}" for n in range(6)),
}
#: Every recipe of FACTORS: one level index a factor.
RECIPES = np.array(list(product(*(range(len(levels)) for levels in FACTORS.values()))))
EFFECT_SD, INTERACTION_SD, NOISE_SD = 0.2, 0.05, 1.0
#: Videos after which tastes correlate one half with what they were, at three a day: two years.
DRIFT_HALF_LIFE = 2000.0
#: Videos made before a video's numbers are in: 3 days (field guide 1.4) at three a day.
DELAY = 9
#: Seconds over which half the viewers of an average short fall away, as e^(-d / 55) (field guide 1.4).
COMPLETION_SECONDS = 55.0
#: The factor that moves each part of a platform's numbers on its own (field guide 4.6).
MOVED_BY = {"hook": "hook", "pacing": "cut_rate_band", "loop": "loop_technique"}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One video before the audience: its success in sd, and the luck (sd) that was part of it."""

    success: float
    luck: float


@dataclass
class Audience:
    """Hidden tastes over `horizon` videos. `sees` says what a critic of it can see: a video's own luck
    ("take": how well this one came out) or its whole success ("outcome")."""

    seed: int
    horizon: int = 400
    half_life: float = DRIFT_HALF_LIFE
    effect_sd: float = EFFECT_SD
    interaction_sd: float = INTERACTION_SD
    sees: str = "take"
    _tastes: dict[str, NDArray[np.float64]] = field(default_factory=dict, repr=False)

    def taste(self, kind: str, level: str) -> NDArray[np.float64]:
        """What a level is worth at each video, in sd: (horizon,)."""
        name = f"{kind}/{level}"
        if name not in self._tastes:
            self._tastes[name] = self._drifting(self._random(name))
        return self._tastes[name]

    def expected(self, factors: Mapping[str, str], n: int) -> float:
        """The mean success in sd of a short with these factors as the n-th video."""
        at = min(n, self.horizon - 1)
        additive = sum(float(self.taste(kind, level)[at]) for kind, level in factors.items())
        recipe = "+".join(f"{kind}={level}" for kind, level in sorted(factors.items()))
        return additive + self.interaction_sd * float(self._random(recipe).standard_normal())

    def table(self, factors: Mapping[str, tuple[str, ...]] = FACTORS) -> NDArray[np.float64]:
        """The mean success of every recipe at each video: (horizon, recipes), in the order of `product`."""
        kinds = list(factors)
        tastes = [np.stack([self.taste(k, level) for level in factors[k]], axis=1) for k in kinds]
        index = np.array(list(product(*(range(len(factors[k])) for k in kinds))))
        additive = sum(worth[:, index[:, k]] for k, worth in enumerate(tastes))
        odd = self._random("recipes").standard_normal(len(index))
        together: NDArray[np.float64] = additive + self.interaction_sd * odd
        return together

    def watch(self, factors: Mapping[str, str], n: int) -> Outcome:
        """How the n-th video does; the same seed, factors and n do the same."""
        luck = float(self._random(f"luck/{n}").standard_normal()) * NOISE_SD
        return Outcome(success=self.expected(factors, n) + luck, luck=luck)

    def judged(self, outcome: Outcome, n: int, rho: float) -> float:
        """A critic's score (0-100) that correlates with what it can see of the outcome by `rho`."""
        seen = outcome.luck if self.sees == "take" else outcome.success
        own = float(self._random(f"critic/{n}").standard_normal())
        return float(np.clip(65.0 + 10.0 * (rho * seen + sqrt(1 - rho**2) * own), 0.0, 100.0))

    def performance(
        self, factors: Mapping[str, str], n: int, *, length_seconds: float, day: date, source: str = "api"
    ) -> Performance:
        """What a platform would report of the n-th video: every number moves with its success, and each
        part also with its own factor."""
        outcome, chance = self.watch(factors, n), self._random(f"numbers/{n}")
        odd = dict(zip(MOVED_BY, chance.standard_normal(3), strict=True))
        part = {name: self._part(name, factors, n, outcome, float(odd[name])) for name in MOVED_BY}
        views = int(1500 * exp(0.5 * outcome.success)) + 50
        skip = _share(0.35, -0.5 * part["hook"])
        completion = (1 - skip) * _share(exp(-length_seconds / COMPLETION_SECONDS), 0.5 * part["pacing"])
        replays = int(views * _share(0.08, 0.5 * part["loop"]))
        watched = length_seconds * (0.15 * skip + 0.6 * (1 - skip) + 0.4 * completion + replays / views)
        return Performance(
            day=day,
            views=views,
            engaged_views=int(views * (1 - skip)),
            average_watch_seconds=round(watched, 2),
            completion=round(completion, 4),
            replays=replays,
            shares=int(views * _share(0.02, 0.6 * outcome.success)),
            reach=int(views * 0.9),
            skip_rate=round(skip, 4),
            source=source,
        )

    def _part(self, name: str, factors: Mapping[str, str], n: int, outcome: Outcome, odd: float) -> float:
        """A component's own success in sd: mostly the video's, and twice what its own factor is worth."""
        kind = MOVED_BY[name]
        at = min(n, self.horizon - 1)
        own = float(self.taste(kind, factors[kind])[at]) if kind in factors else 0.0
        return 0.8 * outcome.success + own + 0.5 * odd

    def _drifting(self, random: np.random.Generator) -> NDArray[np.float64]:
        kept = 0.5 ** (1 / self.half_life) if self.half_life else 1.0
        steps = random.standard_normal(self.horizon) * self.effect_sd
        worth = np.empty(self.horizon)
        worth[0] = steps[0]
        for n in range(1, self.horizon):
            worth[n] = kept * worth[n - 1] + sqrt(1 - kept**2) * steps[n]
        return worth

    def _random(self, name: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, crc32(name.encode())])


def share_of_oracle(
    earned: NDArray[np.float64], table: NDArray[np.float64], horizon: int
) -> tuple[float, float]:
    """(gain, the oracle's gain) over random play in the first `horizon` videos: sums of mean success, sd.

    `earned` (videos,) is the mean success of what was made. The oracle knows every recipe's mean at any time.
    """
    usual = table[:horizon].mean(axis=1)
    return float((earned[:horizon] - usual).sum()), float((table[:horizon].max(axis=1) - usual).sum())


def _share(usual: float, shift: float) -> float:
    """A share (0-1) moved by `shift` on the logit scale."""
    usual = min(max(usual, 0.01), 0.99)
    return 1 / (1 + exp(-(log(usual / (1 - usual)) + shift)))
