"""Curating platform profiles, and looking at what was decided."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from pydantic import ValidationError

from apps.contracts.codec import from_json
from apps.contracts.decision import Box
from apps.foundation.admin import CuratedAdmin, ReadOnlyAdmin, RecentValuesFilter, laid_out, table
from apps.strategy.deciding import weights
from apps.strategy.drawing import phone
from apps.strategy.forms import PlatformProfileForm
from apps.strategy.models import PlatformProfile, StrategyRun


@admin.register(PlatformProfile)
class PlatformProfileAdmin(CuratedAdmin):
    """A platform's key is fixed once it exists: briefs and memory refer to it."""

    form = PlatformProfileForm
    lead = (
        "What each platform rewards, how long a short may be, and where its own buttons leave room for text."
    )
    list_display = ["named", "box", "length", "hook_window", "score_weights", "active"]
    list_filter = ["active"]
    search_fields = ["platform", "name"]
    search_help_text = "A platform's name or key"
    readonly_fields = ["safe_box_drawn", "score_weights", "made"]
    fieldsets = [
        (None, {"fields": ["platform", "name", "active", "notes"]}),
        ("Length, in seconds", {"fields": [("ideal_length", "min_length", "max_length")]}),
        (
            "What counts",
            {"fields": [("hook_window_seconds", "loop_weight"), "score_weights", "priority_metrics"]},
        ),
        ("Where text may stand", {"classes": ["beside"], "fields": ["safe_box", "safe_box_drawn"]}),
        (None, {"fields": ["made"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: PlatformProfile | None = None) -> list[str]:
        return [*self.readonly_fields, *(["platform"] if obj else [])]

    @admin.display(description="name", ordering="name")
    def named(self, row: PlatformProfile) -> SafeString:
        return format_html('{}<span class="quiet-note">{}</span>', row.name, row.platform)

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
        return table(("what", "decided", "why"), list(lines))

    @admin.display(description="as kept")
    def everything(self, row: StrategyRun) -> SafeString:
        return laid_out(row.strategy_output)


def _drawn(row: PlatformProfile, *, height: int) -> SafeString | str:
    try:
        box = from_json(Box, row.safe_box)
    except ValidationError:
        return "Save once to see it drawn."
    return mark_safe(phone(box, height=height))  # noqa: S308 - a Box holds integers only
