"""What every view of the API has in common: who may, in which format, and whether anything changed."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.permissions import SAFE_METHODS, BasePermission, IsAuthenticated
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from apps.gateway.access import HasScope, check_job
from apps.gateway.api import etags
from apps.gateway.api.documents import Problem
from apps.gateway.api.parsers import StrictJSONParser, gather
from apps.gateway.api.schema import shown
from apps.gateway.problems import MEDIA_TYPE


def problem_of(code: int, description: str) -> dict[Any, Any]:
    """A problem document among an operation's responses."""
    return {(code, MEDIA_TYPE): OpenApiResponse(shown(Problem), description)}


#: What any call may answer beside what it is for.
ALWAYS = {
    **problem_of(401, "No API key, or one that is unknown or revoked."),
    **problem_of(403, "The key lacks the scope that `detail` names, or is held to other channels."),
    **problem_of(429, "Too many calls with this key; Retry-After says when to go on."),
    # Said by the web server before we are asked, so in its own words.
    414: OpenApiResponse(description="The address is longer than the web server reads."),
    431: OpenApiResponse(description="A header is longer than the web server reads."),
}
NO_JOB = problem_of(404, "There is no such job (or file yet).")
BAD_PARAMETERS = problem_of(400, "A parameter cannot be used; `errors` names every one.")


def partial(media_type: str) -> dict[Any, Any]:
    """The responses of what is served in parts, where parts are asked for."""
    return {
        (200, media_type): OpenApiTypes.BINARY,
        (206, media_type): OpenApiTypes.BINARY,
        304: OpenApiResponse(description="Unchanged since the given ETag or date."),
        416: OpenApiResponse(description="The range lies beyond the end."),
    }


def query(name: str, kind: Any, description: str, **more: Any) -> OpenApiParameter:
    """A query parameter."""
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=description, **more)


def text_schema(longest: int) -> dict[str, Any]:
    """The schema of a text of 1 to `longest` characters."""
    return {"type": "string", "minLength": 1, "maxLength": longest}


def number_schema(low: int, high: int) -> dict[str, Any]:
    """The schema of a whole number from `low` to `high`."""
    return {"type": "integer", "minimum": low, "maximum": high}


def following(request: Request, next_cursor: str) -> str | None:
    """The address of the page after this one; None on the last."""
    if not next_cursor:
        return None
    address: str = replace_query_param(request.build_absolute_uri(), "cursor", next_cursor)
    return address


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
    """A view with a scope for reading and one for everything else ("": any key will do).

    A job that the address names must be of a channel that the key may see. What is read has an ETag.
    """

    reads: ClassVar[str] = "jobs:read"
    writes: ClassVar[str] = "jobs:write"
    parser_classes: tuple[type[BaseParser], ...] = (StrictJSONParser,)
    permission_classes: tuple[type[BasePermission], ...] = (IsAuthenticated, HasScope)
    content_negotiation_class = OneFormat

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Whether the call may be made at all."""
        super().initial(request, *args, **kwargs)
        gather(request._request)
        if "job_id" in kwargs:
            check_job(request, kwargs["job_id"])

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The answer, or 304 where the caller has it already."""
        response = super().dispatch(request, *args, **kwargs)
        if isinstance(response, Response) and request.method in SAFE_METHODS and response.status_code == 200:
            response.render()
            _tag(response, request.headers.get("If-None-Match"))
        return response


class CatalogueView(GatewayView):
    """A view that any key may read."""

    reads = ""


def _tag(response: Response, known: str | None) -> None:
    etag = etags.etag_of(response.content)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    if etags.matches(known, etag):
        response.status_code = 304
        response.content = b""
        del response["Content-Type"]
