"""`manage.py mcp`: Hookloop as tools for a language model, over stdio or HTTP."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

#: Where Studio is on one machine; links lead there unless PUBLIC_URL or --site says otherwise.
HERE = "http://127.0.0.1:8000"


class Command(BaseCommand):
    """stdout carries the protocol alone; whatever is to be said goes to stderr."""

    help = "Serve Hookloop's tools over the Model Context Protocol: stdio, or HTTP with --http."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--http", metavar="[HOST:]PORT", help="streamable HTTP at /mcp; needs API keys")
        parser.add_argument("--site", default=settings.PUBLIC_URL or HERE, help="where Studio is reached")

    def handle(self, *args: Any, http: str | None, site: str, **options: Any) -> None:
        from apps.mcp import server  # brings a web server along, which no other command needs

        built = server.build(site)
        if http is None:
            built.run("stdio")
            return
        host, port = _address(http)
        names = (*settings.ALLOWED_HOSTS, *settings.CSRF_TRUSTED_ORIGINS)
        self.stderr.write(f"MCP at http://{host}:{port}{server.PATH} (Ctrl-C stops it)")
        server.serve_http(built, host=host, port=port, names=names)


def _address(given: str) -> tuple[str, int]:
    host, _, port = given.rpartition(":")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise CommandError(f"--http takes PORT or HOST:PORT, such as 127.0.0.1:8765; not {given!r}.")
    return host or "127.0.0.1", int(port)
