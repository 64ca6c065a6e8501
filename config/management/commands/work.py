"""`manage.py work`: the workers for both queues, until told to stop."""

import os
import sys
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.children import Child, run_together

#: Milliseconds after which an idle worker looks at Redis again. At Dramatiq's default of a second, a
#: job waits that long between most of its stages.
POLL_MS = 50


def worker(queues: Sequence[str], *, processes: int, threads: int) -> Child:
    """Dramatiq's own command line for some queues, and the environment that it reads at its start.

    A process holds as many messages as it has threads: with fewer, threads would idle; with more, it
    would sit on renders that another process is free for.
    """
    command = [
        sys.executable,
        "-m",
        "dramatiq",
        "config.actors",
        "--queues",
        *queues,
        "--processes",
        str(processes),
        "--threads",
        str(threads),
        "--worker-shutdown-timeout=15000",
    ]
    environment = {"dramatiq_queue_prefetch": str(threads), "dramatiq_worker_timeout": str(POLL_MS)}
    return Child(command, environment)


class Command(BaseCommand):
    help = "Run the workers: a process of quick stages and webhooks, and one for each heavy stage at a time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--heavy", type=int, default=os.cpu_count() or 2, help="renders at once")
        parser.add_argument("--quick", type=int, default=4, help="quick stages at once")

    def handle(self, *args: Any, **options: Any) -> None:
        # Heavy stages one at a time per process, so that a render has a core; quick ones in threads.
        quick = worker(["quick", "webhooks"], processes=1, threads=options["quick"])
        heavy = worker(["heavy"], processes=options["heavy"], threads=1)
        sys.exit(run_together([quick, heavy]))
