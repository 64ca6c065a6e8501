"""What the real world says of a published short, and what memory makes of it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

#: The part of a short's reward that teaches each factor; every other factor learns from the total.
COMPONENTS = {"hook": "hook", "cut_rate_band": "pacing", "loop_technique": "loop"}


def component_of(kind: str) -> str:
    """Which of Rewards teaches a factor of this kind (field guide 4.6)."""
    return COMPONENTS.get(kind, "total")


@dataclass(frozen=True, kw_only=True)
class Performance:
    """A platform's numbers for one short, totals from publication up to and including `day`.

    None: the platform does not say. `average_watch_seconds` includes replays and may exceed the length;
    `completion` and `skip_rate` are shares of views, 0-1; `skip_rate` counts those who left in the first
    three seconds. `source` names where the numbers come from ("api", "youtube_studio", ...).
    """

    day: date
    views: int
    engaged_views: int | None = None
    average_watch_seconds: float | None = None
    completion: float | None = None
    replays: int | None = None
    shares: int | None = None
    reach: int | None = None
    skip_rate: float | None = None
    source: str = "api"


@dataclass(frozen=True, kw_only=True)
class Rewards:
    """A short's success beside shorts of its platform and length band, 0-100 (50: the middle).

    None where the numbers do not say. Each component teaches its own factors only (field guide 4.6).
    """

    total: float | None = None
    hook: float | None = None
    pacing: float | None = None
    loop: float | None = None
    share: float | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One factor's place on a platform's leaderboard: shrunken mean and sd in points, evidence, uses.

    `low` and `high` bound the 80 % interval. `n` counts shorts, `n_real` those with real numbers.
    """

    kind: str
    reference_id: str
    platform: str
    mean: float
    sd: float
    low: float
    high: float
    n: int
    n_real: int
    uses: int


@dataclass(frozen=True, kw_only=True)
class Variety:
    """How varied one factor is in a channel's newest shorts: `effective` = exp(entropy)."""

    kind: str
    effective: float
    known: int
    used: int
    alert: bool


@dataclass(frozen=True, kw_only=True)
class LearningPoint:
    """One short on the learning curve, oldest first: its reward or, before any, its critic score."""

    job_id: UUID
    n: int
    reward: float | None
    critic: float | None
    average: float  # mean reward (or score) of the newest 20 up to here


@dataclass(frozen=True, kw_only=True)
class Taught:
    """One factor of a short that its numbers taught: the component it learns from, that component's reward,
    and where the factor stands now (None where nothing was learned of it yet)."""

    kind: str
    reference_id: str
    component: str
    reward: float | None
    standing: Standing | None


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What is known of a short's success, newest day last, and what its numbers taught memory.

    `said` is the same in words. `rewards` is None where memory has no numbers of this short.
    """

    job_id: UUID
    performances: tuple[Performance, ...]
    rewards: Rewards | None
    taught: tuple[Taught, ...]
    said: str
