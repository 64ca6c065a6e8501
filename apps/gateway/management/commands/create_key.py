"""manage.py create_key NAME: the key alone to stdout, so that a script can take it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.gateway import interface as gateway


class Command(BaseCommand):
    """One key through the gateway's door."""

    help = "Make an API key. It is printed this once and stored only as a digest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="who will use it, for example 'n8n' or a person's name")
        known = ", ".join(gateway.scopes())
        parser.add_argument("--scope", action="append", help=f"what it may do (all): {known}")
        parser.add_argument(
            "--channel", action="append", default=[], help="whose jobs it sees and makes (all)"
        )
        parser.add_argument("--reads-per-minute", type=int, help="instead of THROTTLE_READ")
        parser.add_argument("--writes-per-minute", type=int, help="instead of THROTTLE_WRITE")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        try:
            issued = gateway.create_key(
                name,
                scopes=options["scope"],
                channels=options["channel"],
                reads_per_minute=options["reads_per_minute"],
                writes_per_minute=options["writes_per_minute"],
            )
        except gateway.UnableToIssueKey as unusable:
            raise CommandError(str(unusable)) from unusable
        self.stdout.write(issued.key)
        self.stderr.write(f"Key for {issued.name}. Send it as 'Authorization: Bearer <key>'; keep it safe.")
