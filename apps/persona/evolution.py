"""A persona's evolution: what it was, what it became, and by whom. Rows are added, never changed."""

from collections.abc import Mapping
from typing import Any

from apps.persona.models import Persona, PersonaChange

#: Who changed a persona where no person did.
CATALOGUE = "catalogue"
#: Columns that say nothing of who a persona is.
SILENT = frozenset({"catalog_digest", "created_at", "id"})

Facts = dict[str, Any]


def facts_of(row: Persona | None) -> Facts:
    """Everything that makes a persona, by field name; the voice in its parts. Empty for None."""
    if row is None:
        return {}
    kept = {f.name: getattr(row, f.name) for f in row._meta.concrete_fields if f.name not in SILENT}
    voice = kept.pop("voice_profile") or {}
    return kept | {f"voice.{part}": value for part, value in voice.items()}


def kept_facts(persona_id: str) -> Facts:
    """The same as it is stored now; empty where there is no such persona."""
    return facts_of(Persona.objects.using("persona").filter(pk=persona_id).first())


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Field to [before, after] where they differ; None where a field was or is not there."""
    names = [*after, *(name for name in before if name not in after)]
    return {
        name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)
    }


def record(persona_id: str, before: Facts, after: Facts, *, by: str) -> None:
    """Keep one change; nothing where nothing changed."""
    changes = difference(before, after)
    if not changes:
        return
    action = "changed" if before and after else "added" if after else "removed"
    PersonaChange.objects.using("persona").create(
        persona_key=persona_id, action=action, changed_by=by, changes=changes
    )
