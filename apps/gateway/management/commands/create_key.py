"""manage.py create_key NAME: a new API key, printed once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.gateway import interface as gateway


class Command(BaseCommand):
    """The key alone goes to stdout, so that a script can take it; what to know about it to stderr."""

    help = "Make an API key. It is printed this once and stored only as a digest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="who will use it, for example 'n8n' or a person's name")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        try:
            issued = gateway.create_key(name)
        except gateway.UnableToIssueKey as unusable:
            raise CommandError(str(unusable)) from unusable
        self.stdout.write(issued.key)
        self.stderr.write(f"Key for {issued.name}. Send it as 'Authorization: Bearer <key>'; keep it safe.")
