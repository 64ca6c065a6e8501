"""What every worker process does beside its messages: sweep, and keep its connections fresh."""

import threading
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connections
from dramatiq.middleware import Middleware

from apps.foundation.logs import get_logger

log = get_logger(__name__)


class ConnectionMiddleware(Middleware):
    """Drops connections that are old or broken around each message, as Django does around a request."""

    def before_process_message(self, broker: Any, message: Any) -> None:
        close_old_connections()

    def after_process_message(
        self, broker: Any, message: Any, *, result: Any = None, exception: BaseException | None = None
    ) -> None:
        close_old_connections()

    after_skip_message = after_process_message


class SweepMiddleware(Middleware):
    """Runs the sweep when a worker boots and every settings.SWEEP_SECONDS after.

    Every process has one; an advisory lock lets one at a time work.
    """

    def __init__(self) -> None:
        self._stop = threading.Event()

    def after_worker_boot(self, broker: Any, worker: Any) -> None:
        threading.Thread(target=self._loop, name="sweep", daemon=True).start()

    def before_worker_shutdown(self, broker: Any, worker: Any) -> None:
        self._stop.set()

    def _loop(self) -> None:
        everything = True
        while True:
            everything = not self._once(everything) and everything
            if self._stop.wait(settings.SWEEP_SECONDS):
                return

    def _once(self, everything: bool) -> bool:
        from apps.orchestrator.sweep import sweep  # needs the app registry, which the broker precedes

        try:
            sweep(everything=everything)
        except Exception as failed:  # whatever is down now may be up at the next round
            log.warning("sweep_failed", error=type(failed).__name__)
            return False
        finally:
            connections.close_all()
        return True
