"""What the API answers about batches, and what it takes."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import ConfigDict, Field
from rest_framework.request import Request
from rest_framework.reverse import reverse

from apps.contracts.progress import JobStatus
from apps.gateway.api.documents import FieldProblem, Job, job_document
from apps.gateway.filters import SEARCH_LIMIT
from apps.gateway.interface import Batch, BatchRow
from apps.gateway.library import BULK_LIMIT, ORDERS
from apps.gateway.sheets import ROWS_LIMIT

#: Text that Postgres can be asked for.
_TEXT = r"^[^\x00]+$"
JobId = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
#: The form of a batch's file.
FORM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "file": {
            "type": "string",
            "format": "binary",
            "description": "CSV (UTF-8; comma, semicolon or tab) or JSON Lines, up to 20 MB and 10,000 rows.",
        },
        "name": {"type": "string", "maxLength": 120, "description": "What to call it; else the file's name."},
        "submit": {
            "type": "string",
            "enum": ["true", "false"],
            "description": "false: check the rows, make nothing yet.",
        },
    },
    "required": ["file"],
    "additionalProperties": False,
}


@dataclass(frozen=True, kw_only=True)
class BatchRequest:
    """Briefs in one body (up to 1 MB; a file holds more). A brief may carry a `reference` of your own: the
    same one is never made twice. With `submit` false the rows are checked and nothing is made."""

    briefs: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=ROWS_LIMIT)]
    name: Annotated[str, Field(max_length=120)] = ""
    submit: bool = True


@dataclass(frozen=True, kw_only=True)
class BatchDocument:
    """A batch. `good` of `total` rows can be made; `counts` are its jobs by status; `notes` say what of the
    file was not used. `submitted_at` is null while nothing is made of it."""

    id: UUID
    name: str
    created_at: datetime
    submitted_at: datetime | None
    total: int
    good: int
    refused: int
    counts: dict[str, int]
    progress: float
    seconds_left: int | None
    notes: tuple[str, ...] = ()
    links: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class BatchList:
    """One page of batches, newest first; `next` is null on the last."""

    results: tuple[BatchDocument, ...]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class BatchRowDocument:
    """One row: its fields as sent, what is wrong with them, and the job that was made of it."""

    line: int
    reference: str
    sent: dict[str, str]
    problems: tuple[FieldProblem, ...]
    job: Job | None


@dataclass(frozen=True, kw_only=True)
class BatchRowList:
    """Rows in their order; ask again with `after` set to `next`, which is 0 on the last page."""

    results: tuple[BatchRowDocument, ...]
    next: int


@dataclass(frozen=True, kw_only=True)
class Matching:
    """Which jobs, as when they are listed: each filter that is there must let a job through."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    status: JobStatus | None = None
    platform: Annotated[str, Field(pattern=_TEXT, max_length=SEARCH_LIMIT)] | None = None
    channel: Annotated[str, Field(pattern=_TEXT, max_length=SEARCH_LIMIT)] | None = None
    persona: Annotated[str, Field(pattern=_TEXT, max_length=SEARCH_LIMIT)] | None = None
    batch: UUID | None = None
    min_score: Annotated[int, Field(ge=0, le=100)] | None = None
    max_score: Annotated[int, Field(ge=0, le=100)] | None = None
    q: Annotated[str, Field(pattern=_TEXT, max_length=SEARCH_LIMIT)] | None = None


@dataclass(frozen=True, kw_only=True)
class OrderRequest:
    """`action` is retry or cancel; to `jobs`, or to all that are `matching`, newest first: 200 in one order,
    and 5,000 that only wait to be cancelled. Order again while `left` is not 0."""

    action: Annotated[str, Field(json_schema_extra={"enum": list(ORDERS)})]
    jobs: Annotated[list[JobId], Field(min_length=1, max_length=BULK_LIMIT)] | None = None
    matching: Matching | None = None


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why an order was not carried out for a job."""

    job: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderAnswer:
    """What became of an order to many jobs. `left`: further ones that are matching, counted up to 10,000."""

    done: tuple[UUID, ...]
    refused: tuple[Refusal, ...]
    left: int


def batch_document(batch: Batch, request: Request, notes: tuple[str, ...] = ()) -> BatchDocument:
    """A batch with its links."""
    names = ("id", "name", "created_at", "submitted_at", "total", "good", "refused", "counts")
    pages = {"self": "batch", "rows": "batch-rows", "manifest": "batch-manifest", "videos": "batch-videos"}
    return BatchDocument(
        **{name: getattr(batch, name) for name in names},
        progress=round(batch.progress, 4),
        seconds_left=batch.seconds_left,
        notes=notes,
        links={
            name: reverse(f"api:{page}", args=[batch.id], request=request) for name, page in pages.items()
        },
    )


def row_document(row: BatchRow, request: Request) -> BatchRowDocument:
    """A row."""
    problems = tuple(
        FieldProblem(field=p.field, code=p.code, reason=p.reason, remedy=p.remedy) for p in row.problems
    )
    job = job_document(row.job, request) if row.job else None
    return BatchRowDocument(line=row.line, reference=row.reference, sent=row.sent, problems=problems, job=job)
