"""Keeps the leases of the runs that this process works on. One thread, started with the first."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import Error, connections
from django.utils import timezone

from apps.contracts.progress import StageState
from apps.foundation.logs import get_logger
from apps.orchestrator.models import StageRun

#: Renewals within one lease, so that one that fails does not lose it.
RENEWALS_PER_LEASE = 3

log = get_logger(__name__)
_tokens: set[UUID] = set()
_changed = threading.Condition()
_thread: threading.Thread | None = None


@contextmanager
def renewed(token: UUID) -> Iterator[None]:
    """Keep the lease of `token` alive while the block runs."""
    global _thread
    with _changed:
        _tokens.add(token)
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_renew_forever, name="leases", daemon=True)
            _thread.start()
    try:
        yield
    finally:
        with _changed:
            _tokens.discard(token)


def _renew_forever() -> None:
    while True:
        with _changed:
            _changed.wait(timeout=settings.LEASE_SECONDS / RENEWALS_PER_LEASE)
            held = list(_tokens)
        if held:
            _renew(held)


def _renew(held: list[UUID]) -> None:
    try:
        StageRun.objects.filter(claim__in=held, state=StageState.RUNNING).update(
            lease_until=timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)
        )
    except Error as lost:  # a Postgres restart: the next renewal connects afresh
        log.warning("lease_renewal_failed", error=type(lost).__name__)
    finally:
        connections.close_all()
