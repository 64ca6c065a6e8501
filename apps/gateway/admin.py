"""Jobs to look at, API keys to make and revoke. A key is readable once, in the message that announces it."""

from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.foundation.admin import ReadOnlyAdmin, short_id
from apps.gateway import interface as gateway
from apps.gateway.models import ApiKey, Job


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Every job, filterable; nothing of it can be edited."""

    list_display = ("job", "topic", "status", "share", "stage", "platform", "channel", "created_at")
    list_filter = ("status", "platform", "created_at")
    search_fields = ("id",)
    search_help_text = "A job's whole id, or a channel's whole name"
    ordering = ("-created_at", "-id")
    show_full_result_count = False  # COUNT(*) over every job there ever was

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Job], search_term: str
    ) -> tuple[QuerySet[Job], bool]:
        # Exact, so that an index answers however many jobs there are.
        term = search_term.strip().replace("\0", "")
        if not term:
            return queryset, False
        try:
            return queryset.filter(id=UUID(term)), False
        except ValueError:
            return queryset.filter(channel=term), False

    @admin.display(description="id", ordering="id")
    def job(self, row: Job) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("studio:job", args=[row.id]), short_id(row.id))

    @admin.display(description="topic")
    def topic(self, row: Job) -> str:
        return str(row.request_payload.get("topic", ""))[:80]

    @admin.display(description="progress", ordering="progress")
    def share(self, row: Job) -> str:
        return f"{row.progress:.0%}"


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):
    """Keys are made and revoked; neither edited nor deleted, so that jobs keep their sender."""

    list_display = ("name", "prefix", "created_at", "last_used_at", "revoked_at")
    list_filter = ("revoked_at",)
    search_fields = ("name", "prefix")
    fields = ("name",)
    actions = ("revoke",)

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ApiKey, form: ModelForm, change: bool) -> None:
        issued = gateway.create_key(obj.name)
        obj.id = issued.id  # so that the admin's log names the row that the door made
        text = format_html("Copy this key now, it is not shown again: <code>{}</code>", issued.key)
        self.message_user(request, text, messages.WARNING)

    @admin.action(description="Revoke the selected keys", permissions=["add"])
    def revoke(self, request: HttpRequest, rows: QuerySet[ApiKey]) -> None:
        count = sum(gateway.revoke_key(row.id) for row in rows)
        self.message_user(request, f"{count} key(s) revoked.")
