"""The REST API: parse, one call through the door, answer. No rule of the domain."""

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from apps.contracts.brief import Brief
from apps.contracts.codec import to_json
from apps.contracts.decision import AudienceProfile, Curve, Persona, PlatformProfile
from apps.contracts.progress import JobStatus
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
from apps.gateway.api.parsers import StrictJSONParser
from apps.gateway.api.schema import shown
from apps.gateway.authentication import ApiKeyAuthentication, KeyUser
from apps.gateway.media import serve

_PROBLEM = shown(Problem)
#: What any call may answer beside what it is for.
_ALWAYS: dict[Any, Any] = {
    401: OpenApiResponse(_PROBLEM, "No API key, or one that is unknown or revoked."),
    429: OpenApiResponse(_PROBLEM, "Too many calls with this key; Retry-After says when to go on."),
}
_NO_JOB: dict[Any, Any] = {404: OpenApiResponse(_PROBLEM, "There is no such job (or file yet).")}
_BAD_PARAMETERS: dict[Any, Any] = {400: OpenApiResponse(_PROBLEM, "A parameter cannot be used.")}


def _parameter(name: str, kind: Any, description: str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=description, **more)


class GatewayView(APIView):
    """What every view of the API has in common."""

    parser_classes = (StrictJSONParser,)


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
                str,
                OpenApiParameter.HEADER,
                description="The same key with the same brief is the same job, however often it is sent.",
            )
        ],
        responses={
            202: OpenApiResponse(shown(Job), "Accepted; Location says where to follow it."),
            400: OpenApiResponse(_PROBLEM, "The request's shape is wrong; `errors` names every field."),
            413: OpenApiResponse(_PROBLEM, "The body is too large."),
            415: OpenApiResponse(_PROBLEM, "The body is not application/json."),
            422: OpenApiResponse(_PROBLEM, "No short can be made of this; or the key stands for another."),
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
            _parameter("platform", str, "Only jobs for this platform."),
            _parameter("channel", str, "Only jobs of this channel."),
            _parameter("cursor", str, "Where the page begins; follow `next` rather than making one."),
            _parameter("limit", int, "Jobs on a page, 1 to 100 (25)."),
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
        responses={200: shown(Job), **_NO_JOB, 409: OpenApiResponse(_PROBLEM, "It has ended."), **_ALWAYS},
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
            409: OpenApiResponse(_PROBLEM, "It has neither failed nor been cancelled."),
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
            _parameter("after", int, "Only events after this number."),
            _parameter("limit", int, "Events at most, 1 to 500 (200)."),
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
        responses={200: shown(PlatformProfile), 404: _PROBLEM, **_ALWAYS},
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
        responses={200: shown(AudienceProfile), 404: _PROBLEM, **_ALWAYS},
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
        responses={200: shown(Persona), 404: _PROBLEM, **_ALWAYS},
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
        responses={(200, "audio/wav"): OpenApiTypes.BINARY, 404: _PROBLEM, **_ALWAYS},
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
        responses={200: shown(Curve), 404: _PROBLEM, **_ALWAYS},
    )
    def get(self, request: Request, curve_id: UUID) -> Response:
        return _entry(gateway.curves(), "id", curve_id)


def _entry(entries: tuple[Any, ...], name: str, value: object) -> Response:
    for entry in entries:
        if getattr(entry, name) == value:
            return Response(to_json(entry))
    raise Http404
