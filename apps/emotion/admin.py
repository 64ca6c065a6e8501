"""Curating emotion curves: written as lines, seen as curves."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from apps.contracts.decision import Curve
from apps.emotion.drawing import drawing, sparkline
from apps.emotion.forms import EmotionCurveForm
from apps.emotion.models import EmotionCurve, EmotionCurveRun
from apps.emotion.timeline import UnableToUseTimeline, checked, loop_gap, loops, peak_end, stretched, twist_at
from apps.foundation.admin import USES_LIMIT, BoundedCount, CuratedAdmin, ReadOnlyAdmin, bounded


@admin.register(EmotionCurve)
class EmotionCurveAdmin(CuratedAdmin):
    """A curve's name and platform are fixed once it exists: briefs and memory refer to them."""

    form = EmotionCurveForm
    change_list_template = "admin/curves.html"
    lead = "How a short is meant to feel from second to second. Each is stretched to the length of the short."
    list_display = ["name", "shape", "for_platform", "does_loop", "used", "active"]
    list_filter = ["active", "platform"]
    search_fields = ["name", "description"]
    search_help_text = "A name, or words of the description"
    readonly_fields = ["picture", "character", "made"]
    fieldsets = [
        (None, {"fields": ["name", "platform", "description", "active"]}),
        ("The curve", {"classes": ["wide-field"], "fields": ["timeline"]}),
        (None, {"fields": ["character", "made"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[EmotionCurve]:
        runs = EmotionCurveRun.objects.filter(emotion_curve=OuterRef("pk")).order_by().values("pk")
        return super().get_queryset(request).annotate(run_count=BoundedCount(runs[:USES_LIMIT]))

    def get_readonly_fields(self, request: HttpRequest, obj: EmotionCurve | None = None) -> list[str]:
        return [*self.readonly_fields, *(["name", "platform"] if obj else [])]

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
    def used(self, row: Any) -> str:
        return bounded(row.run_count, USES_LIMIT)

    def get_fieldsets(self, request: HttpRequest, obj: EmotionCurve | None = None) -> Any:
        """Whoever may not edit a curve sees it drawn instead."""
        if obj is None or self.has_change_permission(request, obj):
            return self.fieldsets
        shown = ("The curve", {"classes": ["wide-field"], "fields": ["picture"]})
        return [self.fieldsets[0], shown, self.fieldsets[2]]

    @admin.display(description="as a curve")
    def picture(self, row: EmotionCurve) -> SafeString:
        curve = _curve(row)
        return mark_safe(drawing(curve)) if curve else _broken()  # noqa: S308 - the drawing escapes its text

    @admin.display(description="character")
    def character(self, row: EmotionCurve) -> str:
        curve = None if row.timeline is None else _curve(row)
        if curve is None:
            return "Told once it is saved."
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
