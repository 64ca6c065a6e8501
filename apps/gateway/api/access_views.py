"""API keys over the API: which this is, which there are, a new one, an end to one."""

from typing import Any, cast
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from apps.contracts.codec import to_json
from apps.gateway import interface as gateway
from apps.gateway.access import KeyUser
from apps.gateway.api import bodies
from apps.gateway.api.access_documents import KeyDocument, KeyList, KeyRequest, NewKey, OwnKey
from apps.gateway.api.base import ALWAYS, CatalogueView, GatewayView, problem_of
from apps.gateway.api.schema import shown

RATES = ("reads_per_minute", "writes_per_minute")
_NO_KEY = problem_of(404, "There is no such key in force that this one may see.")


class MayNotGrant(PermissionDenied):
    """A key gives out no more than it has itself."""

    default_code = "may-not-grant"


class OwnKeyView(CatalogueView):
    """The key that asks."""

    @extend_schema(
        operation_id="read_own_key",
        tags=["keys"],
        summary="What this key is called and may do",
        responses={200: shown(OwnKey), **ALWAYS},
    )
    def get(self, request: Request) -> Response:
        user = cast(KeyUser, request.user)
        names = ("id", "name", "scopes", "channels", "reads_per_minute", "writes_per_minute")
        return Response(to_json(OwnKey(**{name: getattr(user, name) for name in names})))


class KeysView(GatewayView):
    """All keys."""

    reads = writes = "keys:admin"

    @extend_schema(
        operation_id="list_keys",
        tags=["keys"],
        summary="List API keys, newest first, revoked ones too",
        responses={200: shown(KeyList), **ALWAYS},
    )
    def get(self, request: Request) -> Response:
        return Response(to_json(KeyList(results=_visible(request))))

    @extend_schema(
        operation_id="create_key",
        tags=["keys"],
        summary="Make an API key; it is readable this once",
        request=shown(KeyRequest),
        responses={
            201: OpenApiResponse(shown(NewKey), "Made. Keep `key` safe: it is stored only as a digest."),
            **problem_of(400, "The request's shape is wrong; `errors` names every field."),
            **problem_of(413, "The body is too large."),
            **problem_of(415, "The body is not application/json."),
            **problem_of(422, "There can be no such key; `detail` says why."),
            **ALWAYS,
        },
    )
    def post(self, request: Request) -> Response:
        asked = bodies.read(request.data, KeyRequest)
        held = cast(KeyUser, request.user)
        wanted = _no_more_than(held, asked)
        issued = gateway.create_key(asked.name, **wanted)
        every = gateway.keys()
        made = next(key for key in every if key.id == issued.id)
        return Response(to_json(NewKey(**_fields(made), key=issued.key)), status=201)


class KeyView(GatewayView):
    """One key."""

    reads = writes = "keys:admin"

    @extend_schema(
        operation_id="revoke_key",
        tags=["keys"],
        summary="Refuse a key from now on",
        responses={204: OpenApiResponse(description="Revoked."), **_NO_KEY, **ALWAYS},
    )
    def delete(self, request: Request, key_id: UUID) -> Response:
        if key_id not in {key.id for key in _visible(request)} or not gateway.revoke_key(key_id):
            raise Http404
        return Response(status=204)


def _visible(request: Request) -> tuple[KeyDocument, ...]:
    """The keys that the asking one may see: held to channels, it sees those that are held to them too."""
    mine, every = set(cast(KeyUser, request.user).channels), gateway.keys()
    seen = (key for key in every if not mine or (key.channels and set(key.channels) <= mine))
    return tuple(KeyDocument(**_fields(key)) for key in seen)


def _no_more_than(held: KeyUser, asked: KeyRequest) -> dict[str, Any]:
    scopes = asked.scopes if asked.scopes is not None else held.scopes
    channels = asked.channels or held.channels
    known = gateway.scopes()
    if beyond := [scope for scope in scopes if scope in known and scope not in held.scopes]:
        raise MayNotGrant(f"This key lacks the scopes {', '.join(beyond)} itself, so it cannot give them.")
    if held.channels and not set(channels) <= set(held.channels):
        raise MayNotGrant(f"This key is for these channels alone: {', '.join(held.channels)}.")
    rates = {name: getattr(asked, name) or getattr(held, name) for name in RATES}
    for name, rate in rates.items():
        if (own := getattr(held, name)) is not None and rate > own:
            raise MayNotGrant(f"This key has {own} as its own {name}; give the new one no more.")
    return {"scopes": scopes, "channels": channels, **rates}


def _fields(key: gateway.KeySummary) -> dict[str, Any]:
    return {name: getattr(key, name) for name in KeyDocument.__dataclass_fields__}
