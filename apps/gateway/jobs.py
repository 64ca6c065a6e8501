"""The job record: made once per request, listed by key set, kept in step with the orchestrator.

Reads and writes rows of this service only; what happens inside a job is asked of the orchestrator.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from apps.contracts.brief import Brief, BriefProblem, UnableToUseBrief
from apps.contracts.codec import digest, from_json, to_json
from apps.contracts.progress import Failure, JobSnapshot, JobStatus
from apps.foundation import blobs
from apps.foundation.logs import get_logger
from apps.foundation.transactions import in_transaction
from apps.gateway import cursors, deliveries, searching
from apps.gateway.briefs import read_brief
from apps.gateway.filters import matching, shown_by
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
    "title",
    "persona",
    "score",
    "poster_key",
)

#: What webhooks are told when a job comes to stand so.
_EVENTS = {
    JobStatus.COMPLETED.value: "job.completed",
    JobStatus.FAILED.value: "job.failed",
    JobStatus.CANCELLED.value: "job.cancelled",
}

log = get_logger(__name__)


class UnableToFindJob(LookupError):
    """There is no job with this id. List the jobs to see which there are."""


class UnableToRepeatRequest(ValueError):
    """This idempotency key was used for a different brief. Use a new key for a new brief."""


class UnableToUseChannel(PermissionError):
    """The key is held to other channels than the brief's."""


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


def submit(
    data: object, *, idempotency_key: str, key_id: UUID | None, channels: Sequence[str] = ()
) -> JobSummary:
    """One job for one request; the same request again, however often and at once, is the same job."""
    brief = checked_brief(data)
    if channels and brief.channel not in channels:
        raise UnableToUseChannel(f"This key is for these channels alone: {', '.join(channels)}.")
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
        persona=brief.persona,
        idempotency_key=idempotency_key,
        request_digest=request_digest,
        key_id=key_id,
    )
    ours = Job.objects.using("gateway").filter(id=row.id)
    with in_transaction("gateway"):
        # ON CONFLICT DO NOTHING waits for a rival's commit, so whoever loses finds the winner's row.
        Job.objects.bulk_create([row], ignore_conflicts=True)
        if ours.exists():
            deliveries.tell("job.accepted", [row.id])
    return ours.first() or Job.objects.using("gateway").get(idempotency_key=idempotency_key, key_id=key_id)


def hand_over(rows: Iterable[Job]) -> int:
    """Give jobs on record to the orchestrator; what it does not take now is tried again. Returns how many."""
    waiting = list(rows)
    for row in waiting:
        _hand_over(row.id, from_json(Brief, row.request_payload))
    return len(waiting)


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
    if row.submitted_at is None and row.status in ACTIVE:
        orchestrator.submit(job_id=job_id, brief=from_json(Brief, row.request_payload))
    if not orchestrator.cancel(job_id=job_id):
        raise UnableToCancel(UnableToCancel.__doc__)
    follow(job_id)  # cancelled; or completed, as it was before it was revised
    return summary(job_id)


def forget_waiting(job_ids: Sequence[UUID]) -> list[UUID]:
    """Cancel those that the orchestrator never heard of, all at once; returns which they were."""
    with in_transaction("gateway"):
        waiting = Job.objects.using("gateway").select_for_update()
        unheard = waiting.filter(id__in=job_ids, submitted_at=None, status__in=ACTIVE)
        ids = list(unheard.values_list("id", flat=True))
        Job.objects.filter(id__in=ids).update(status=JobStatus.CANCELLED.value, updated_at=timezone.now())
        deliveries.tell("job.cancelled", ids)
    return ids


def retry(job_id: UUID) -> JobSummary:
    """Go on with a failed or cancelled job; what is finished is kept. Raises as `cancel` does."""
    row = _row(job_id)
    if row.submitted_at is None and row.status == JobStatus.CANCELLED:  # it never got to the orchestrator
        _hand_over(job_id, from_json(Brief, row.request_payload))
    elif not orchestrator.retry(job_id=job_id):
        raise UnableToRetry(UnableToRetry.__doc__)
    # A fast worker may have announced its progress already; then this finds nothing to move.
    ended = Job.objects.filter(id=job_id, status__in=[JobStatus.FAILED.value, JobStatus.CANCELLED.value])
    _turn(ended, {"status": JobStatus.QUEUED.value, "failure": None})
    return summary(job_id)


# In step with the orchestrator -------------------------------------------------------------------


def progressed(*, job_id: UUID, status: JobStatus, progress: float, stage: str, persona: str = "") -> None:
    """Take over what was announced. Announcements repeat and come late; an ended job stays ended
    unless the orchestrator, asked now, says that it goes on."""
    ending = orchestrator.snapshot(job_id) if status in (JobStatus.COMPLETED, JobStatus.FAILED) else None
    failure = ending.failure if ending and status is JobStatus.FAILED else None
    shown = shown_by(ending) if ending else {"persona": persona} if persona else {}
    if _move(_active(job_id), shown, status=status, progress=progress, stage=stage, failure=failure):
        return
    row = Job.objects.filter(id=job_id).only("status").first()
    if row is not None and row.status in (JobStatus.FAILED, JobStatus.CANCELLED) and row.status != status:
        follow(job_id)


def sweep() -> int:
    """Hand over what never reached the orchestrator, ask after what fell silent; returns how many."""
    now = timezone.now()
    late = Job.objects.filter(
        submitted_at=None, batch=None, status=JobStatus.QUEUED.value, created_at__lt=now - HAND_OVER_AFTER
    )
    waiting = hand_over(late.order_by("created_at")[:SWEEP_LIMIT])
    quiet = Job.objects.filter(status__in=ACTIVE, updated_at__lt=now - ASK_AFTER)
    silent = quiet.exclude(submitted_at=None, batch__isnull=False).order_by("updated_at")
    for job_id in (asked := list(silent.values_list("id", flat=True)[:SWEEP_LIMIT])):
        follow(job_id)
    return waiting + len(asked)


def reopen(job_id: UUID) -> None:
    """A completed job is worked on again."""
    completed = Job.objects.filter(id=job_id, status=JobStatus.COMPLETED.value)
    _turn(completed, {"status": JobStatus.RUNNING.value, "progress": 0.0})


def follow(job_id: UUID) -> None:
    """Take over how a job stands with the orchestrator."""
    snapshot = orchestrator.snapshot(job_id)
    if snapshot is not None:
        _take_over(snapshot)


def _take_over(snapshot: JobSnapshot) -> None:
    not_completed = Job.objects.filter(id=snapshot.job_id).exclude(status=JobStatus.COMPLETED.value)
    _move(
        not_completed,
        shown_by(snapshot),
        status=snapshot.status,
        progress=snapshot.progress,
        stage=snapshot.stage,
        failure=snapshot.failure,
    )


def _move(
    rows: QuerySet[Job],
    shown: Mapping[str, object],
    *,
    status: JobStatus,
    progress: float,
    stage: str,
    failure: Failure | None,
) -> bool:
    changes = {
        "status": status.value,
        "progress": Greatest(F("progress"), Value(min(max(progress, 0.0), 1.0))),
        "stage": stage,
        "failure": to_json(failure) if failure else None,
        "submitted_at": timezone.now(),
        **shown,
    }
    # Most announcements change no status: one statement. The others have something to tell beside it.
    return rows.filter(status=status.value).update(**changes, updated_at=timezone.now()) == 1 or _turn(
        rows.exclude(status=status.value), changes
    )


def _turn(rows: QuerySet[Job], changes: Mapping[str, Any]) -> bool:
    """Change the status of the one job in `rows`, and tell webhooks; False where there is none."""
    with in_transaction("gateway"):
        before = rows.using("gateway").select_for_update().values_list("id", "status").first()
        if before is None:
            return False
        job_id, was = before
        Job.objects.filter(id=job_id).update(**changes, updated_at=timezone.now())
        if event := _EVENTS.get(changes["status"]) or ("job.retried" if was not in ACTIVE else ""):
            deliveries.tell(event, [job_id])
    return True


# Reading -----------------------------------------------------------------------------------------


def summary(job_id: UUID) -> JobSummary:
    """One job as a list shows it. Raises UnableToFindJob."""
    row = _summaries(Job.objects.using("gateway")).filter(id=job_id).first()
    if row is None:
        raise UnableToFindJob(UnableToFindJob.__doc__)
    return to_summary(row)


def channel_of(job_id: UUID) -> str:
    """Whose video a job makes. Raises UnableToFindJob."""
    channel: str | None = Job.objects.filter(id=job_id).values_list("channel", flat=True).first()
    if channel is None:
        raise UnableToFindJob(UnableToFindJob.__doc__)
    return channel


def page(*, filters: Mapping[str, str], cursor: str, limit: int, channels: Sequence[str] = ()) -> JobPage:
    """Jobs newest first, after `cursor`, that `filters` let through (see filters.matching) and that `q` among
    them finds (see searching.searched); with `channels` those of no other channel.

    Costs the same on any page of any number of jobs: the place is a key, not an offset.
    """
    wanted = Job.objects.filter(matching(filters))
    wanted = wanted.filter(channel__in=channels) if channels else wanted
    rows = _summaries(cursors.after(wanted, cursor))
    limit, text = min(limit, PAGE_LIMIT), filters.get("q", "")
    found = searching.newest(rows, text, limit + 1) if text else list(rows[: limit + 1])
    shown = found[:limit]
    more = cursors.cursor(shown[-1].created_at, shown[-1].id) if len(found) > len(shown) else ""
    return JobPage(jobs=tuple(to_summary(row) for row in shown), next_cursor=more)


def some(job_ids: Sequence[UUID]) -> tuple[JobSummary, ...]:
    """Those of at most PAGE_LIMIT jobs that there are, newest first."""
    rows = _summaries(Job.objects.filter(id__in=job_ids[:PAGE_LIMIT]))
    return tuple(to_summary(row) for row in rows.order_by("-created_at"))


def detail(job_id: UUID) -> JobDetail:
    """Everything of one job, the orchestrator's own word first. Raises UnableToFindJob."""
    row = _row(job_id)
    snapshot = orchestrator.snapshot(job_id)
    if snapshot is not None and snapshot.status != row.status:
        _take_over(snapshot)
    elif snapshot is not None and snapshot.take is not None and snapshot.take.poster_key != row.poster_key:
        Job.objects.filter(id=job_id).update(**shown_by(snapshot))
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
    return replace(
        row,
        status=snapshot.status,
        progress=max(row.progress, snapshot.progress),
        stage=snapshot.stage,
        failure=snapshot.failure,
    )


def _row(job_id: UUID) -> Job:
    row = Job.objects.using("gateway").filter(id=job_id).first()
    if row is None:
        raise UnableToFindJob(UnableToFindJob.__doc__)
    return row


def _active(job_id: UUID) -> QuerySet[Job]:
    return Job.objects.filter(id=job_id, status__in=ACTIVE)


def _summaries(rows: QuerySet[Job]) -> QuerySet[Job]:
    return rows.only(*SUMMARY)


def to_summary(row: Any) -> JobSummary:
    """A job's row as a list shows it."""
    return JobSummary(
        id=row.id,
        status=JobStatus(row.status),
        progress=row.progress,
        stage=row.stage,
        topic=row.title or "",
        platform=row.platform,
        channel=row.channel,
        created_at=row.created_at,
        updated_at=row.updated_at,
        failure=from_json(Failure, row.failure) if row.failure else None,
        persona=row.persona,
        score=row.score,
        poster_mark=digest(row.poster_key)[:12] if row.poster_key else "",
    )
