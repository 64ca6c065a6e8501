"""What the gateway's door returns: a job as its callers see it. Frozen, no Django."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from apps.contracts.brief import Brief
from apps.contracts.progress import Failure, JobSnapshot, JobStatus


@dataclass(frozen=True, kw_only=True)
class JobSummary:
    """A job in a list. `progress` is in [0, 1]; `stage` is what runs now."""

    id: UUID
    status: JobStatus
    progress: float
    stage: str
    topic: str
    platform: str
    channel: str
    created_at: datetime
    updated_at: datetime
    failure: Failure | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more happens to the job by itself."""
        return self.status not in (JobStatus.QUEUED, JobStatus.RUNNING)

    @property
    def percent(self) -> int:
        """Progress in whole per cent, as a person reads it."""
        return int(self.progress * 100)


@dataclass(frozen=True, kw_only=True)
class JobPage:
    """One page of jobs, newest first; `next_cursor` is empty on the last."""

    jobs: tuple[JobSummary, ...]
    next_cursor: str = ""


@dataclass(frozen=True, kw_only=True)
class JobDetail:
    """Everything there is to say of one job. `snapshot` is None until the orchestrator has it.

    `media` maps video, poster, sheet, srt and vtt to links that expire (once there is a take);
    `pictures` maps a scene's ordinal to such a link.
    """

    summary: JobSummary
    brief: Brief
    snapshot: JobSnapshot | None = None
    media: dict[str, str] = field(default_factory=dict)
    pictures: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class IssuedKey:
    """A new API key; `key` is shown this once and kept nowhere."""

    id: UUID
    name: str
    key: str


@dataclass(frozen=True, kw_only=True)
class KeyHolder:
    """Who a verified API key belongs to."""

    id: UUID
    name: str
