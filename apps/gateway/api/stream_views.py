"""A job as it happens, over server-sent events."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from apps.gateway import interface as gateway
from apps.gateway.api import parameters
from apps.gateway.api.base import (
    ALWAYS,
    BAD_PARAMETERS,
    NO_JOB,
    GatewayView,
    number_schema,
    problem_of,
    query,
)

#: Nobody between here and the client may keep or gather what is said.
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
#: One event of the stream, as a client takes it apart.
EVENT = {
    "type": "object",
    "description": "One server-sent event. `data` is JSON: an entry of the job's events, or how it stands.",
    "properties": {
        "id": {"type": "string", "description": "The number of an entry; the others have none."},
        "event": {"type": "string", "enum": ["message", "snapshot", "end"]},
        "data": {"type": "string", "contentMediaType": "application/json"},
        "retry": {"type": ["string", "integer"], "description": "Milliseconds."},
    },
}


class StreamView(GatewayView):
    """A job's life, live."""

    @extend_schema(
        operation_id="stream_job",
        tags=["jobs"],
        summary="Follow a job over server-sent events",
        description=(
            "An unnamed event for each entry of the job's life, its number as `id`; `snapshot` when the job "
            "stands differently; `end` when nothing more comes. The stream closes after a minute: come back "
            "with `Last-Event-ID`, as EventSource does by itself. 204: the job has ended and all is told."
        ),
        parameters=[
            query("after", number_schema(0, parameters.SEQ_LIMIT), "Only events after this number."),
            OpenApiParameter(
                "Last-Event-ID",
                {"type": "string", "pattern": "^[0-9]{0,19}$"},
                OpenApiParameter.HEADER,
                description="The same, as a browser sends it; goes before `after`.",
            ),
        ],
        responses={
            (200, "text/event-stream"): EVENT,
            204: OpenApiResponse(description="The job has ended and nothing came after that number."),
            **BAD_PARAMETERS,
            **NO_JOB,
            **problem_of(503, "Too many streams are open; Retry-After says when to ask again."),
            **ALWAYS,
        },
    )
    def get(self, request: Request, job_id: UUID) -> HttpResponseBase:
        asked = parameters.read_parameters(request, {"after": parameters.EVENTS["after"]})
        last = parameters.read_last_event_id(request)
        if request.method == "HEAD":  # nothing would be sent, and a place held for a minute
            return HttpResponse(content_type="text/event-stream", headers=HEADERS)
        found = gateway.stream(job_id, after=asked.get("after", 0) if last is None else last)
        if found is None:
            return HttpResponse(status=204)
        return StreamingHttpResponse(found, content_type="text/event-stream", headers=HEADERS)
