"""Takes, to look at."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.foundation import blobs
from apps.foundation.admin import ReadOnlyAdmin, short_id
from apps.video.models import Video


@admin.register(Video)
class VideoAdmin(ReadOnlyAdmin):
    list_display = ("poster", "job", "attempt", "duration", "resolution", "size", "watch", "created_at")
    list_filter = ("attempt", "resolution")
    search_fields = ("job_id",)

    @admin.display(description="poster")
    def poster(self, row: Video) -> SafeString | str:
        if not row.poster_key:
            return ""
        return format_html('<img src="{}" alt="" height="96" loading="lazy">', blobs.link(row.poster_key))

    @admin.display(description="job")
    def job(self, row: Video) -> SafeString:
        return short_id(row.job_id)

    @admin.display(description="size")
    def size(self, row: Video) -> str:
        return f"{row.size_bytes / 1e6:.1f} MB"

    @admin.display(description="file")
    def watch(self, row: Video) -> SafeString:
        return format_html('<a href="{}">watch</a>', blobs.link(row.storage_url))
