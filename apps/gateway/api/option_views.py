"""What a brief may say, whether one could be made, and how busy the house is. Parse, one call, answer."""

from dataclasses import dataclass

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.contracts.codec import to_json
from apps.contracts.decision import Mood
from apps.contracts.progress import Day, Output, StageTime
from apps.gateway import interface as gateway
from apps.gateway.access import channels_of
from apps.gateway.api import parameters
from apps.gateway.api.base import (
    ALWAYS,
    BAD_PARAMETERS,
    CatalogueView,
    GatewayView,
    number_schema,
    problem_of,
    query,
)
from apps.gateway.api.documents import FieldProblem
from apps.gateway.api.schema import shown

#: A brief as `create_job` takes it, or whatever somebody takes for one: that is the question.
ANYTHING = {"anyOf": [{"$ref": "#/components/schemas/Brief"}, {"description": "Not quite a brief."}]}


@dataclass(frozen=True, kw_only=True)
class Options:
    """What else a brief may name, beside platforms, audiences, personas and curves.

    `limits` counts characters of topic, fact and source_text, and entries of facts, media and curve_points;
    `providers` maps a field of the brief's `providers` to known names; `channels` are those in use.
    """

    languages: tuple[str, ...]
    caption_styles: tuple[str, ...]
    emotions: tuple[Mood, ...]
    providers: dict[str, tuple[str, ...]]
    channels: tuple[str, ...]
    limits: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class BriefCheck:
    """Whether a brief could be made into a short; `problems` names every field that is wrong."""

    usable: bool
    problems: tuple[FieldProblem, ...]


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """How long stages take and what waits now; jobs that ended, by day (UTC), oldest first; today so far."""

    stages: tuple[StageTime, ...]
    days: tuple[Output, ...]
    today: Day


class OptionsView(CatalogueView):
    """What a brief may name."""

    @extend_schema(
        operation_id="read_options",
        tags=["catalogues"],
        summary="Read what else a brief may name, and how much fits",
        responses={200: shown(Options), **ALWAYS},
    )
    def get(self, request: Request) -> Response:
        held = channels_of(request)
        return Response(
            to_json(
                Options(
                    languages=gateway.languages(),
                    caption_styles=gateway.caption_styles(),
                    emotions=gateway.emotions(),
                    providers=gateway.providers(),
                    channels=tuple(name for name in gateway.channels() if not held or name in held),
                    limits=gateway.brief_limits(),
                )
            )
        )


class BriefCheckView(GatewayView):
    """A brief before it is a job."""

    @extend_schema(
        operation_id="check_brief",
        tags=["jobs"],
        summary="See whether a brief could be made; nothing is written",
        request={"application/json": ANYTHING},
        responses={
            200: OpenApiResponse(shown(BriefCheck), "Read; what is wrong with it is in `problems`."),
            **problem_of(400, "There is no body, or it is no JSON."),
            **problem_of(413, "The body is too large."),
            **problem_of(415, "The body is not application/json."),
            **ALWAYS,
        },
    )
    def post(self, request: Request) -> Response:
        if request.stream is None:  # which DRF would read as an object without fields
            raise ParseError("There is no body. Send a brief.")
        problems = tuple(FieldProblem(**vars(one)) for one in gateway.problems_with_brief(request.data))
        return Response(to_json(BriefCheck(usable=not problems, problems=problems)))


class StatisticsView(GatewayView):
    """The house's pace."""

    reads = "performance:read"

    @extend_schema(
        operation_id="read_statistics",
        tags=["learning"],
        summary="Read stage times, what waits, how many jobs ended each day, and what today brought",
        parameters=[query("days", number_schema(1, parameters.DAYS_LIMIT), "Days to count (14).")],
        responses={200: shown(Statistics), **BAD_PARAMETERS, **ALWAYS},
    )
    def get(self, request: Request) -> Response:
        asked = parameters.read_parameters(request, parameters.STATISTICS)
        found = Statistics(
            stages=gateway.stage_times(), days=gateway.throughput(**asked), today=gateway.today()
        )
        return Response(to_json(found))
