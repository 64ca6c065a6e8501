"""Webhooks over the API: where to tell of jobs, how that went, and again by hand. Parse, one call, answer."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.contracts.codec import to_json
from apps.gateway import interface as gateway
from apps.gateway.access import channels_of
from apps.gateway.api import bodies, parameters
from apps.gateway.api.access_documents import (
    DeliveryList,
    DeliveryState,
    NewWebhook,
    Replayed,
    WebhookChange,
    WebhookList,
    WebhookRequest,
)
from apps.gateway.api.base import (
    ALWAYS,
    BAD_PARAMETERS,
    GatewayView,
    following,
    number_schema,
    problem_of,
    query,
    text_schema,
)
from apps.gateway.api.schema import shown
from apps.gateway.cursors import CURSOR_LIMIT
from apps.gateway.deliveries import PAGE_LIMIT

_NO_WEBHOOK = problem_of(404, "There is no such webhook that this key may see.")
_NO_DELIVERY = problem_of(404, "There is no such delivery (any more).")
_BODY = {
    **problem_of(400, "The request's shape is wrong; `errors` names every field."),
    **problem_of(413, "The body is too large."),
    **problem_of(415, "The body is not application/json."),
    **problem_of(422, "A field cannot be used, such as a private address; `errors` names every one."),
}


class WebhookAdminView(GatewayView):
    """A view about webhooks."""

    reads = writes = "webhooks:admin"


class WebhooksView(WebhookAdminView):
    """All webhooks."""

    @extend_schema(
        operation_id="list_webhooks",
        tags=["webhooks"],
        summary="List webhooks, newest first",
        responses={200: shown(WebhookList), **ALWAYS},
    )
    def get(self, request: Request) -> Response:
        return Response(to_json(WebhookList(results=gateway.webhooks(channels=channels_of(request)))))

    @extend_schema(
        operation_id="create_webhook",
        tags=["webhooks"],
        summary="Make a webhook; its secret is readable this once",
        request=shown(WebhookRequest),
        responses={201: OpenApiResponse(shown(NewWebhook), "Made."), **_BODY, **ALWAYS},
    )
    def post(self, request: Request) -> Response:
        asked = bodies.read(request.data, WebhookRequest)
        channels = _held(request, asked.channels or [])
        issued = gateway.create_webhook(
            asked.url,
            description=asked.description,
            event_types=asked.event_types or (),
            channels=channels,
        )
        return Response(to_json(issued), status=201)


class WebhookView(WebhookAdminView):
    """One webhook."""

    @extend_schema(
        operation_id="read_webhook",
        tags=["webhooks"],
        summary="Read a webhook and how it fares",
        responses={200: shown(gateway.Webhook), **_NO_WEBHOOK, **ALWAYS},
    )
    def get(self, request: Request, webhook_id: UUID) -> Response:
        return Response(to_json(gateway.webhook(webhook_id, channels=channels_of(request))))

    @extend_schema(
        operation_id="change_webhook",
        tags=["webhooks"],
        summary="Change a webhook, or switch it on or off",
        request=shown(WebhookChange),
        responses={200: shown(gateway.Webhook), **_BODY, **_NO_WEBHOOK, **ALWAYS},
    )
    def patch(self, request: Request, webhook_id: UUID) -> Response:
        asked = bodies.read(request.data, WebhookChange)
        changes: dict[str, Any] = {name: value for name, value in vars(asked).items() if value is not None}
        if "channels" in changes:
            changes["channels"] = _held(request, changes["channels"])
        changed = gateway.change_webhook(webhook_id, channels_of_key=channels_of(request), **changes)
        return Response(to_json(changed))

    @extend_schema(
        operation_id="delete_webhook",
        tags=["webhooks"],
        summary="Remove a webhook and its deliveries",
        responses={204: OpenApiResponse(description="Removed."), **_NO_WEBHOOK, **ALWAYS},
    )
    def delete(self, request: Request, webhook_id: UUID) -> Response:
        gateway.delete_webhook(webhook_id, channels=channels_of(request))
        return Response(status=204)


class RotateView(WebhookAdminView):
    """A new secret."""

    @extend_schema(
        operation_id="rotate_webhook_secret",
        tags=["webhooks"],
        summary="Give a webhook a new secret; the one before signs too for 24 hours",
        request=None,
        responses={200: shown(NewWebhook), **_NO_WEBHOOK, **ALWAYS},
    )
    def post(self, request: Request, webhook_id: UUID) -> Response:
        return Response(to_json(gateway.rotate_webhook_secret(webhook_id, channels=channels_of(request))))


class PingView(WebhookAdminView):
    """A message to see whether it works."""

    @extend_schema(
        operation_id="ping_webhook",
        tags=["webhooks"],
        summary="Send a message of type webhook.test",
        request=None,
        responses={202: shown(gateway.Delivery), **_NO_WEBHOOK, **ALWAYS},
    )
    def post(self, request: Request, webhook_id: UUID) -> Response:
        return Response(to_json(gateway.ping_webhook(webhook_id, channels=channels_of(request))), status=202)


class ReplayFailedView(WebhookAdminView):
    """Everything again that was not taken."""

    @extend_schema(
        operation_id="replay_failed_deliveries",
        tags=["webhooks"],
        summary="Send again everything that failed for good",
        request=None,
        responses={202: shown(Replayed), **_NO_WEBHOOK, **ALWAYS},
    )
    def post(self, request: Request, webhook_id: UUID) -> Response:
        count = gateway.replay_failed(webhook_id, channels=channels_of(request))
        return Response(to_json(Replayed(replayed=count)), status=202)


class DeliveriesView(WebhookAdminView):
    """What a webhook was told."""

    @extend_schema(
        operation_id="list_deliveries",
        tags=["webhooks"],
        summary="List what a webhook was told, newest first",
        parameters=[
            query("status", str, "Only deliveries that stand so.", enum=list(DeliveryState)),
            query("cursor", text_schema(CURSOR_LIMIT), "Where the page begins: follow `next`."),
            query("limit", number_schema(1, PAGE_LIMIT), "Deliveries on a page (25)."),
        ],
        responses={200: shown(DeliveryList), **BAD_PARAMETERS, **_NO_WEBHOOK, **ALWAYS},
    )
    def get(self, request: Request, webhook_id: UUID) -> Response:
        asked = parameters.read_parameters(request, parameters.DELIVERIES)
        page = gateway.deliveries(webhook_id, **asked, channels=channels_of(request))
        shown_page = DeliveryList(results=page.deliveries, next=following(request, page.next_cursor))
        return Response(to_json(shown_page))


class DeliveryView(WebhookAdminView):
    """One delivery."""

    @extend_schema(
        operation_id="read_delivery",
        tags=["webhooks"],
        summary="Read a delivery: its payload, every try, what came back",
        responses={200: shown(gateway.Delivery), **_NO_DELIVERY, **ALWAYS},
    )
    def get(self, request: Request, delivery_id: UUID) -> Response:
        return Response(to_json(gateway.delivery(delivery_id, channels=channels_of(request))))


class ReplayView(WebhookAdminView):
    """The same again."""

    @extend_schema(
        operation_id="replay_delivery",
        tags=["webhooks"],
        summary="Send a delivery again, under the same webhook-id",
        request=None,
        responses={202: shown(gateway.Delivery), **_NO_DELIVERY, **ALWAYS},
    )
    def post(self, request: Request, delivery_id: UUID) -> Response:
        again = gateway.replay_delivery(delivery_id, channels=channels_of(request))
        return Response(to_json(again), status=202)


def _held(request: Request, wanted: list[str]) -> tuple[str, ...]:
    """The channels of a webhook that this key may make: its own where none are asked for."""
    own = channels_of(request)
    if own and not set(wanted) <= set(own):
        raise gateway.UnableToUseChannel(f"This key is for these channels alone: {', '.join(own)}.")
    return tuple(wanted) or own
