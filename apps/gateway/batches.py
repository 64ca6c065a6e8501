"""Batches: many briefs in one file, checked row by row, made into jobs that are fed in as others finish.

A row is made once however often it is sent: its job's id follows from the batch and the line, and a
reference of the user's own holds over all batches.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import IO, Any
from uuid import UUID, uuid4, uuid5

from django.core.files.storage import default_storage
from django.db import connections
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.text import slugify

from apps.contracts.brief import Brief, BriefProblem, UnableToUseBrief
from apps.contracts.codec import digest, from_json, to_json
from apps.contracts.identity import row_id
from apps.contracts.progress import JobStatus
from apps.foundation.holding import holding
from apps.foundation.transactions import in_transaction
from apps.gateway import cursors, deliveries, jobs, sheets, zips
from apps.gateway.models import ACTIVE, Batch, BatchRow, Job
from apps.gateway.shapes import Batch as BatchShape
from apps.gateway.shapes import BatchPage, BatchRowPage, ManifestRow
from apps.gateway.shapes import BatchRow as RowShape

#: Rows written by one statement.
WRITTEN_AT_ONCE = 500
#: Jobs of batches that the orchestrator holds at a time: enough to keep every worker busy, few enough that
#: a short somebody waits for does not queue behind ten thousand others.
OPEN_JOBS = 48
#: How long a batch that was never submitted is kept.
KEEP_DRAFTS = timedelta(days=2)
#: Rows on one page at most, and batches.
PAGE_LIMIT = 100
#: Characters of a batch's name; the column is this wide.
NAME_LIMIT = 120
#: Characters of a video's name inside the zip.
SLUG_LIMIT = 60
#: What a batch's id follows from, with the key and the idempotency key.
_NAMESPACE = UUID("6f0f6a0a-7d6e-4f6e-9a51-3c1f0b7a5d02")
_STAND_FOR = """
UPDATE batch_rows SET job_id = made.job FROM unnest(%s::uuid[], %s::uuid[]) AS made (id, job)
WHERE batch_rows.id = made.id
"""


class UnableToFindBatch(LookupError):
    """There is no batch with this id. One that is not submitted is kept for two days."""


class UnableToSubmitBatch(RuntimeError):
    """None of this batch's rows can be made. Put them right in the file and send it again."""


# Checking ----------------------------------------------------------------------------------------


def check(
    content: bytes,
    *,
    filename: str = "",
    name: str = "",
    idempotency_key: str = "",
    key_id: UUID | None = None,
    channels: Sequence[str] = (),
) -> tuple[BatchShape, tuple[str, ...]]:
    """A batch of everything in a file, each row checked, nothing made; and what was not used of the file.

    Raises sheets.UnableToReadSheet and jobs.UnableToRepeatRequest.
    """
    sheet = sheets.read(content, filename)
    batch = Batch(
        id=uuid5(_NAMESPACE, f"{key_id}/{idempotency_key}") if idempotency_key else uuid4(),
        name=(_printable(name) or _printable(filename) or "Batch")[:NAME_LIMIT],
        digest=digest(content.hex()),
        key_id=key_id,
    )
    known = Batch.objects.filter(id=batch.id).first()
    if known is None:
        rows = _checked(batch, sheet.rows, key_id, channels)
        batch.total, batch.good = len(rows), sum(not row.problems for row in rows)
        with in_transaction("gateway"):
            Batch.objects.bulk_create([batch], ignore_conflicts=True)
            BatchRow.objects.bulk_create(rows, WRITTEN_AT_ONCE, ignore_conflicts=True)
    elif known.digest != batch.digest:
        raise jobs.UnableToRepeatRequest(jobs.UnableToRepeatRequest.__doc__)
    return read(batch.id), sheet.notes


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable()).strip()


def _checked(
    batch: Batch, sent: Iterable[sheets.SheetRow], key_id: UUID | None, channels: Sequence[str]
) -> list[BatchRow]:
    rows, seen = [], dict[str, int]()
    with holding():
        for row in sent:
            brief, problems = _brief_in(row, channels)
            problems = (*problems, *_reference_problems(row, seen))
            rows.append(_row(batch, row, None if problems else brief, problems))
    _refuse_reused(rows, key_id)
    return rows


def _row(
    batch: Batch, row: sheets.SheetRow, brief: Brief | None, problems: Sequence[BriefProblem]
) -> BatchRow:
    return BatchRow(
        id=row_id(batch.id, 0, "row", row.line),
        batch=batch,
        line=row.line,
        reference=row.reference if not _unusable(row.reference) else "",
        sent=row.sent,
        brief=to_json(brief) if brief else None,
        problems=[asdict(problem) for problem in problems],
    )


def _brief_in(row: sheets.SheetRow, channels: Sequence[str]) -> tuple[Brief | None, tuple[BriefProblem, ...]]:
    if row.fault:
        return None, (_problem("row", "unreadable", f"{row.fault}.", "Put the line right."),)
    try:
        brief = jobs.checked_brief(row.data)
    except UnableToUseBrief as unusable:
        return None, unusable.problems
    if channels and brief.channel not in channels:
        reason = f"This key is for these channels alone: {', '.join(channels)}."
        return None, (_problem("channel", "channel_not_allowed", reason, "Name one of them."),)
    return brief, ()


def _reference_problems(row: sheets.SheetRow, seen: dict[str, int]) -> Iterator[BriefProblem]:
    if not row.reference:
        return
    if _unusable(row.reference):
        yield _problem(
            "reference",
            "bad_reference",
            "This is too long or not printable.",
            f"Use 1 to {sheets.REFERENCE_LIMIT} printable characters.",
        )
    elif row.reference in seen:
        yield _problem(
            "reference",
            "duplicate_reference",
            f"Row {seen[row.reference]} has the same reference.",
            "Give each row its own.",
        )
    seen.setdefault(row.reference, row.line)


def _unusable(reference: str) -> bool:
    return len(reference) > sheets.REFERENCE_LIMIT or not reference.isprintable()


def _refuse_reused(rows: Sequence[BatchRow], key_id: UUID | None) -> None:
    """A reference that stands for another brief already; the same brief again is the same job."""
    named = {_key_of(row): row for row in rows if row.brief is not None and row.reference}
    known = Job.objects.filter(key_id=key_id, idempotency_key__in=list(named))
    for key, made_of in known.values_list("idempotency_key", "request_digest"):
        row = named[key]
        if made_of != _digest(row.brief):
            problem = _problem(
                "reference",
                "reference_reused",
                "Another brief was made under this reference.",
                "Use a new reference for a new brief.",
            )
            row.brief, row.problems = None, [asdict(problem)]


def _key_of(row: BatchRow) -> str:
    return f"reference: {row.reference}"


def _digest(brief: Any) -> str:
    return digest(from_json(Brief, brief))


def _problem(field: str, code: str, reason: str, remedy: str) -> BriefProblem:
    return BriefProblem(field=field, code=code, reason=reason, remedy=remedy)


# Making ------------------------------------------------------------------------------------------


def submit(batch_id: UUID) -> BatchShape:
    """Make jobs of the good rows; a second time changes nothing.

    Raises UnableToFindBatch, UnableToSubmitBatch.
    """
    with in_transaction("gateway"):
        batch = Batch.objects.select_for_update().filter(id=batch_id).first()
        if batch is None:
            raise UnableToFindBatch(UnableToFindBatch.__doc__)
        if batch.good == 0:
            raise UnableToSubmitBatch(UnableToSubmitBatch.__doc__)
        if batch.submitted_at is None:
            elsewhere = _make(batch)
            Batch.objects.filter(id=batch_id).update(submitted_at=timezone.now(), elsewhere=elsewhere)
    feed()
    return read(batch_id)


def _make(batch: Batch) -> int:
    """Make the jobs; how many rows stand for jobs that were there already."""
    rows = list(batch.rows.exclude(brief=None))
    made = [_job(batch, row) for row in rows]
    Job.objects.bulk_create(made, WRITTEN_AT_ONCE, ignore_conflicts=True)
    keys = [_key_of(row) for row in rows if row.reference]
    known = Job.objects.filter(key_id=batch.key_id, idempotency_key__in=keys)
    by_key = dict(known.values_list("idempotency_key", "id"))
    for row, job in zip(rows, made, strict=True):
        row.job_id = by_key.get(_key_of(row), job.id) if row.reference else job.id
    own = [job.id for row, job in zip(rows, made, strict=True) if row.job_id == job.id]
    deliveries.tell("job.accepted", own)
    _stand_for(rows)
    return len(rows) - len(own)


def _stand_for(rows: Sequence[BatchRow]) -> None:
    """Keep which job each row stands for; in one statement, ten thousand take a tenth of the time."""
    with connections["gateway"].cursor() as cursor:
        cursor.execute(_STAND_FOR, [[row.id for row in rows], [row.job_id for row in rows]])


def _job(batch: Batch, row: BatchRow) -> Job:
    brief = from_json(Brief, row.brief)
    return Job(
        id=row_id(batch.id, 0, "job", row.line),
        request_payload=row.brief,
        platform=brief.platform,
        channel=brief.channel,
        persona=brief.persona,
        idempotency_key=_key_of(row) if row.reference else "",
        request_digest=digest(brief),
        key_id=batch.key_id,
        batch=batch,
    )


def feed() -> int:
    """Hand over as many waiting jobs of batches as there is room for; returns how many."""
    of_batches = Job.objects.filter(batch__isnull=False, status__in=ACTIVE)
    room = OPEN_JOBS - of_batches.exclude(submitted_at=None).count()
    if room <= 0:
        return 0
    waiting = of_batches.filter(submitted_at=None, status=JobStatus.QUEUED.value)
    return jobs.hand_over(waiting.order_by("created_at")[:room])


def cancel(batch_id: UUID) -> BatchShape:
    """Stop every job of a batch that has not ended. Raises UnableToFindBatch."""
    _batch(batch_id)
    mine = Job.objects.filter(batch_rows__batch=batch_id, status__in=ACTIVE)
    jobs.forget_waiting(list(mine.filter(submitted_at=None).values_list("id", flat=True)))
    for job_id in list(mine.values_list("id", flat=True)):
        try:
            jobs.cancel(job_id)
        except jobs.UnableToCancel:
            continue
    return read(batch_id)


def sweep() -> None:
    """Feed, and forget what was looked at and never submitted."""
    feed()
    old = Batch.objects.filter(submitted_at=None, created_at__lt=timezone.now() - KEEP_DRAFTS)
    for batch in old[:1]:
        BatchRow.objects.filter(batch=batch).delete()
        batch.delete()


# Reading -----------------------------------------------------------------------------------------


def read(batch_id: UUID) -> BatchShape:
    """One batch. Raises UnableToFindBatch."""
    return _shown([_batch(batch_id)])[0]


def page(*, cursor: str = "", limit: int = 25, key_id: UUID | None = None) -> BatchPage:
    """Batches newest first; with `key_id`, those sent with that key. Raises cursors.UnableToReadCursor."""
    mine = Batch.objects.filter(key_id=key_id) if key_id else Batch.objects.all()
    limit = min(limit, PAGE_LIMIT)
    found = list(cursors.after(mine, cursor)[: limit + 1])
    shown = found[:limit]
    more = cursors.cursor(shown[-1].created_at, shown[-1].id) if len(found) > len(shown) else ""
    return BatchPage(batches=tuple(_shown(shown)), next_cursor=more)


def rows(batch_id: UUID, *, only: str = "", after: int = 0, limit: int = 50) -> BatchRowPage:
    """A batch's rows after line `after`; `only` may be problems, good, or a job's status.

    Raises UnableToFindBatch.
    """
    _batch(batch_id)
    limit = min(limit, PAGE_LIMIT)
    wanted = BatchRow.objects.filter(_those(only), batch=batch_id, line__gt=after)
    found = list(wanted.select_related("job").defer("brief", "job__request_payload")[: limit + 1])
    shown = found[:limit]
    more = shown[-1].line if len(found) > len(shown) else 0
    return BatchRowPage(rows=tuple(_row_shape(row) for row in shown), next_line=more)


def _those(only: str) -> Q:
    if only == "problems":
        return ~Q(problems=[])
    if only == "good":
        return Q(problems=[])
    return Q(job__status=only) if only else Q()


def manifest(batch_id: UUID, video: str) -> Iterator[ManifestRow]:
    """What became of each row, in their order; `video` is a URL with `{job}` in it.

    Raises UnableToFindBatch.
    """
    _batch(batch_id)
    rows = (
        BatchRow.objects.filter(batch=batch_id).select_related("job").defer("brief", "job__request_payload")
    )
    return (_manifest_row(row, video) for row in rows.iterator(chunk_size=WRITTEN_AT_ONCE))


def videos(batch_id: UUID) -> Iterator[bytes]:
    """The bytes of a zip of all finished videos. Raises UnableToFindBatch."""
    _batch(batch_id)
    finished = BatchRow.objects.filter(batch=batch_id, job__status=JobStatus.COMPLETED.value)
    found = finished.exclude(job__video_key=None).exclude(job__video_key="")
    named = list(found.values_list("line", "job__title", "job__video_key"))
    return zips.zipped((_file_name(line, title), _opener(key or "")) for line, title, key in named)


def _opener(key: str) -> Any:
    def opened() -> IO[bytes]:
        handle: IO[bytes] = default_storage.open(key)
        return handle

    return opened


def _file_name(line: int, title: str) -> str:
    words = slugify(title, allow_unicode=True)[:SLUG_LIMIT].strip("-")
    return f"{line:05}-{words or 'short'}.mp4"


def _batch(batch_id: UUID) -> Batch:
    row = Batch.objects.filter(id=batch_id).first()
    if row is None:
        raise UnableToFindBatch(UnableToFindBatch.__doc__)
    return row


def _shown(batches: Sequence[Batch]) -> list[BatchShape]:
    counted = _counts(batches)
    return [_shape(batch, *counted.get(batch.id, ({}, 0.0))) for batch in batches]


def _counts(batches: Sequence[Batch]) -> Mapping[UUID, tuple[dict[str, int], float]]:
    """By batch: its jobs by status, and their mean progress."""
    counts = _by_status(batches)
    found: dict[UUID, tuple[dict[str, int], float]] = {}
    for (batch_id, status), (jobs_there, progress) in counts.items():
        known, total = found.get(batch_id, ({}, 0.0))
        known[status] = known.get(status, 0) + jobs_there
        found[batch_id] = (known, total + (progress if status in ACTIVE else jobs_there))
    return {id: (known, total / sum(known.values())) for id, (known, total) in found.items()}


def _by_status(batches: Sequence[Batch]) -> Mapping[tuple[UUID, str], tuple[int, float]]:
    """How many jobs a batch has in a status, and the sum of their progress where they have not ended.

    Most jobs are the batch's own: an index counts them. Only for rows that stood for jobs made elsewhere
    has each row's job to be looked at.
    """
    own = [batch.id for batch in batches if not batch.elsewhere]
    mine = Job.objects.filter(batch__in=own).order_by()
    counted = mine.values_list("batch_id", "status").annotate(n=Count("*"))
    begun = mine.filter(status__in=ACTIVE, progress__gt=0).values_list("batch_id", "status")
    progress = {(id, status): total for id, status, total in begun.annotate(p=Sum("progress"))}
    rows = BatchRow.objects.filter(batch__in=[b.id for b in batches if b.elsewhere], job__isnull=False)
    by_row = rows.order_by().values_list("batch_id", "job__status")
    mixed = by_row.annotate(n=Count("*"), p=Sum("job__progress")) if len(own) < len(batches) else ()
    return {
        **{(id, status): (n, progress.get((id, status), 0.0)) for id, status, n in counted},
        **{(id, status): (n, total) for id, status, n, total in mixed},
    }


def _shape(batch: Batch, counts: dict[str, int], progress: float) -> BatchShape:
    return BatchShape(
        id=batch.id,
        name=batch.name,
        created_at=batch.created_at,
        submitted_at=batch.submitted_at,
        total=batch.total,
        good=batch.good,
        counts=counts,
        progress=progress,
        seconds_left=_seconds_left(batch, counts, progress),
        key_id=batch.key_id,
    )


def _seconds_left(batch: Batch, counts: Mapping[str, int], progress: float) -> int | None:
    if batch.submitted_at is None or not counts.get(JobStatus.COMPLETED) or progress >= 1:
        return None
    spent = (timezone.now() - batch.submitted_at).total_seconds()
    return int(spent * (1 - progress) / progress)


def _row_shape(row: BatchRow) -> RowShape:
    return RowShape(
        line=row.line,
        reference=row.reference,
        sent=row.sent,
        problems=tuple(BriefProblem(**problem) for problem in row.problems),
        job=jobs.to_summary(row.job) if row.job else None,
    )


def _manifest_row(row: BatchRow, video: str) -> ManifestRow:
    job = row.job
    finished = job is not None and job.status == JobStatus.COMPLETED
    said = (f"{p['field']}: {p['reason']} {p['remedy']}" for p in row.problems)
    failure = (job.failure or {}).get("reason", "") if job else ""
    return ManifestRow(
        line=row.line,
        reference=row.reference,
        topic=job.title if job else row.sent.get("topic", ""),
        status=job.status if job else ("refused" if row.problems else "not submitted"),
        job_id=job.id if job else None,
        score=round(job.score, 1) if job and job.score is not None else None,
        persona=job.persona if job else "",
        video=video.format(job=job.id) if job and finished else "",
        problems=" ".join(said) or failure,
    )


def safe_rows(found: Iterable[ManifestRow]) -> Iterator[list[str]]:
    """A manifest as the cells of a CSV, header first; no cell is a formula."""
    yield list(ManifestRow.__dataclass_fields__)
    for row in found:
        cells = re.sub(r"\s+", " ", row.problems)
        yield [sheets.safe_cell(value) for value in {**asdict(row), "problems": cells}.values()]
