"""Jobs to look at, API keys to make and revoke. A key is readable once, in the message that announces it."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from apps.foundation.admin import ReadOnlyAdmin, RecentValuesFilter, job_link, moment
from apps.gateway import interface as gateway
from apps.gateway.models import ApiKey, Job


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Every job, filterable; nothing of it can be edited."""

    list_display = ("topic", "job", "status", "share", "platform", "channel", "when")
    list_filter = ("status", ("platform", RecentValuesFilter), "created_at")
    search_fields = search_ids = ("id",)
    search_help_text = "A job's id, or how it begins; or a channel's whole name"
    ordering = ("-created_at", "-id")
    readonly_fields = ("topic", "job")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Job], search_term: str
    ) -> tuple[QuerySet[Job], bool]:
        found, _ = super().get_search_results(request, queryset, search_term)
        # A whole name, so that an index answers however many jobs there are.
        channel = search_term.strip()
        return (found | queryset.filter(channel=channel) if channel else found), False

    @admin.display(description="job", ordering="id")
    def job(self, row: Job) -> SafeString:
        return job_link(row.id)

    @admin.display(description="topic")
    def topic(self, row: Job) -> str:
        return Truncator(row.request_payload.get("topic", "")).chars(80) or "–"

    @admin.display(description="progress", ordering="progress")
    def share(self, row: Job) -> str:
        return f"{row.progress:.0%} {row.stage}"


class KeyState(admin.SimpleListFilter):
    """Keys that work, and keys that do not any more."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("working", "Working"), ("revoked", "Revoked")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> QuerySet[ApiKey]:
        wanted = {"working": True, "revoked": False}.get(self.value() or "")
        return queryset if wanted is None else queryset.filter(revoked_at__isnull=wanted)


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):
    """Keys are made and revoked; neither edited nor deleted, so that jobs keep their sender."""

    list_display = ("name", "begins", "made", "used", "revoked")
    list_filter = (KeyState,)
    search_fields = ("name", "prefix")
    fields = ("name",)
    actions = ("revoke",)

    @admin.display(description="begins with", ordering="prefix")
    def begins(self, row: ApiKey) -> SafeString:
        return format_html("<code>hl_{}_…</code>", row.prefix)

    @admin.display(ordering="created_at")
    def made(self, row: ApiKey) -> SafeString:
        return moment(row.created_at)

    @admin.display(description="last used", ordering="last_used_at")
    def used(self, row: ApiKey) -> SafeString:
        return moment(row.last_used_at)

    @admin.display(ordering="revoked_at")
    def revoked(self, row: ApiKey) -> SafeString:
        return moment(row.revoked_at)

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
