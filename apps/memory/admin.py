"""What memory knows, to look at. It learns from evidence alone, so nothing here is edited."""

from django.contrib import admin
from django.utils.safestring import SafeString

from apps.foundation.admin import ReadOnlyAdmin, moment
from apps.memory.models import CreativeMemory, MemoryEvidence, MemoryUsage


@admin.register(CreativeMemory)
class CreativeMemoryAdmin(ReadOnlyAdmin):
    """The leaderboard: what did best first."""

    list_display = (
        "type",
        "reference_id",
        "platform",
        "trusted",
        "videos",
        "mean",
        "reuse_count",
    )
    list_filter = ("type", "platform", "created_at")
    search_fields = ("reference_id",)
    search_ids = ()
    search_help_text = "What was used: a persona, a curve, a hook, ..."
    ordering = ("-score",)

    @admin.display(description="score", ordering="score")
    def trusted(self, row: CreativeMemory) -> str:
        return f"{row.score:.1f}"

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

    list_display = ("used", "memory", "job")
    list_filter = ("memory__type", "memory__platform", "used_at")
    search_fields = ("job_id", "memory__reference_id")
    search_help_text = "A job's id, or what was used"
    list_select_related = ("memory",)

    @admin.display(ordering="used_at")
    def used(self, row: MemoryUsage) -> SafeString:
        return moment(row.used_at)


@admin.register(MemoryEvidence)
class MemoryEvidenceAdmin(ReadOnlyAdmin):
    """Every value a factor has learned from."""

    list_display = ("when", "memory", "source", "value", "job")
    list_filter = ("source", "memory__type", "memory__platform", "created_at")
    search_fields = ("job_id", "memory__reference_id")
    search_help_text = "A job's id, or what was used"
    list_select_related = ("memory",)
