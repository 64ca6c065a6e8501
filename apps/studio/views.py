"""The first pages: write a brief, see the newest shorts, hear a persona. No rule of the domain."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_cache_control
from django.utils.text import Truncator
from django.views.decorators.http import require_http_methods, require_safe

from apps.contracts.brief import BriefProblem, UnableToUseBrief
from apps.contracts.codec import digest
from apps.contracts.decision import HookType, LoopTechnique
from apps.foundation import blobs
from apps.gateway import interface as gateway
from apps.studio import drafts, names, present
from apps.studio.access import studio_page

#: Newest shorts beside the form; the library has them all.
LATEST = 5
#: Seconds a browser may keep where a voice sample lies; far below the life of the link it leads to.
SAMPLE_SECONDS = 600
#: The cookie with the token of the last form that became a job: new.js drops the draft when it reads it.
SENT = "hookloop_sent"
#: Seconds the cookie lives; a draft whose form was sent longer ago than this would come back.
SENT_SECONDS = 30 * 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
@studio_page
def home(request: HttpRequest) -> HttpResponseBase:
    """Write a brief, from nothing, from an example or from another short's; send it."""
    if request.method != "POST":
        return _home(request, _starting_point(request))
    if start := request.POST.get("start"):
        return _submit(request, drafts.example(start))
    uploaded, unusable_files = _uploaded(request)
    draft = drafts.typed(request.POST, [*request.POST.getlist("media"), *uploaded])
    if unusable_files:
        problems = (*unusable_files, *gateway.problems_with_brief(drafts.brief_data(draft)))
        return _home(request, drafts.with_problems(draft, problems), status=422)
    return _submit(request, draft)


def _submit(request: HttpRequest, draft: drafts.Draft) -> HttpResponseBase:
    data = drafts.brief_data(draft)
    # The form's token makes a double click one job; the digest lets an edited form be another.
    key = "studio:" + digest((request.POST.get("token", ""), data))
    try:
        job = gateway.submit_brief(data, idempotency_key=key)
    except UnableToUseBrief as unusable:
        return _home(request, drafts.with_problems(draft, unusable.problems), status=422)
    answer = redirect("studio:job", job.id)
    token = request.POST.get("token", "")
    if token.isascii() and token.isalnum():
        answer.set_cookie(SENT, token, max_age=SENT_SECONDS, samesite="Lax")
    return answer


def _starting_point(request: HttpRequest) -> drafts.Draft:
    if job_id := request.GET.get("from"):
        try:
            return drafts.of_brief(gateway.job(UUID(job_id)).brief)
        except (ValueError, gateway.UnableToFindJob) as unknown:
            raise Http404("There is no such short to start from.") from unknown
    return drafts.example(request.GET.get("example", ""))


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
    page = gateway.jobs(limit=LATEST)
    context = {
        "draft": draft,
        "given": any(draft.values.values()) or bool(draft.media),
        "token": uuid4().hex,
        "page": page,
        "first_run": not page.jobs,
        "library_url": _address("studio:library"),
        "examples": [(name, title, values["topic"]) for name, (title, values) in drafts.EXAMPLES.items()],
        **_choices(),
    }
    return render(request, "studio/home.html", context, status=status)


def _choices() -> dict[str, object]:
    """What the form offers."""
    known = gateway.providers()
    return {
        "limits": gateway.brief_limits(),
        "platforms": gateway.platforms(),
        "audiences": gateway.audiences(),
        "personas": gateway.personas(),
        "curves": present.curve_picks(gateway.curves()),
        "emotions": gateway.emotions(),
        "languages": gateway.languages(),
        "selects": [
            ("hook_type", drafts.label("hook_type"), "What works best", list(HookType)),
            ("loop_technique", drafts.label("loop_technique"), "What works best", list(LoopTechnique)),
            ("cut_rate_band", drafts.label("cut_rate_band"), "What works best", names.CUT_RATES),
            (
                "caption_style",
                drafts.label("caption_style"),
                "As the persona likes them",
                gateway.caption_styles(),
            ),
        ],
        "providers": [(name, drafts.label(name), known.get(name, ())) for name in drafts.PROVIDER_FIELDS],
    }


def _address(view: str) -> str:
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""


@require_safe
@studio_page
def persona_sample(request: HttpRequest, persona_id: str) -> HttpResponseBase:
    """Where a persona can be heard; the sample is made when it is first asked for."""
    if persona_id not in {persona.id for persona in gateway.personas()}:
        raise Http404("There is no such persona.")
    try:
        response = redirect(blobs.link(gateway.speak_sample(persona_id)))
    except gateway.UnableToSpeak as silent:
        return HttpResponse(str(silent), status=503, content_type="text/plain; charset=utf-8")
    patch_cache_control(response, private=True, max_age=SAMPLE_SECONDS)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or old: says what to do, not how it is checked."""
    detail = "This form is too old, or cookies are switched off. Go back, reload the page and send it again."
    return render(request, "studio/problem.html", {"detail": detail, "status": 403}, status=403)
