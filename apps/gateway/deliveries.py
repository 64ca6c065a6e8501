"""Messages to webhooks: written in the transaction that they tell of, sent until one is taken.

A row is the truth; a broker message only says "look". Sent at least once, with an id that stays the same.
"""

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from apps.foundation.logs import get_logger
from apps.foundation.transactions import after_commit, in_transaction
from apps.gateway import cursors, messages, sending, signing, waking
from apps.gateway.models import DeliveryStatus, Job, WebhookDelivery, WebhookEndpoint
from apps.gateway.shapes import Delivery, DeliveryPage, DeliveryTry
from apps.gateway.webhooks import TEST_EVENT, endpoint, secrets_of, within

ALIAS = "gateway"
#: Seconds between one try and the next: the specification's own schedule, three days and a little.
SCHEDULE = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
#: Share by which a wait is stretched at random, so that failures do not come back all at once.
JITTER = 0.2
#: Longest wait that a receiver may ask for with Retry-After, in seconds.
WAIT_LIMIT = 86_400
#: An endpoint that did nothing but fail for so long is switched off.
GIVE_UP_AFTER = timedelta(days=3)
#: How long a try is its worker's alone; longer than any can take.
LEASE = timedelta(seconds=60)
#: Rows one worker sends before it lets others have its thread.
MOST_AT_ONCE = 50
#: Tries kept in a row's history.
HISTORY = 20
#: Deliveries on one page at most.
PAGE_LIMIT = 100
#: How long what was delivered (or given up) stays to be looked at, and rows one sweep removes.
KEEP, REMOVED_AT_ONCE = timedelta(days=30), 500
GONE = 410

log = get_logger(__name__)


class UnableToFindDelivery(LookupError):
    """There is no such delivery (any more). They are kept for 30 days."""


# Writing -----------------------------------------------------------------------------------------


def tell(event_type: str, job_ids: Iterable[UUID]) -> None:
    """Write what enabled webhooks are to be told of these jobs; inside the transaction that makes it true."""
    listening = [
        row for row in WebhookEndpoint.objects.filter(disabled_at=None) if event_type in row.event_types
    ]
    if not listening:
        return
    jobs = Job.objects.using(ALIAS).filter(id__in=list(job_ids))
    made = [delivery for job in jobs for delivery in _deliveries(event_type, job, listening)]
    _write(made)


def _deliveries(event_type: str, job: Job, listening: Sequence[WebhookEndpoint]) -> list[WebhookDelivery]:
    message_id, payload = _new_message_id(), messages.job_message(event_type, job)
    wanted = [row for row in listening if not row.channels or job.channel in row.channels]
    return [_delivery(row, message_id, event_type, payload, job.id) for row in wanted]


def ping_webhook(webhook_id: UUID, *, channels: Sequence[str] = ()) -> Delivery:
    """Send a webhook a message of type `webhook.test`, soon. Raises UnableToFindWebhook."""
    row = endpoint(webhook_id, channels)
    made = _delivery(row, _new_message_id(), TEST_EVENT, messages.ping_message(TEST_EVENT, row.id), None)
    with in_transaction(ALIAS):
        _write([made])
    return shown(made)


def replay_delivery(delivery_id: UUID, *, channels: Sequence[str] = ()) -> Delivery:
    """Send a message again, under its own id, with all its tries before it. Raises UnableToFindDelivery."""
    _row(delivery_id, channels)
    with in_transaction(ALIAS):
        WebhookDelivery.objects.filter(id=delivery_id).update(
            status=DeliveryStatus.PENDING, next_try_at=timezone.now(), tries_since_replay=0
        )
        after_commit(ALIAS, waking.wake_sender)
    return shown(_row(delivery_id, channels))


def replay_failed(webhook_id: UUID, *, channels: Sequence[str] = ()) -> int:
    """Send again everything that this webhook did not take; returns how many. Raises UnableToFindWebhook."""
    row = endpoint(webhook_id, channels)
    with in_transaction(ALIAS):
        failed = WebhookDelivery.objects.filter(endpoint=row, status=DeliveryStatus.FAILED)
        count = failed.update(status=DeliveryStatus.PENDING, next_try_at=timezone.now(), tries_since_replay=0)
        after_commit(ALIAS, waking.wake_sender)
    return count


def _write(made: Sequence[WebhookDelivery]) -> None:
    if made:
        WebhookDelivery.objects.bulk_create(made, batch_size=500)
        after_commit(ALIAS, waking.wake_sender)


def _delivery(
    row: WebhookEndpoint, message_id: str, event_type: str, payload: str, job_id: UUID | None
) -> WebhookDelivery:
    return WebhookDelivery(
        endpoint=row,
        message_id=message_id,
        event_type=event_type,
        job_id=job_id,
        payload=payload,
        next_try_at=timezone.now(),
    )


def _new_message_id() -> str:
    return f"msg_{uuid4().hex}"


# Sending -----------------------------------------------------------------------------------------


def send_due() -> int:
    """Send what is due until nothing is, or MOST_AT_ONCE; returns how many were tried."""
    for count in range(MOST_AT_ONCE):
        row = _claim()
        if row is None:
            return count
        _try(row)
    waking.wake_sender()
    return MOST_AT_ONCE


def _claim() -> WebhookDelivery | None:
    """The oldest due message of an endpoint that nobody is at: a slow one holds up itself alone."""
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    held = WebhookDelivery.objects.filter(
        endpoint=OuterRef("endpoint"), status=DeliveryStatus.PENDING, lease_until__gte=now
    )
    due = WebhookDelivery.objects.filter(
        free, status=DeliveryStatus.PENDING, next_try_at__lte=now, endpoint__disabled_at=None
    )
    with in_transaction(ALIAS):
        locked = due.exclude(Exists(held)).select_for_update(skip_locked=True, of=("self",))
        row = locked.select_related("endpoint").order_by("next_try_at").first()
        if row is None:
            return None
        row.lease_until = now + LEASE
        row.attempts, row.tries_since_replay = row.attempts + 1, row.tries_since_replay + 1
        row.save(update_fields=["lease_until", "attempts", "tries_since_replay"])
    return row


def _try(row: WebhookDelivery) -> None:
    began, code, response, error, asked = timezone.now(), None, "", "", None
    try:
        answer = _post(row)
        code, response, asked = answer.code, answer.body, answer.retry_after
        error = "" if 200 <= code < 300 else _refusal(code)
    except (sending.UnableToUseAddress, sending.UnableToSend) as failed:
        error = str(failed)
    seconds = (timezone.now() - began).total_seconds()
    one = {"at": began.isoformat(), "seconds": round(seconds, 3), "code": code, "error": error}
    seen: dict[str, Any] = {"code": code, "response": response, "error": error[:300], "lease_until": None}
    seen["tries"] = [*row.tries, one][-HISTORY:]
    _taken(row, seen) if not error else _refused(row, seen, asked)
    log.info("webhook_tried", delivery=str(row.id), code=code, seconds=round(seconds, 2))


def _post(row: WebhookDelivery) -> sending.Answer:
    body, now = row.payload.encode(), int(timezone.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Hookloop-Webhooks/1",
        **signing.signed_headers(secrets_of(row.endpoint), row.message_id, now, body),
    }
    return sending.post(
        row.endpoint.url, body=body, headers=headers, allow_private=settings.WEBHOOK_ALLOW_PRIVATE
    )


def _refusal(code: int) -> str:
    if 300 <= code < 400:
        return f"It answered {code}: redirects are not followed. Give the webhook the final address."
    return f"It answered {code}; any answer from 200 to 299 counts as taken."


def _taken(row: WebhookDelivery, seen: dict[str, Any]) -> None:
    now = timezone.now()
    with in_transaction(ALIAS):
        _held(row).update(status=DeliveryStatus.DELIVERED, delivered_at=now, **seen)
        _endpoint(row).update(failing_since=None, last_success_at=now)


def _refused(row: WebhookDelivery, seen: dict[str, Any], asked: float | None) -> None:
    now = timezone.now()
    wait = _wait(row.tries_since_replay, asked)
    status = DeliveryStatus.FAILED if wait is None else DeliveryStatus.PENDING
    with in_transaction(ALIAS):
        _held(row).update(status=status, next_try_at=now + timedelta(seconds=wait or 0), **seen)
        _endpoint(row).filter(failing_since=None).update(failing_since=now)
        _give_up(row, seen["code"], now)


def _give_up(row: WebhookDelivery, code: int | None, now: datetime) -> None:
    """Switch the endpoint off where it says that it is gone, or did nothing but fail for days."""
    if code == GONE:
        _endpoint(row).update(disabled_at=now, disabled_reason="It answered 410: it is gone for good.")
        return
    failing = _endpoint(row).filter(failing_since__lte=now - GIVE_UP_AFTER)
    failing.update(disabled_at=now, disabled_reason="Everything sent to it in three days failed.")


def _wait(tried: int, asked: float | None) -> float | None:
    """Seconds until the next try; None: that was the last."""
    if tried > len(SCHEDULE):
        return None
    planned = SCHEDULE[tried - 1] * (1 + JITTER * random.random())
    return max(planned, min(asked or 0.0, WAIT_LIMIT))


def _held(row: WebhookDelivery) -> Any:
    """The row, as long as the lease under which it was sent is still this worker's."""
    return WebhookDelivery.objects.filter(id=row.id, lease_until=row.lease_until)


def _endpoint(row: WebhookDelivery) -> Any:
    return WebhookEndpoint.objects.filter(id=row.endpoint_id)


def sweep() -> int:
    """Wake a sender where something is due, and remove what is long over; returns how many are due."""
    now = timezone.now()
    due = WebhookDelivery.objects.filter(
        status=DeliveryStatus.PENDING, next_try_at__lte=now, endpoint__disabled_at=None
    )
    count = due.exclude(lease_until__gte=now)[:REMOVED_AT_ONCE].count()
    for _ in range(min(count, waking.SENDERS)):
        waking.wake_sender()
    over = WebhookDelivery.objects.filter(created_at__lt=now - KEEP).exclude(status=DeliveryStatus.PENDING)
    old = over.order_by("created_at").values_list("id", flat=True)[:REMOVED_AT_ONCE]
    if ids := list(old):
        WebhookDelivery.objects.filter(id__in=ids).delete()
    return count


# Reading -----------------------------------------------------------------------------------------


def deliveries(
    webhook_id: UUID, *, status: str = "", cursor: str = "", limit: int = 25, channels: Sequence[str] = ()
) -> DeliveryPage:
    """What a webhook was told, newest first, at most 100 on a page; of one `status` where that is given.

    Raises UnableToFindWebhook, UnableToReadCursor.
    """
    rows = WebhookDelivery.objects.filter(endpoint=endpoint(webhook_id, channels))
    rows = rows.filter(status=status) if status else rows
    limit = min(limit, PAGE_LIMIT)
    found = list(cursors.after(rows, cursor)[: limit + 1])
    page = found[:limit]
    more = cursors.cursor(page[-1].created_at, page[-1].id) if len(found) > len(page) else ""
    return DeliveryPage(deliveries=tuple(shown(row) for row in page), next_cursor=more)


def delivery(delivery_id: UUID, *, channels: Sequence[str] = ()) -> Delivery:
    """One message to one webhook. Raises UnableToFindDelivery."""
    return shown(_row(delivery_id, channels))


def _row(delivery_id: UUID, channels: Sequence[str]) -> WebhookDelivery:
    row = WebhookDelivery.objects.using(ALIAS).filter(id=delivery_id).select_related("endpoint").first()
    if row is None or not within(row.endpoint, channels):
        raise UnableToFindDelivery(UnableToFindDelivery.__doc__)
    return row


def shown(row: WebhookDelivery) -> Delivery:
    """A delivery as its webhook's owner sees it."""
    pending = row.status == DeliveryStatus.PENDING
    return Delivery(
        id=row.id,
        webhook_id=row.endpoint_id,
        message_id=row.message_id,
        event_type=row.event_type,
        job_id=row.job_id,
        status=str(row.status),
        attempts=row.attempts,
        created_at=row.created_at,
        next_try_at=row.next_try_at if pending else None,
        delivered_at=row.delivered_at,
        code=row.code,
        response=row.response,
        error=row.error,
        tries=tuple(_shown_try(one) for one in row.tries),
        payload=row.payload,
    )


def _shown_try(one: dict[str, Any]) -> DeliveryTry:
    return DeliveryTry(
        at=datetime.fromisoformat(one["at"]), seconds=one["seconds"], code=one["code"], error=one["error"]
    )
