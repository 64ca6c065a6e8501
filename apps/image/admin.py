"""Pictures to look at."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.foundation import blobs
from apps.foundation.admin import ReadOnlyAdmin, short_id
from apps.image.models import Image


@admin.register(Image)
class ImageAdmin(ReadOnlyAdmin):
    list_display = ("thumbnail", "job", "attempt", "ordinal", "style", "subjects", "created_at")
    list_filter = ("style", "created_at")
    search_fields = ("=job_id", "=scene_id")
    readonly_fields = ("large",)

    @admin.display(description="picture")
    def thumbnail(self, row: Image) -> SafeString:
        return _shown(row, 72)

    @admin.display(description="picture")
    def large(self, row: Image) -> SafeString:
        return _shown(row, 360)

    @admin.display(description="job", ordering="job_id")
    def job(self, row: Image) -> SafeString:
        return short_id(row.job_id)

    @admin.display
    def subjects(self, row: Image) -> str:
        return " ".join(row.picture.get("subjects", ()))


def _shown(row: Image, width: int) -> SafeString:
    return format_html(
        '<img src="{}" width="{}" loading="lazy" alt="{}">', blobs.link(row.storage_url), width, row.style
    )
