"""The API's description, as a file and as a page: everything from this host, nothing inline."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404
from django.templatetags.static import static
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

#: Swagger UI's own style sheet holds its pictures as data; it sends requests to this host and no other.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class AnyFormat(DefaultContentNegotiation):
    """What was asked for where there is that; else the first format, rather than a refusal in YAML."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        known = list(renderers)
        try:
            return super().select_renderer(request, known, format_suffix)
        except (NotAcceptable, Http404):
            return known[0], known[0].media_type


class SchemaView(SpectacularAPIView):
    """OpenAPI, as YAML or (where Accept or `?format=json` asks for it) as JSON."""

    content_negotiation_class = AnyFormat


class DocsView(SpectacularSwaggerView):
    """Swagger UI, as a browser with a strict policy shows it."""

    content_negotiation_class = AnyFormat
    url_name = "api:schema"
    template_name = "gateway/api_docs.html"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().get(request, *args, **kwargs)
        response.data |= {name: static(f"gateway/api-docs.{name[4:]}") for name in ("own_css", "own_js")}
        response["Content-Security-Policy"] = POLICY
        response["Referrer-Policy"] = "same-origin"
        return response
