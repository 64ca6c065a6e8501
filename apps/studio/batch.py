"""The batch pages: a file of briefs looked at row by row, submitted, followed. Parse, one call, render."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.contracts.brief import BriefProblem
from apps.contracts.codec import digest, to_json
from apps.contracts.progress import JobStatus
from apps.gateway import interface as gateway
from apps.studio.access import studio_page

#: Batches listed at a time, and rows.
PAGE, ROWS = 12, 50
#: Characters of a cell that the table shows; the whole is in the file.
SHOWN = 160
#: What htmx takes for: stop asking.
STOP_POLLING = 286


@dataclass(frozen=True)
class Cell:
    """One field of a row as it was sent, and what is wrong with it."""

    column: str
    text: str
    problems: tuple[BriefProblem, ...]


@dataclass(frozen=True)
class Row:
    """One row as cells, in the order of the table's columns; `problems` are those of no cell."""

    line: int
    cells: list[Cell]
    problems: tuple[BriefProblem, ...]
    job: gateway.JobSummary | None

    @property
    def good(self) -> bool:
        """Whether it can be made."""
        return not self.problems and not any(cell.problems for cell in self.cells)


@require_http_methods(["GET", "HEAD", "POST"])
@studio_page
def batch(request: HttpRequest) -> HttpResponseBase:
    """Send a file; below, the batches there are."""
    if request.method != "POST":
        return _start(request)
    file = request.FILES.get("file")
    if file is None:
        return _start(request, "No file was chosen.", "Choose a CSV or JSON Lines file.", status=422)
    try:
        content = _content(file)
        key = "studio:" + digest((request.POST.get("token", ""), digest(content.hex())))
        made, notes = gateway.check_batch(
            content, filename=file.name or "", name=request.POST.get("name", ""), idempotency_key=key
        )
    except gateway.UnableToReadSheet as unreadable:
        return _start(request, unreadable.reason, unreadable.remedy, status=422)
    for note in notes:
        messages.warning(request, note)
    return redirect("studio:batch-detail", made.id)


def _content(file: Any) -> bytes:
    if file.too_large or file.size > gateway.BATCH_BYTES_LIMIT:
        most = gateway.BATCH_BYTES_LIMIT // 1_000_000
        raise gateway.UnableToReadSheet(f"The file is larger than {most} MB.", "Split it into several.")
    content: bytes = file.read()
    return content


def _start(request: HttpRequest, reason: str = "", remedy: str = "", *, status: int = 200) -> HttpResponse:
    try:
        page = gateway.batches(cursor=request.GET.get("cursor", ""), limit=PAGE)
    except gateway.UnableToReadCursor as unreadable:
        raise Http404(str(unreadable)) from unreadable
    problems = [BriefProblem(field="file", code="unreadable", reason=reason, remedy=remedy)] if reason else []
    context = {
        "page": page,
        "problems": problems,
        "name": request.POST.get("name", ""),
        "token": uuid4().hex,
        "columns": gateway.BATCH_COLUMNS.items(),
    }
    return render(request, "studio/batch.html", context, status=status)


@require_safe
@studio_page
def template(request: HttpRequest) -> HttpResponseBase:
    """A CSV to begin with."""
    return _download(
        HttpResponse(gateway.batch_template(), content_type="text/csv; charset=utf-8"), "briefs.csv"
    )


@require_safe
@studio_page
def detail(request: HttpRequest, batch_id: UUID) -> HttpResponseBase:
    """A batch: before it is submitted what is wrong with it, afterwards what becomes of it."""
    found = _found(batch_id)
    if getattr(request, "htmx", None) and "after" in request.GET:
        return render(request, "studio/batch_rows.html", _rows(request, found))
    return render(request, "studio/batch_detail.html", _rows(request, found))


@require_safe
@studio_page
def live(request: HttpRequest, batch_id: UUID) -> HttpResponseBase:
    """The part of a batch's page that changes."""
    found = _found(batch_id)
    response = render(request, "studio/batch_head.html", {"batch": found, "statuses": list(JobStatus)})
    if found.ended:
        response.status_code = STOP_POLLING
    return response


def _found(batch_id: UUID) -> gateway.Batch:
    try:
        return gateway.batch(batch_id)
    except gateway.UnableToFindBatch as unknown:
        raise Http404(str(unknown)) from unknown


def _rows(request: HttpRequest, found: gateway.Batch) -> dict[str, Any]:
    only, after = request.GET.get("only", ""), request.GET.get("after", "")
    wanted = only if only in ("problems", "good", *JobStatus) else ""
    line = int(after) if after.isascii() and after.isdigit() and len(after) < 9 else 0
    page = gateway.batch_rows(found.id, only=wanted, after=line, limit=ROWS)
    columns = _columns(request.GET.get("columns", ""), page.rows)
    return {
        "batch": found,
        "only": wanted,
        "statuses": list(JobStatus),
        "columns": columns,
        "rows": [_row(row, columns) for row in page.rows],
        "next_line": page.next_line,
    }


def _columns(asked: str, rows: Sequence[gateway.BatchRow]) -> list[str]:
    """The columns that hold something, in the template's order; on a further page those of the first."""
    if asked:
        return [name for name in gateway.BATCH_COLUMNS if name in asked.split(",")]
    used = {name for row in rows for name, text in row.sent.items() if text.strip()}
    used |= {_column(problem) for row in rows for problem in row.problems}
    return [name for name in gateway.BATCH_COLUMNS if name in used or name == "topic"]


def _column(problem: BriefProblem) -> str:
    """The column that a problem belongs to: `facts.3` is about facts, `providers.voice` about voice."""
    return problem.field.removeprefix("providers.").partition(".")[0]


def _row(row: gateway.BatchRow, columns: Sequence[str]) -> Row:
    def cell(name: str) -> Cell:
        return Cell(name, _short(row.sent.get(name, "")), _of(row.problems, name))

    rest = tuple(problem for problem in row.problems if _column(problem) not in columns)
    return Row(row.line, [cell(name) for name in columns], rest, row.job)


def _of(problems: Iterable[BriefProblem], column: str) -> tuple[BriefProblem, ...]:
    return tuple(problem for problem in problems if _column(problem) == column)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


@require_POST
@studio_page
def submit(request: HttpRequest, batch_id: UUID) -> HttpResponseBase:
    """Make jobs of the good rows."""
    try:
        made = gateway.submit_batch(batch_id)
    except gateway.UnableToFindBatch as unknown:
        raise Http404(str(unknown)) from unknown
    except gateway.UnableToSubmitBatch as nothing:
        messages.error(request, str(nothing))
        return redirect("studio:batch-detail", batch_id)
    messages.success(request, f"{made.good:,} short{'s are' if made.good > 1 else ' is'} on the way.")
    return redirect("studio:batch-detail", batch_id)


@require_POST
@studio_page
def cancel(request: HttpRequest, batch_id: UUID) -> HttpResponseBase:
    """Stop what has not ended."""
    try:
        gateway.cancel_batch(batch_id)
    except gateway.UnableToFindBatch as unknown:
        raise Http404(str(unknown)) from unknown
    messages.success(request, "The rest of the batch is cancelled. What is finished is kept.")
    return redirect("studio:batch-detail", batch_id)


@require_safe
@studio_page
def videos(request: HttpRequest, batch_id: UUID) -> HttpResponseBase:
    """A zip of the finished videos, written while it is sent."""
    found = _found(batch_id)
    response = StreamingHttpResponse(gateway.batch_videos(batch_id), content_type="application/zip")
    return _download(response, f"{_name(found)}.zip")


@require_safe
@studio_page
def manifest(request: HttpRequest, batch_id: UUID, form: str) -> HttpResponseBase:
    """What became of each row, as csv or json."""
    found = _found(batch_id)
    video = request.build_absolute_uri(reverse("api:job-video", args=[UUID(int=0)]))
    rows = gateway.batch_manifest(batch_id, video.replace(str(UUID(int=0)), "{job}"))
    if form == "json":
        response: HttpResponseBase = JsonResponse(to_json(list(rows)), safe=False)
    elif form == "csv":
        lines = _lines(gateway.manifest_cells(rows))
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    else:
        raise Http404
    return _download(response, f"{_name(found)}.{form}")


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: Iterable[list[str]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"  # without it Excel takes UTF-8 for something older
    for row in rows:
        yield writer.writerow(row)


def _name(found: gateway.Batch) -> str:
    return slugify(found.name.rpartition(".")[0] or found.name) or "batch"


def _download(response: Any, filename: str) -> Any:
    response["Content-Disposition"] = content_disposition_header(True, filename) or ""
    return response
