"""Curating audiences."""

from itertools import accumulate

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.audience.forms import AudienceProfileForm
from apps.audience.models import AudienceProfile
from apps.foundation.admin import CuratedAdmin

#: Fills of the language bar, in order; they repeat beyond the last.
COLOURS = ("#4c7dd6", "#e0a13a", "#4da37a", "#b565c4", "#d0614f")
#: Size of the language bar, pixels.
BAR_WIDTH, BAR_HEIGHT = 96, 8


@admin.register(AudienceProfile)
class AudienceProfileAdmin(CuratedAdmin):
    """An audience's key is fixed once it exists: briefs and memory refer to it."""

    form = AudienceProfileForm
    lead = "Whom a brief is for: how long they stay, what they speak, what they look for."
    list_display = ["named", "attention", "languages", "visual_energy", "looks_for", "active"]
    list_filter = ["active", "visual_energy"]
    search_fields = ["audience_key", "name", "notes"]
    search_help_text = "A name, a key, or words of the notes"
    readonly_fields = ["made"]
    fieldsets = [
        (None, {"fields": ["audience_key", "name", "notes", "active"]}),
        ("How they watch", {"fields": ["attention_span", "visual_energy", "language_mix", "emotion_bias"]}),
        (None, {"fields": ["made"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: AudienceProfile | None = None) -> list[str]:
        return [*self.readonly_fields, *(["audience_key"] if obj else [])]

    @admin.display(description="name", ordering="name")
    def named(self, row: AudienceProfile) -> SafeString:
        return format_html('{}<span class="quiet-note">{}</span>', row.name, row.audience_key)

    @admin.display(description="attention", ordering="attention_span")
    def attention(self, row: AudienceProfile) -> str:
        return f"{row.attention_span:g} s"

    @admin.display(description="languages")
    def languages(self, row: AudienceProfile) -> SafeString:
        shares = sorted(row.language_mix.items(), key=lambda pair: -pair[1])
        words = ", ".join(f"{tag} {share:.0%}" for tag, share in shares)
        return format_html(
            '{}<span class="quiet-note">{}</span>', _bar([share for _, share in shares]), words
        )

    @admin.display(description="looks for")
    def looks_for(self, row: AudienceProfile) -> str:
        return ", ".join(map(str, row.emotion_bias))


def _bar(shares: list[float]) -> SafeString:
    starts = accumulate([0.0, *shares])
    parts = format_html_join(
        "",
        '<rect x="{}" width="{}" height="{}" fill="{}"/>',
        (
            (round(start * BAR_WIDTH, 1), round(share * BAR_WIDTH, 1), BAR_HEIGHT, COLOURS[n % len(COLOURS)])
            for n, (start, share) in enumerate(zip(starts, shares, strict=False))
        ),
    )
    return format_html(
        '<svg width="{}" height="{}" aria-hidden="true">{}</svg>', BAR_WIDTH, BAR_HEIGHT, parts
    )
