"""A platform's export of numbers, matched to jobs row by row, and handed on to memory.

Guesses nothing: a row is taken by its published id, its job's id, or a title that is one job's alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db.models import Q

from apps.contracts.performance import Performance
from apps.contracts.progress import JobStatus
from apps.gateway import models
from apps.gateway.briefs import storable
from apps.gateway.csv_columns import SOURCES
from apps.gateway.csv_exports import ExportRow, read_export
from apps.gateway.csv_exports import UnableToReadExport as UnableToReadExport
from apps.gateway.learning_shapes import ImportRow, PerformanceImport
from apps.gateway.performance import today
from apps.orchestrator import interface as orchestrator

#: Names looked up in one query.
LOOKED_UP_AT_ONCE = 5000


def preview(
    data: bytes, *, filename: str = "", source: str = "", channels: Sequence[str] = ()
) -> PerformanceImport:
    """What an export says of which jobs, and what is wrong row by row; writes nothing.

    Only jobs of `channels` are found where any are given. Raises csv_exports.UnableToReadExport.
    """
    export = read_export(data, today=today(), filename=filename, source=source)
    rows = tuple(_matched(export.rows, export.source, channels))
    ready = [row.job_id for row in rows if not row.problems]
    return PerformanceImport(
        source=export.source,
        rows=rows,
        columns=dict(export.columns),
        ignored=export.ignored,
        totals=export.totals,
        notes=export.notes,
        ready=len(ready),
        jobs=len(set(ready)),
    )


def import_export(
    data: bytes, *, filename: str = "", source: str = "", channels: Sequence[str] = ()
) -> PerformanceImport:
    """Hand on every ready row of an export; the same file again changes nothing. Raises as `preview`."""
    read = preview(data, filename=filename, source=source, channels=channels)
    by_job: dict[UUID, list[Performance]] = defaultdict(list)
    for row in read.rows:
        if row.job_id and row.performance and not row.problems:
            by_job[row.job_id].append(row.performance)
    refused = orchestrator.report_many({job: tuple(numbers) for job, numbers in by_job.items()})
    rows = tuple(replace(row, problems=_unlearnt(row, refused)) for row in read.rows)
    written = sum(not row.problems for row in rows)
    return replace(read, rows=rows, ready=written, jobs=len(by_job) - len(refused), written=written)


def _unlearnt(row: ImportRow, refused: Mapping[UUID, str]) -> tuple[str, ...]:
    why = refused.get(row.job_id) if row.job_id else None
    return (why,) if why and not row.problems else row.problems


def _matched(rows: Sequence[ExportRow], source: str, channels: Sequence[str]) -> Iterator[ImportRow]:
    """Each row with its job, found by published id, else by its job_id, else by a title that is one job's."""
    platform = SOURCES[source]
    found = _by_name(rows, platform)
    known = _known_jobs({job for job, _ in found.values()}, channels)
    last: dict[tuple[UUID, date], int] = {}
    for row in rows:
        job, _ = found.get(row.line, (None, ""))
        if job in known and row.performance:
            last[job, row.performance.day] = row.line
    for row in rows:
        job, how = found.get(row.line, (None, ""))
        problems = [words for _, words in row.problems]
        if job is None or job not in known:
            job, how = None, ""
            problems.append(_why_not_found(row))
        elif refusal := _unfit_job(known[job], platform):
            problems.append(refusal)
        elif row.performance and last[job, row.performance.day] != row.line:
            problems.append(
                f"Line {last[job, row.performance.day]} is about the same short and day; it counts."
            )
        yield ImportRow(
            line=row.line,
            video=row.ids[0] if row.ids else row.job_id,
            title=row.title,
            job_id=job,
            matched_by=how,
            performance=row.performance,
            problems=tuple(problems),
        )


def _by_name(rows: Sequence[ExportRow], platform: str) -> dict[int, tuple[UUID, str]]:
    """The job of each line that names one, and how it was found."""
    found: dict[int, tuple[UUID, str]] = {}
    published = _published({name for row in rows for name in row.ids}, platform)
    titles = _titled({row.title for row in rows if row.title}, platform)
    for row in rows:
        by_id = next((published[name] for name in row.ids if name in published), None)
        if by_id:
            found[row.line] = by_id, "publication"
        elif own := _uuid(row.job_id):
            found[row.line] = own, "job_id"
        elif len(titles.get(row.title, ())) == 1:
            found[row.line] = titles[row.title][0], "title"
    return found


def _published(names: Iterable[str], platform: str) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    rows = models.Publication.objects.filter(**({"platform": platform} if platform else {}))
    for some in _in_lists(names):
        named = rows.filter(Q(external_id__in=some) | Q(code__in=some))
        for job, external_id, code in named.values_list("job_id", "external_id", "code"):
            found |= {name: job for name in (external_id, code) if name}
    return found


def _titled(titles: Iterable[str], platform: str) -> dict[str, list[UUID]]:
    """Jobs by title; finished ones, since nothing else can have been published."""
    found: dict[str, list[UUID]] = defaultdict(list)
    rows = models.Job.objects.filter(status=JobStatus.COMPLETED.value)
    rows = rows.filter(platform=platform) if platform else rows
    for some in _in_lists(titles):
        for job, title in rows.filter(title__in=some).order_by().values_list("id", "title"):
            found[title].append(job)
    return found


def _known_jobs(ids: Iterable[UUID], channels: Sequence[str]) -> dict[UUID, models.Job]:
    found: dict[UUID, models.Job] = {}
    rows = models.Job.objects.filter(**({"channel__in": channels} if channels else {}))
    for some in _in_lists(str(one) for one in ids):
        found |= {row.id: row for row in rows.filter(id__in=some).only("id", "status", "platform")}
    return found


def _in_lists(names: Iterable[str]) -> Iterator[list[str]]:
    """Names in lists short enough for one query, without what Postgres cannot hold."""
    good = sorted({name for name in names if storable(name)})
    return (good[n : n + LOOKED_UP_AT_ONCE] for n in range(0, len(good), LOOKED_UP_AT_ONCE))


def _unfit_job(job: models.Job, platform: str) -> str:
    if job.status != JobStatus.COMPLETED.value:
        return "The job it names has no finished short."
    if platform and job.platform != platform:
        return f"The short was made for {job.platform}; these numbers would teach the wrong platform."
    return ""


def _why_not_found(row: ExportRow) -> str:
    if row.job_id:
        return f"There is no job {row.job_id}."
    if row.ids:
        return (
            f"No job is known to be published as {row.ids[0]}, and no single job has this title. "
            "Say where the short was published, or add a column job_id."
        )
    return "No single finished job has this title. Add a column job_id."


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) >= 32 else None
    except ValueError:
        return None
