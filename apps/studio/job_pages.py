"""A job's pages: follow it, play it, see how it was judged, change a scene. No rule of the domain."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST, require_safe

from apps.contracts.progress import JobSnapshot
from apps.foundation.ffmpeg import UnableToRunFfmpeg
from apps.gateway import interface as gateway
from apps.studio import measures, present, sound, tracks
from apps.studio.access import studio_page

#: Events read for the page; the API has them all.
EVENTS = 300
#: Seconds a browser may keep where a file lies; far below the life of the link it leads to.
LINK_SECONDS = 600
#: The parts of the page, each a template and each sent again only when it changed; by column.
BESIDE = ("player", "stages")
BELOW = ("timeline", "notices", "scores", "scenes", "plan", "after")
PARTS = ("head", *BESIDE, *BELOW)


@require_safe
@studio_page
def job(request: HttpRequest, job_id: UUID) -> HttpResponseBase:
    """A job, live while it goes on."""
    context = _context(_detail(job_id))
    context |= {
        "beside": _parts(context, BESIDE),
        "below": _parts(context, BELOW),
        "head": _parts(context, ("head",)),
    }
    return render(request, "studio/job.html", context)


@require_safe
@studio_page
def live(request: HttpRequest, job_id: UUID) -> HttpResponseBase:
    """The parts that changed since the marks in `seen` (name:mark, with commas); 204 where none did."""
    context = _context(_detail(job_id))
    seen = dict(pair.split(":", 1) for pair in request.GET.get("seen", "").split(",") if ":" in pair)
    changed = [name for name in PARTS if context["marks"].get(name, "") != seen.get(name, "")]
    if not changed:
        return HttpResponse(status=204)
    return render(request, "studio/job/live.html", {**context, "parts": _parts(context, changed)})


@require_safe
@studio_page
def stream(request: HttpRequest, job_id: UUID) -> HttpResponseBase:
    """The job's events as they happen. 204: nothing more comes; 503: ask now and then instead."""
    after = request.headers.get("Last-Event-ID", "") or request.GET.get("after", "")
    try:
        pieces = gateway.stream(job_id, after=int(after) if after.isdecimal() and len(after) < 19 else 0)
    except gateway.UnableToFindJob as unknown:
        raise Http404(str(unknown)) from unknown
    except gateway.UnableToStream as busy:
        return HttpResponse(str(busy), status=503, headers={"Retry-After": str(busy.wait)})
    if pieces is None:
        return HttpResponse(status=204)
    response = StreamingHttpResponse(pieces, content_type="text/event-stream")
    response["Cache-Control"], response["X-Accel-Buffering"] = "no-store", "no"
    return response


@require_safe
@studio_page
def row(request: HttpRequest, job_id: UUID) -> HttpResponseBase:
    """One line of a list, which asks for itself again while the job goes on."""
    return render(request, "studio/_job_row.html", {"job": _detail(job_id).summary})


def _detail(job_id: UUID) -> gateway.JobDetail:
    try:
        return gateway.job(job_id)
    except gateway.UnableToFindJob as unknown:
        raise Http404(str(unknown)) from unknown


def _parts(context: dict[str, Any], names: tuple[str, ...] | list[str]) -> list[dict[str, str]]:
    marks = context["marks"]
    return [{"name": n, "mark": marks.get(n, ""), "template": f"studio/job/_{n}.html"} for n in names]


def _context(detail: gateway.JobDetail) -> dict[str, Any]:
    events = gateway.events(detail.summary.id, limit=EVENTS) if detail.snapshot else ()
    context: dict[str, Any] = {
        "job": detail.summary,
        "brief": detail.brief,
        "marks": present.marks(detail, events),
        "experiment_id": gateway.experiment_of(detail.summary.id) if detail.summary.ended else None,
    }
    return context | _told(detail.snapshot, events) if detail.snapshot else context


def _told(snapshot: JobSnapshot, events: tuple[Any, ...]) -> dict[str, Any]:
    scenes, take = present.scenes(snapshot), snapshot.take
    return {
        "snapshot": snapshot,
        "take": take,
        "files": {name: present.file_mark(key) for name, key in _files(take).items()},
        "stages": present.stages(snapshot),
        "scenes": scenes,
        "newest_picture": next((card for card in reversed(scenes) if card.picture_mark), None),
        "attempts": measures.attempts(snapshot),
        "score_names": measures.SCORES,
        "mends": measures.mends(snapshot),
        "decisions": present.decisions(snapshot),
        "curve_path": present.curve_path(snapshot.plan.curve) if snapshot.plan else "",
        "tracks": _tracks(snapshot),
        "notices": present.notices(events),
    }


def _files(take: Any) -> dict[str, str]:
    names = ("video", "poster", "sheet", "srt", "vtt")
    keys = (
        {name: getattr(take, "key" if name == "video" else f"{name}_key") for name in names} if take else {}
    )
    return {**keys, "credits": "\n".join(take.credits)} if take and take.credits else keys


def _tracks(snapshot: JobSnapshot) -> tracks.Tracks | None:
    if not (snapshot.take and snapshot.timeline and snapshot.plan):
        return None
    said = [scene.narration for scene in snapshot.story.scenes] if snapshot.story else []
    return tracks.tracks(snapshot.timeline, snapshot.plan.curve, said)


# Pieces that are asked for when somebody looks at them -----------------------------------------------


@require_safe
@studio_page
def heard(request: HttpRequest, job_id: UUID, mark: str) -> HttpResponseBase:
    """Loudness and realised energy of the finished file, as drawings."""
    snapshot = _detail(job_id).snapshot
    if not (snapshot and snapshot.take and snapshot.timeline and snapshot.plan):
        raise Http404("There is nothing to hear yet.")
    try:
        levels = sound.levels(snapshot.take.key)
    except (FileNotFoundError, UnableToRunFfmpeg):
        return HttpResponse(status=204)
    drawn = tracks.heard(levels, snapshot.timeline, snapshot.plan.curve)
    response = render(request, "studio/job/_heard.html", {"heard": drawn, "tracks": _tracks(snapshot)})
    patch_cache_control(response, private=True, max_age=LINK_SECONDS)
    return response


@require_safe
@studio_page
def signals(request: HttpRequest, job_id: UUID, attempt: int) -> HttpResponseBase:
    """Every signal of one attempt with its wanted interval."""
    detail = _detail(job_id)
    judged = measures.attempts(detail.snapshot) if detail.snapshot else []
    found = next((one for one in judged if one.number == attempt), None)
    if found is None:
        raise Http404("This attempt was not judged yet.")
    return _piece(
        request, "studio/job/_signals.html", {"attempt": found, "job": detail.summary}, "Every signal"
    )


@require_safe
@studio_page
def rivals(request: HttpRequest, job_id: UUID, name: str) -> HttpResponseBase:
    """What else could have been chosen, and how likely that was."""
    detail = _detail(job_id)
    decision = next((d for d in _decisions(detail) if d.name == name and d.belief and d.belief.rivals), None)
    if decision is None or decision.belief is None:
        raise Http404("There was nothing else to choose.")
    context = {
        "decision": decision,
        "rivals": present.rivals(decision.belief, decision.name, decision.value),
        "job": detail.summary,
    }
    return _piece(request, "studio/job/_rivals.html", context, "What else could have been chosen")


def _decisions(detail: gateway.JobDetail) -> tuple[Any, ...]:
    return present.decisions(detail.snapshot) if detail.snapshot else ()


@require_safe
@studio_page
def events(request: HttpRequest, job_id: UUID) -> HttpResponseBase:
    """Everything that happened."""
    detail = _detail(job_id)
    context = {"events": gateway.events(job_id, limit=EVENTS), "job": detail.summary}
    return _piece(request, "studio/job/_events.html", context, "Everything that happened")


def _piece(request: HttpRequest, template: str, context: dict[str, Any], title: str) -> HttpResponse:
    """A piece of the page; for a browser that came by a plain link, on a page of its own."""
    if request.headers.get("HX-Request"):
        return render(request, template, context)
    return render(request, "studio/job/piece.html", {**context, "piece": template, "title": title})


# Files ---------------------------------------------------------------------------------------------


@require_safe
@studio_page
def media(request: HttpRequest, job_id: UUID, name: str, mark: str) -> HttpResponseBase:
    """Where one of the finished files lies now; the credits as a text. Addresses change with the content."""
    if name == "credits":
        return _credits(_detail(job_id))
    try:
        return _found(gateway.media_link(job_id, name))
    except (gateway.UnableToFindJob, gateway.UnableToShowMedia) as missing:
        raise Http404(str(missing)) from missing


@require_safe
@studio_page
def picture(request: HttpRequest, job_id: UUID, ordinal: int, mark: str) -> HttpResponseBase:
    """Where a scene's picture lies now. The address is stable, so a page that polls does not flicker."""
    try:
        return _found(gateway.picture_link(job_id, ordinal))
    except (gateway.UnableToFindJob, gateway.UnableToShowMedia) as missing:
        raise Http404(str(missing)) from missing


def _found(link: str) -> HttpResponseBase:
    response = redirect(link)
    patch_cache_control(response, private=True, max_age=LINK_SECONDS)
    return response


def _credits(detail: gateway.JobDetail) -> HttpResponse:
    take = detail.snapshot.take if detail.snapshot else None
    if take is None:
        raise Http404("There are no credits yet.")
    return HttpResponse("\n".join(take.credits) + "\n", content_type="text/plain; charset=utf-8")


# Actions ---------------------------------------------------------------------------------------------


@require_POST
@studio_page
def cancel(request: HttpRequest, job_id: UUID) -> HttpResponseBase:
    """Stop the job, then show it."""
    try:
        gateway.cancel(job_id)
    except gateway.UnableToFindJob as unknown:
        raise Http404(str(unknown)) from unknown
    except gateway.UnableToCancel as ended:
        messages.warning(request, str(ended))
    return redirect("studio:job", job_id)


@require_POST
@studio_page
def retry(request: HttpRequest, job_id: UUID) -> HttpResponseBase:
    """Go on with the job, then show it."""
    try:
        gateway.retry(job_id)
    except gateway.UnableToFindJob as unknown:
        raise Http404(str(unknown)) from unknown
    except gateway.UnableToRetry as impossible:
        messages.warning(request, str(impossible))
    return redirect("studio:job", job_id)
