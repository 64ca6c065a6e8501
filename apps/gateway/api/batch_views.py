"""Batches and orders to many jobs over the API. Parse, one call through the door, answer."""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from apps.contracts.brief import BriefProblem
from apps.contracts.codec import to_json
from apps.contracts.progress import JobStatus
from apps.gateway import interface as gateway
from apps.gateway.access import KeyUser, channels_of
from apps.gateway.api import bodies, parameters
from apps.gateway.api.base import (
    ALWAYS,
    BAD_PARAMETERS,
    GatewayView,
    following,
    number_schema,
    problem_of,
    query,
    text_schema,
)
from apps.gateway.api.batch_documents import (
    FORM_SCHEMA,
    BatchDocument,
    BatchList,
    BatchRequest,
    BatchRowList,
    Matching,
    OrderAnswer,
    OrderRequest,
    Refusal,
    batch_document,
    row_document,
)
from apps.gateway.api.parsers import BoundedFormParser, StrictJSONParser
from apps.gateway.api.schema import shown
from apps.gateway.cursors import CURSOR_LIMIT
from apps.gateway.jobs import IDEMPOTENCY_KEY_LIMIT, PAGE_LIMIT
from apps.gateway.problems import BodyTooLarge, UnableToReadParameters

_NO_BATCH = problem_of(404, "There is no such batch.")
_IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": IDEMPOTENCY_KEY_LIMIT, "pattern": "^[ -~]*$"},
    OpenApiParameter.HEADER,
    description="The same key with the same file is the same batch, however often it is sent.",
)


class BatchesView(GatewayView):
    """All batches."""

    parser_classes = (StrictJSONParser, BoundedFormParser)

    @extend_schema(
        operation_id="create_batch",
        tags=["batches"],
        summary="Check many briefs row by row, and make the good ones",
        request={"application/json": shown(BatchRequest), "multipart/form-data": FORM_SCHEMA},
        parameters=[_IDEMPOTENCY],
        responses={
            201: OpenApiResponse(shown(BatchDocument), "Checked; nothing is made yet."),
            202: OpenApiResponse(shown(BatchDocument), "The good rows are on their way."),
            **problem_of(400, "The request's shape is wrong; `errors` names every field."),
            **problem_of(413, "The file or the body is too large."),
            **problem_of(415, "The body is neither JSON nor a form."),
            **problem_of(422, "The file is no table of briefs; or the key stands for another file."),
            **ALWAYS,
        },
    )
    def post(self, request: Request) -> Response:
        content, filename, name, wanted = _sent(request)
        batch, notes = gateway.check_batch(
            content,
            filename=filename,
            name=name,
            idempotency_key=parameters.read_idempotency_key(request),
            key_id=cast(KeyUser, request.user).id,
            channels=channels_of(request),
        )
        if wanted and batch.good:
            batch = gateway.submit_batch(batch.id)
        document = batch_document(batch, request, notes)
        status = 202 if batch.submitted_at else 201
        return Response(to_json(document), status=status, headers={"Location": document.links["self"]})

    @extend_schema(
        operation_id="list_batches",
        tags=["batches"],
        summary="List batches, newest first",
        parameters=[
            query("cursor", text_schema(CURSOR_LIMIT), "Where the page begins: follow `next`."),
            query("limit", number_schema(1, PAGE_LIMIT), "Batches on a page (25)."),
        ],
        responses={200: shown(BatchList), **BAD_PARAMETERS, **ALWAYS},
    )
    def get(self, request: Request) -> Response:
        asked = parameters.read_parameters(request, parameters.PAGE)
        key_id = cast(KeyUser, request.user).id if channels_of(request) else None
        page = gateway.batches(**asked, key_id=key_id)
        results = tuple(batch_document(batch, request) for batch in page.batches)
        return Response(to_json(BatchList(results=results, next=following(request, page.next_cursor))))


def _sent(request: Request) -> tuple[bytes, str, str, bool]:
    """Content, file name, name, and whether to submit. Raises UnableToReadParameters."""
    if not (request.content_type or "").startswith("multipart/"):
        body = bodies.read(request.data, BatchRequest)
        return json.dumps(body.briefs).encode(), "briefs.json", body.name, body.submit
    files, form = request.FILES.getlist("file"), request.POST
    problems = [
        _bad(name, "There is no such field.") for name in form if name not in FORM_SCHEMA["properties"]
    ]
    if len(files) != 1:
        problems.append(_bad("file", "There must be one file here."))
    if form.get("submit", "true") not in ("true", "false"):
        problems.append(_bad("submit", "This is neither true nor false."))
    if problems:
        raise UnableToReadParameters(problems[:20])
    file: Any = files[0]
    if file.too_large or file.size > gateway.BATCH_BYTES_LIMIT:
        raise BodyTooLarge("The file is too large. Split it into several.")
    return file.read(), file.name or "", form.get("name", ""), form.get("submit", "true") == "true"


def _bad(field: str, reason: str) -> BriefProblem:
    remedy = "Send file, and name and submit if you like."
    return BriefProblem(field=field[:60], code="bad_parameter", reason=reason, remedy=remedy)


class OneBatch(GatewayView):
    """What every view of one batch has in common."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A key that is held to channels sees the batches that it sent, and no other."""
        super().initial(request, *args, **kwargs)
        self.batch = gateway.batch(kwargs["batch_id"])
        if channels_of(request) and self.batch.key_id != cast(KeyUser, request.user).id:
            raise gateway.UnableToFindBatch(gateway.UnableToFindBatch.__doc__)


class BatchView(OneBatch):
    """One batch."""

    @extend_schema(
        operation_id="read_batch",
        tags=["batches"],
        summary="Follow a batch",
        responses={200: shown(BatchDocument), **_NO_BATCH, **ALWAYS},
    )
    def get(self, request: Request, batch_id: UUID) -> HttpResponseBase:
        return Response(to_json(batch_document(self.batch, request)))


class BatchRowsView(OneBatch):
    """A batch's rows."""

    @extend_schema(
        operation_id="list_batch_rows",
        tags=["batches"],
        summary="Read a batch's rows: what was sent, what is wrong, which job it became",
        parameters=[
            query("only", str, "Only these.", enum=["problems", "good", *JobStatus]),
            query("after", number_schema(0, parameters.SEQ_LIMIT), "Only rows after this line."),
            query("limit", number_schema(1, PAGE_LIMIT), "Rows at most (50)."),
        ],
        responses={200: shown(BatchRowList), **BAD_PARAMETERS, **_NO_BATCH, **ALWAYS},
    )
    def get(self, request: Request, batch_id: UUID) -> HttpResponseBase:
        page = gateway.batch_rows(batch_id, **parameters.read_parameters(request, parameters.BATCH_ROWS))
        results = tuple(row_document(row, request) for row in page.rows)
        return Response(to_json(BatchRowList(results=results, next=page.next_line)))


class SubmitBatchView(OneBatch):
    """The good rows, made."""

    @extend_schema(
        operation_id="submit_batch",
        tags=["batches"],
        summary="Make the good rows of a batch that was only checked",
        request=None,
        responses={
            202: shown(BatchDocument),
            **_NO_BATCH,
            **problem_of(409, "None of its rows can be made."),
            **ALWAYS,
        },
    )
    def post(self, request: Request, batch_id: UUID) -> Response:
        return Response(to_json(batch_document(gateway.submit_batch(batch_id), request)), status=202)


class CancelBatchView(OneBatch):
    """The end of a batch, by request."""

    @extend_schema(
        operation_id="cancel_batch",
        tags=["batches"],
        summary="Stop every job of a batch that has not ended",
        request=None,
        responses={200: shown(BatchDocument), **_NO_BATCH, **ALWAYS},
    )
    def post(self, request: Request, batch_id: UUID) -> Response:
        return Response(to_json(batch_document(gateway.cancel_batch(batch_id), request)))


class BatchManifestView(OneBatch):
    """What became of each row."""

    @extend_schema(
        operation_id="read_batch_manifest",
        tags=["batches"],
        summary="Read what became of each row, as CSV; `video` is read with an API key",
        responses={(200, "text/csv"): OpenApiTypes.BINARY, **_NO_BATCH, **ALWAYS},
    )
    def get(self, request: Request, batch_id: UUID) -> HttpResponseBase:
        nobody = UUID(int=0)
        video = reverse("api:job-video", args=[nobody], request=request).replace(str(nobody), "{job}")
        cells = gateway.manifest_cells(gateway.batch_manifest(batch_id, video))
        return StreamingHttpResponse(_lines(cells), content_type="text/csv; charset=utf-8")


class BatchVideosView(OneBatch):
    """The finished videos."""

    @extend_schema(
        operation_id="read_batch_videos",
        tags=["batches"],
        summary="Download a zip of the finished videos",
        responses={(200, "application/zip"): OpenApiTypes.BINARY, **_NO_BATCH, **ALWAYS},
    )
    def get(self, request: Request, batch_id: UUID) -> HttpResponseBase:
        return StreamingHttpResponse(gateway.batch_videos(batch_id), content_type="application/zip")


class BatchTemplateView(GatewayView):
    """A file to begin with."""

    reads = ""

    @extend_schema(
        operation_id="read_batch_template",
        tags=["batches"],
        summary="Download a CSV with every column",
        responses={(200, "text/csv"): OpenApiTypes.BINARY, **ALWAYS},
    )
    def get(self, request: Request) -> HttpResponseBase:
        return HttpResponse(gateway.batch_template(), content_type="text/csv; charset=utf-8")


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: Iterable[list[str]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    return (writer.writerow(row) for row in rows)


_EITHER = BriefProblem(
    field="jobs",
    code="one_of",
    reason="Which jobs is said by `jobs` or by `matching`: by one of the two.",
    remedy="Send a list of ids, or filters.",
)


class OrdersView(GatewayView):
    """One order to many jobs."""

    @extend_schema(
        operation_id="order_jobs",
        tags=["jobs"],
        summary="Retry or cancel many jobs at once, by id or by filter",
        request=shown(OrderRequest),
        responses={
            200: OpenApiResponse(
                shown(OrderAnswer), "Carried out where it could be; `refused` says why not."
            ),
            **problem_of(400, "The request's shape is wrong; `errors` names every field."),
            **problem_of(413, "The body is too large."),
            **problem_of(415, "The body is not application/json."),
            **problem_of(422, "There is no such order."),
            **ALWAYS,
        },
    )
    def post(self, request: Request) -> Response:
        body = bodies.read(request.data, OrderRequest)
        if (body.jobs is None) == (body.matching is None):
            raise UnableToReadParameters([_EITHER])
        outcome = (
            _ordered(request, body.action, body.jobs)
            if body.jobs is not None
            else gateway.order_matching_jobs(
                body.action, _filters(body.matching), channels=channels_of(request)
            )
        )
        refused = tuple(Refusal(job=job, reason=reason) for job, reason in outcome.refused.items())
        return Response(to_json(OrderAnswer(done=outcome.done, refused=refused, left=outcome.left)))


def _filters(matching: Matching | None) -> dict[str, str]:
    return {name: str(value) for name, value in vars(matching).items() if value is not None}


def _ordered(request: Request, action: str, jobs: list[str]) -> gateway.BulkOutcome:
    wanted = [_job_id(text) for text in jobs]
    seen = [job_id for job_id in wanted if _may_see(request, job_id)]
    outcome = gateway.order_jobs(action, seen)
    unseen = dict.fromkeys(set(wanted) - set(seen), str(gateway.UnableToFindJob.__doc__))
    return replace(outcome, refused={**outcome.refused, **unseen})


def _may_see(request: Request, job_id: UUID) -> bool:
    allowed = channels_of(request)
    try:
        return not allowed or gateway.channel_of(job_id) in allowed
    except gateway.UnableToFindJob:
        return False


def _job_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        reason, remedy = "This is not a job's id.", "Use an id as the API gave it out."
        problem = BriefProblem(field="jobs", code="bad_id", reason=reason, remedy=remedy)
        raise UnableToReadParameters([problem]) from None
