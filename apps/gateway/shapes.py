"""What the gateway's door returns: jobs, keys and webhooks as its callers see them. Frozen, no Django."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from apps.contracts.brief import Brief, BriefProblem
from apps.contracts.progress import Failure, JobSnapshot, JobStatus


@dataclass(frozen=True, kw_only=True)
class JobSummary:
    """A job in a list. `progress` is in [0, 1]; `stage` is what runs now; `score` is the delivered
    attempt's total, 0-100."""

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
    persona: str = ""
    score: float | None = None
    poster_mark: str = ""  # changes with the poster; empty while there is none

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
    key: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class KeyHolder:
    """Who a verified API key belongs to, and what it may do. No channels: all; no rate: the usual."""

    id: UUID
    name: str
    scopes: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    reads_per_minute: int | None = None
    writes_per_minute: int | None = None


@dataclass(frozen=True, kw_only=True)
class KeySummary:
    """A key in a list. `begins` is how the key itself begins; the rest of it is kept nowhere."""

    id: UUID
    name: str
    begins: str
    scopes: tuple[str, ...]
    channels: tuple[str, ...]
    reads_per_minute: int | None
    writes_per_minute: int | None
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Webhook:
    """Where to tell of jobs. `channels` empty: all; `disabled_at` None: it is told.

    `failing_since` is when the failures began that no success has ended yet. Until `old_secret_until` the
    secret before the newest one signs too.
    """

    id: UUID
    url: str
    description: str
    event_types: tuple[str, ...]
    channels: tuple[str, ...]
    created_at: datetime
    disabled_at: datetime | None
    disabled_reason: str
    failing_since: datetime | None
    last_success_at: datetime | None
    old_secret_until: datetime | None


@dataclass(frozen=True, kw_only=True)
class IssuedWebhook:
    """A webhook with its secret (`whsec_...`), which is shown this once."""

    webhook: Webhook
    secret: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class DeliveryTry:
    """One try: when, how long (seconds), and what came back; `code` None where nothing did."""

    at: datetime
    seconds: float
    code: int | None
    error: str


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One message to one webhook. `message_id` is its webhook-id: equal for every try and every receiver.

    `status` is pending, delivered or failed; `code`, `response` (its first 1,000 bytes) and `error` are the
    newest try's; `tries` are the newest ones, oldest first; `payload` is the body, to the byte.
    """

    id: UUID
    webhook_id: UUID
    message_id: str
    event_type: str
    job_id: UUID | None
    status: str
    attempts: int
    created_at: datetime
    next_try_at: datetime | None
    delivered_at: datetime | None
    code: int | None
    response: str
    error: str
    tries: tuple[DeliveryTry, ...]
    payload: str


@dataclass(frozen=True, kw_only=True)
class DeliveryPage:
    """One page of deliveries, newest first; `next_cursor` is empty on the last."""

    deliveries: tuple[Delivery, ...]
    next_cursor: str = ""


@dataclass(frozen=True, kw_only=True)
class BulkOutcome:
    """What became of an order to many jobs: those it was carried out for, and why not for the others.

    `left`: jobs that are like those that were asked for and were not come to, 10,000 where there are more.
    """

    done: tuple[UUID, ...]
    refused: dict[UUID, str]
    left: int = 0


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Briefs that came in one file. `good` of `total` rows can be made; nothing is, before it is submitted.

    `counts` are its jobs by status; `progress` is in [0, 1] over all of them; `seconds_left` is a guess from
    the pace so far, None where there is none yet.
    """

    id: UUID
    name: str
    created_at: datetime
    submitted_at: datetime | None
    total: int
    good: int
    counts: dict[str, int] = field(default_factory=dict)
    progress: float = 0.0
    seconds_left: int | None = None
    key_id: UUID | None = None  # of the API key that sent it

    @property
    def refused(self) -> int:
        """Rows that cannot be made."""
        return self.total - self.good

    @property
    def ended(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return not (self.counts.get("queued", 0) or self.counts.get("running", 0))

    @property
    def percent(self) -> int:
        """Progress in whole per cent."""
        return int(self.progress * 100)


@dataclass(frozen=True, kw_only=True)
class BatchRow:
    """One row: its fields as sent, its problems, and the job that was made of it."""

    line: int
    reference: str
    sent: dict[str, str]
    problems: tuple[BriefProblem, ...]
    job: JobSummary | None = None


@dataclass(frozen=True, kw_only=True)
class BatchPage:
    """One page of batches, newest first; `next_cursor` is empty on the last."""

    batches: tuple[Batch, ...]
    next_cursor: str = ""


@dataclass(frozen=True, kw_only=True)
class BatchRowPage:
    """One page of a batch's rows in their order; `next_line` is 0 on the last, else where the next begins."""

    rows: tuple[BatchRow, ...]
    next_line: int = 0


@dataclass(frozen=True, kw_only=True)
class ManifestRow:
    """What became of one row. `video` is where the finished file is read with an API key, else empty."""

    line: int
    reference: str
    topic: str
    status: str
    job_id: UUID | None
    score: float | None
    persona: str
    video: str
    problems: str
