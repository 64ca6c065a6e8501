"""Shrunken estimates of how well a factor does, and draws from them. Numbers only, no storage.

Normal model with known variance: a video's score is its factor's mean plus noise of NOISE_SD, and
factors differ by EFFECT_SD. Keeping the sums and shrinking them, rather than remembering winners, is
what keeps one lucky video from becoming a style (field guide 4.3).
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from math import log, sqrt

#: Mean score expected before anything is known, 0-100.
PRIOR_MEAN = 60.0
#: Points by which videos with the same factor differ, and by which factors differ from each other.
NOISE_SD = 15.0
EFFECT_SD = 0.3 * NOISE_SD
#: Videos' worth of evidence that the prior weighs: NOISE_SD^2 / EFFECT_SD^2, about 11.
PSEUDO_COUNT = (NOISE_SD / EFFECT_SD) ** 2
#: Videos' worth that PRIOR_MEAN itself weighs against a platform's own mean: little, so that an
#: untried factor is expected to do as well as the others there, not as well as a constant says.
PLATFORM_PSEUDO_COUNT = 3.0
#: Correlation with real success that a critic of rules can claim until it is measured.
CRITIC_CORRELATION = 0.3
#: What one judgement weighs against one video's real numbers: its variance is 1 / rho^2 times theirs.
TRUST = {"critic": CRITIC_CORRELATION**2, "platform": 1.0, "human": 1.0}
#: Points a factor loses for each natural log of 1 + its recent uses (0.05 sd): the audience tires.
FATIGUE = 0.05 * NOISE_SD


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What is kept of a factor's evidence: `n` videos, and their trust-weighted 0th to 2nd moments."""

    n: int = 0
    weight: float = 0.0
    sum: float = 0.0
    sum_squares: float = 0.0

    def plus(self, value: float, trust: float, *, videos: int = 1) -> "Sums":
        """With one more value; a negative trust and `videos=-1` take one back."""
        return Sums(
            n=self.n + videos,
            weight=self.weight + trust,
            sum=self.sum + trust * value,
            sum_squares=self.sum_squares + trust * value * value,
        )


@dataclass(frozen=True, kw_only=True)
class Posterior:
    """Mean and standard deviation of a factor's expected score, in points."""

    mean: float
    sd: float


def platform_mean(evidence: Iterable[Sums]) -> float:
    """What an untried factor of the same kind is expected to score on this platform."""
    known = list(evidence)
    weight = sum(s.weight for s in known)
    shrink = PLATFORM_PSEUDO_COUNT * TRUST["critic"]
    return PRIOR_MEAN + (sum(s.sum for s in known) - weight * PRIOR_MEAN) / (weight + shrink)


def posterior(sums: Sums, prior_mean: float = PRIOR_MEAN) -> Posterior:
    """The factor's mean, shrunk towards `prior_mean` by PSEUDO_COUNT videos."""
    precision = PSEUDO_COUNT + sums.weight
    mean = (PSEUDO_COUNT * prior_mean + sums.sum) / precision
    return Posterior(mean=mean, sd=NOISE_SD / sqrt(precision))


def draw(belief: Posterior, *, recent_uses: int, key: str) -> float:
    """One Thompson sample, less fatigue. The same key gives the same draw."""
    return random.Random(key).gauss(belief.mean, belief.sd) - FATIGUE * log(1 + recent_uses)
