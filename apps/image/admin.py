"""Pictures to look at."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.foundation import blobs
from apps.foundation.admin import ReadOnlyAdmin, RecentValuesFilter
from apps.image.models import Image, LibraryAsset


@admin.register(Image)
class ImageAdmin(ReadOnlyAdmin):
    """Every picture, newest first."""

    list_display = ("thumbnail", "job", "attempt", "ordinal", "style", "subjects", "when")
    list_filter = (("style", RecentValuesFilter), "created_at")
    search_fields = search_ids = ("job_id", "scene_id")
    search_help_text = "A job's or a scene's id, or how it begins"
    readonly_fields = ("large",)
    list_per_page = 24

    @admin.display(description="picture")
    def thumbnail(self, row: Image) -> SafeString:
        return _shown(row, 72)

    @admin.display(description="drawn")
    def large(self, row: Image) -> SafeString:
        return _shown(row, 360)

    @admin.display
    def subjects(self, row: Image) -> str:
        return " ".join(row.picture.get("subjects", ()))


@admin.register(LibraryAsset)
class LibraryAssetAdmin(ReadOnlyAdmin):
    """Works of others that were fetched, with their licences."""

    list_display = ("provider", "kind", "asset_id", "credit", "licence", "when")
    list_filter = (("provider", RecentValuesFilter), "kind", "created_at")
    search_fields = ("asset_id", "credit")
    search_ids = ()
    search_help_text = "The library's own id of it, or who made it"


def _shown(row: Image, width: int) -> SafeString:
    return format_html(
        '<img src="{}" width="{}" loading="lazy" class="media" alt="{}">',
        blobs.link(row.storage_url),
        width,
        row.style,
    )
