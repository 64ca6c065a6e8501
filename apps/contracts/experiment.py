"""Shorts made to find out: what an experiment compares, and what can be said of the result."""

from dataclasses import dataclass
from uuid import UUID

from apps.contracts.brief import Brief
from apps.contracts.decision import FactorKind
from apps.contracts.performance import Rewards


class UnableToExperiment(ValueError):
    """No such experiment can be made of this brief: the field that is in the way, why, and what to do."""

    def __init__(self, field: str, reason: str, remedy: str) -> None:
        self.field, self.reason, self.remedy = field, reason, remedy
        super().__init__(f"{reason} {remedy}")


@dataclass(frozen=True, kw_only=True)
class Design:
    """One brief a level, alike in every choice but `factor`. `held` maps each other factor to its choice."""

    factor: FactorKind
    levels: tuple[str, ...]
    reason: str
    held: dict[str, str]
    briefs: tuple[Brief, ...]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """How one short of an experiment did: its real rewards, and the critic's total (0-100), where known.

    `factors` is what was really decided for it, empty before that.
    """

    job_id: UUID
    factors: dict[str, str]
    rewards: Rewards | None
    critic: float | None


@dataclass(frozen=True, kw_only=True)
class Level:
    """One level's shorts: how many have real numbers, their mean reward, and what the critic thinks.

    `critic_mean` is a proxy: it has no part in any comparison.
    """

    level: str
    n: int
    mean: float | None
    n_critic: int
    critic_mean: float | None


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two levels beside each other: the expected difference in points, first less second, and its 95 %
    interval. `n` counts pairs of shorts made alike. `apart`: the interval excludes 0. `more`: about how many
    further shorts of each level it takes to tell them apart, 0 where they are."""

    first: str
    second: str
    n: int
    difference: float
    low: float
    high: float
    apart: bool
    more: int


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What an experiment, with those made alike before it, has shown. `measure`: the reward compared.

    `winner` is None unless it can be told apart from every other level.
    """

    measure: str
    shorts: int
    levels: tuple[Level, ...]
    comparisons: tuple[Comparison, ...]
    winner: str | None
    said: str
