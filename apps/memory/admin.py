"""What memory knows, to look at. It learns from evidence alone, so nothing here is edited."""

from django.contrib import admin
from django.utils.safestring import SafeString

from apps.foundation.admin import ReadOnlyAdmin, RecentValuesFilter, moment
from apps.memory.models import (
    CreativeMemory,
    MemoryEvidence,
    MemoryUsage,
    PlatformModel,
    RememberedShort,
    VideoPerformance,
)


@admin.register(CreativeMemory)
class CreativeMemoryAdmin(ReadOnlyAdmin):
    """The leaderboard: what did best first."""

    small = True
    list_display = (
        "type",
        "reference_id",
        "platform",
        "trusted",
        "videos",
        "viewers",
        "critics",
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

    @admin.display(description="with viewers")
    def viewers(self, row: CreativeMemory) -> str:
        return _plain_mean(row, "platform")

    @admin.display(description="with the critic")
    def critics(self, row: CreativeMemory) -> str:
        return _plain_mean(row, "critic")


@admin.register(MemoryUsage)
class MemoryUsageAdmin(ReadOnlyAdmin):
    """Which job used what, newest first."""

    list_display = ("used", "memory", "likely", "job")
    list_filter = ("memory__type", "memory__platform", "used_at")
    search_fields = ("job_id", "memory__reference_id")
    search_help_text = "A job's id, or what was used"
    list_select_related = ("memory",)

    @admin.display(ordering="used_at")
    def used(self, row: MemoryUsage) -> SafeString:
        return moment(row.used_at)

    @admin.display(description="propensity", ordering="propensity")
    def likely(self, row: MemoryUsage) -> str:
        return "–" if row.propensity is None else f"{row.propensity:.0%}"


@admin.register(MemoryEvidence)
class MemoryEvidenceAdmin(ReadOnlyAdmin):
    """Every value a factor has learned from."""

    list_display = ("when", "memory", "source", "value", "job")
    list_filter = ("source", "memory__type", "memory__platform", "created_at")
    search_fields = ("job_id", "memory__reference_id")
    search_help_text = "A job's id, or what was used"
    list_select_related = ("memory",)


@admin.register(RememberedShort)
class RememberedShortAdmin(ReadOnlyAdmin):
    """Every short that memory knows, and how it did."""

    list_display = ("when", "platform", "channel", "ordinal", "reward", "judged", "job")
    list_filter = (("platform", RecentValuesFilter), "created_at")
    search_fields = ("job_id", "=channel")
    search_help_text = "A job's id, or a channel's whole name"
    exclude = ("shingles",)

    @admin.display(description="reward")
    def reward(self, row: RememberedShort) -> str:
        return _total(row.rewards)

    @admin.display(description="critic")
    def judged(self, row: RememberedShort) -> str:
        return _total(row.critic)


@admin.register(VideoPerformance)
class VideoPerformanceAdmin(ReadOnlyAdmin):
    """Every report of real numbers, as it came."""

    list_display = ("when", "day", "source", "views", "completion", "skip_rate", "job")
    list_filter = (("source", RecentValuesFilter), "day", "created_at")


@admin.register(PlatformModel)
class PlatformModelAdmin(ReadOnlyAdmin):
    """What each platform's shorts add up to; `manage.py rebuild_memory` makes it again."""

    small = True
    list_display = ("platform", "shorts", "known")
    search_fields = ("platform",)
    search_ids = ()
    search_help_text = "A platform"
    exclude = ("sums",)

    @admin.display(description="factors known")
    def known(self, row: PlatformModel) -> int:
        return max(len(row.labels) - 1, 0)


def _plain_mean(row: CreativeMemory, source: str) -> str:
    sums = row.metadata.get(source, {})
    return f"{sums['sum'] / sums['n']:.1f} over {sums['n']}" if sums.get("n") else "–"


def _total(values: dict[str, float | None] | None) -> str:
    total = (values or {}).get("total")
    return "–" if total is None else f"{total:.0f}"
