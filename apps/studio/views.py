"""The pages: parse, one call through the gateway's door, render. No rule of the domain."""

from typing import Any
from uuid import UUID, uuid4

from django.conf.locale import LANG_INFO
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.text import Truncator
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.contracts.brief import BriefProblem, UnableToUseBrief
from apps.contracts.codec import digest
from apps.contracts.decision import HookType
from apps.contracts.progress import JobStatus
from apps.gateway import interface as gateway
from apps.studio import drafts, present
from apps.studio.access import studio_page

#: Jobs shown at a time below the form.
PAGE = 12
#: Events shown on a job's page; the API has them all.
EVENTS = 300
#: Seconds a browser may keep where a picture lies; far below the life of the link it leads to.
PICTURE_SECONDS = 600


@require_http_methods(["GET", "HEAD", "POST"])
@studio_page
def home(request: HttpRequest) -> HttpResponseBase:
    """Write a brief; below it, what has been made."""
    if request.method != "POST":
        return _home(request, drafts.example(request.GET.get("example", "")))
    uploaded, unusable_files = _uploaded(request)
    draft = drafts.typed(request.POST, [*request.POST.getlist("media"), *uploaded])
    data = drafts.brief_data(draft)
    if unusable_files:
        problems = (*unusable_files, *gateway.problems_with_brief(data))
        return _home(request, drafts.with_problems(draft, problems), status=422)
    # The form's token makes a double click one job; the digest lets an edited form be another.
    key = "studio:" + digest((request.POST.get("token", ""), data))
    try:
        job = gateway.submit_brief(data, idempotency_key=key)
    except UnableToUseBrief as unusable:
        return _home(request, drafts.with_problems(draft, unusable.problems), status=422)
    return redirect("studio:job", job.id)


def _uploaded(request: HttpRequest) -> tuple[list[str], list[BriefProblem]]:
    """The keys of the files that came with the form, and what is wrong with those that cannot be kept."""
    keys, problems = [], []
    for file in request.FILES.getlist("files"):
        try:
            keys.append(_keep(file, request.POST.get("credit", "")))
        except gateway.UnableToKeepUpload as unusable:
            reason = f"{Truncator(file.name or 'File').chars(40)}: {unusable.reason}"
            problems.append(
                BriefProblem(field="media", code="unusable_file", reason=reason, remedy=unusable.remedy)
            )
    return keys, problems


def _keep(file: Any, credit: str) -> str:
    if file.too_large:
        raise gateway.UnableToKeepUpload(*gateway.too_large())
    return gateway.keep_upload(file.path, name=file.name, credit=credit).key


def _home(request: HttpRequest, draft: drafts.Draft, *, status: int = 200) -> HttpResponse:
    languages = [(tag, LANG_INFO.get(tag, {}).get("name_local", tag)) for tag in gateway.languages()]
    names = gateway.providers()
    context = {
        "draft": draft,
        "token": uuid4().hex,
        "platforms": gateway.platforms(),
        "audiences": gateway.audiences(),
        "personas": gateway.personas(),
        "curves": sorted({curve.name for curve in gateway.curves()}),
        "hook_types": list(HookType),
        "caption_styles": gateway.caption_styles(),
        "languages": languages,
        "providers": [(name, drafts.label(name), names.get(name, ())) for name in drafts.PROVIDER_FIELDS],
        "examples": [(name, title) for name, (title, _) in drafts.EXAMPLES.items()],
        **_jobs_context(request),
    }
    return render(request, "studio/home.html", context, status=status)


@require_safe
@studio_page
def job_list(request: HttpRequest) -> HttpResponseBase:
    """A further page of jobs, as list items."""
    return render(request, "studio/_jobs.html", _jobs_context(request))


def _jobs_context(request: HttpRequest) -> dict[str, object]:
    status = request.GET.get("status", "")
    known = status if status in set(JobStatus) else ""
    try:
        page = gateway.jobs(
            {"status": known} if known else {}, cursor=request.GET.get("cursor", ""), limit=PAGE
        )
    except gateway.UnableToReadCursor as unreadable:
        raise Http404(str(unreadable)) from unreadable
    return {"page": page, "status": known, "statuses": list(JobStatus)}


@require_safe
@studio_page
def job_row(request: HttpRequest, job_id: UUID) -> HttpResponseBase:
    """One line of the list, which asks for itself again while the job goes on."""
    return render(request, "studio/_job_row.html", {"job": _detail(job_id).summary})


@require_safe
@studio_page
def job(request: HttpRequest, job_id: UUID) -> HttpResponseBase:
    """A job, live while it goes on."""
    return render(request, "studio/job.html", _job_context(_detail(job_id)))


@require_safe
@studio_page
def job_live(request: HttpRequest, job_id: UUID) -> HttpResponseBase:
    """The part of a job's page that changes; 204 where nothing has since the mark in `seen`."""
    detail = _detail(job_id)
    if request.GET.get("seen") == present.mark(detail):
        return HttpResponse(status=204)
    return render(request, "studio/_job.html", {**_job_context(detail), "update_title": True})


def _detail(job_id: UUID) -> gateway.JobDetail:
    try:
        return gateway.job(job_id)
    except gateway.UnableToFindJob as unknown:
        raise Http404(str(unknown)) from unknown


def _job_context(detail: gateway.JobDetail) -> dict[str, object]:
    context: dict[str, object] = {
        "job": detail.summary,
        "detail": detail,
        "brief": detail.brief,
        "mark": present.mark(detail),
        "statuses": JobStatus,
    }
    if (snapshot := detail.snapshot) is not None:
        context |= {
            "snapshot": snapshot,
            "attempts": present.attempts(snapshot),
            "scenes": (scenes := present.scenes(snapshot)),
            "newest_picture": next((card for card in reversed(scenes) if card.picture_mark), None),
            "scores": present.scores(snapshot),
            "decisions": present.decisions(snapshot),
            "curve_path": present.curve_path(snapshot.plan.curve) if snapshot.plan else "",
            "events": (events := gateway.events(detail.summary.id, limit=EVENTS)),
            "notices": present.notices(events),
        }
    return context


@require_safe
@studio_page
def picture(request: HttpRequest, job_id: UUID, ordinal: int, mark: str) -> HttpResponseBase:
    """Where a scene's picture lies now. The address is stable, so a page that polls does not flicker."""
    try:
        response = redirect(gateway.picture_link(job_id, ordinal))
    except (gateway.UnableToFindJob, gateway.UnableToShowMedia) as missing:
        raise Http404(str(missing)) from missing
    patch_cache_control(response, private=True, max_age=PICTURE_SECONDS)
    return response


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


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or old: says what to do, not how it is checked."""
    detail = "This form is too old, or cookies are switched off. Go back, reload the page and send it again."
    return render(request, "studio/problem.html", {"detail": detail, "status": 403}, status=403)
