"""Providers over the API: which are asked, and one put to rest or asked again. Parse, one call, answer."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, cast

from drf_spectacular.utils import OpenApiResponse, extend_schema
from pydantic import AfterValidator, ConfigDict, Field
from rest_framework.request import Request
from rest_framework.response import Response

from apps.contracts.codec import to_json
from apps.gateway import interface as gateway
from apps.gateway.access import KeyUser
from apps.gateway.api import bodies
from apps.gateway.api.base import ALWAYS, GatewayView, problem_of
from apps.gateway.api.schema import shown
from apps.gateway.briefs import storable

#: Characters of a reason; what keeps it is this wide.
REASON_LIMIT = 300
_NO_PROVIDER = problem_of(404, "There is no such provider.")


def _told(reason: str) -> str:
    if not (reason.strip() and storable(reason)):
        raise ValueError("say in printable words why")
    return reason


@dataclass(frozen=True, kw_only=True)
class PauseRequest:
    """Why: whoever resumes it will want to know."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    reason: Annotated[str, Field(min_length=1, max_length=REASON_LIMIT), AfterValidator(_told)]


@dataclass(frozen=True, kw_only=True)
class ProviderList:
    """Every provider: writers, pictures, voices, music; first those that are asked, in that order."""

    results: tuple[gateway.Provider, ...]


class ProviderAdminView(GatewayView):
    """A view about providers. They serve every channel, so a key for some may look and no more."""

    writes = "providers:admin"


class ProvidersView(ProviderAdminView):
    """All providers."""

    @extend_schema(
        operation_id="list_providers",
        tags=["providers"],
        summary="List providers in the order in which they are asked, and which of them rest",
        responses={200: shown(ProviderList), **ALWAYS},
    )
    def get(self, request: Request) -> Response:
        return Response(to_json(ProviderList(results=gateway.providers_asked())))


class ProviderView(ProviderAdminView):
    """One provider."""

    @extend_schema(
        operation_id="read_provider",
        tags=["providers"],
        summary="Read whether a provider is asked or rests, since when and why",
        responses={200: shown(gateway.Provider), **_NO_PROVIDER, **ALWAYS},
    )
    def get(self, request: Request, kind: str, name: str) -> Response:
        return Response(to_json(gateway.provider(kind, name)))


class PauseView(ProviderAdminView):
    """A provider put to rest."""

    @extend_schema(
        operation_id="pause_provider",
        tags=["providers"],
        summary="Have no stage ask a provider until it is resumed",
        description=(
            "What it is doing now it may finish. Where a job names another to fall back on, that one is "
            "asked; else the job's stage waits."
        ),
        request=shown(PauseRequest),
        responses={
            200: OpenApiResponse(shown(gateway.Provider), "It rests."),
            **problem_of(400, "The request's shape is wrong; `errors` names every field."),
            **_NO_PROVIDER,
            **problem_of(409, "It is paused already."),
            **problem_of(413, "The body is too large."),
            **problem_of(415, "The body is not application/json."),
            **ALWAYS,
        },
    )
    def post(self, request: Request, kind: str, name: str) -> Response:
        asked = bodies.read(request.data, PauseRequest)
        paused = gateway.pause_provider(kind, name, by=_whoever(request), reason=asked.reason)
        return Response(to_json(paused))


class ResumeView(ProviderAdminView):
    """A provider that is asked again."""

    @extend_schema(
        operation_id="resume_provider",
        tags=["providers"],
        summary="Have a provider asked again; what waited for it goes on at once",
        request=None,
        responses={
            200: OpenApiResponse(shown(gateway.Provider), "It is asked again."),
            **_NO_PROVIDER,
            **problem_of(409, "It is not paused."),
            **ALWAYS,
        },
    )
    def post(self, request: Request, kind: str, name: str) -> Response:
        return Response(to_json(gateway.resume_provider(kind, name, by=_whoever(request))))


def _whoever(request: Request) -> str:
    """The key, as the record of pauses names it. Raises UnableToUseChannel for a key that is held to some."""
    key = cast(KeyUser, request.user)
    if key.channels:
        raise gateway.UnableToUseChannel(
            "Providers serve every channel, and this key is for some alone. Use one that is held to none."
        )
    return f"API key {key.name}"
