"""manage.py rebuild_memory: what is believed, made again from the rows alone."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.memory import interface as memory


class Command(BaseCommand):
    """Needed after rows were restored, moved or mended by hand; otherwise it changes nothing."""

    help = "Make memory's models and leaderboards again from the shorts and their evidence."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--platform", default="", help="only this one; else all")

    def handle(self, *, platform: str, **options: Any) -> None:
        """Rebuild, and say over how many shorts."""
        self.stdout.write(self.style.SUCCESS(f"Rebuilt from {memory.rebuild(platform)} shorts."))
