"""The REST API: parse, one call through the door, answer. No rule of the domain."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from apps.contracts.brief import Brief
from apps.contracts.codec import to_json
from apps.contracts.decision import AudienceProfile, Curve, Persona, PlatformProfile
from apps.contracts.media import Upload
from apps.contracts.progress import JobStatus
from apps.gateway import briefs
from apps.gateway import interface as gateway
from apps.gateway.api import parameters
from apps.gateway.api.documents import (
    EventList,
    Job,
    JobDocument,
    JobList,
    Problem,
    detail_document,
    job_document,
)
from apps.gateway.api.parsers import BoundedFormParser, StrictJSONParser, upload_too_large
from apps.gateway.api.schema import shown
from apps.gateway.authentication import ApiKeyAuthentication, KeyUser
from apps.gateway.cursors import CURSOR_LIMIT
from apps.gateway.jobs import IDEMPOTENCY_KEY_LIMIT, PAGE_LIMIT
from apps.gateway.media import serve
from apps.gateway.problems import MEDIA_TYPE


def _problem(code: int, description: str) -> dict[Any, Any]:
    return {(code, MEDIA_TYPE): OpenApiResponse(shown(Problem), description)}


#: What any call may answer beside what it is for.
_ALWAYS = {
    **_problem(401, "No API key, or one that is unknown or revoked."),
    **_problem(429, "Too many calls with this key; Retry-After says when to go on."),
}
_NO_JOB = _problem(404, "There is no such job (or file yet).")
_NO_ENTRY = _problem(404, "There is no such entry in this catalogue.")
_BAD_PARAMETERS = _problem(400, "A parameter cannot be used; `errors` names every one.")


def _parameter(name: str, kind: Any, description: str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=description, **more)


def _name(longest: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": longest}


def _number(low: int, high: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": low, "maximum": high}


class OneFormat(BaseContentNegotiation):
    """Every call has one format to answer in (RFC 9110 12.1 lets a server overlook Accept).

    Else a player that asks for `Accept: video/mp4` would be refused the video.
    """

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        return DefaultContentNegotiation().select_parser(request, parsers)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        only = next(iter(renderers))
        return only, only.media_type


class GatewayView(APIView):
    """What every view of the API has in common."""

    parser_classes: tuple[type[BaseParser], ...] = (StrictJSONParser,)
    content_negotiation_class = OneFormat


class JobsView(GatewayView):
    """All jobs."""

    @extend_schema(
        operation_id="create_job",
        tags=["jobs"],
        summary="Turn a brief into a job",
        request=shown(Brief),
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                {"type": "string", "maxLength": IDEMPOTENCY_KEY_LIMIT, "pattern": "^[ -~]*$"},
                OpenApiParameter.HEADER,
                description="The same key with the same brief is the same job, however often it is sent.",
            )
        ],
        responses={
            202: OpenApiResponse(shown(Job), "Accepted; Location says where to follow it."),
            **_problem(400, "The request's shape is wrong; `errors` names every field."),
            **_problem(413, "The body is too large."),
            **_problem(415, "The body is not application/json."),
            **_problem(422, "No short can be made of this; or the key stands for another."),
            **_ALWAYS,
        },
    )
    def post(self, request: Request) -> Response:
        job = gateway.submit_brief(
            request.data,
            idempotency_key=parameters.read_idempotency_key(request),
            key_id=cast(KeyUser, request.user).id,
        )
        document = job_document(job, request)
        return Response(to_json(document), status=202, headers={"Location": document.links["self"]})

    @extend_schema(
        operation_id="list_jobs",
        tags=["jobs"],
        summary="List jobs, newest first",
        parameters=[
            _parameter("status", str, "Only jobs that stand so.", enum=list(JobStatus)),
            _parameter("platform", _name(briefs.PLATFORM_LIMIT), "Only jobs for this platform."),
            _parameter("channel", _name(briefs.NAME_LIMIT), "Only jobs of this channel."),
            _parameter(
                "cursor", _name(CURSOR_LIMIT), "Where the page begins; follow `next` rather than making one."
            ),
            _parameter("limit", _number(1, PAGE_LIMIT), "Jobs on a page (25)."),
        ],
        responses={200: shown(JobList), **_BAD_PARAMETERS, **_ALWAYS},
    )
    def get(self, request: Request) -> Response:
        asked = parameters.read_parameters(request, {**parameters.JOB_FILTERS, **parameters.PAGE})
        cursor, limit = asked.pop("cursor", ""), asked.pop("limit", parameters.PAGE_DEFAULT)
        page = gateway.jobs(asked, cursor=cursor, limit=limit)
        here = request.build_absolute_uri()
        following = replace_query_param(here, "cursor", page.next_cursor) if page.next_cursor else None
        jobs = tuple(job_document(job, request) for job in page.jobs)
        return Response(to_json(JobList(results=jobs, next=following)))


class JobView(GatewayView):
    """One job."""

    @extend_schema(
        operation_id="read_job",
        tags=["jobs"],
        summary="Read a job: progress, decisions, scenes, scores, links",
        responses={200: shown(JobDocument), **_NO_JOB, **_ALWAYS},
    )
    def get(self, request: Request, job_id: UUID) -> Response:
        return Response(to_json(detail_document(gateway.job(job_id), request)))


class CancelView(GatewayView):
    """The end of a job, by request."""

    @extend_schema(
        operation_id="cancel_job",
        tags=["jobs"],
        summary="Stop a job",
        request=None,
        responses={200: shown(Job), **_NO_JOB, **_problem(409, "It has ended."), **_ALWAYS},
    )
    def post(self, request: Request, job_id: UUID) -> Response:
        return Response(to_json(job_document(gateway.cancel(job_id), request)))


class RetryView(GatewayView):
    """Another go at what failed."""

    @extend_schema(
        operation_id="retry_job",
        tags=["jobs"],
        summary="Go on with a failed or cancelled job; what is finished is kept",
        request=None,
        responses={
            202: shown(Job),
            **_NO_JOB,
            **_problem(409, "It has neither failed nor been cancelled."),
            **_ALWAYS,
        },
    )
    def post(self, request: Request, job_id: UUID) -> Response:
        return Response(to_json(job_document(gateway.retry(job_id), request)), status=202)


class EventsView(GatewayView):
    """A job's life."""

    @extend_schema(
        operation_id="list_job_events",
        tags=["jobs"],
        summary="Read what happened to a job",
        parameters=[
            _parameter("after", _number(0, parameters.SEQ_LIMIT), "Only events after this number."),
            _parameter("limit", _number(1, parameters.EVENTS_LIMIT), "Events at most (200)."),
        ],
        responses={200: shown(EventList), **_BAD_PARAMETERS, **_NO_JOB, **_ALWAYS},
    )
    def get(self, request: Request, job_id: UUID) -> Response:
        asked = parameters.read_parameters(request, parameters.EVENTS)
        found = gateway.events(job_id, **asked)
        last = found[-1].seq if found else asked.get("after", 0)
        return Response(to_json(EventList(results=found, last=last)))


class VideoView(GatewayView):
    """A job's finished file."""

    @extend_schema(
        operation_id="read_job_video",
        tags=["jobs"],
        summary="Stream the finished video; ranges are honoured",
        parameters=[OpenApiParameter("Range", str, OpenApiParameter.HEADER, description="bytes=0-1023")],
        responses={
            (200, "video/mp4"): OpenApiTypes.BINARY,
            (206, "video/mp4"): OpenApiTypes.BINARY,
            304: OpenApiResponse(description="Unchanged since the given ETag or date."),
            416: OpenApiResponse(description="The range lies beyond the end."),
            **_NO_JOB,
            **_ALWAYS,
        },
    )
    def get(self, request: Request, job_id: UUID) -> HttpResponseBase:
        return serve(request._request, gateway.media_key(job_id, "video"))


class UploadsView(GatewayView):
    """Images and clips of the user's own."""

    parser_classes = (BoundedFormParser,)

    @extend_schema(
        operation_id="create_upload",
        tags=["uploads"],
        summary="Keep an image or a clip of your own; name its key in a brief's `media`",
        request={"multipart/form-data": parameters.UPLOAD_SCHEMA},
        responses={
            201: OpenApiResponse(shown(Upload), "Kept; the same file again has the same key."),
            **_problem(400, "The form cannot be read; `errors` names every field."),
            **_problem(413, "The file is too large."),
            **_problem(415, "The body is not multipart/form-data."),
            **_problem(422, "The file is no image or clip that can be shown; `errors` says what to do."),
            **_ALWAYS,
        },
    )
    def post(self, request: Request) -> Response:
        file, credit = parameters.read_upload(request)
        if file.too_large:
            raise upload_too_large()
        kept = gateway.keep_upload(file.path, name=file.name or "", credit=credit)
        return Response(to_json(kept), status=201)


class PlatformsView(GatewayView):
    """Platform profiles."""

    @extend_schema(
        operation_id="list_platforms",
        tags=["catalogues"],
        summary="List platform profiles",
        responses={200: shown(PlatformProfile)(many=True), **_ALWAYS},
    )
    def get(self, request: Request) -> Response:
        return Response(to_json(gateway.platforms()))


class PlatformView(GatewayView):
    """One platform profile."""

    @extend_schema(
        operation_id="read_platform",
        tags=["catalogues"],
        summary="Read a platform profile",
        responses={200: shown(PlatformProfile), **_NO_ENTRY, **_ALWAYS},
    )
    def get(self, request: Request, platform: str) -> Response:
        return _entry(gateway.platforms(), "platform", platform)


class AudiencesView(GatewayView):
    """Audience profiles."""

    @extend_schema(
        operation_id="list_audiences",
        tags=["catalogues"],
        summary="List audience profiles",
        responses={200: shown(AudienceProfile)(many=True), **_ALWAYS},
    )
    def get(self, request: Request) -> Response:
        return Response(to_json(gateway.audiences()))


class AudienceView(GatewayView):
    """One audience profile."""

    @extend_schema(
        operation_id="read_audience",
        tags=["catalogues"],
        summary="Read an audience profile",
        responses={200: shown(AudienceProfile), **_NO_ENTRY, **_ALWAYS},
    )
    def get(self, request: Request, key: str) -> Response:
        return _entry(gateway.audiences(), "key", key)


class PersonasView(GatewayView):
    """Personas."""

    @extend_schema(
        operation_id="list_personas",
        tags=["catalogues"],
        summary="List personas",
        responses={200: shown(Persona)(many=True), **_ALWAYS},
    )
    def get(self, request: Request) -> Response:
        return Response(to_json(gateway.personas()))


class PersonaView(GatewayView):
    """One persona."""

    @extend_schema(
        operation_id="read_persona",
        tags=["catalogues"],
        summary="Read a persona",
        responses={200: shown(Persona), **_NO_ENTRY, **_ALWAYS},
    )
    def get(self, request: Request, persona_id: str) -> Response:
        return _entry(gateway.personas(), "id", persona_id)


class StaffOrKey(BasePermission):
    """Holders of an API key, and people who may use the admin."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        holds_key = isinstance(request.successful_authenticator, ApiKeyAuthentication)
        return holds_key or bool(request.user and request.user.is_staff)


class PersonaSampleView(GatewayView):
    """How a persona sounds."""

    authentication_classes = (ApiKeyAuthentication, SessionAuthentication)
    permission_classes = (IsAuthenticated, StaffOrKey)

    @extend_schema(
        operation_id="read_persona_sample",
        tags=["catalogues"],
        summary="Hear a persona say a sentence",
        responses={(200, "audio/wav"): OpenApiTypes.BINARY, **_NO_ENTRY, **_ALWAYS},
    )
    def get(self, request: Request, persona_id: str) -> HttpResponseBase:
        _entry(gateway.personas(), "id", persona_id)
        return serve(request._request, gateway.speak_sample(persona_id))


class CurvesView(GatewayView):
    """Emotion curves."""

    @extend_schema(
        operation_id="list_curves",
        tags=["catalogues"],
        summary="List emotion curves",
        responses={200: shown(Curve)(many=True), **_ALWAYS},
    )
    def get(self, request: Request) -> Response:
        return Response(to_json(gateway.curves()))


class CurveView(GatewayView):
    """One emotion curve."""

    @extend_schema(
        operation_id="read_curve",
        tags=["catalogues"],
        summary="Read an emotion curve",
        responses={200: shown(Curve), **_NO_ENTRY, **_ALWAYS},
    )
    def get(self, request: Request, curve_id: UUID) -> Response:
        return _entry(gateway.curves(), "id", curve_id)


def _entry(entries: tuple[Any, ...], name: str, value: object) -> Response:
    for entry in entries:
        if getattr(entry, name) == value:
            return Response(to_json(entry))
    raise Http404
