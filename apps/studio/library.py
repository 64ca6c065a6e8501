"""The library's pages: everything that was made, found again. Parse, one call through the door, render."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.datastructures import MultiValueDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from apps.contracts.progress import JobStatus
from apps.gateway import interface as gateway
from apps.studio.access import studio_page

#: Shorts on one page of the endless list: about three screens of tiles.
PAGE = 24
#: Tiles that are kept up to date at a time.
LIVE = 60
#: Filters in the address, in the order of the form.
FILTERS = ("q", "status", "platform", "persona", "channel", "min_score", "max_score", "batch")
#: Scores that the form offers to start from.
FLOORS = (90, 80, 70, 60)
#: Characters of a filter's value; what is longer finds nothing.
VALUE_LIMIT = 100
#: Seconds a browser may keep where a thumbnail lies; well within the life of the link it leads to.
THUMBNAIL_SECONDS = 1800
#: What htmx takes for: stop asking.
STOP_POLLING = 286


@dataclass(frozen=True)
class Asked:
    """What is looked for, as the address says it."""

    values: dict[str, str]

    @property
    def query(self) -> str:
        """The filters as the query of an address."""
        return urlencode(self.values)

    @property
    def more(self) -> bool:
        """Whether a filter is set beside the search and the status."""
        return any(name not in ("q", "status") for name in self.values)


@require_safe
@studio_page
def library(request: HttpRequest) -> HttpResponseBase:
    """The shelf. To htmx, the part of it that was asked for: a further page, or all tiles anew."""
    asked = _asked(request.GET)
    context = {"asked": asked, "page": _page(asked, request.GET.get("cursor", ""))}
    htmx = getattr(request, "htmx", None)
    if htmx and not htmx.history_restore_request:
        part = "_tiles" if "cursor" in request.GET else "_shelf"
        return _varying(render(request, f"studio/library{part}.html", context))
    return _varying(render(request, "studio/library.html", {**context, **_choices(asked)}))


def _varying(response: HttpResponse) -> HttpResponse:
    response["Vary"] = "HX-Request, Cookie"  # the same address is a page or a part of one
    return response


def _asked(query: QueryDict) -> Asked:
    given = ((name, query.get(name, "").strip()[:VALUE_LIMIT]) for name in FILTERS)
    return Asked({name: value for name, value in given if value and _usable(name, value)})


def _usable(name: str, value: str) -> bool:
    if name in ("min_score", "max_score"):
        return value.isascii() and value.isdigit() and len(value) <= 3
    if name == "batch":
        return _uuid(value) is not None
    return (value in set(JobStatus)) if name == "status" else "\x00" not in value


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _page(asked: Asked, cursor: str) -> gateway.JobPage:
    try:
        return gateway.jobs(asked.values, cursor=cursor, limit=PAGE)
    except gateway.UnableToReadCursor as unreadable:
        raise Http404(str(unreadable)) from unreadable


def _choices(asked: Asked) -> dict[str, Any]:
    batch = _uuid(asked.values.get("batch", ""))
    return {
        "statuses": list(JobStatus),
        "platforms": gateway.platforms(),
        "personas": gateway.personas(),
        "channels": gateway.channels(),
        "floors": FLOORS,
        "batch": _batch(batch) if batch else None,
    }


def _batch(batch_id: UUID) -> gateway.Batch | None:
    try:
        return gateway.batch(batch_id)
    except gateway.UnableToFindBatch:
        return None


@require_safe
@studio_page
def live(request: HttpRequest) -> HttpResponseBase:
    """The tiles of the jobs named by `live` as they are now; each replaces itself."""
    named = [_uuid(text) for text in request.GET.getlist("live")[:LIVE]]
    ids = [job_id for job_id in named if job_id]
    jobs = gateway.some_jobs(ids) if ids else ()
    response = render(request, "studio/library_live.html", {"jobs": jobs})
    if not any(not job.ended for job in jobs):
        response.status_code = STOP_POLLING
    return response


@require_safe
@studio_page
def thumbnail(request: HttpRequest, job_id: UUID, mark: str) -> HttpResponseBase:
    """Where a small poster lies now."""
    try:
        response = redirect(gateway.thumbnail_link(job_id))
    except gateway.UnableToShowMedia as missing:
        raise Http404(str(missing)) from missing
    patch_cache_control(response, private=True, max_age=THUMBNAIL_SECONDS)
    return response


@require_POST
@studio_page
def order(request: HttpRequest) -> HttpResponseBase:
    """Retry or cancel the selected jobs, or those that the filters let through, then show them again."""
    ids = [job_id for text in request.POST.getlist("job") if (job_id := _uuid(text))]
    every, action = request.POST.get("every") == "yes", request.POST.get("action", "")
    if not (ids or every):
        messages.warning(request, "Nothing is selected. Mark the shorts first.")
        return _back(request)
    try:
        outcome = _ordered(action, _asked(QueryDict(request.POST.get("matching", ""))) if every else ids)
    except gateway.UnableToOrder as impossible:
        messages.error(request, str(impossible))
        return _back(request)
    _tell(request, outcome)
    return _back(request)


def _ordered(action: str, wanted: Asked | list[UUID]) -> gateway.BulkOutcome:
    if isinstance(wanted, Asked):
        return gateway.order_matching_jobs(action, wanted.values)
    now, later = wanted[: gateway.BULK_LIMIT], wanted[gateway.BULK_LIMIT :]
    return replace(gateway.order_jobs(action, now), left=len(later))


def _tell(request: HttpRequest, outcome: gateway.BulkOutcome) -> None:
    did = {"retry": "go on", "cancel": "were cancelled"}[request.POST["action"]]
    if count := len(outcome.done):
        messages.success(request, f"{count:,} short{'s' if count > 1 else ''} {did}.")
    elif not outcome.refused:
        messages.info(request, f"There is nothing here to {request.POST['action']}.")
    if outcome.left:
        more = f"{outcome.left:,}{' or more' if outcome.left >= gateway.ORDER_LEFT_LIMIT else ''}"
        messages.info(request, f"{more} like them are left: order again to go on with these.")
    reasons = MultiValueDict[str, UUID]()
    for job_id, reason in outcome.refused.items():
        reasons.appendlist(reason, job_id)
    for reason, refused in reasons.lists():
        messages.warning(request, f"{len(refused)} left as they are: {reason}")


def _back(request: HttpRequest) -> HttpResponse:
    page = request.POST.get("back", "")
    safe = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    return redirect(page if safe else "studio:library")
