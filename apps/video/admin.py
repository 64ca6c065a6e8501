"""Takes, to look at."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.foundation import blobs
from apps.foundation.admin import ReadOnlyAdmin, RecentValuesFilter
from apps.video.models import Video


@admin.register(Video)
class VideoAdmin(ReadOnlyAdmin):
    """Every take, newest first; its page plays it."""

    list_display = ("poster", "job", "attempt", "seconds", "resolution", "size", "when")
    list_filter = (("attempt", RecentValuesFilter), ("resolution", RecentValuesFilter), "created_at")
    search_fields = ("job_id",)
    readonly_fields = ("player", "sheet")
    list_per_page = 24

    @admin.display(description="poster")
    def poster(self, row: Video) -> SafeString | str:
        if not row.poster_key:
            return ""
        return format_html(
            '<img src="{}" alt="" height="96" loading="lazy" class="media">', blobs.link(row.poster_key)
        )

    @admin.display(description="length", ordering="duration_ms")
    def seconds(self, row: Video) -> str:
        return f"{row.duration_ms / 1000:.1f} s"

    @admin.display(description="size")
    def size(self, row: Video) -> str:
        return f"{row.size_bytes / 1e6:.1f} MB"

    @admin.display(description="take")
    def player(self, row: Video) -> SafeString:
        return format_html(
            '<video src="{}" height="480" controls playsinline preload="metadata" class="media"></video>',
            blobs.link(row.storage_url),
        )

    @admin.display(description="contact sheet")
    def sheet(self, row: Video) -> SafeString | str:
        if not row.sheet_key:
            return "–"
        return format_html('<img src="{}" alt="" class="media" loading="lazy">', blobs.link(row.sheet_key))
