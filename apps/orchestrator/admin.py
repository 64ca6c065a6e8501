"""Plans, stage runs, events and mends, to look at; providers, to pause. Nothing here changes a job."""

from django.contrib import admin
from django.utils.safestring import SafeString

from apps.foundation.admin import LightInline, ReadOnlyAdmin, RecentValuesFilter, bar, laid_out
from apps.orchestrator.models import ExecutionPlan, MendRow, OrchestratorEvent, StageRun
from apps.orchestrator.pauses_admin import PausedProviderAdmin

__all__ = ["PausedProviderAdmin"]


class StageRunInline(LightInline):
    """The stage runs of a plan, oldest first, without their outputs."""

    model = StageRun
    fields = readonly_fields = ("attempt", "stage", "ordinal", "state", "tries", "reused", "took", "why")
    ordering = ("attempt", "created_at", "ordinal")

    @admin.display(description="took")
    def took(self, run: StageRun) -> str:
        return f"{run.seconds or 0:.2f} s"

    @admin.display(description="error")
    def why(self, run: StageRun) -> SafeString:
        return laid_out(run.error)


@admin.register(ExecutionPlan)
class ExecutionPlanAdmin(ReadOnlyAdmin):
    """A job's plan and every stage run of it."""

    list_display = ("when", "job", "status", "share", "persona_id", "hook_type", "current_retry")
    list_filter = (
        "status",
        ("hook_type", RecentValuesFilter),
        ("persona_id", RecentValuesFilter),
        "created_at",
    )
    search_fields = ("job_id",)
    inlines = (StageRunInline,)

    @admin.display(description="progress", ordering="progress")
    def share(self, plan: ExecutionPlan) -> SafeString:
        return bar(plan.progress)


@admin.register(OrchestratorEvent)
class OrchestratorEventAdmin(ReadOnlyAdmin):
    """Every transition, newest first."""

    list_display = ("when", "job", "event_type", "what")
    list_filter = (("event_type", RecentValuesFilter), "created_at")
    search_fields = ("job_id",)
    ordering = ("-seq",)

    @admin.display(description="details")
    def what(self, event: OrchestratorEvent) -> str:
        return ", ".join(f"{name} {value}" for name, value in event.metadata.items())


@admin.register(MendRow)
class MendAdmin(ReadOnlyAdmin):
    """What each order of each retry did, newest first."""

    list_display = (
        "when",
        "job",
        "attempt",
        "kind",
        "signal",
        "scene",
        "change",
        "wanted",
        "total",
        "verdict",
    )
    list_filter = (
        "kept",
        "kind",
        ("signal", RecentValuesFilter),
        ("platform", RecentValuesFilter),
        "created_at",
    )
    search_fields = ("job_id",)

    @admin.display(description="scene", ordering="ordinal")
    def scene(self, row: MendRow) -> str:
        return "all" if row.ordinal is None else str(row.ordinal)

    @admin.display(description="before and after")
    def change(self, row: MendRow) -> str:
        return f"{row.before:.4g} → {row.after:.4g}"

    @admin.display(description="wanted")
    def wanted(self, row: MendRow) -> str:
        bounds = (("≥", row.low), ("≤", row.high))
        return " ".join(f"{sign} {bound:.4g}" for sign, bound in bounds if bound is not None) or "–"

    @admin.display(description="total", ordering="total_after")
    def total(self, row: MendRow) -> str:
        return f"{row.total_before:.1f} → {row.total_after:.1f}"

    @admin.display(description="", ordering="kept")
    def verdict(self, row: MendRow) -> str:
        return "kept" if row.kept else ", ".join(["rejected", *(f"{name} fell" for name in row.fell)])
