"""manage.py import_performance FILE: the numbers in a platform's CSV export, handed on to memory."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.gateway import interface as gateway
from apps.gateway.csv_columns import SOURCES
from apps.gateway.csv_exports import FILE_LIMIT

#: Rows that are left out and named one by one; the others are counted.
NAMED = 50


class Command(BaseCommand):
    """Reads a file; the same one again changes nothing."""

    help = "Import the numbers of a CSV as YouTube Studio, Meta Business Suite or TikTok export it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", choices=sorted(SOURCES), default="", help="else the columns tell")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")

    def handle(self, *, file: Path, source: str, dry_run: bool, **options: Any) -> None:
        """Import, and say what was taken and what was not."""
        read = gateway.preview_performance if dry_run else gateway.import_performance
        try:
            result = read(_content(file), filename=file.name, source=source)
        except gateway.UnableToReadExport as unreadable:
            raise CommandError(str(unreadable)) from unreadable
        self._tell(result, dry_run)

    def _tell(self, result: gateway.PerformanceImport, dry_run: bool) -> None:
        self.stdout.write(
            f"Read as {result.source}: {len(result.rows)} rows, {result.totals} of totals passed over."
        )
        self.stdout.write("Columns: " + ", ".join(f"{h} -> {m}" for h, m in result.columns.items()))
        if result.ignored:
            self.stdout.write("Not used: " + ", ".join(result.ignored))
        for note in result.notes:
            self.stdout.write(note)
        for row in result.left_out[:NAMED]:
            name = row.title or row.video or "-"
            self.stdout.write(f"  line {row.line} ({name[:60]}): {' '.join(row.problems)}")
        if len(result.left_out) > NAMED:
            self.stdout.write(f"  and {len(result.left_out) - NAMED} more")
        done = "would be taken" if dry_run else "taken"
        self.stdout.write(self.style.SUCCESS(f"{result.ready} rows of {result.jobs} shorts {done}."))


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as handle:
            return handle.read(FILE_LIMIT + 1)
    except OSError as missing:
        raise CommandError(f"{file} cannot be read: {missing.strerror}.") from missing
