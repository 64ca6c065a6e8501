"""What memory knows, to look at. It learns from evidence alone, so nothing here is edited."""

from django.contrib import admin
from django.utils.safestring import SafeString

from apps.foundation.admin import ReadOnlyAdmin, short_id
from apps.memory.models import CreativeMemory, MemoryEvidence, MemoryUsage


@admin.register(CreativeMemory)
class CreativeMemoryAdmin(ReadOnlyAdmin):
    """The leaderboard: what did best first."""

    list_display = (
        "type",
        "reference_id",
        "platform",
        "score",
        "videos",
        "mean",
        "reuse_count",
        "created_at",
    )
    list_filter = ("type", "platform", "created_at")
    search_fields = ("reference_id",)
    ordering = ("-score",)

    @admin.display(description="videos")
    def videos(self, row: CreativeMemory) -> int:
        count: int = row.metadata.get("n", 0)
        return count

    @admin.display(description="plain mean")
    def mean(self, row: CreativeMemory) -> str:
        weight = row.metadata.get("weight", 0)
        return f"{row.metadata['sum'] / weight:.1f}" if weight else "–"


@admin.register(MemoryUsage)
class MemoryUsageAdmin(ReadOnlyAdmin):
    """Which job used what, newest first."""

    list_display = ("used_at", "memory", "job")
    list_filter = ("memory__type", "memory__platform", "used_at")
    search_fields = ("job_id", "memory__reference_id")
    list_select_related = ("memory",)

    @admin.display(description="job", ordering="job_id")
    def job(self, row: MemoryUsage) -> SafeString:
        return short_id(row.job_id)


@admin.register(MemoryEvidence)
class MemoryEvidenceAdmin(ReadOnlyAdmin):
    """Every value a factor has learned from."""

    list_display = ("created_at", "memory", "source", "value", "job")
    list_filter = ("source", "memory__type", "memory__platform", "created_at")
    search_fields = ("job_id", "memory__reference_id")
    list_select_related = ("memory",)

    @admin.display(description="job", ordering="job_id")
    def job(self, row: MemoryEvidence) -> SafeString:
        return short_id(row.job_id)
