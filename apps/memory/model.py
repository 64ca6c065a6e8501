"""An additive Bayesian linear model of success on a platform. Arrays only: no storage and no chance.

A short's success is the sum of what its factors are worth, plus luck; all effects theta are believed jointly,
so that what one factor did is not credited to another that went with it. Platforms share most of theta. In sd
of success (field guide 4.4):

    y = x theta + e,  e ~ N(0, s^2)                      real numbers
    y - rho s (c - x b),  e ~ N(0, s^2 (1 - rho^2))      the critic c as control variate
    rho c,  e ~ N(0, s^2 / rho^2)                        the critic alone: a weak proxy

`b` is the critic's own taste: what it scores by the factors themselves. With the mean of c in its place, as
the guide has it, a critic who likes a hook would count against that hook. Its size is measured, and is 0 for
a critic who only sees how well a take came out. rho is the correlation of what factors leave of c and y.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from apps.memory.moments import BOTH, COMPONENTS, CRITIC, JUDGED, PLATFORM, REAL, USUAL, Array, Moments

#: What levels of a factor are worth everywhere, sd in sd of success; a platform's own lie half as far around
#: that. Larger: less shrinkage, more belief in lucky shorts.
EFFECT_SD = 0.2
PLATFORM_SD = 0.5 * EFFECT_SD
#: The same for the constant: what is usual differs between platforms, and is soon known.
USUAL_SD = USUAL_PLATFORM_SD = 0.5
#: Correlation with real success that a critic of rules is granted before it is measured (field guide 2.0),
#: and the shorts with both readings that this grant weighs.
GRANTED, GRANTED_PAIRS = 0.3, 20.0
#: Shorts with both readings below which the critic is no control variate; from there the measured
#: correlation is shrunk by as many more as SHRINKING_PAIRS.
LEAST_PAIRS, SHRINKING_PAIRS = 20.0, 10.0
#: No critic is believed to be more than this: a perfect one would leave no luck to divide by.
MOST = 0.95
#: Expected spread of real success and of the critic's scores, in sd, and the shorts that this weighs.
SPREAD, SPREAD_SHORTS = {PLATFORM: 1.0, CRITIC: 0.6}, 10.0
#: The candidates for the sd of the critic's taste, in sd of its scores: the likeliest is taken.
TASTES = np.array([0.05, 0.1, 0.2, 0.4, 0.8])


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How far the critic is believed, for one component.

    `rho` works as control variate (0 until LEAST_PAIRS), `slope` is its lambda in points of success for a
    point of critic; `trust` is the correlation granted or measured; `taste` is the sd of what the critic
    scores by factors, in its sd. `pairs`: shorts with both readings.
    """

    rho: float = 0.0
    slope: float = 0.0
    trust: float = GRANTED
    taste: float = 0.0
    pairs: float = 0.0

    @property
    def proxy(self) -> float:
        """What a short with a judgement alone weighs, in shorts with real numbers: less as these come."""
        return self.trust**2 * GRANTED_PAIRS / (GRANTED_PAIRS + self.pairs)


@dataclass(frozen=True, kw_only=True)
class Likelihood:
    """What one platform's shorts say of its effects: precision (D, D) and information (D,)."""

    precision: Array
    information: Array
    reading: Reading = Reading()


@dataclass(frozen=True, kw_only=True)
class Belief:
    """One component's effects on one platform: mean (D,) and covariance (D, D) over `labels`, in sd; `before`
    is the covariance without any evidence, `usual` (D,) the discounted mean short, `real` how many shorts
    have real numbers, and `shorts` what all evidence amounts to in such shorts."""

    labels: tuple[str, ...]
    mean: Array
    covariance: Array
    before: Array
    usual: Array
    real: float
    shorts: float
    reading: Reading

    @cached_property
    def place(self) -> dict[str, int]:
        """Where each label stands in the arrays."""
        return {name: n for n, name in enumerate(self.labels)}

    @cached_property
    def kinds(self) -> dict[str, list[int]]:
        """Where the levels of each kind of factor stand."""
        found: dict[str, list[int]] = {}
        for n, name in enumerate(self.labels):
            found.setdefault(name.partition("/")[0], []).append(n)
        return found


def believe(
    platform: str, moments: Mapping[str, Moments], component: str, labels: Sequence[str] = ()
) -> Belief:
    """The posterior of one component on one platform, from all platforms' moments.

    `labels` are believed in too where nobody has tried them. Each other platform q tells of the shared
    effects through M = A (I + D A)^-1 of its evidence A and its own variance D (the effects of q integrated
    out), which then are the prior here.
    """
    named = {name for known in moments.values() for name in known.labels} | set(labels)
    every = (USUAL, *sorted(named - {USUAL}))
    shared = np.array([USUAL_SD**2 if name == USUAL else EFFECT_SD**2 for name in every])
    own = np.array([USUAL_PLATFORM_SD**2 if name == USUAL else PLATFORM_SD**2 for name in every])
    here = moments.get(platform, Moments()).over(every)
    said = likelihood(here, component, shared + own)
    others = [m.over(every) for name, m in moments.items() if name != platform]
    before, centre = _prior([likelihood(m, component, shared + own) for m in others], shared, own)
    covariance = np.linalg.inv(before + said.precision)
    count = here.xx[:, 0].sum(axis=0)
    real = float(here.xx[REAL, 0, 0] + here.xx[BOTH, 0, 0])
    return Belief(
        labels=every,
        mean=covariance @ (before @ centre + said.information),
        covariance=covariance,
        before=np.diag(shared + own),
        usual=count / count[0] if count[0] else np.zeros(len(every)),
        real=real,
        shorts=real + said.reading.proxy * float(here.xx[JUDGED, 0, 0]),
        reading=said.reading,
    )


def likelihood(moments: Moments, component: str, variances: Array) -> Likelihood:
    """What one platform's shorts say of its effects; `variances` (D,) is the effects' prior."""
    size = len(moments.labels)
    if not moments.xx[:, 0, 0].any():
        return Likelihood(precision=np.zeros((size, size)), information=np.zeros(size))
    read = _Readings(moments, COMPONENTS.index(component))
    reading = _reading(read, variances)
    rho, proxy, free = reading.rho, reading.proxy, 1 - reading.rho**2
    paired = read.xy[BOTH] - rho * (read.xc[BOTH] - read.xx[BOTH] @ read.liked)
    precision = read.xx[REAL] + read.xx[BOTH] / free + proxy * read.xx[JUDGED]
    information = read.xy[REAL] + paired / free + proxy * reading.trust * read.xc[JUDGED]
    return Likelihood(
        precision=precision / read.spread**2, information=information / read.spread, reading=reading
    )


class _Readings:
    """One component's moments as both instruments read them: success and critic each in its own sd, the
    critic around its mean; `liked` (D,) is what the critic scores by factors, `taste` its sd."""

    def __init__(self, moments: Moments, which: int) -> None:
        xc, xy = moments.xv[:, CRITIC, which], moments.xv[:, PLATFORM, which]
        cc, yy, yc = moments.vv[:, which].T
        self.xx = moments.xx
        judged = self.xx[JUDGED] + self.xx[BOTH]
        mean, self.width = _spread(judged[0, 0], xc[JUDGED, 0] + xc[BOTH, 0], cc.sum(), SPREAD[CRITIC])
        known = self.xx[REAL, 0, 0] + self.xx[BOTH, 0, 0]
        _, self.spread = _spread(known, xy[REAL, 0] + xy[BOTH, 0], yy.sum(), SPREAD[PLATFORM])
        self.xc, self.xy = (xc - mean * self.xx[:, 0]) / self.width, xy / self.spread
        self.pairs, c, y = float(self.xx[BOTH, 0, 0]), xc[BOTH, 0], xy[BOTH, 0]
        squares = (cc[BOTH] - 2 * mean * c + self.pairs * mean**2) / self.width**2
        crossed = (yc[BOTH] - mean * y) / (self.width * self.spread)
        #: Sums of c^2, c y and y^2 over shorts with both readings.
        self.of_pairs = np.array([[squares, crossed], [crossed, yy[BOTH] / self.spread**2]])
        self.liked, self.taste = _taste(judged, self.xc[JUDGED] + self.xc[BOTH])


def _taste(xx: Array, xc: Array) -> tuple[Array, float]:
    """What the critic scores by factors, shrunken, and the likeliest sd of it: 0 where chance explains it."""
    around = np.eye(len(xx))
    around[:, 0] -= xx[0] / max(xx[0, 0], 1e-12)
    powers, axes = np.linalg.eigh(around @ xx @ around.T)
    along, powers = axes.T @ xc, np.maximum(powers, 0.0)
    kept = 1 / (powers + 1 / TASTES[:, None] ** 2)
    evidence = 0.5 * (kept @ along**2 - np.log1p(TASTES[:, None] ** 2 * powers).sum(axis=1))
    best = int(evidence.argmax())
    if evidence[best] <= 0:
        return np.zeros(len(xx)), 0.0
    liked = axes @ (kept[best] * along)
    liked[0] -= xx[0] @ liked / max(xx[0, 0], 1e-12)
    return liked, float(TASTES[best])


def _spread(count: float, total: float, squares: float, expected: float) -> tuple[float, float]:
    """Mean and standard deviation, the latter shrunk towards `expected`."""
    if count <= 0:
        return 0.0, expected
    about = max(squares - total**2 / count, 0.0)
    variance = (SPREAD_SHORTS * expected**2 + about) / (SPREAD_SHORTS + count)
    return float(total / count), float(np.sqrt(variance))


def _reading(read: _Readings, variances: Array) -> Reading:
    """What is believed of the critic from shorts with both readings."""
    n = read.pairs
    measured = _correlation(read, variances) if n >= 2 else 0.0
    trust = float(np.clip((GRANTED_PAIRS * GRANTED + n * measured) / (GRANTED_PAIRS + n), 0.0, MOST))
    rho = float(np.clip(measured * n / (n + SHRINKING_PAIRS), -MOST, MOST)) if n >= LEAST_PAIRS else 0.0
    return Reading(rho=rho, slope=rho * read.spread / read.width, trust=trust, taste=read.taste, pairs=n)


def _correlation(read: _Readings, variances: Array) -> float:
    """Of critic and success, what taste and effects leave of either."""
    xx, x = read.xx[BOTH], np.stack([read.xc[BOTH], read.xy[BOTH]], axis=1)
    effects = np.linalg.solve(xx + np.diag(1 / variances), x[:, 1])
    fit = np.stack([read.liked, effects], axis=1)
    shared = fit.T @ x
    left = read.of_pairs - shared - shared.T + fit.T @ xx @ fit
    alone = left[0, 0] * left[1, 1]
    return float(left[0, 1] / np.sqrt(alone)) if alone > 1e-12 else 0.0


def _prior(others: Sequence[Likelihood], shared: Array, own: Array) -> tuple[Array, Array]:
    """Precision and mean of a platform's effects, from what other platforms say of the shared ones."""
    if not others:
        return np.diag(1 / (shared + own)), np.zeros(len(own))
    precision, information = np.diag(1 / shared), np.zeros(len(shared))
    for said in others:
        blurred = np.linalg.inv(np.eye(len(own)) + said.precision * own)
        precision = precision + blurred @ said.precision
        information = information + blurred @ said.information
    around = np.linalg.inv(precision)
    return np.linalg.inv(around + np.diag(own)), around @ information
