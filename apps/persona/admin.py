"""Curating personas: who they are, how they sound, how often they spoke, what they used to be."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from apps.foundation.admin import (
    USES_LIMIT,
    BoundedCount,
    CuratedAdmin,
    ReadOnlyAdmin,
    RecentValuesFilter,
    badge,
    bounded,
    moment,
)
from apps.persona import evolution
from apps.persona.forms import PersonaForm
from apps.persona.models import Persona, PersonaChange, PersonaUsage

#: Changes shown on a persona's page; the list of changes has them all.
SHOWN = 20
#: Characters of a value in the history; a whole sample would hide what changed.
VALUE = 90
ACTION_LOOKS = {"added": "good", "changed": "info", "removed": "bad"}


@admin.register(Persona)
class PersonaAdmin(CuratedAdmin):
    """A persona's id is fixed once it exists: briefs and memory refer to it."""

    form = PersonaForm
    change_form_template = "admin/persona.html"
    change_list_template = "admin/personas.html"
    lead = "Who may speak. What you change here holds for every short planned from now on."
    list_display = ["named", "voice", "energy", "languages", "talk", "used", "active"]
    list_filter = ["active", "energy_level"]
    search_fields = ["id", "name", "description"]
    search_help_text = "A name, or words of the description"
    readonly_fields = ["listen", "history", "made"]
    fieldsets = [
        (None, {"fields": ["id", "name", "description", "active"]}),
        ("How they talk", {"fields": [("sentence_length", "energy_level", "vocabulary_level"), "made_for"]}),
        ("How they sound", {"fields": ["listen", "voices", ("rate", "pitch", "pitch_range", "gain_db")]}),
        ("What they say to be heard", {"fields": ["sample", "sample_language"]}),
        ("How their words look", {"fields": ["caption_style"]}),
        ("How they came to be this way", {"fields": ["history", "made"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Persona]:
        uses = PersonaUsage.objects.filter(persona=OuterRef("pk")).order_by().values("pk")
        return super().get_queryset(request).annotate(use_count=BoundedCount(uses[:USES_LIMIT]))

    def get_readonly_fields(self, request: HttpRequest, obj: Persona | None = None) -> list[str]:
        return [*self.readonly_fields, *(["id"] if obj else [])]

    def save_model(self, request: HttpRequest, obj: Persona, form: Any, change: bool) -> None:
        before = evolution.kept_facts(obj.pk) if change else {}
        super().save_model(request, obj, form, change)
        evolution.record(obj.pk, before, evolution.facts_of(obj), by=request.user.get_username())

    def delete_model(self, request: HttpRequest, obj: Persona) -> None:
        before, key = evolution.facts_of(obj), obj.pk
        super().delete_model(request, obj)
        evolution.record(key, before, {}, by=request.user.get_username())

    @admin.display(description="name", ordering="name")
    def named(self, row: Persona) -> SafeString:
        return format_html('{}<span class="quiet-note">{}</span>', row.name, row.id)

    @admin.display(description="energy", ordering="energy_level")
    def energy(self, row: Persona) -> str:
        return row.energy_level

    @admin.display(description="sentences, words")
    def talk(self, row: Persona) -> str:
        return f"{row.sentence_length}, {row.vocabulary_level}"

    @admin.display(description="languages")
    def languages(self, row: Persona) -> str:
        return ", ".join(sorted(row.voice_profile.get("voices", {})))

    @admin.display(description="used", ordering="use_count")
    def used(self, row: Any) -> SafeString:
        # A query a row: as a column of the list, Postgres looks through all uses of a persona without any.
        newest = row.usages.order_by("-created_at").values_list("created_at", flat=True).first()
        last = f"last on {newest:%Y-%m-%d}" if newest else "never"
        return format_html('<span title="{}">{}</span>', last, bounded(row.use_count, USES_LIMIT))

    @admin.display(description="voice")
    def voice(self, row: Persona) -> SafeString | str:
        return _player(row)

    @admin.display(description="voice sample")
    def listen(self, row: Persona) -> SafeString | str:
        if row._state.adding:
            return "Save once to hear them."
        note = '<span class="quiet-note">Heard as last saved.</span>'
        return format_html("{}{}", _player(row), SafeString(note))

    @admin.display(description="evolution")
    def history(self, row: Persona) -> SafeString | str:
        steps = PersonaChange.objects.filter(persona_key=row.pk)[:SHOWN]
        if not steps:
            return "Nothing has changed since this history is kept."
        return format_html(
            '<ol class="steps">{}</ol>', format_html_join("", "<li>{}</li>", ((_step(s),) for s in steps))
        )


@admin.register(PersonaUsage)
class PersonaUsageAdmin(ReadOnlyAdmin):
    """Which persona spoke for which job."""

    list_display = ["when", "persona", "job"]
    list_filter = ["persona", "created_at"]
    list_select_related = ["persona"]
    search_fields = ["job_id"]


@admin.register(PersonaChange)
class PersonaChangeAdmin(ReadOnlyAdmin):
    """Who changed which persona, newest first. A record of fact: nobody edits it."""

    small = True
    list_display = ["when", "persona_key", "action", "changed_by", "what"]
    list_filter = ["action", ("persona_key", RecentValuesFilter), ("changed_by", RecentValuesFilter)]
    search_fields = ["persona_key", "changed_by"]
    search_ids = ()
    search_help_text = "A persona's id, or who changed it"
    exclude = ["changes"]
    readonly_fields = ["what"]

    @admin.display(description="from and to")
    def what(self, row: PersonaChange) -> SafeString:
        return _changes(row)


def _player(row: Persona) -> SafeString | str:
    """The persona's sample to be heard; it is spoken when somebody presses play."""
    try:
        address = reverse("persona-sample", args=[row.pk])
    except NoReverseMatch:
        return "Samples are spoken where the gateway runs."
    return format_html(
        '<audio controls preload="none" src="{}" aria-label="{} speaks"></audio>', address, row.name
    )


def _step(row: PersonaChange) -> SafeString:
    return format_html(
        '<p class="row">{} <b>{}</b> <span class="soft">{}</span></p>{}',
        badge(row.action, ACTION_LOOKS.get(row.action, "")),
        row.changed_by,
        moment(row.created_at),
        _changes(row),
    )


def _changes(row: PersonaChange) -> SafeString:
    if row.action != "changed":
        return format_html('<span class="soft">{} fields</span>', len(row.changes))
    return format_html(
        '<dl class="laid-out">{}</dl>',
        format_html_join("", "<dt>{}</dt><dd><del>{}</del> <ins>{}</ins></dd>", _differences(row)),
    )


def _differences(row: PersonaChange) -> Iterator[tuple[str, str, str]]:
    for name, (before, after) in row.changes.items():
        yield name.replace("_", " ").replace(".", ": "), _said(before), _said(after)


def _said(value: Any) -> str:
    if isinstance(value, dict):
        value = ", ".join(f"{key} {part}" for key, part in value.items())
    elif isinstance(value, list):
        value = ", ".join(map(str, value))
    return "–" if value in (None, "") else Truncator(str(value)).chars(VALUE)
