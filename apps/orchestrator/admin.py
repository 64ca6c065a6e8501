"""Plans, stage runs and events, to look at. Nothing here changes a job."""

from django.contrib import admin
from django.utils.safestring import SafeString

from apps.foundation.admin import ReadOnlyAdmin, RecentValuesFilter, laid_out
from apps.orchestrator.models import ExecutionPlan, OrchestratorEvent, StageRun


class StageRunInline(admin.TabularInline):
    """The stage runs of a plan, oldest first, without their outputs."""

    model = StageRun
    fields = readonly_fields = ("attempt", "stage", "ordinal", "state", "tries", "reused", "took", "why")
    ordering = ("attempt", "created_at", "ordinal")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: object, obj: object = None) -> bool:
        return False

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
    def share(self, plan: ExecutionPlan) -> str:
        return f"{plan.progress:.0%}"


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
