"""Keys and webhooks: who may call, and who is told. Parse, one call through the door, render.

A secret is shown on the answer to the request that made it, and on no page after that.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_POST

from apps.contracts.brief import BriefProblem
from apps.gateway import interface as gateway
from apps.studio.access import studio_page

#: Deliveries on one page; each brings what was sent and what was answered, up to some kilobytes.
PAGE = 15
#: Statuses that deliveries can be held to.
DELIVERIES = ("pending", "delivered", "failed")


@require_http_methods(["GET", "HEAD", "POST"])
@studio_page
def keys(request: HttpRequest) -> HttpResponseBase:
    """All keys and webhooks; a new key is shown this once."""
    if request.method != "POST":
        return _settings(request)
    try:
        issued = gateway.create_key(
            request.POST.get("name", ""),
            scopes=request.POST.getlist("scopes"),
            channels=_listed(request.POST.get("channels", "")),
            writes_per_minute=_rate(request.POST.get("writes_per_minute", "")),
            reads_per_minute=_rate(request.POST.get("reads_per_minute", "")),
        )
    except gateway.UnableToIssueKey as unable:
        return _settings(request, key_problem=str(unable), status=422)
    return _settings(request, issued=issued)


def _settings(request: HttpRequest, *, status: int = 200, **shown: Any) -> HttpResponse:
    chosen = request.POST.getlist("scopes") if request.POST.get("form") == "key" else list(gateway.scopes())
    context = {
        "keys": gateway.keys(),
        "scopes": [(name, words, name in chosen) for name, words in gateway.scopes().items()],
        "webhooks": gateway.webhooks(),
        "webhook_events": _events(request),
        "channels": gateway.channels(),
        "typed": request.POST,
        **shown,
    }
    response = render(request, "studio/keys.html", context, status=status)
    add_never_cache_headers(response)
    return response


def _events(request: HttpRequest, chosen: Iterable[str] = ()) -> list[tuple[str, str, bool]]:
    """Each event type, what it tells of, and whether it is ticked."""
    usual = ("job.completed", "job.failed", "job.cancelled")
    ticked = set(request.POST.getlist("event_types") or chosen or usual)
    return [(name, words, name in ticked) for name, words in gateway.webhook_events().items()]


def _listed(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _rate(text: str) -> int | None:
    """A number of calls; what is none is handed on as one that the door refuses in words."""
    digits = text.strip()
    if not digits:
        return None
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 0


@require_POST
@studio_page
def revoke_key(request: HttpRequest, key_id: UUID) -> HttpResponseBase:
    """Refuse a key from now on."""
    if gateway.revoke_key(key_id):
        messages.success(request, "The key is revoked: whoever uses it is refused from now on.")
    else:
        messages.warning(request, "There is no such key in force.")
    return redirect("studio:keys")


@require_POST
@studio_page
def new_webhook(request: HttpRequest) -> HttpResponseBase:
    """Make a webhook; its secret is shown this once."""
    try:
        issued = gateway.create_webhook(request.POST.get("url", "").strip(), **_fields(request))
    except gateway.UnableToUseWebhook as unusable:
        return _settings(request, webhook_problems=_by_field(unusable.problems), status=422)
    return _settings(request, issued_webhook=issued)


def _fields(request: HttpRequest) -> dict[str, Any]:
    return {
        "description": request.POST.get("description", "").strip(),
        "event_types": request.POST.getlist("event_types"),
        "channels": _listed(request.POST.get("channels", "")),
    }


def _by_field(problems: Iterable[BriefProblem]) -> dict[str, list[BriefProblem]]:
    found: dict[str, list[BriefProblem]] = {}
    for problem in problems:
        found.setdefault(problem.field.partition(".")[0], []).append(problem)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@studio_page
def webhook(request: HttpRequest, webhook_id: UUID) -> HttpResponseBase:
    """One webhook: what it is told of, and what it was told."""
    if request.method != "POST":
        return _webhook(request, webhook_id)
    try:
        gateway.change_webhook(webhook_id, url=request.POST.get("url", "").strip(), **_fields(request))
    except gateway.UnableToFindWebhook as unknown:
        raise Http404(str(unknown)) from unknown
    except gateway.UnableToUseWebhook as unusable:
        return _webhook(request, webhook_id, problems=_by_field(unusable.problems), status=422)
    messages.success(request, "The webhook is changed.")
    return redirect("studio:keys-webhook", webhook_id)


def _webhook(request: HttpRequest, webhook_id: UUID, *, status: int = 200, **shown: Any) -> HttpResponse:
    asked = request.GET.get("status", "")
    only = asked if asked in DELIVERIES else ""
    try:
        found = gateway.webhook(webhook_id)
        page = gateway.deliveries(webhook_id, status=only, cursor=request.GET.get("cursor", ""), limit=PAGE)
    except (gateway.UnableToFindWebhook, gateway.UnableToReadCursor) as unknown:
        raise Http404(str(unknown)) from unknown
    context = {
        "webhook": found,
        "page": page,
        "only": only,
        "statuses": DELIVERIES,
        "webhook_events": _events(request, found.event_types),
        "channels": gateway.channels(),
        **shown,
    }
    response = render(request, "studio/webhook.html", context, status=status)
    add_never_cache_headers(response)
    return response


@require_POST
@studio_page
def order_webhook(request: HttpRequest, webhook_id: UUID, action: str) -> HttpResponseBase:
    """Send a test, send again what failed, switch it on or off, change its secret, or remove it."""
    try:
        return _ordered(request, webhook_id, action)
    except gateway.UnableToFindWebhook as unknown:
        raise Http404(str(unknown)) from unknown


def _ordered(request: HttpRequest, webhook_id: UUID, action: str) -> HttpResponse:
    if action == "rotate":
        return _webhook(request, webhook_id, issued=gateway.rotate_webhook_secret(webhook_id))
    if action == "remove":
        gateway.delete_webhook(webhook_id)
        messages.success(request, "The webhook is removed.")
        return redirect("studio:keys")
    if action == "ping":
        gateway.ping_webhook(webhook_id)
        messages.success(request, "A test message is on its way. Reload in a moment to see the answer.")
    elif action == "replay":
        count = gateway.replay_failed(webhook_id)
        messages.success(request, f"{count} message{'s are' if count != 1 else ' is'} sent again.")
    elif action in ("on", "off"):
        gateway.change_webhook(webhook_id, enabled=action == "on")
        messages.success(request, f"The webhook is switched {action}.")
    else:
        raise Http404
    return redirect("studio:keys-webhook", webhook_id)


@require_POST
@studio_page
def replay(request: HttpRequest, delivery_id: UUID) -> HttpResponseBase:
    """Send one message again."""
    try:
        sent = gateway.replay_delivery(delivery_id)
    except gateway.UnableToFindDelivery as unknown:
        raise Http404(str(unknown)) from unknown
    messages.success(request, "The message is sent again, under its own id.")
    return redirect("studio:keys-webhook", sent.webhook_id)
