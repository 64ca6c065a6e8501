"""The admin as one place: its menu by what people come to do, its first page, its content security policy."""

from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from apps.studio.access import content_security_policy

#: The menu: what people come to do, and the models that belong to it as "app_label.ModelName".
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Curate",
        (
            "persona.Persona",
            "emotion.EmotionCurve",
            "audience.AudienceProfile",
            "strategy.PlatformProfile",
        ),
    ),
    (
        "Operate",
        (
            "gateway.Job",
            "orchestrator.PausedProvider",
            "orchestrator.ExecutionPlan",
            "orchestrator.OrchestratorEvent",
        ),
    ),
    (
        "Made",
        (
            "story.StoryRow",
            "script.ScriptRow",
            "image.Image",
            "audio.AudioTrack",
            "video.Video",
            "image.LibraryAsset",
        ),
    ),
    (
        "Judged and learned",
        (
            "critic.CriticScore",
            "orchestrator.MendRow",
            "memory.CreativeMemory",
            "memory.VideoPerformance",
            "strategy.StrategyRun",
        ),
    ),
    ("Access", ("auth.User", "gateway.ApiKey", "gateway.WebhookEndpoint")),
)
#: What the menu calls a model where its own name is the table's rather than a person's.
LABELS = {
    "orchestrator.PausedProvider": "Providers",
    "orchestrator.ExecutionPlan": "Plans and stages",
    "orchestrator.OrchestratorEvent": "Events",
    "image.Image": "Pictures",
    "audio.AudioTrack": "Sound",
    "image.LibraryAsset": "Works of others",
    "critic.CriticScore": "Scores",
    "memory.CreativeMemory": "What won",
    "memory.VideoPerformance": "Real numbers",
    "strategy.StrategyRun": "Decisions",
    "auth.User": "People",
    "persona.PersonaChange": "Persona history",
}
#: Where everything goes that no section names.
REST = "Further records"

Entry = dict[str, Any]


def _key(entry: Entry) -> str:
    return str(entry["model"]._meta.label)


def _named(entry: Entry) -> Entry:
    return {**entry, "name": LABELS.get(_key(entry), entry["name"])}


class HookloopAdminSite(AdminSite):
    """Django's admin site under our own roof."""

    site_header = site_title = "Hookloop"
    index_title = "Today"
    index_template = "admin/today.html"
    enable_nav_sidebar = True

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every page, with the policy that Studio's pages have too."""
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def with_policy(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return _with_policy(guarded(request, *args, **kwargs))

        return with_policy

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return _with_policy(super().login(request, extra_context))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The menu in sections; Django's own list by service where one service is asked for."""
        by_service: list[Any] = super().get_app_list(request, app_label)
        if app_label is not None:
            return by_service
        entries: dict[str, Entry] = {
            _key(entry): _named(entry) for service in by_service for entry in service["models"]
        }
        sections = [_section(name, [entries.pop(key, None) for key in keys]) for name, keys in SECTIONS]
        left: list[Entry] = sorted(entries.values(), key=lambda entry: str(entry["name"]))
        rest = _section(REST, [*left])
        return [section for section in (*sections, rest) if section["models"]]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        from config.dashboard import context  # needs models, which this module must not at its import

        return super().index(request, {**context(), **(extra_context or {})})


def _section(name: str, entries: "list[Entry | None]") -> Entry:
    return {
        "name": name,
        "app_label": name.lower().replace(" ", "-"),
        "app_url": "",
        "has_module_perms": True,
        "models": [entry for entry in entries if entry is not None],
    }


def _with_policy(response: Any) -> Any:
    response["Content-Security-Policy"] = content_security_policy()
    response["Referrer-Policy"] = "same-origin"
    return response
