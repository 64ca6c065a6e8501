"""Admin bases: records of fact are looked at, never changed."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString


class ReadOnlyAdmin(admin.ModelAdmin):
    """Lists, filters and shows; no add, change or delete."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def short_id(value: object) -> SafeString:
    """The first eight characters of an id, the whole of it on hover."""
    return format_html('<code title="{}">{}</code>', value, str(value)[:8])
