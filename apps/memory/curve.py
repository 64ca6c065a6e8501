"""The learning curve: shorts in order, each with the mean of those just before it. Numbers only."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from uuid import UUID

from apps.contracts.performance import LearningPoint

#: Newest shorts that a point's average is taken over.
AVERAGED = 20


@dataclass(frozen=True, kw_only=True)
class Learned:
    """One short that something was learned from."""

    job_id: UUID
    reward: float | None
    critic: float | None


def points(shorts: Sequence[Learned], limit: int, *, before: int = 0) -> tuple[LearningPoint, ...]:
    """The newest `limit` points of shorts given oldest first; earlier ones only count in averages.

    `before` shorts came before these. An average is one of rewards as soon as there are any among the newest,
    for the critic's scores lie on another scale.
    """
    window: deque[Learned] = deque(maxlen=AVERAGED)
    found = []
    for n, short in enumerate(shorts, start=before + 1):
        window.append(short)
        found.append(
            LearningPoint(
                job_id=short.job_id,
                n=n,
                reward=short.reward,
                critic=short.critic,
                average=round(_average(window), 2),
            )
        )
    return tuple(found[-limit:]) if limit > 0 else ()


def _average(window: Sequence[Learned]) -> float:
    rewards = [short.reward for short in window if short.reward is not None]
    return fmean(rewards or [short.critic for short in window if short.critic is not None])
