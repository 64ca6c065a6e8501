"""Curated YAML into rows, without ever undoing what a curator changed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.db import connections, models

from apps.contracts.codec import digest
from apps.foundation.transactions import in_transaction

#: Advisory lock held while a catalogue is applied; any constant will do.
SEED_LOCK = 0x73656564


@dataclass(frozen=True, kw_only=True)
class SeedReport:
    """How many catalogue entries were added, brought up to date, or left as a curator made them."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0


class CatalogEntry(models.Model):
    """A curated row that remembers which catalogue content it came from (empty: made by hand)."""

    catalog_digest = models.CharField(max_length=64, blank=True, default="", editable=False)

    class Meta:
        abstract = True


def read_entries(path: Path) -> list[dict[str, Any]]:
    """The list of mappings in a YAML catalogue."""
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return entries


def apply_entries(
    model: type[CatalogEntry], entries: list[dict[str, Any]], *, key: str, alias: str
) -> SeedReport:
    """Add the entries that are missing and update those nobody has edited since they were seeded.

    An entry maps column names to values and is found by `key`, one column or several joined by a
    comma. A row whose content no longer matches its digest was edited and is kept as it is.
    """
    counts = {"added": 0, "updated": 0, "unchanged": 0, "kept": 0}
    with in_transaction(alias), connections[alias].cursor() as cursor:
        # Two seeders take turns, service by service.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [SEED_LOCK, alias])
        for entry in entries:
            counts[_apply(model, entry, key.split(","), alias)] += 1
    return SeedReport(**counts)


def _apply(model: type[CatalogEntry], entry: dict[str, Any], keys: list[str], alias: str) -> str:
    wanted = digest(entry)
    rows = model._default_manager.using(alias)
    row = rows.filter(**{name: entry[name] for name in keys}).first()
    if row is None:
        rows.create(**entry, catalog_digest=wanted)
        return "added"
    if row.catalog_digest != digest({name: getattr(row, name) for name in entry}):
        # Also true where the catalogue gained a column since; such a row counts as edited.
        return "kept"
    if row.catalog_digest == wanted:
        return "unchanged"
    for name, value in entry.items():
        setattr(row, name, value)
    row.catalog_digest = wanted
    row.save(using=alias)
    return "updated"
