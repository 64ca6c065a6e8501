"""Numbers, experiments and what was learned, over HTTP: parse, one call through the door, answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any, cast
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from apps.contracts.codec import to_json
from apps.contracts.judgement import MendStatistics
from apps.contracts.performance import LearningPoint, Lesson, Standing, Variety
from apps.gateway import briefs
from apps.gateway import interface as gateway
from apps.gateway.access import KeyUser, channels_of
from apps.gateway.api import parameters
from apps.gateway.api.base import (
    ALWAYS,
    BAD_PARAMETERS,
    NO_JOB,
    GatewayView,
    following,
    number_schema,
    problem_of,
    query,
    text_schema,
)
from apps.gateway.api.schema import shown
from apps.gateway.csv_columns import SOURCES
from apps.gateway.csv_exports import FILE_LIMIT
from apps.gateway.cursors import CURSOR_LIMIT
from apps.gateway.experiments import VARIANTS
from apps.gateway.insights import CURVE_LIMIT, KINDS, permitted
from apps.gateway.jobs import IDEMPOTENCY_KEY_LIMIT, PAGE_LIMIT
from apps.gateway.learning_shapes import Experiment, ExperimentSummary, ImportRow, Publication
from apps.gateway.measures import COUNT_LIMIT, DAYS_LIMIT, SECONDS_LIMIT, SOURCE_LIMIT
from apps.gateway.problems import BodyTooLarge
from apps.gateway.video_links import ID_LIMIT, URL_LIMIT

#: Rows named in the answer to an import; the counts speak of all.
ROWS_SHOWN = 1000

_COUNT = {"type": ["integer", "null"], "minimum": 0, "maximum": COUNT_LIMIT}
_SHARE = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
_NUMBERS: dict[str, Any] = {
    "type": "object",
    "description": "Totals from publication up to and including `day` (today, UTC, where it is left out).",
    "properties": {
        "day": {"type": ["string", "null"], "format": "date"},
        "views": {**_COUNT, "type": "integer"},
        "engaged_views": _COUNT,
        "average_watch_seconds": {"type": ["number", "null"], "minimum": 0, "maximum": SECONDS_LIMIT},
        "completion": {**_SHARE, "description": "Share of views that reached the end."},
        "replays": _COUNT,
        "shares": _COUNT,
        "reach": _COUNT,
        "skip_rate": {**_SHARE, "description": "Share of views that left in the first three seconds."},
        "source": {"type": ["string", "null"], "minLength": 1, "maxLength": SOURCE_LIMIT},
    },
    "required": ["views"],
    "additionalProperties": False,
}
_REPORT = {"oneOf": [_NUMBERS, {"type": "array", "items": _NUMBERS, "minItems": 1, "maxItems": DAYS_LIMIT}]}
_PUBLICATION = {
    "type": "object",
    "description": "One of `external_id` and `url` at least; the id is read out of the address.",
    "properties": {
        "platform": {"type": ["string", "null"], "maxLength": briefs.PLATFORM_LIMIT},
        "external_id": {"type": ["string", "null"], "maxLength": ID_LIMIT},
        "url": {"type": ["string", "null"], "maxLength": URL_LIMIT},
        "published_at": {"anyOf": [{"type": "string", "format": "date-time"}, {"enum": ["", None]}]},
    },
    "additionalProperties": False,
}
_EXPERIMENT = {
    "type": "object",
    "properties": {
        "brief": {"$ref": "#/components/schemas/Brief"},
        "n": {**number_schema(*VARIANTS), "description": "How many shorts; may be left out with `levels`."},
        "factor": {
            "type": ["string", "null"],
            "enum": [*KINDS, "", None],
            "description": "What they differ in; left out, memory chooses what teaches the most.",
        },
        "levels": {
            "type": ["array", "null"],
            "items": text_schema(briefs.NAME_LIMIT),
            "maxItems": VARIANTS[1],
            "uniqueItems": True,
            "description": "Which levels of `factor`; left out, memory chooses.",
        },
    },
    "required": ["brief"],
    "additionalProperties": False,
}
_EXAMPLE_DAY = {
    "day": "2026-11-20",
    "views": 1840,
    "engaged_views": 1390,
    "average_watch_seconds": 17.4,
    "completion": 0.46,
    "shares": 31,
    "skip_rate": 0.24,
}
_NO_EXPERIMENT = problem_of(404, "There is no such experiment.")
_NOT_JSON = problem_of(415, "The body is not application/json.")
_TOO_LARGE = problem_of(413, "The body is too large.")


@dataclass(frozen=True, kw_only=True)
class ImportDocument:
    """What became of an export. `left_out` names the first thousand rows that were not taken, each with why;
    `left_out_total` counts all of them. `written` is 0 for a dry run."""

    source: str
    columns: dict[str, str]
    ignored: tuple[str, ...]
    totals: int
    notes: tuple[str, ...]
    ready: int
    jobs: int
    written: int
    left_out_total: int
    left_out: tuple[ImportRow, ...]


@dataclass(frozen=True, kw_only=True)
class ExperimentList:
    """One page of experiments, newest first; `next` is null on the last page."""

    results: tuple[ExperimentSummary, ...]
    next: str | None


class CsvParser(BaseParser):
    """text/csv of at most FILE_LIMIT bytes, as bytes: what it says is for the door to read."""

    media_type = "text/csv"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        data = stream.read(FILE_LIMIT + 1)
        if len(data) > FILE_LIMIT:
            raise BodyTooLarge(
                f"The file is larger than {FILE_LIMIT // 1_000_000} MB. Export a shorter period."
            )
        return data


class LearningView(GatewayView):
    """A view of numbers and of what they taught."""

    reads = "performance:read"
    writes = "performance:write"


class PerformanceView(LearningView):
    """A short's real numbers."""

    @extend_schema(
        operation_id="report_performance",
        tags=["learning"],
        summary="Report a short's real numbers; memory learns from them",
        description="Totals by day. The newest report of a day holds; older ones are kept.",
        request={"application/json": _REPORT},
        examples=[
            OpenApiExample("One day", value=_EXAMPLE_DAY, request_only=True),
            OpenApiExample(
                "Several days",
                value=[{"day": "2026-11-19", "views": 900}, _EXAMPLE_DAY],
                request_only=True,
            ),
        ],
        responses={
            200: OpenApiResponse(shown(Lesson), "Kept; `taught` says which factors learned what."),
            **problem_of(400, "A number cannot be; `errors` names every field."),
            **NO_JOB,
            **problem_of(409, "The job has no finished short."),
            **_TOO_LARGE,
            **_NOT_JSON,
            **ALWAYS,
        },
    )
    def post(self, request: Request, job_id: UUID) -> Response:
        return Response(to_json(gateway.record_performance(job_id, request.data)))

    @extend_schema(
        operation_id="read_performance",
        tags=["learning"],
        summary="Read a short's real numbers, newest day last, and what they taught",
        responses={200: shown(Lesson), **NO_JOB, **ALWAYS},
    )
    def get(self, request: Request, job_id: UUID) -> Response:
        return Response(to_json(gateway.performance_of(job_id)))


class PublicationView(LearningView):
    """Where a short was published."""

    @extend_schema(
        operation_id="publish_job",
        tags=["learning"],
        summary="Say where a short was published, so that exports find it",
        request={"application/json": _PUBLICATION},
        examples=[
            OpenApiExample(
                "By its address",
                value={
                    "url": "https://www.youtube.com/shorts/dQw4w9WgXcQ",
                    "published_at": "2026-11-18T17:00:00Z",
                },
                request_only=True,
            )
        ],
        responses={
            200: shown(Publication),
            **problem_of(400, "A field cannot be used; `errors` names every one."),
            **NO_JOB,
            **problem_of(409, "The video is another job's."),
            **_TOO_LARGE,
            **_NOT_JSON,
            **ALWAYS,
        },
    )
    def put(self, request: Request, job_id: UUID) -> Response:
        return Response(to_json(gateway.publish(job_id, request.data)))

    @extend_schema(
        operation_id="read_publication",
        tags=["learning"],
        summary="Read where a short was published",
        responses={200: shown(Publication), **NO_JOB, **ALWAYS},
    )
    def get(self, request: Request, job_id: UUID) -> Response:
        return Response(to_json(gateway.publication(job_id)))

    @extend_schema(
        operation_id="unpublish_job",
        tags=["learning"],
        summary="Forget where a short was published; its numbers stay",
        responses={204: OpenApiResponse(description="Nothing is known of it now."), **NO_JOB, **ALWAYS},
    )
    def delete(self, request: Request, job_id: UUID) -> Response:
        gateway.unpublish(job_id)
        return Response(status=204)


class ImportsView(LearningView):
    """Exports of numbers."""

    parser_classes = (CsvParser,)

    @extend_schema(
        operation_id="import_performance",
        tags=["learning"],
        summary="Take the numbers out of a CSV as YouTube Studio, Meta Business Suite or TikTok export it",
        parameters=[
            query("dry_run", {"type": "string", "enum": ["true", "false"]}, "true: say what would happen."),
            query("source", str, "Where the file is from; left out, its columns tell.", enum=list(SOURCES)),
            query("filename", text_schema(200), "The file's name; it may hold the day its period ends."),
        ],
        request={"text/csv": {"type": "string", "maxLength": FILE_LIMIT}},
        responses={
            200: shown(ImportDocument),
            **BAD_PARAMETERS,
            **problem_of(413, "The file is too large."),
            **problem_of(415, "The body is not text/csv."),
            **problem_of(422, "This is no export that can be read; `errors` says what to do."),
            **ALWAYS,
        },
    )
    def post(self, request: Request) -> Response:
        asked = parameters.read_parameters(request, parameters.IMPORTS)
        dry_run = asked.pop("dry_run", "false") == "true"
        data = request.data if isinstance(request.data, bytes) else b""
        read = gateway.preview_performance if dry_run else gateway.import_performance
        return Response(to_json(_import_document(read(data, **asked, channels=channels_of(request)))))


class ExperimentsView(LearningView):
    """Experiments."""

    @extend_schema(
        operation_id="create_experiment",
        tags=["learning"],
        summary="Make shorts that differ in one factor",
        description="All other choices are held equal. Without `factor`, memory takes what teaches the most.",
        request={"application/json": _EXPERIMENT},
        examples=[
            OpenApiExample(
                "Three hooks",
                value={
                    "brief": {
                        "topic": "Why an octopus has three hearts",
                        "facts": [
                            "An octopus has three hearts.",
                            "Two of them serve the gills.",
                            "The third one rests while it swims.",
                        ],
                    },
                    "n": 3,
                    "factor": "hook",
                },
                request_only=True,
            )
        ],
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                {"type": "string", "maxLength": IDEMPOTENCY_KEY_LIMIT, "pattern": "^[ -~]*$"},
                OpenApiParameter.HEADER,
                description="The same key with the same request is the same experiment.",
            )
        ],
        responses={
            202: OpenApiResponse(shown(Experiment), "Its jobs are made; Location leads to it."),
            **problem_of(400, "The request's shape is wrong; `errors` names every field."),
            **_TOO_LARGE,
            **_NOT_JSON,
            **problem_of(
                422, "No such experiment can be made; `errors` says why. Or the key stands for another."
            ),
            **ALWAYS,
        },
    )
    def post(self, request: Request) -> Response:
        made = gateway.create_experiment(
            request.data,
            idempotency_key=parameters.read_idempotency_key(request),
            key_id=cast(KeyUser, request.user).id,
            channels=channels_of(request),
        )
        where = reverse("api:experiment", args=[made.id], request=request)
        return Response(to_json(made), status=202, headers={"Location": where})

    @extend_schema(
        operation_id="list_experiments",
        tags=["learning"],
        summary="List experiments, newest first",
        parameters=[
            query("cursor", text_schema(CURSOR_LIMIT), "Where the page begins: follow `next`."),
            query("limit", number_schema(1, PAGE_LIMIT), "Experiments on a page (25)."),
        ],
        responses={200: shown(ExperimentList), **BAD_PARAMETERS, **ALWAYS},
    )
    def get(self, request: Request) -> Response:
        asked = parameters.read_parameters(request, parameters.PAGE)
        page = gateway.experiments(**asked, channels=channels_of(request))
        found = ExperimentList(results=page.experiments, next=following(request, page.next_cursor))
        return Response(to_json(found))


class ExperimentView(LearningView):
    """One experiment."""

    @extend_schema(
        operation_id="read_experiment",
        tags=["learning"],
        summary="Read an experiment: its shorts, and what can be told apart so far",
        responses={200: shown(Experiment), **_NO_EXPERIMENT, **ALWAYS},
    )
    def get(self, request: Request, experiment_id: UUID) -> Response:
        if not permitted(gateway.experiment_channel(experiment_id), channels_of(request)):
            raise gateway.UnableToFindExperiment(gateway.UnableToFindExperiment.__doc__)
        return Response(to_json(gateway.experiment(experiment_id)))


class LeaderboardView(LearningView):
    """What wins on a platform."""

    @extend_schema(
        operation_id="read_leaderboard",
        tags=["learning"],
        summary="Read how each creative choice does on a platform, best first, with intervals",
        parameters=[
            query("platform", text_schema(briefs.PLATFORM_LIMIT), "Which platform.", required=True),
            query("kind", str, "Only choices of this kind.", enum=list(KINDS)),
        ],
        responses={200: shown(Standing)(many=True), **BAD_PARAMETERS, **ALWAYS},
    )
    def get(self, request: Request) -> Response:
        asked = parameters.read_parameters(request, parameters.LEADERBOARD, required=("platform",))
        return Response(to_json(gateway.leaderboard(**asked)))


class LearningCurveView(LearningView):
    """How shorts did over time."""

    @extend_schema(
        operation_id="read_learning_curve",
        tags=["learning"],
        summary="Read how the newest shorts did, oldest first",
        parameters=[
            query("platform", text_schema(briefs.PLATFORM_LIMIT), "Only shorts for this platform."),
            query("channel", text_schema(briefs.NAME_LIMIT), "Only shorts of this channel."),
            query("limit", number_schema(1, CURVE_LIMIT), "Shorts at most (500)."),
        ],
        responses={200: shown(LearningPoint)(many=True), **BAD_PARAMETERS, **ALWAYS},
    )
    def get(self, request: Request) -> Response:
        asked = parameters.read_parameters(request, parameters.LEARNING_CURVE)
        _check_channel(request, asked.get("channel", ""))
        return Response(to_json(gateway.learning_curve(**asked)))


class VarietyView(LearningView):
    """How varied a channel is."""

    @extend_schema(
        operation_id="read_variety",
        tags=["learning"],
        summary="Read how varied a channel's newest shorts are, factor by factor",
        parameters=[query("channel", text_schema(briefs.NAME_LIMIT), "Which channel.", required=True)],
        responses={200: shown(Variety)(many=True), **BAD_PARAMETERS, **ALWAYS},
    )
    def get(self, request: Request) -> Response:
        asked = parameters.read_parameters(request, parameters.VARIETY, required=("channel",))
        _check_channel(request, asked["channel"])
        return Response(to_json(gateway.varieties(**asked)))


class MendsView(LearningView):
    """Which orders of a retry help."""

    @extend_schema(
        operation_id="read_mends",
        tags=["learning"],
        summary="Read which orders of the critic improve a short, most often tried first",
        parameters=[query("platform", text_schema(briefs.PLATFORM_LIMIT), "Only shorts for this platform.")],
        responses={200: shown(MendStatistics)(many=True), **BAD_PARAMETERS, **ALWAYS},
    )
    def get(self, request: Request) -> Response:
        asked = parameters.read_parameters(request, parameters.MENDS)
        return Response(to_json(gateway.mend_statistics(**asked)))


def _check_channel(request: Request, channel: str) -> None:
    """Raises UnableToUseChannel where the key is held to other channels."""
    allowed = channels_of(request)
    if not permitted(channel, allowed):
        raise gateway.UnableToUseChannel(f"This key is for these channels alone: {', '.join(allowed)}.")


def _import_document(read: gateway.PerformanceImport) -> ImportDocument:
    left_out = read.left_out
    return ImportDocument(
        source=read.source,
        columns=read.columns,
        ignored=read.ignored,
        totals=read.totals,
        notes=read.notes,
        ready=read.ready,
        jobs=read.jobs,
        written=read.written,
        left_out_total=len(left_out),
        left_out=left_out[:ROWS_SHOWN],
    )
