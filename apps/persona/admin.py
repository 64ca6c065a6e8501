"""Curating personas: who they are, how they sound, how often they spoke."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.foundation.admin import ReadOnlyAdmin
from apps.persona.forms import PersonaForm
from apps.persona.models import Persona, PersonaUsage


@admin.register(Persona)
class PersonaAdmin(admin.ModelAdmin):
    """A persona's id is fixed once it exists: briefs and memory refer to it."""

    form = PersonaForm
    list_display = ["named", "energy", "languages", "used", "talk", "captions", "active"]
    list_filter = ["active", "energy_level"]
    search_fields = ["id", "name", "description"]
    readonly_fields = ["listen", "created_at"]
    fieldsets = [
        (None, {"fields": ["id", "name", "description", "active"]}),
        ("How they talk", {"fields": [("sentence_length", "energy_level", "vocabulary_level"), "made_for"]}),
        ("How they sound", {"fields": ["listen", "voices", ("rate", "pitch", "pitch_range", "gain_db")]}),
        ("What they say to be heard", {"fields": ["sample", "sample_language"]}),
        ("How their words look", {"fields": ["caption_style"]}),
        (None, {"fields": ["created_at"]}),
    ]

    class Media:
        js = ["persona/sample.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Persona]:
        return (
            super()
            .get_queryset(request)
            .annotate(use_count=Count("usages"), used_at=Max("usages__created_at"))
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Persona | None = None) -> list[str]:
        return [*self.readonly_fields, *(["id"] if obj else [])]

    def has_delete_permission(self, request: HttpRequest, obj: Persona | None = None) -> bool:
        """What came with the catalogue would come back with the next seed: it is switched off instead."""
        return super().has_delete_permission(request, obj) and not (obj and obj.catalog_digest)

    @admin.display(description="name", ordering="name")
    def named(self, row: Persona) -> SafeString:
        return format_html("{}<br><small>{}</small>", row.name, row.id)

    @admin.display(description="energy", ordering="energy_level")
    def energy(self, row: Persona) -> str:
        return row.energy_level

    @admin.display(description="captions", ordering="caption_style")
    def captions(self, row: Persona) -> str:
        return row.caption_style.replace("_", " ")

    @admin.display(description="sentences, words")
    def talk(self, row: Persona) -> str:
        return f"{row.sentence_length}, {row.vocabulary_level}"

    @admin.display(description="languages")
    def languages(self, row: Persona) -> str:
        return ", ".join(sorted(row.voice_profile.get("voices", {})))

    @admin.display(description="used", ordering="use_count")
    def used(self, row: Any) -> SafeString:
        last = f"last on {row.used_at:%Y-%m-%d}" if row.used_at else "never"
        return format_html('<span title="{}">{}</span>', last, row.use_count)

    @admin.display(description="voice")
    def listen(self, row: Persona) -> SafeString | str:
        if row._state.adding:
            return "Save once to hear them."
        try:
            address = reverse("persona-sample", args=[row.pk])
        except NoReverseMatch:
            return "Samples are spoken where the gateway runs."
        return format_html(
            '<button type="button" class="button" data-sample="{}" style="padding:8px 14px">'
            "Speak a sample</button> "
            '<audio controls hidden preload="none" style="vertical-align:middle;height:34px"></audio> '
            '<span data-sample-status role="status"></span>'
            "<small>Heard as last saved.</small>",
            address,
        )


@admin.register(PersonaUsage)
class PersonaUsageAdmin(ReadOnlyAdmin):
    """Which persona spoke for which job."""

    list_display = ["when", "persona", "job"]
    list_filter = ["persona", "created_at"]
    list_select_related = ["persona"]
    search_fields = ["job_id"]
