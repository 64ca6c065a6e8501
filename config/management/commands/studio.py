"""`manage.py studio`: everything on one machine - servers, web and workers - until told to stop."""

import os
import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from config.children import Child, run_together


def web_command(address: str) -> list[str]:
    """The web server: threads, because its work is waiting for Postgres and for what streams tell."""
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi",
        "--bind",
        address,
        "--workers",
        "1",
        "--threads",
        "12",
        "--graceful-timeout",
        "5",
        "--log-level",
        "warning",
        "--no-control-socket",  # it would be written to the home folder
    ]


class Command(BaseCommand):
    help = "Prepare the database, then run web and workers together until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--address", default="127.0.0.1:8000")
        parser.add_argument("--heavy", type=int, default=os.cpu_count() or 2)
        parser.add_argument("--quick", type=int, default=4)

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("provision", stdout=self.stdout)
        call_command("seed", stdout=self.stdout)
        self.stdout.write(f"Hookloop at http://{options['address']}  (Ctrl-C stops it)")
        workers = [
            sys.executable,
            "manage.py",
            "work",
            f"--heavy={options['heavy']}",
            f"--quick={options['quick']}",
        ]
        sys.exit(run_together([Child(web_command(options["address"])), Child(workers)]))
