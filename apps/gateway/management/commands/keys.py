"""manage.py keys: which API keys there are; with --revoke, an end to one."""

from argparse import ArgumentParser
from datetime import datetime
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from apps.gateway import interface as gateway


class Command(BaseCommand):
    """Lists and revokes through the gateway's door."""

    help = "List API keys, or revoke the one that begins like this."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--revoke", metavar="BEGINNING", help="how the key begins, as in the list: hl_..."
        )

    def handle(self, *args: Any, revoke: str | None, **options: Any) -> None:
        if revoke:
            self._revoke(revoke)
        else:
            Console(file=cast(IO[str], self.stdout)).print(_table())

    def _revoke(self, beginning: str) -> None:
        every = gateway.keys()
        found = [key for key in every if key.begins.rstrip("_") == beginning.rstrip("_")]
        if not found or not gateway.revoke_key(found[0].id):
            raise CommandError("No key in force begins like this. `manage.py keys` lists them.")
        self.stdout.write(f"{found[0].name} is refused from now on.")


def _table() -> Table:
    table = Table("begins", "name", "may", "channels", "made", "last used", "revoked")
    every = gateway.keys()
    for key in every:
        may = "everything" if len(key.scopes) == len(gateway.scopes()) else ", ".join(key.scopes)
        when = (_day(key.created_at), _day(key.last_used_at), _day(key.revoked_at))
        table.add_row(key.begins, key.name, may, ", ".join(key.channels) or "all", *when)
    return table


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "-"
