"""Plans, stage runs and events, to look at. Nothing here changes a job."""

from django.contrib import admin

from apps.foundation.admin import ReadOnlyAdmin, short_id
from apps.orchestrator.models import ExecutionPlan, OrchestratorEvent, StageRun


class StageRunInline(admin.TabularInline):
    """The stage runs of a plan, oldest first, without their outputs."""

    model = StageRun
    fields = readonly_fields = ("attempt", "stage", "ordinal", "state", "tries", "reused", "seconds", "error")
    ordering = ("attempt", "created_at", "ordinal")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: object, obj: object = None) -> bool:
        return False


@admin.register(ExecutionPlan)
class ExecutionPlanAdmin(ReadOnlyAdmin):
    list_display = ("job", "status", "progress", "persona_id", "hook_type", "current_retry", "created_at")
    list_filter = ("status", "hook_type", "persona_id", "created_at")
    search_fields = ("job_id",)
    inlines = (StageRunInline,)
    show_full_result_count = False

    @admin.display(description="job")
    def job(self, plan: ExecutionPlan) -> str:
        return short_id(plan.job_id)


@admin.register(OrchestratorEvent)
class OrchestratorEventAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "job", "event_type", "metadata")
    list_filter = ("event_type", "created_at")
    search_fields = ("job_id",)
    ordering = ("-seq",)
    show_full_result_count = False

    @admin.display(description="job")
    def job(self, event: OrchestratorEvent) -> str:
        return short_id(event.job_id)
