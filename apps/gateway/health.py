"""Is the process alive, and can it do its work? Names what is not there, never why to a stranger."""

from collections.abc import Callable, Iterator
from contextlib import closing

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, JsonResponse

from apps.foundation import blobs
from apps.foundation.logs import get_logger

#: Where the readiness check writes; always the same key, so it never piles up.
PROBE_KEY = "probe/ready"
#: Seconds a broker may take to answer before it counts as gone.
BROKER_TIMEOUT = 2.0

log = get_logger(__name__)


def health(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """200 when every database, the broker and storage answer; 503 with the names of those that do not."""
    missing = [name for name, check in _checks() if not _passes(name, check)]
    if missing:
        return JsonResponse({"status": "not ready", "missing": missing}, status=503)
    return JsonResponse({"status": "ready"})


def _checks() -> Iterator[tuple[str, Callable[[], object]]]:
    for alias in settings.DATABASES:
        yield f"database:{alias}", lambda alias=alias: _ask_database(alias)  # type: ignore[misc]
    yield "broker", _ask_broker
    yield "storage", lambda: blobs.put_bytes(PROBE_KEY, b"ok")


def _passes(name: str, check: Callable[[], object]) -> bool:
    try:
        check()
    except Exception:  # each client has errors of its own; any of them means the same here
        log.warning("not_ready", part=name, exc_info=True)
        return False
    return True


def _ask_database(alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_broker() -> None:
    url = settings.BROKER_URL
    if url.startswith("amqp"):
        import pika  # type: ignore[import-untyped]  # only where RabbitMQ is the broker

        pika.BlockingConnection(pika.URLParameters(url)).close()
        return
    from redis import Redis  # only where Redis is the broker

    with closing(Redis.from_url(url, socket_timeout=BROKER_TIMEOUT)) as client:
        client.ping()
