"""`manage.py seed`: the catalogues into the database; a curator's edits are kept."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.orchestrator import interface as orchestrator


class Command(BaseCommand):
    help = "Load platforms, audiences, personas and emotion curves from their catalogues."

    def handle(self, *args: Any, **options: Any) -> None:
        for service, report in orchestrator.seed().items():
            self.stdout.write(
                f"{service}: {report.added} added, {report.updated} updated, "
                f"{report.unchanged} unchanged, {report.kept} kept as curated"
            )
