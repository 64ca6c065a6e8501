"""The REST API: parse, one call through the door, answer. No rule of the domain."""

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.contracts.brief import Brief
from apps.contracts.codec import to_json
from apps.contracts.decision import AudienceProfile, Curve, Persona, PlatformProfile
from apps.contracts.media import Upload
from apps.contracts.progress import JobStatus
from apps.foundation.ffmpeg import UnableToRunFfmpeg
from apps.gateway import briefs
from apps.gateway import interface as gateway
from apps.gateway.access import KeyUser, channels_of
from apps.gateway.api import parameters
from apps.gateway.api.base import (
    ALWAYS,
    BAD_PARAMETERS,
    NO_JOB,
    CatalogueView,
    GatewayView,
    following,
    number_schema,
    partial,
    problem_of,
    query,
    text_schema,
)
from apps.gateway.api.documents import (
    EventList,
    Job,
    JobDocument,
    JobList,
    Loudness,
    detail_document,
    job_document,
)
from apps.gateway.api.parsers import BoundedFormParser, upload_too_large
from apps.gateway.api.schema import shown
from apps.gateway.authentication import ApiKeyAuthentication
from apps.gateway.cursors import CURSOR_LIMIT
from apps.gateway.filters import SEARCH_LIMIT
from apps.gateway.jobs import IDEMPOTENCY_KEY_LIMIT, PAGE_LIMIT
from apps.gateway.media import serve

_NO_ENTRY = problem_of(404, "There is no such entry in this catalogue.")


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
            **problem_of(400, "The request's shape is wrong; `errors` names every field."),
            **problem_of(413, "The body is too large."),
            **problem_of(415, "The body is not application/json."),
            **problem_of(422, "No short can be made of this; or the key stands for another."),
            **ALWAYS,
        },
    )
    def post(self, request: Request) -> Response:
        job = gateway.submit_brief(
            request.data,
            idempotency_key=parameters.read_idempotency_key(request),
            key_id=cast(KeyUser, request.user).id,
            channels=channels_of(request),
        )
        document = job_document(job, request)
        return Response(to_json(document), status=202, headers={"Location": document.links["self"]})

    @extend_schema(
        operation_id="list_jobs",
        tags=["jobs"],
        summary="List jobs, newest first",
        parameters=[
            query("status", str, "Only jobs that stand so.", enum=list(JobStatus)),
            query("platform", text_schema(briefs.PLATFORM_LIMIT), "Only jobs for this platform."),
            query("channel", text_schema(briefs.NAME_LIMIT), "Only jobs of this channel."),
            query("persona", text_schema(briefs.NAME_LIMIT), "Only jobs that this persona speaks."),
            query("batch", UUID, "Only jobs of this batch."),
            query("min_score", number_schema(0, 100), "Only shorts with at least this total score."),
            query("max_score", number_schema(0, 100), "Only shorts with at most this total score."),
            query(
                "q",
                text_schema(SEARCH_LIMIT),
                "Only jobs whose topic, channel and persona have words that begin so, or whose id does.",
            ),
            query(
                "cursor",
                text_schema(CURSOR_LIMIT),
                "Where the page begins: follow `next`.",
            ),
            query("limit", number_schema(1, PAGE_LIMIT), "Jobs on a page (25)."),
        ],
        responses={200: shown(JobList), **BAD_PARAMETERS, **ALWAYS},
    )
    def get(self, request: Request) -> Response:
        asked = parameters.read_parameters(request, {**parameters.JOB_FILTERS, **parameters.PAGE})
        cursor, limit = asked.pop("cursor", ""), asked.pop("limit", parameters.PAGE_DEFAULT)
        page = gateway.jobs(asked, cursor=cursor, limit=limit, channels=channels_of(request))
        jobs = tuple(job_document(job, request) for job in page.jobs)
        return Response(to_json(JobList(results=jobs, next=following(request, page.next_cursor))))


class JobView(GatewayView):
    """One job."""

    @extend_schema(
        operation_id="read_job",
        tags=["jobs"],
        summary="Read a job: progress, decisions, scenes, scores, links",
        responses={200: shown(JobDocument), **NO_JOB, **ALWAYS},
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
        responses={200: shown(Job), **NO_JOB, **problem_of(409, "It has ended."), **ALWAYS},
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
            **NO_JOB,
            **problem_of(409, "It has neither failed nor been cancelled."),
            **ALWAYS,
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
            query("after", number_schema(0, parameters.SEQ_LIMIT), "Only events after this number."),
            query("limit", number_schema(1, parameters.EVENTS_LIMIT), "Events at most (200)."),
        ],
        responses={200: shown(EventList), **BAD_PARAMETERS, **NO_JOB, **ALWAYS},
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
            **partial("video/mp4"),
            **NO_JOB,
            **ALWAYS,
        },
    )
    def get(self, request: Request, job_id: UUID) -> HttpResponseBase:
        return serve(request._request, gateway.media_key(job_id, "video"))


class ThumbnailView(GatewayView):
    """A job's poster, small."""

    @extend_schema(
        operation_id="read_job_thumbnail",
        tags=["jobs"],
        summary="Look at a finished short's small poster (270 pixels wide)",
        responses={**partial("image/webp"), **NO_JOB, **ALWAYS},
    )
    def get(self, request: Request, job_id: UUID) -> HttpResponseBase:
        return serve(request._request, gateway.thumbnail_key(job_id))


class LoudnessView(GatewayView):
    """How loud a finished file is, moment by moment."""

    @extend_schema(
        operation_id="read_job_loudness",
        tags=["jobs"],
        summary="Read how loud the finished video is, moment by moment",
        responses={200: shown(Loudness), **NO_JOB, **ALWAYS},
    )
    def get(self, request: Request, job_id: UUID) -> Response:
        key = gateway.media_key(job_id, "video")
        try:
            heard = gateway.levels(key)
        except (FileNotFoundError, UnableToRunFfmpeg) as silent:
            raise gateway.UnableToShowMedia("The video cannot be listened to (any more).") from silent
        found = Loudness(step=gateway.LEVELS_STEP, floor=gateway.LEVELS_FLOOR_DB, levels=heard)
        return Response(to_json(found))


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
            **problem_of(400, "The form cannot be read; `errors` names every field."),
            **problem_of(413, "The file is too large."),
            **problem_of(415, "The body is not multipart/form-data."),
            **problem_of(422, "The file is no image or clip that can be shown; `errors` says what to do."),
            **ALWAYS,
        },
    )
    def post(self, request: Request) -> Response:
        file, credit = parameters.read_upload(request)
        if file.too_large:
            raise upload_too_large()
        kept = gateway.keep_upload(file.path, name=file.name or "", credit=credit)
        return Response(to_json(kept), status=201)


class PlatformsView(CatalogueView):
    """Platform profiles."""

    @extend_schema(
        operation_id="list_platforms",
        tags=["catalogues"],
        summary="List platform profiles",
        responses={200: shown(PlatformProfile)(many=True), **ALWAYS},
    )
    def get(self, request: Request) -> Response:
        return Response(to_json(gateway.platforms()))


class PlatformView(CatalogueView):
    """One platform profile."""

    @extend_schema(
        operation_id="read_platform",
        tags=["catalogues"],
        summary="Read a platform profile",
        responses={200: shown(PlatformProfile), **_NO_ENTRY, **ALWAYS},
    )
    def get(self, request: Request, platform: str) -> Response:
        return _entry(gateway.platforms(), "platform", platform)


class AudiencesView(CatalogueView):
    """Audience profiles."""

    @extend_schema(
        operation_id="list_audiences",
        tags=["catalogues"],
        summary="List audience profiles",
        responses={200: shown(AudienceProfile)(many=True), **ALWAYS},
    )
    def get(self, request: Request) -> Response:
        return Response(to_json(gateway.audiences()))


class AudienceView(CatalogueView):
    """One audience profile."""

    @extend_schema(
        operation_id="read_audience",
        tags=["catalogues"],
        summary="Read an audience profile",
        responses={200: shown(AudienceProfile), **_NO_ENTRY, **ALWAYS},
    )
    def get(self, request: Request, key: str) -> Response:
        return _entry(gateway.audiences(), "key", key)


class PersonasView(CatalogueView):
    """Personas."""

    @extend_schema(
        operation_id="list_personas",
        tags=["catalogues"],
        summary="List personas",
        responses={200: shown(Persona)(many=True), **ALWAYS},
    )
    def get(self, request: Request) -> Response:
        return Response(to_json(gateway.personas()))


class PersonaView(CatalogueView):
    """One persona."""

    @extend_schema(
        operation_id="read_persona",
        tags=["catalogues"],
        summary="Read a persona",
        responses={200: shown(Persona), **_NO_ENTRY, **ALWAYS},
    )
    def get(self, request: Request, persona_id: str) -> Response:
        return _entry(gateway.personas(), "id", persona_id)


class StaffOrKey(BasePermission):
    """Holders of an API key, and people who may use the admin."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        holds_key = isinstance(request.successful_authenticator, ApiKeyAuthentication)
        return holds_key or bool(request.user and request.user.is_staff)


class PersonaSampleView(CatalogueView):
    """How a persona sounds."""

    authentication_classes = (ApiKeyAuthentication, SessionAuthentication)
    permission_classes = (IsAuthenticated, StaffOrKey)

    @extend_schema(
        operation_id="read_persona_sample",
        tags=["catalogues"],
        summary="Hear a persona say a sentence",
        responses={
            **partial("audio/wav"),
            **_NO_ENTRY,
            **problem_of(503, "No voice can say it now: each is paused, or does not answer."),
            **ALWAYS,
        },
    )
    def get(self, request: Request, persona_id: str) -> HttpResponseBase:
        _entry(gateway.personas(), "id", persona_id)
        return serve(request._request, gateway.speak_sample(persona_id))


class CurvesView(CatalogueView):
    """Emotion curves."""

    @extend_schema(
        operation_id="list_curves",
        tags=["catalogues"],
        summary="List emotion curves",
        responses={200: shown(Curve)(many=True), **ALWAYS},
    )
    def get(self, request: Request) -> Response:
        return Response(to_json(gateway.curves()))


class CurveView(CatalogueView):
    """One emotion curve."""

    @extend_schema(
        operation_id="read_curve",
        tags=["catalogues"],
        summary="Read an emotion curve",
        responses={200: shown(Curve), **_NO_ENTRY, **ALWAYS},
    )
    def get(self, request: Request, curve_id: UUID) -> Response:
        return _entry(gateway.curves(), "id", curve_id)


def _entry(entries: tuple[Any, ...], name: str, value: object) -> Response:
    for entry in entries:
        if getattr(entry, name) == value:
            return Response(to_json(entry))
    raise Http404
