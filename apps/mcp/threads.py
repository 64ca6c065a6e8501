"""Django's blocking calls beside the event loop: a few threads, and no connection kept between calls."""

from collections.abc import Callable
from typing import TypeVar

import anyio
import anyio.to_thread
from django.db import connections

T = TypeVar("T")
#: Calls at once; each may hold a connection to several services while it runs.
THREADS = 4
_places: list[anyio.CapacityLimiter] = []


async def in_thread(work: Callable[[], T]) -> T:
    """What `work` returns, called in a thread of its own."""
    if not _places:  # a limiter belongs to a running loop, so it cannot be made at import
        _places.append(anyio.CapacityLimiter(THREADS))
    return await anyio.to_thread.run_sync(lambda: _disconnecting(work), limiter=_places[0])


def _disconnecting(work: Callable[[], T]) -> T:
    try:
        return work()
    finally:
        connections.close_all()
