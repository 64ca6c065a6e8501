"""What the API takes and answers about keys and webhooks: frozen documents, their limits beside them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import ConfigDict, Field

from apps.gateway import keys, webhooks
from apps.gateway.briefs import NAME_LIMIT
from apps.gateway.interface import Delivery, Webhook
from apps.gateway.models import DeliveryStatus
from apps.gateway.scopes import EVERY_SCOPE
from apps.gateway.sending import URL_LIMIT

#: A body with a field that nobody knows is a mistake, not a wish.
STRICT = ConfigDict(extra="forbid")

Channel = Annotated[str, Field(min_length=1, max_length=NAME_LIMIT)]
Scope = Annotated[str, Field(json_schema_extra={"enum": list(EVERY_SCOPE)})]
EventType = Annotated[str, Field(json_schema_extra={"enum": list(webhooks.EVENT_TYPES)})]
Channels = Annotated[list[Channel], Field(max_length=keys.CHANNELS_LIMIT)]
Rate = Annotated[int, Field(ge=1, le=keys.RATE_LIMIT)]
Url = Annotated[str, Field(min_length=1, max_length=URL_LIMIT)]
Description = Annotated[str, Field(max_length=webhooks.DESCRIPTION_LIMIT)]
EventTypes = Annotated[list[EventType], Field(max_length=len(webhooks.EVENT_TYPES))]


class DeliveryState(StrEnum):
    """How far a delivery is."""

    PENDING = DeliveryStatus.PENDING.value
    DELIVERED = DeliveryStatus.DELIVERED.value
    FAILED = DeliveryStatus.FAILED.value


@dataclass(frozen=True, kw_only=True)
class KeyRequest:
    """A key to make. What is left out (or `channels` empty) is the same as the asking key's."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: Annotated[str, Field(min_length=1, max_length=keys.NAME_LIMIT)]
    scopes: list[Scope] | None = None
    channels: Channels | None = None
    reads_per_minute: Rate | None = None
    writes_per_minute: Rate | None = None


@dataclass(frozen=True, kw_only=True)
class OwnKey:
    """What the asking key may do. `channels` empty: all; a rate of null: the installation's own."""

    id: UUID
    name: str
    scopes: tuple[str, ...]
    channels: tuple[str, ...]
    reads_per_minute: int | None
    writes_per_minute: int | None


@dataclass(frozen=True, kw_only=True)
class KeyDocument(OwnKey):
    """A key in a list. `begins` is how the key itself begins; the rest of it is kept nowhere."""

    begins: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class NewKey(KeyDocument):
    """A key just made; `key` is shown this once."""

    key: str


@dataclass(frozen=True, kw_only=True)
class KeyList:
    """All keys, newest first."""

    results: tuple[KeyDocument, ...]


@dataclass(frozen=True, kw_only=True)
class WebhookRequest:
    """A webhook to make. `event_types` left out: how jobs end. `channels` empty: all that the key may see."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    url: Url
    description: Description = ""
    event_types: EventTypes | None = None
    channels: Channels | None = None


@dataclass(frozen=True, kw_only=True)
class WebhookChange:
    """What to change of a webhook; what is left out stays. `enabled` switches it on or off."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    url: Url | None = None
    description: Description | None = None
    event_types: EventTypes | None = None
    channels: Channels | None = None
    enabled: bool | None = None


@dataclass(frozen=True, kw_only=True)
class NewWebhook:
    """A webhook with its secret (`whsec_...`), which is shown this once."""

    webhook: Webhook
    secret: str


@dataclass(frozen=True, kw_only=True)
class WebhookList:
    """All webhooks, newest first."""

    results: tuple[Webhook, ...]


@dataclass(frozen=True, kw_only=True)
class DeliveryList:
    """One page of what a webhook was told, newest first; `next` is null on the last page."""

    results: tuple[Delivery, ...]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """How many deliveries are being sent again."""

    replayed: int
