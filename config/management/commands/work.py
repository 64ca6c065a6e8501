"""`manage.py work`: the workers for both queues, until told to stop."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.children import run_together

#: Read by Dramatiq before it imports anything of ours. A prefetching worker would sit on renders that
#: another one is free for. An idle one polls Redis at least every 50 ms: at the default of a second,
#: a job waits that long between most of its stages.
WORKER_ENVIRONMENT = {"dramatiq_queue_prefetch": "1", "dramatiq_worker_timeout": "50"}


def worker_command(queue: str, processes: int, threads: int) -> list[str]:
    """Dramatiq's own command line for one queue."""
    shutdown = "--worker-shutdown-timeout=15000"
    return [
        sys.executable,
        "-m",
        "dramatiq",
        "config.actors",
        "--queues",
        queue,
        "--processes",
        str(processes),
        "--threads",
        str(threads),
        shutdown,
    ]


def worker_commands(heavy: int, quick: int) -> list[list[str]]:
    """Heavy stages one at a time per process, so that a render has a core; quick ones in threads."""
    return [worker_command("quick", 1, quick), worker_command("heavy", heavy, 1)]


class Command(BaseCommand):
    help = "Run the workers: one process of quick stages, and a process for each heavy stage at a time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--heavy", type=int, default=os.cpu_count() or 2, help="renders at once")
        parser.add_argument("--quick", type=int, default=4, help="quick stages at once")

    def handle(self, *args: Any, **options: Any) -> None:
        for name, value in WORKER_ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        sys.exit(run_together(worker_commands(options["heavy"], options["quick"])))
