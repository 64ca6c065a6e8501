"""What webhooks are sent, for the schema's `webhooks` section."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, OpenApiWebhook, extend_schema

from apps.gateway.api.schema import shown
from apps.gateway.messages import JobMessage
from apps.gateway.webhooks import EVENT_TYPES

_HEADERS = {
    "webhook-id": "The same for every try and every receiver: what you know already, do not do again.",
    "webhook-timestamp": "When this try was made, in seconds since 1970; refuse what is minutes old.",
    "webhook-signature": "`v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`; several, with spaces "
    "between, while a secret changes: one of them is right.",
}


def _announced(event_type: str, meaning: str) -> OpenApiWebhook:
    return OpenApiWebhook(
        name=event_type,
        decorator=extend_schema(
            summary=f"Sent when {meaning}",
            tags=["webhooks"],
            parameters=[
                OpenApiParameter(
                    name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=text, required=True
                )
                for name, text in _HEADERS.items()
            ],
            request=shown(JobMessage),
            responses={
                204: OpenApiResponse(description="Any code from 200 to 299: taken. 410: send nothing more.")
            },
        ),
    )


ACCEPTED, COMPLETED, FAILED, CANCELLED, RETRIED = (_announced(*entry) for entry in EVENT_TYPES.items())
