"""Jobs to look at, retry and cancel; API keys to make and revoke, each readable once, in its announcement."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from apps.foundation.admin import (
    LightAdmin,
    ReadOnlyAdmin,
    RecentValuesFilter,
    ask_first,
    badge,
    bar,
    confirmed,
    job_link,
    moment,
    short_id,
)
from apps.gateway import interface as gateway
from apps.gateway import records_admin as records_admin
from apps.gateway.models import ApiKey, Job

#: How a job's status looks; the others are plain.
LOOKS = {"completed": "good", "failed": "bad", "running": "busy", "queued": "busy"}
RETRIES = "They go on where they stopped; what is finished is kept. Only failed and cancelled jobs can go on."
CANCELS = "They stop at once, and what is under way is thrown away. A cancelled job can be retried later."


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Every job, filterable; nothing of it can be edited. Operators retry and cancel, after a question."""

    lead = "Every brief that came in, and how far it is. Open a job in Studio to see it made."
    change_form_template = "admin/job.html"
    actions = ("retry", "cancel")
    list_display = ("named", "state", "share", "points", "platform", "channel", "when")
    list_filter = ("status", ("platform", RecentValuesFilter), "created_at")
    search_fields = search_ids = ("id",)
    search_help_text = "A job's id, or how it begins; or a channel's whole name"
    ordering = ("-created_at", "-id")
    readonly_fields = ("topic", "job", "state", "share", "points")
    fields = (
        "failure",
        "platform",
        "channel",
        "persona",
        "request_payload",
        "created_at",
        "submitted_at",
        "updated_at",
        "key",
        "idempotency_key",
    )

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

    @admin.display(description="topic")
    def named(self, row: Job) -> SafeString:
        return format_html('{}<span class="quiet-note">{}</span>', self.topic(row), short_id(row.id))

    @admin.display(description="score", ordering="score")
    def points(self, row: Job) -> str:
        return "–" if row.score is None else f"{row.score:.0f}"

    @admin.display(description="status", ordering="status")
    def state(self, row: Job) -> SafeString:
        return badge(row.status, LOOKS.get(row.status, ""))

    @admin.display(description="progress", ordering="progress")
    def share(self, row: Job) -> SafeString:
        return bar(row.progress, f"{row.progress:.0%} {row.stage}".strip())

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Whoever may change a job: by these two actions, never by its columns."""
        return request.user.has_perm("gateway.change_job")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        shown = {"may_operate": self.has_operate_permission(request), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, shown)

    @admin.action(description="Retry the selected jobs", permissions=["operate"])
    def retry(self, request: HttpRequest, rows: QuerySet[Job]) -> HttpResponse | None:
        if not confirmed(request):
            asks = {"question": "Retry these jobs?", "says": RETRIES}
            return ask_first(self, request, rows, action="retry", **asks)
        self._order(request, rows, gateway.retry, "Retried.")
        return None

    @admin.action(description="Cancel the selected jobs", permissions=["operate"])
    def cancel(self, request: HttpRequest, rows: QuerySet[Job]) -> HttpResponse | None:
        if not confirmed(request):
            asks = {"question": "Cancel these jobs?", "says": CANCELS}
            return ask_first(self, request, rows, action="cancel", **asks)
        self._order(request, rows, gateway.cancel, "Cancelled.")
        return None

    def _order(
        self, request: HttpRequest, rows: QuerySet[Job], order: Callable[[Any], object], done: str
    ) -> None:
        for row in rows:
            try:
                order(row.id)
            except (gateway.UnableToRetry, gateway.UnableToCancel) as impossible:
                self.message_user(request, f"{self.topic(row)}: {impossible}", messages.WARNING)
                continue
            self.log_change(request, row, done)
            self.message_user(request, f"{self.topic(row)}: {done.lower()}")


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
class ApiKeyAdmin(LightAdmin):
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
