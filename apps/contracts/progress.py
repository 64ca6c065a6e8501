"""How a job stands, as the orchestrator tells it to whoever shows it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from apps.contracts.decision import Plan
from apps.contracts.judgement import Judgement, Mend
from apps.contracts.media import Take, Timeline
from apps.contracts.story import Story


class JobStatus(StrEnum):
    """jobs.status."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class StageState(StrEnum):
    """Where one stage run stands."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a job ended without a video, for a person: what happened, and what to do."""

    code: str
    stage: str
    reason: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class StageView:
    """One stage run. `ordinal` is the scene for stages that run once a scene, else 0."""

    stage: str
    ordinal: int
    attempt: int
    state: StageState
    tries: int
    seconds: float
    reused: bool


@dataclass(frozen=True, kw_only=True)
class JobEvent:
    """One transition in a job's life. `seq` grows with time and is unique in the installation."""

    seq: int
    event_type: str
    at: datetime
    metadata: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What paid-for providers did for a job. `cost_usd` is 0 where no price is configured."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: float = 0.0


@dataclass(frozen=True, kw_only=True)
class JobSnapshot:
    """A job at one moment. `progress` is in [0, 1]; `stage` is what runs now.

    Progress never falls, except that a revision of a finished short starts it anew.

    `take` is the delivered attempt once the job is completed; `pictures` maps a scene's ordinal to
    the storage key of its drawn picture as soon as there is one (newest attempt).
    """

    job_id: UUID
    status: JobStatus
    progress: float
    stage: str
    attempt: int
    plan: Plan | None
    story: Story | None
    timeline: Timeline | None
    stages: tuple[StageView, ...]
    judgements: tuple[Judgement, ...]
    take: Take | None
    failure: Failure | None
    pictures: dict[int, str]
    usage: Usage = Usage()
    mends: tuple[Mend, ...] = ()  # what each order of each retry did, oldest first


@dataclass(frozen=True, kw_only=True)
class Day:
    """What one day (UTC) has brought so far, and what waits now.

    `submitted_by_hour` has 24 counts. `accepted_first`, `accepted_later` and `delivered_best` are the shorts
    delivered: accepted as first made, after a retry, or never (then the best take). `failures` counts jobs
    by the code of their failure. `waiting` and `busy` are stage runs; `oldest_wait` is in seconds.
    """

    submitted: int
    submitted_by_hour: tuple[int, ...]
    completed: int
    failed: int
    cancelled: int
    open: int
    accepted_first: int
    accepted_later: int
    delivered_best: int
    failures: dict[str, int]
    waiting: int
    busy: int
    oldest_wait: float

    @property
    def delivered(self) -> int:
        """Shorts that were judged and delivered."""
        return self.accepted_first + self.accepted_later + self.delivered_best


@dataclass(frozen=True, kw_only=True)
class StageTime:
    """How long one stage takes, in seconds of a worker's time, over the newest finished jobs.

    `runs` were measured; `per_job` is the mean of one job's runs together (scenes, retries); `waiting` and
    `busy` are the runs that stand in the queue now.
    """

    stage: str
    runs: int
    median: float
    p90: float
    per_job: float
    waiting: int = 0
    busy: int = 0


@dataclass(frozen=True, kw_only=True)
class Output:
    """Jobs that ended on one day (UTC)."""

    day: date
    completed: int
    failed: int
    cancelled: int

    @property
    def ended(self) -> int:
        """All of them."""
        return self.completed + self.failed + self.cancelled
