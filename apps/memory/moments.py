"""What a platform's shorts add up to: all that beliefs are made of. Arrays only; it believes nothing.

Sums can be added to, taken back from and aged, so that one more short costs the same however many there
were; from the same shorts they are the same again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]

#: What is learned about, in the order of the arrays: the whole, and three parts (field guide 4.6).
COMPONENTS = ("total", "hook", "pacing", "loop")
#: Kinds of evidence: a short judged by the critic alone, known by real numbers alone, or both.
JUDGED, REAL, BOTH = range(3)
#: Who reads a short's success.
CRITIC, PLATFORM = range(2)
#: The label of the constant: what is usual on the platform.
USUAL = ""
#: What a short weighs after each later one of its platform: half after 350 shorts (field guide 4.3, 4.4).
DISCOUNT = 0.998
_NOTHING = (0.0,) * len(COMPONENTS)


@dataclass(frozen=True, kw_only=True)
class Short:
    """One short's evidence. `labels` are its factors; `critic` and `real` its success by COMPONENTS, in sd
    around the middle, None where nobody said. `weight` (0-1]: how much of a full reading `real` is."""

    labels: tuple[str, ...]
    critic: tuple[float, ...] | None = None
    real: tuple[float, ...] | None = None
    weight: float = 1.0

    @property
    def group(self) -> int | None:
        """JUDGED, REAL or BOTH; None without any evidence."""
        if self.real is None:
            return None if self.critic is None else JUDGED
        return REAL if self.critic is None else BOTH


@dataclass(frozen=True, kw_only=True)
class Moments:
    """Sums over shorts, discounted to the newest.

    Of D labels (the constant first), kinds of evidence, readers and C components: `xx` (3, D, D) sums x x',
    `xv` (3, 2, C, D) sums x v, and `vv` (3, C, 3) sums critic^2, real^2 and critic * real.
    """

    labels: tuple[str, ...] = (USUAL,)
    xx: Array = field(default_factory=lambda: np.zeros((3, 1, 1)))
    xv: Array = field(default_factory=lambda: np.zeros((3, 2, len(COMPONENTS), 1)))
    vv: Array = field(default_factory=lambda: np.zeros((3, len(COMPONENTS), 3)))

    def plus(self, short: Short, share: float = 1.0) -> "Moments":
        """With one more short at a share of its weight; a negative share takes it back."""
        group = short.group
        if group is None:
            return self
        grown = self.knowing(short.labels)
        at = np.array([0, *(grown.labels.index(label) for label in short.labels)])
        values = np.array([short.critic or _NOTHING, short.real or _NOTHING])
        weight = share * (1.0 if group == JUDGED else short.weight)
        xx, xv, vv = grown.xx.copy(), grown.xv.copy(), grown.vv.copy()
        xx[group, at[:, None], at] += weight
        xv[group][:, :, at] += weight * values[:, :, None]
        vv[group] += weight * np.stack([values[0] ** 2, values[1] ** 2, values[0] * values[1]], axis=1)
        return Moments(labels=grown.labels, xx=xx, xv=xv, vv=vv)

    def aged(self, shorts: int) -> "Moments":
        """As they weigh after so many later shorts."""
        share = DISCOUNT**shorts
        return replace(self, xx=self.xx * share, xv=self.xv * share, vv=self.vv * share)

    def knowing(self, labels: Sequence[str]) -> "Moments":
        """With room for these labels too."""
        new = tuple(dict.fromkeys(label for label in labels if label not in self.labels))
        if not new:
            return self
        more = (0, len(new))
        return Moments(
            labels=self.labels + new,
            xx=np.pad(self.xx, ((0, 0), more, more)),
            xv=np.pad(self.xv, ((0, 0), (0, 0), (0, 0), more)),
            vv=self.vv,
        )

    def over(self, labels: tuple[str, ...]) -> "Moments":
        """The same sums over exactly these labels, which hold all of its own."""
        if labels == self.labels:
            return self
        grown = self.knowing(labels)
        at = np.array([grown.labels.index(label) for label in labels])
        return replace(grown, labels=labels, xx=grown.xx[:, at[:, None], at], xv=grown.xv[:, :, :, at])
