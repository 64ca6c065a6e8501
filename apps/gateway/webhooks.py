"""Webhooks as their owners see them: where to tell of what, and the secrets that prove it. Sends nothing."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from apps.contracts.brief import BriefProblem
from apps.gateway import sending, signing
from apps.gateway.briefs import NAME_LIMIT, storable
from apps.gateway.models import WebhookEndpoint
from apps.gateway.shapes import IssuedWebhook, Webhook

#: Event type by what it tells of, in words.
EVENT_TYPES: dict[str, str] = {
    "job.accepted": "a brief has become a job",
    "job.completed": "a video is finished",
    "job.failed": "a job ended without a video",
    "job.cancelled": "a job was stopped",
    "job.retried": "a job that had ended goes on: it was retried or revised",
}
#: What a webhook is told of unless its owner chooses: how jobs end.
USUAL = ("job.completed", "job.failed", "job.cancelled")
#: What `ping_webhook` sends; nobody subscribes to it.
TEST_EVENT = "webhook.test"
#: Webhooks in one installation at most: each event is a row for each of them.
ENDPOINTS_LIMIT = 50
#: Characters of a description; the column is this wide.
DESCRIPTION_LIMIT = 200
#: Channels one webhook may name; beyond that one for all is meant.
CHANNELS_LIMIT = 100
#: How long the secret before the newest one signs too.
CHANGE_OVER = timedelta(hours=24)
#: Fields that `change_webhook` may change.
CHANGEABLE = frozenset({"url", "description", "event_types", "channels", "enabled"})


class UnableToFindWebhook(LookupError):
    """There is no webhook with this id. List them to see which there are."""


class UnableToUseWebhook(ValueError):
    """Some fields of a webhook cannot be used; `problems` names every one."""

    def __init__(self, problems: Sequence[BriefProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.field}: {p.reason} {p.remedy}" for p in problems))


def webhook_events() -> dict[str, str]:
    """What a webhook may be told of: event type by its meaning in words."""
    return dict(EVENT_TYPES)


def webhooks(*, channels: Sequence[str] = ()) -> tuple[Webhook, ...]:
    """All webhooks, newest first; with `channels` those that are told of nothing else."""
    rows = WebhookEndpoint.objects.order_by("-created_at", "-id")
    return tuple(_shown(row) for row in rows if within(row, channels))


def webhook(webhook_id: UUID, *, channels: Sequence[str] = ()) -> Webhook:
    """One webhook. Raises UnableToFindWebhook, also for one that is told of more than `channels`."""
    return _shown(endpoint(webhook_id, channels))


def create_webhook(
    url: str, *, description: str = "", event_types: Sequence[str] = (), channels: Sequence[str] = ()
) -> IssuedWebhook:
    """A new webhook with its secret, which is readable this once.

    No `event_types`: how jobs end. No `channels`: all. Raises UnableToUseWebhook.
    """
    fields = {
        "url": url,
        "description": description,
        "event_types": list(event_types) or list(USUAL),
        "channels": list(channels),
    }
    _check(fields)
    if WebhookEndpoint.objects.count() >= ENDPOINTS_LIMIT:
        raise UnableToUseWebhook(
            [_problem("url", "too_many", f"There are {ENDPOINTS_LIMIT} webhooks already.", "Remove one.")]
        )
    row = WebhookEndpoint.objects.create(**fields)
    return IssuedWebhook(webhook=_shown(row), secret=secrets_of(row)[0])


def change_webhook(webhook_id: UUID, *, channels_of_key: Sequence[str] = (), **changes: Any) -> Webhook:
    """Change url, description, event_types, channels or enabled; the others stay.

    Switching one on again forgets that it failed. Raises UnableToFindWebhook, UnableToUseWebhook.
    """
    row = endpoint(webhook_id, channels_of_key)
    _check(changes)
    columns = set(changes) - {"enabled"}
    if "enabled" in changes:
        columns |= _switch(row, changes.pop("enabled"))
    for name, value in changes.items():
        setattr(row, name, list(value) if name in ("event_types", "channels") else value)
    if columns:
        row.save(update_fields=columns)  # the others are a worker's to write, perhaps right now
    return _shown(row)


def rotate_webhook_secret(webhook_id: UUID, *, channels: Sequence[str] = ()) -> IssuedWebhook:
    """A new secret, readable this once; the one before signs too for another 24 hours.

    Raises UnableToFindWebhook.
    """
    row = endpoint(webhook_id, channels)
    row.secret_version += 1
    row.old_secret_until = timezone.now() + CHANGE_OVER
    row.save(update_fields=["secret_version", "old_secret_until"])
    return IssuedWebhook(webhook=_shown(row), secret=secrets_of(row)[0])


def delete_webhook(webhook_id: UUID, *, channels: Sequence[str] = ()) -> None:
    """Remove a webhook and what it was told. Raises UnableToFindWebhook."""
    endpoint(webhook_id, channels).delete()


def endpoint(webhook_id: UUID, channels: Sequence[str] = ()) -> WebhookEndpoint:
    """The row of a webhook that is told of `channels` alone. Raises UnableToFindWebhook."""
    row = WebhookEndpoint.objects.filter(id=webhook_id).first()
    if row is None or not within(row, channels):
        raise UnableToFindWebhook(UnableToFindWebhook.__doc__)
    return row


def secrets_of(row: WebhookEndpoint) -> tuple[str, ...]:
    """The secrets in force, the newest first: of each version one for SECRET_KEY and for each fallback."""
    versions = [row.secret_version]
    if row.old_secret_until is not None and row.old_secret_until > timezone.now():
        versions.append(row.secret_version - 1)
    masters = dict.fromkeys((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
    return tuple(
        signing.derived_secret(master, row.id, version) for version in versions for master in masters
    )


def within(row: WebhookEndpoint, channels: Sequence[str]) -> bool:
    """Whether the webhook is told of `channels` alone; of anything where none are given."""
    return not channels or (bool(row.channels) and set(row.channels) <= set(channels))


def _switch(row: WebhookEndpoint, on: bool) -> set[str]:
    """Switch it on or off; returns the columns that this changed."""
    row.disabled_at = None if on else (row.disabled_at or timezone.now())
    row.disabled_reason = "" if on else (row.disabled_reason or "It was switched off.")
    if not on:
        return {"disabled_at", "disabled_reason"}
    row.failing_since = None
    return {"disabled_at", "disabled_reason", "failing_since"}


def _check(fields: dict[str, Any]) -> None:
    problems = [
        _problem(name, "unknown_field", "There is no such field.", "Remove it.")
        for name in fields
        if name not in CHANGEABLE
    ]
    for name, check in _CHECKS.items():
        if name in fields and (problem := check(fields[name])):
            problems.append(problem)
    if problems:
        raise UnableToUseWebhook(problems)


def _url(value: Any) -> BriefProblem | None:
    try:
        if not isinstance(value, str):
            raise sending.UnableToUseAddress("wrong_type", "This must be text.", "Put it in quotes.")
        sending.addresses_of(sending.target_of(value), allow_private=settings.WEBHOOK_ALLOW_PRIVATE)
    except sending.UnableToUseAddress as unusable:
        return _problem("url", unusable.code, unusable.reason, unusable.remedy)
    return None


def _description(value: Any) -> BriefProblem | None:
    if isinstance(value, str) and len(value) <= DESCRIPTION_LIMIT and storable(value):
        return None
    return _problem(
        "description",
        "bad_text",
        "This is no text, too long or not printable.",
        f"Use at most {DESCRIPTION_LIMIT} printable characters.",
    )


def _event_types(value: Any) -> BriefProblem | None:
    known = isinstance(value, list | tuple) and all(_is_text(one) and one in EVENT_TYPES for one in value)
    if known and 0 < len(value) <= len(EVENT_TYPES):
        return None
    remedy = f"Use some of: {', '.join(EVENT_TYPES)}."
    return _problem("event_types", "unknown_event", "This is no list of event types.", remedy)


def _channels(value: Any) -> BriefProblem | None:
    good = (
        isinstance(value, list | tuple)
        and len(value) <= CHANNELS_LIMIT
        and all(
            _is_text(one) and len(one.strip()) > 0 and len(one) <= NAME_LIMIT and storable(one)
            for one in value
        )
    )
    return (
        None
        if good
        else _problem(
            "channels",
            "bad_channels",
            "This is no list of channels.",
            f"Name at most {CHANNELS_LIMIT}, each with 1 to {NAME_LIMIT} printable characters; none for all.",
        )
    )


def _enabled(value: Any) -> BriefProblem | None:
    return (
        None
        if isinstance(value, bool)
        else _problem("enabled", "wrong_type", "This must be true or false.", "Write it without quotes.")
    )


_CHECKS = {
    "url": _url,
    "description": _description,
    "event_types": _event_types,
    "channels": _channels,
    "enabled": _enabled,
}


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _problem(field: str, code: str, reason: str, remedy: str) -> BriefProblem:
    return BriefProblem(field=field, code=code, reason=reason, remedy=remedy)


def _shown(row: WebhookEndpoint) -> Webhook:
    return Webhook(
        id=row.id,
        url=row.url,
        description=row.description,
        event_types=tuple(row.event_types),
        channels=tuple(row.channels),
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        disabled_reason=row.disabled_reason,
        failing_since=row.failing_since,
        last_success_at=row.last_success_at,
        old_secret_until=row.old_secret_until,
    )
