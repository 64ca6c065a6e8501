"""Curating platform profiles, and looking at what was decided."""

import json

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from pydantic import ValidationError

from apps.contracts.codec import from_json
from apps.contracts.decision import Box
from apps.foundation.admin import ReadOnlyAdmin, RecentValuesFilter
from apps.strategy.deciding import weights
from apps.strategy.drawing import phone
from apps.strategy.forms import PlatformProfileForm
from apps.strategy.models import PlatformProfile, StrategyRun


@admin.register(PlatformProfile)
class PlatformProfileAdmin(admin.ModelAdmin):
    """A platform's key is fixed once it exists: briefs and memory refer to it."""

    form = PlatformProfileForm
    list_display = ["named", "box", "length", "hook_window", "score_weights", "active"]
    list_filter = ["active"]
    search_fields = ["platform", "name"]
    readonly_fields = ["safe_box_drawn", "score_weights", "created_at"]
    fieldsets = [
        (None, {"fields": ["platform", "name", "active", "notes"]}),
        ("Length, in seconds", {"fields": [("ideal_length", "min_length", "max_length")]}),
        (
            "What counts",
            {"fields": [("hook_window_seconds", "loop_weight"), "score_weights", "priority_metrics"]},
        ),
        ("Where text may stand", {"fields": ["safe_box", "safe_box_drawn"]}),
        (None, {"fields": ["created_at"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: PlatformProfile | None = None) -> list[str]:
        return [*self.readonly_fields, *(["platform"] if obj else [])]

    def has_delete_permission(self, request: HttpRequest, obj: PlatformProfile | None = None) -> bool:
        """What came with the catalogue would come back with the next seed: it is switched off instead."""
        return super().has_delete_permission(request, obj) and not (obj and obj.catalog_digest)

    @admin.display(description="name", ordering="name")
    def named(self, row: PlatformProfile) -> SafeString:
        return format_html("{}<br><small>{}</small>", row.name, row.platform)

    @admin.display(description="text box")
    def box(self, row: PlatformProfile) -> SafeString | str:
        return _drawn(row, height=72)

    @admin.display(description="as seen")
    def safe_box_drawn(self, row: PlatformProfile) -> SafeString | str:
        return _drawn(row, height=420)

    @admin.display(description="length", ordering="ideal_length")
    def length(self, row: PlatformProfile) -> str:
        return f"{row.ideal_length} s ({row.min_length} to {row.max_length})"

    @admin.display(description="hook window", ordering="hook_window_seconds")
    def hook_window(self, row: PlatformProfile) -> str:
        return f"{row.hook_window_seconds:g} s"

    @admin.display(description="score weights", ordering="loop_weight")
    def score_weights(self, row: PlatformProfile) -> str:
        if row.loop_weight is None:
            return "Save once to see them."
        return ", ".join(f"{part} {share:.0%}" for part, share in weights(row.loop_weight).items())


@admin.register(StrategyRun)
class StrategyRunAdmin(ReadOnlyAdmin):
    """What was decided for each job, and why."""

    list_display = ["when", "platform", "job", "seconds", "scenes", "hook"]
    list_filter = [("platform", RecentValuesFilter), "created_at"]
    search_fields = ["job_id"]
    fields = ["job_id", "platform", "created_at", "reasons", "everything"]
    readonly_fields = ["reasons", "everything"]

    @admin.display(description="length")
    def seconds(self, row: StrategyRun) -> str:
        return f"{row.strategy_output.get('length_seconds')} s"

    @admin.display(description="scenes")
    def scenes(self, row: StrategyRun) -> str:
        return str(row.strategy_output.get("scene_count"))

    @admin.display(description="first hook")
    def hook(self, row: StrategyRun) -> str:
        return str(next(iter(row.strategy_output.get("hook_types", [])), ""))

    @admin.display(description="decisions")
    def reasons(self, row: StrategyRun) -> SafeString:
        decisions = row.strategy_output.get("decisions", [])
        lines = ((d["name"].replace("_", " "), d["value"], d["reason"]) for d in decisions)
        rows = format_html_join("", "<tr><th>{}</th><td><b>{}</b></td><td>{}</td></tr>", lines)
        return format_html("<table>{}</table>", rows)

    @admin.display(description="as kept")
    def everything(self, row: StrategyRun) -> SafeString:
        return format_html(
            '<pre style="white-space:pre-wrap">{}</pre>',
            json.dumps(row.strategy_output, indent=2, ensure_ascii=False),
        )


def _drawn(row: PlatformProfile, *, height: int) -> SafeString | str:
    try:
        box = from_json(Box, row.safe_box)
    except ValidationError:
        return "Save once to see it drawn."
    return mark_safe(phone(box, height=height))  # noqa: S308 - a Box holds integers only
