"""The REST API's one way to change a finished short: parse, one call through the door, answer."""

from dataclasses import dataclass
from typing import Annotated, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from pydantic import ConfigDict, Field
from rest_framework.request import Request
from rest_framework.response import Response

from apps.contracts.codec import to_json
from apps.gateway import interface as gateway
from apps.gateway.api import bodies
from apps.gateway.api.base import ALWAYS, NO_JOB, GatewayView, problem_of
from apps.gateway.api.documents import Job, job_document
from apps.gateway.api.schema import shown

#: Characters of a field that are read at all; what can be said in a scene is far less.
TEXT_LIMIT = 2000


@dataclass(frozen=True, kw_only=True)
class SceneChange:
    """What a scene is to say (`narration`) or to show (`visual`); what is left out stays as it is."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    narration: Annotated[str, Field(max_length=TEXT_LIMIT)] = ""
    visual: Annotated[str, Field(max_length=TEXT_LIMIT)] = ""


class SceneView(GatewayView):
    """One scene of a short."""

    @extend_schema(
        operation_id="revise_scene",
        tags=["jobs"],
        summary="Change one scene's words or picture; only what that touches is rendered again",
        description=(
            "`ordinal` counts scenes from 0. The delivered video stays until the new one is there. "
            "The critic judges the new take, but delivers it whatever it thinks: it is yours."
        ),
        request=shown(SceneChange),
        examples=[
            OpenApiExample(
                "other words", value={"narration": "Two of them feed the gills."}, request_only=True
            )
        ],
        responses={
            202: shown(Job),
            **NO_JOB,
            **problem_of(400, "The body is no JSON object of these fields."),
            **problem_of(409, "The job is not completed."),
            **problem_of(422, "The words cannot be said or shown; `errors` says why."),
            **ALWAYS,
        },
    )
    def post(self, request: Request, job_id: UUID, ordinal: int) -> Response:
        change = bodies.read(request.data, SceneChange)
        job = gateway.revise_scene(job_id, ordinal, narration=change.narration, visual=change.visual)
        return Response(to_json(job_document(job, request)), status=202)
