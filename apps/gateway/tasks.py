"""The actor that sends to webhooks. Retries are the delivery's own business, not the broker's."""

import threading

import dramatiq

from apps.gateway import deliveries, waking

#: The queue that `manage.py work` listens to beside quick stages.
QUEUE = "webhooks"
#: Milliseconds; as many tries as one call makes, each at its longest.
LIMIT = 900_000

_slots = threading.BoundedSemaphore(waking.SENDERS)


@dramatiq.actor(actor_name=waking.ACTOR, queue_name=QUEUE, max_retries=0, time_limit=LIMIT)
def send_webhooks() -> None:
    """Send what is due. Where enough threads are at it already they will find it themselves."""
    if not _slots.acquire(blocking=False):
        return
    try:
        deliveries.send_due()
    finally:
        _slots.release()
