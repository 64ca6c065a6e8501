"""The job record: made once per request, listed by key set, kept in step with the orchestrator.

Reads and writes rows of this service only; what happens inside a job is asked of the orchestrator.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models import F, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Greatest
from django.utils import timezone

from apps.contracts.brief import Brief, BriefProblem, UnableToUseBrief
from apps.contracts.codec import digest, from_json, to_json
from apps.contracts.progress import Failure, JobSnapshot, JobStatus
from apps.foundation import blobs
from apps.foundation.logs import get_logger
from apps.foundation.transactions import in_transaction
from apps.gateway import cursors
from apps.gateway.briefs import read_brief
from apps.gateway.models import ACTIVE, Job
from apps.gateway.shapes import JobDetail, JobPage, JobSummary
from apps.orchestrator import interface as orchestrator

#: Characters of an idempotency key; the column is this wide.
IDEMPOTENCY_KEY_LIMIT = 255
#: Jobs on one page at most; a page stays a few milliseconds.
PAGE_LIMIT = 100
#: How long a job may wait to be handed over before the sweep does it again.
HAND_OVER_AFTER = timedelta(seconds=15)
#: How long an active job may be silent before the sweep asks how it stands.
ASK_AFTER = timedelta(seconds=60)
#: Jobs one sweep mends; the next sweep takes the rest.
SWEEP_LIMIT = 50
#: Columns of a summary: a list never reads a whole brief.
SUMMARY = (
    "id",
    "status",
    "progress",
    "stage",
    "platform",
    "channel",
    "created_at",
    "updated_at",
    "failure",
)

log = get_logger(__name__)


class UnableToFindJob(LookupError):
    """There is no job with this id. List the jobs to see which there are."""


class UnableToRepeatRequest(ValueError):
    """This idempotency key was used for a different brief. Use a new key for a new brief."""


class UnableToCancel(RuntimeError):
    """The job has already ended, so there is nothing to cancel."""


class UnableToRetry(RuntimeError):
    """Only a failed or cancelled job can be retried. Submit the brief again for another short."""


# Writing -----------------------------------------------------------------------------------------


def checked_brief(data: object) -> Brief:
    """The brief in `data`. Raises UnableToUseBrief, which names every wrong field at once."""
    brief, problems = read_brief(data)
    if not isinstance(data, Mapping):
        raise UnableToUseBrief(problems)
    if not any(problem.field == "language" for problem in problems):
        problems = (*problems, *_language_problem(brief))
    named = {problem.field.partition(".")[0] for problem in problems}
    semantic = orchestrator.problems_with(brief)
    unheard: tuple[BriefProblem, ...] = tuple(p for p in semantic if p.field.partition(".")[0] not in named)
    if problems or unheard:
        raise UnableToUseBrief((*problems, *unheard))
    return brief


def _language_problem(brief: Brief) -> tuple[BriefProblem, ...]:
    """One word on a language that is not to be had; the services would each say a part of it."""
    known = orchestrator.languages()
    if brief.language in known:
        return ()
    problem = BriefProblem(
        field="language",
        code="unsupported_language",
        reason="This language cannot be both written out and spoken here.",
        remedy=f"Use one of: {', '.join(known)}.",
    )
    return (problem,)


def submit(data: object, *, idempotency_key: str, key_id: UUID | None) -> JobSummary:
    """One job for one request; the same request again, however often and at once, is the same job."""
    brief = checked_brief(data)
    wanted = digest(brief)
    row = _insert(brief, wanted, idempotency_key, key_id)
    if row.request_digest != wanted:
        raise UnableToRepeatRequest(UnableToRepeatRequest.__doc__)
    if row.submitted_at is None:
        _hand_over(row.id, brief)
    return summary(row.id)


def _insert(brief: Brief, request_digest: str, idempotency_key: str, key_id: UUID | None) -> Job:
    row = Job(
        id=uuid4(),
        request_payload=to_json(brief),
        platform=brief.platform,
        channel=brief.channel,
        idempotency_key=idempotency_key,
        request_digest=request_digest,
        key_id=key_id,
    )
    with in_transaction("gateway"):
        # ON CONFLICT DO NOTHING waits for a rival's commit, so whoever loses finds the winner's row.
        Job.objects.bulk_create([row], ignore_conflicts=True)
    ours = Job.objects.using("gateway").filter(id=row.id)
    return ours.first() or Job.objects.using("gateway").get(idempotency_key=idempotency_key, key_id=key_id)


def _hand_over(job_id: UUID, brief: Brief) -> None:
    try:
        orchestrator.submit(job_id=job_id, brief=brief)
    except Exception as failed:  # whatever it is, the job is on record and the sweep hands it over again
        log.warning("hand_over_deferred", job=str(job_id), error=type(failed).__name__)
        return
    Job.objects.filter(id=job_id).update(submitted_at=timezone.now())


def cancel(job_id: UUID) -> JobSummary:
    """Stop a job that has not ended. Raises UnableToFindJob, UnableToCancel."""
    row = _row(job_id)
    if row.submitted_at is None:
        orchestrator.submit(job_id=job_id, brief=from_json(Brief, row.request_payload))
    if not orchestrator.cancel(job_id=job_id):
        raise UnableToCancel(UnableToCancel.__doc__)
    _active(job_id).update(status=JobStatus.CANCELLED.value, stage="", updated_at=timezone.now())
    return summary(job_id)


def retry(job_id: UUID) -> JobSummary:
    """Go on with a failed or cancelled job; what is finished is kept. Raises as `cancel` does."""
    _row(job_id)
    if not orchestrator.retry(job_id=job_id):
        raise UnableToRetry(UnableToRetry.__doc__)
    # A fast worker may have announced its progress already; then this finds nothing to move.
    ended = Job.objects.filter(id=job_id, status__in=[JobStatus.FAILED.value, JobStatus.CANCELLED.value])
    ended.update(status=JobStatus.QUEUED.value, failure=None, updated_at=timezone.now())
    return summary(job_id)


# In step with the orchestrator -------------------------------------------------------------------


def progressed(*, job_id: UUID, status: JobStatus, progress: float, stage: str) -> None:
    """Take over what was announced. Announcements repeat and come late; an ended job stays ended
    unless the orchestrator, asked now, says that it goes on."""
    failure = _failure(job_id) if status is JobStatus.FAILED else None
    if _move(_active(job_id), status=status, progress=progress, stage=stage, failure=failure):
        return
    row = Job.objects.filter(id=job_id).only("status").first()
    if row is not None and row.status in (JobStatus.FAILED, JobStatus.CANCELLED) and row.status != status:
        _follow(job_id)


def sweep() -> int:
    """Hand over what never reached the orchestrator, ask after what fell silent; returns how many."""
    now = timezone.now()
    late = Job.objects.filter(submitted_at=None, created_at__lt=now - HAND_OVER_AFTER)
    waiting = list(late.order_by("created_at")[:SWEEP_LIMIT])
    for row in waiting:
        _hand_over(row.id, from_json(Brief, row.request_payload))
    silent = Job.objects.filter(status__in=ACTIVE, updated_at__lt=now - ASK_AFTER).order_by("updated_at")
    for job_id in (asked := list(silent.values_list("id", flat=True)[:SWEEP_LIMIT])):
        _follow(job_id)
    return len(waiting) + len(asked)


def _follow(job_id: UUID) -> None:
    snapshot = orchestrator.snapshot(job_id)
    if snapshot is not None:
        _take_over(snapshot)


def _take_over(snapshot: JobSnapshot) -> None:
    not_completed = Job.objects.filter(id=snapshot.job_id).exclude(status=JobStatus.COMPLETED.value)
    _move(
        not_completed,
        status=snapshot.status,
        progress=snapshot.progress,
        stage=snapshot.stage,
        failure=snapshot.failure,
    )


def _move(
    rows: QuerySet[Job], *, status: JobStatus, progress: float, stage: str, failure: Failure | None
) -> bool:
    share = min(max(progress, 0.0), 1.0)
    moved = rows.update(
        status=status.value,
        progress=Greatest(F("progress"), Value(share)),
        stage=stage,
        failure=to_json(failure) if failure else None,
        submitted_at=timezone.now(),
        updated_at=timezone.now(),
    )
    return moved == 1


def _failure(job_id: UUID) -> Failure | None:
    snapshot = orchestrator.snapshot(job_id)
    return snapshot.failure if snapshot else None


# Reading -----------------------------------------------------------------------------------------


def summary(job_id: UUID) -> JobSummary:
    """One job as a list shows it. Raises UnableToFindJob."""
    row = _summaries(Job.objects.using("gateway")).filter(id=job_id).first()
    if row is None:
        raise UnableToFindJob(UnableToFindJob.__doc__)
    return _to_summary(row)


def page(*, filters: Mapping[str, str], cursor: str, limit: int) -> JobPage:
    """Jobs newest first, after `cursor`. `filters` may hold status, platform and channel.

    Costs the same on any page of any number of jobs: the place is a key, not an offset.
    """
    rows = _summaries(cursors.after(Job.objects.filter(**filters), cursor))
    limit = min(limit, PAGE_LIMIT)
    found = list(rows[: limit + 1])
    shown = found[:limit]
    more = cursors.cursor(shown[-1].created_at, shown[-1].id) if len(found) > len(shown) else ""
    return JobPage(jobs=tuple(_to_summary(row) for row in shown), next_cursor=more)


def detail(job_id: UUID) -> JobDetail:
    """Everything of one job, the orchestrator's own word first. Raises UnableToFindJob."""
    row = _row(job_id)
    snapshot = orchestrator.snapshot(job_id)
    if snapshot is not None and snapshot.status != row.status:
        _take_over(snapshot)
    return JobDetail(
        summary=_live(summary(job_id), snapshot),
        brief=from_json(Brief, row.request_payload),
        snapshot=snapshot,
        media={name: blobs.link(key) for name, key in media_keys(snapshot).items()},
        pictures={n: blobs.link(key) for n, key in (snapshot.pictures if snapshot else {}).items()},
    )


def media_keys(snapshot: JobSnapshot | None) -> dict[str, str]:
    """The storage keys of a finished job's files, by the name a caller knows them by."""
    take = snapshot.take if snapshot else None
    if take is None:
        return {}
    return {
        "video": take.key,
        "poster": take.poster_key,
        "sheet": take.sheet_key,
        "srt": take.srt_key,
        "vtt": take.vtt_key,
    }


def _live(row: JobSummary, snapshot: JobSnapshot | None) -> JobSummary:
    if snapshot is None:
        return row
    return JobSummary(
        **{
            **{name: getattr(row, name) for name in (*SUMMARY, "topic")},
            "status": snapshot.status,
            "progress": max(row.progress, snapshot.progress),
            "stage": snapshot.stage,
            "failure": snapshot.failure,
        }
    )


def _row(job_id: UUID) -> Job:
    row = Job.objects.using("gateway").filter(id=job_id).first()
    if row is None:
        raise UnableToFindJob(UnableToFindJob.__doc__)
    return row


def _active(job_id: UUID) -> QuerySet[Job]:
    return Job.objects.filter(id=job_id, status__in=ACTIVE)


def _summaries(rows: QuerySet[Job]) -> QuerySet[Job]:
    return rows.only(*SUMMARY).annotate(topic=KeyTextTransform("topic", "request_payload"))


def _to_summary(row: Any) -> JobSummary:
    return JobSummary(
        id=row.id,
        status=JobStatus(row.status),
        progress=row.progress,
        stage=row.stage,
        topic=row.topic or "",
        platform=row.platform,
        channel=row.channel,
        created_at=row.created_at,
        updated_at=row.updated_at,
        failure=from_json(Failure, row.failure) if row.failure else None,
    )
