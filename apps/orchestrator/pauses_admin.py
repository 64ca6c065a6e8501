"""Providers in the admin: which there are and which rest; paused and resumed with a question before."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from apps.contracts.pausing import PROVIDER_KINDS
from apps.foundation.admin import ReadOnlyAdmin, ask_first, badge, confirmed, moment
from apps.foundation.providers import names_in
from apps.orchestrator import interface as orchestrator
from apps.orchestrator.models import PausedProvider
from apps.orchestrator.pauses import REASON_LIMIT

#: What resuming does, for whoever is asked.
RESUMES = "Stages ask it again from now on, and those that waited for it go on at once."


class PauseForm(forms.ModelForm):
    """Which provider, and why."""

    reason = forms.CharField(
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text="Whoever resumes it will want to know: quota spent, wrong pictures, maintenance at 14:00.",
    )

    class Meta:
        model = PausedProvider
        fields = ["kind", "name", "reason"]
        widgets = {"name": forms.TextInput}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind, name = data.get("kind", ""), data.get("name", "").strip().lower()
        known = orchestrator.providers().get(kind, ())
        if kind and name not in known:
            raise ValidationError(f"There is no such provider. For {kind} there are: {', '.join(known)}.")
        if any((pause.kind, pause.name) == (kind, name) for pause in orchestrator.pauses()):
            raise ValidationError(f"{name} is paused already.")
        return {**data, "name": name}


@admin.register(PausedProvider)
class PausedProviderAdmin(ReadOnlyAdmin):
    """Every provider with its state; below, who paused and resumed what, when and why."""

    small = True
    form = PauseForm
    change_list_template = "admin/providers.html"
    add_form_template = "admin/pause_provider.html"
    lead = "What stages ask for words, pictures, voices and music. A paused provider is passed over."
    list_display = ("provider", "state", "reason", "paused_by", "when", "resumed_by", "resumed")
    list_filter = ("kind",)
    search_fields = ("name", "reason")
    search_ids = ()
    search_help_text = "A provider's name, or a reason"
    actions = ("resume",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("orchestrator.add_pausedprovider")

    def has_resume_permission(self, request: HttpRequest) -> bool:
        """Whoever may change a pause may end it."""
        return request.user.has_perm("orchestrator.change_pausedprovider")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return super().get_fields(request, obj) if obj else ["kind", "name", "reason"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return super().get_readonly_fields(request, obj) if obj else []

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        shown = {"kinds": _kinds(), "may_resume": self.has_resume_permission(request)}
        return super().changelist_view(request, {**shown, **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: PausedProvider, form: Any, change: bool) -> None:
        orchestrator.pause_provider(
            kind=obj.kind, name=obj.name, by=request.user.get_username(), reason=obj.reason
        )
        row = PausedProvider.objects.get(kind=obj.kind, name=obj.name, resumed_at=None)
        obj.id, obj.created_at = row.id, row.created_at  # so that the admin's log names the door's row

    def response_add(self, request: HttpRequest, obj: PausedProvider, post_url_continue: Any = None) -> Any:
        messages.success(request, f"{obj.name} is paused.")
        return self.response_post_save_add(request, obj)

    @admin.action(description="Resume the selected providers", permissions=["resume"])
    def resume(self, request: HttpRequest, rows: QuerySet[PausedProvider]) -> HttpResponse | None:
        resting = rows.filter(resumed_at=None)
        if not resting:
            self.message_user(request, "None of these is paused any more.", messages.WARNING)
            return None
        if not confirmed(request):
            return ask_first(
                self, request, resting, action="resume", question="Resume these providers?", says=RESUMES
            )
        for row in list(resting):
            orchestrator.resume_provider(kind=row.kind, name=row.name, by=request.user.get_username())
            self.log_change(request, row, "Resumed.")
            self.message_user(request, f"{row.name} is asked again.")
        return None

    @admin.display(description="provider", ordering="name")
    def provider(self, row: PausedProvider) -> str:
        return str(row)

    @admin.display(description="state", ordering="resumed_at")
    def state(self, row: PausedProvider) -> SafeString:
        return badge("resumed") if row.resumed_at else badge("paused", "busy")

    @admin.display(description="resumed", ordering="resumed_at")
    def resumed(self, row: PausedProvider) -> SafeString:
        return moment(row.resumed_at)


def _kinds() -> list[dict[str, Any]]:
    """Each kind with its providers in the order in which the installation asks them, then the others."""
    known = orchestrator.providers()
    resting = {(row.kind, row.name): row for row in PausedProvider.objects.filter(resumed_at=None)}
    return [_kind(kind, known.get(kind, ()), resting) for kind in PROVIDER_KINDS]


def _kind(
    kind: str, known: tuple[str, ...], resting: dict[tuple[str, str], PausedProvider]
) -> dict[str, Any]:
    asked = names_in(str(getattr(settings, kind.upper())))
    names = dict.fromkeys((*asked, *known))
    providers = [
        {
            "name": name,
            "place": asked.index(name) + 1 if name in asked else 0,
            "pause": resting.get((kind, name)),
        }
        for name in names
    ]
    return {"kind": kind, "providers": providers}
