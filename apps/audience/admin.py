"""Curating audiences."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.audience.forms import AudienceProfileForm
from apps.audience.models import AudienceProfile

#: Fills of the language bar, in order; they repeat beyond the last.
COLOURS = ("#4c7dd6", "#e0a13a", "#4da37a", "#b565c4", "#d0614f")


@admin.register(AudienceProfile)
class AudienceProfileAdmin(admin.ModelAdmin):
    """An audience's key is fixed once it exists: briefs and memory refer to it."""

    form = AudienceProfileForm
    list_display = ["named", "attention", "languages", "visual_energy", "looks_for", "active"]
    list_filter = ["active", "visual_energy"]
    search_fields = ["audience_key", "name", "notes"]
    readonly_fields = ["created_at"]
    fieldsets = [
        (None, {"fields": ["audience_key", "name", "notes", "active"]}),
        ("How they watch", {"fields": ["attention_span", "visual_energy", "language_mix", "emotion_bias"]}),
        (None, {"fields": ["created_at"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: AudienceProfile | None = None) -> list[str]:
        return [*self.readonly_fields, *(["audience_key"] if obj else [])]

    def has_delete_permission(self, request: HttpRequest, obj: AudienceProfile | None = None) -> bool:
        """What came with the catalogue would come back with the next seed: it is switched off instead."""
        return super().has_delete_permission(request, obj) and not (obj and obj.catalog_digest)

    @admin.display(description="name", ordering="name")
    def named(self, row: AudienceProfile) -> SafeString:
        return format_html("{}<br><small>{}</small>", row.name, row.audience_key)

    @admin.display(description="attention", ordering="attention_span")
    def attention(self, row: AudienceProfile) -> str:
        return f"{row.attention_span:g} s"

    @admin.display(description="languages")
    def languages(self, row: AudienceProfile) -> SafeString:
        shares = sorted(row.language_mix.items(), key=lambda pair: -pair[1])
        bars = format_html_join(
            "",
            '<span style="display:inline-block;height:8px;width:{}px;background:{}"></span>',
            ((round(80 * share), COLOURS[n % len(COLOURS)]) for n, (_, share) in enumerate(shares)),
        )
        words = ", ".join(f"{tag} {share:.0%}" for tag, share in shares)
        return format_html('<span style="white-space:nowrap">{}</span><br><small>{}</small>', bars, words)

    @admin.display(description="looks for")
    def looks_for(self, row: AudienceProfile) -> str:
        return ", ".join(map(str, row.emotion_bias))
