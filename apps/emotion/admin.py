"""Curating emotion curves: written as lines, seen as curves."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from apps.contracts.decision import Curve
from apps.emotion.drawing import drawing, sparkline
from apps.emotion.forms import EmotionCurveForm
from apps.emotion.models import EmotionCurve, EmotionCurveRun
from apps.emotion.timeline import UnableToUseTimeline, checked, loop_gap, loops, peak_end, stretched, twist_at
from apps.foundation.admin import ReadOnlyAdmin


@admin.register(EmotionCurve)
class EmotionCurveAdmin(admin.ModelAdmin):
    """A curve's name and platform are fixed once it exists: briefs and memory refer to them."""

    form = EmotionCurveForm
    list_display = ["name", "shape", "for_platform", "does_loop", "used", "active"]
    list_filter = ["active", "platform"]
    search_fields = ["name", "description"]
    readonly_fields = ["picture", "character", "created_at"]
    fieldsets = [
        (None, {"fields": ["name", "platform", "description", "active"]}),
        ("The curve", {"fields": ["picture", "character", "timeline", "created_at"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[EmotionCurve]:
        return super().get_queryset(request).annotate(run_count=Count("runs"))

    def get_readonly_fields(self, request: HttpRequest, obj: EmotionCurve | None = None) -> list[str]:
        return [*self.readonly_fields, *(["name", "platform"] if obj else [])]

    def has_delete_permission(self, request: HttpRequest, obj: EmotionCurve | None = None) -> bool:
        """What came with the catalogue would come back with the next seed: it is switched off instead."""
        return super().has_delete_permission(request, obj) and not (obj and obj.catalog_digest)

    @admin.display(description="valence and arousal")
    def shape(self, row: EmotionCurve) -> SafeString:
        curve = _curve(row)
        return mark_safe(sparkline(curve)) if curve else _broken()  # noqa: S308 - the drawing escapes its text

    @admin.display(description="platform", ordering="platform")
    def for_platform(self, row: EmotionCurve) -> str:
        return row.platform or "any"

    @admin.display(description="loops", boolean=True)
    def does_loop(self, row: EmotionCurve) -> bool | None:
        curve = _curve(row)
        return loops(curve) if curve else None

    @admin.display(description="used", ordering="run_count")
    def used(self, row: Any) -> int:
        return int(row.run_count)

    @admin.display(description="as a curve")
    def picture(self, row: EmotionCurve) -> SafeString | str:
        if row.timeline is None:
            return "Save once to see it drawn."
        curve = _curve(row)
        return mark_safe(drawing(curve)) if curve else _broken()  # noqa: S308 - the drawing escapes its text

    @admin.display(description="character")
    def character(self, row: EmotionCurve) -> str:
        curve = _curve(row)
        if curve is None:
            return "-"
        ending = "ends where it began, so it loops" if loops(curve) else "ends elsewhere, so it does not loop"
        return (
            f"Valence at the end lies {loop_gap(curve):.2f} from the beginning: it {ending}. "
            f"Its sharpest turn is at {twist_at(curve):.0%}; peak and end score {peak_end(curve):+.2f}."
        )


@admin.register(EmotionCurveRun)
class EmotionCurveRunAdmin(ReadOnlyAdmin):
    """Which job followed which curve."""

    list_display = ["when", "emotion_curve", "job"]
    list_filter = ["emotion_curve", "created_at"]
    list_select_related = ["emotion_curve"]
    search_fields = ["job_id"]


def _curve(row: EmotionCurve) -> Curve | None:
    try:
        return stretched(row.id, row.name, checked(row.timeline))
    except UnableToUseTimeline:
        return None


def _broken() -> SafeString:
    return format_html(
        '<span class="errornote">{}</span>', "The timeline breaks a rule; save it to see which."
    )
