"""What a person adds to a finished short: other words or another picture for a scene, and how it did."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from apps.contracts.brief import BriefProblem, UnableToUseBrief
from apps.contracts.story import Scene
from apps.gateway import interface as gateway
from apps.studio import numbers, present
from apps.studio.access import studio_page


@require_http_methods(["GET", "HEAD", "POST"])
@studio_page
def revise(request: HttpRequest, job_id: UUID, ordinal: int) -> HttpResponseBase:
    """Change one scene; only what that touches is made again."""
    scene, picture = _scene(job_id, ordinal)
    if request.method != "POST":
        return _scene_form(request, job_id, scene, picture, (scene.narration, scene.visual))
    narration, visual = (request.POST.get(name, "").strip() for name in ("narration", "visual"))
    changes = {
        "narration": "" if narration == scene.narration.strip() else narration,
        "visual": "" if visual == scene.visual.strip() else visual,
    }
    if not any(changes.values()):
        messages.info(request, "Nothing was changed, so nothing is made again.")
        return redirect("studio:job", job_id)
    try:
        gateway.revise_scene(job_id, ordinal, **changes)
    except UnableToUseBrief as unusable:
        return _scene_form(request, job_id, scene, picture, (narration, visual), unusable.problems)
    except gateway.UnableToRevise as impossible:
        messages.warning(request, str(impossible))
    return redirect("studio:job", job_id)


def _scene(job_id: UUID, ordinal: int) -> tuple[Scene, str]:
    """A scene and its picture's mark."""
    try:
        snapshot = gateway.job(job_id).snapshot
    except gateway.UnableToFindJob as unknown:
        raise Http404(str(unknown)) from unknown
    cards = present.scenes(snapshot) if snapshot else []
    if ordinal >= len(cards):
        raise Http404("This short has no such scene.")
    return cards[ordinal].scene, cards[ordinal].picture_mark


def _scene_form(
    request: HttpRequest,
    job_id: UUID,
    scene: Scene,
    picture: str,
    texts: tuple[str, str],
    problems: tuple[BriefProblem, ...] = (),
) -> HttpResponse:
    known = ("narration", "visual")
    context = {
        "job_id": job_id,
        "scene": scene,
        "picture": picture,
        "narration": texts[0],
        "visual": texts[1],
        "problems": {name: [p for p in problems if p.field.endswith(name)] for name in known},
        "others": [p for p in problems if not p.field.endswith(known)],
    }
    return _form(
        request, "studio/job/_revise.html", context, f"Edit scene {scene.ordinal + 1}", bool(problems)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@studio_page
def performance(request: HttpRequest, job_id: UUID) -> HttpResponseBase:
    """Say how a short did where it was published; show what that taught."""
    if request.method != "POST":
        return _performance_form(request, job_id, {})
    texts = numbers.typed(request.POST)
    try:
        gateway.record_performance(job_id, numbers.values(texts), source="studio")
    except gateway.UnableToUseNumbers as unusable:
        return _performance_form(request, job_id, texts, unusable.problems)
    except gateway.UnableToLearn as impossible:
        return _performance_form(request, job_id, texts, (_problem("", str(impossible)),))
    except gateway.UnableToFindJob as unknown:
        raise Http404(str(unknown)) from unknown
    except gateway.UnableToReport as early:
        messages.warning(request, str(early))
        return redirect("studio:job", job_id)
    messages.success(request, "Noted. Memory has learned from it.")
    return redirect("studio:job-performance", job_id)


@require_POST
@studio_page
def publication(request: HttpRequest, job_id: UUID) -> HttpResponseBase:
    """Say where a short was published, so that a platform's export finds it; an empty address forgets it."""
    url = request.POST.get("url", "").strip()
    try:
        if url:
            gateway.publish(job_id, {"url": url})
        else:
            gateway.unpublish(job_id)
    except gateway.UnableToFindJob as unknown:
        raise Http404(str(unknown)) from unknown
    except gateway.UnableToUseNumbers as unusable:
        return _performance_form(request, job_id, {}, tuple(map(_about_url, unusable.problems)))
    except gateway.UnableToPublish as taken:
        return _performance_form(request, job_id, {}, (_problem("url", str(taken)),))
    messages.success(request, "Noted. An export’s rows about it are now found." if url else "Forgotten.")
    return redirect("studio:job-performance", job_id)


def _published_at(job_id: UUID) -> str:
    try:
        return gateway.publication(job_id).url
    except gateway.UnableToFindPublication:
        return ""


def _about_url(problem: BriefProblem) -> BriefProblem:
    """The problem in the words of the form, which asks for an address alone."""
    if problem.code != "missing":
        return replace(problem, field="url")
    return _problem("url", "This address names no video.", "Copy that of the published short itself.")


def _problem(field: str, reason: str, remedy: str = "") -> BriefProblem:
    return BriefProblem(field=field, code="unusable", reason=reason, remedy=remedy)


def _performance_form(
    request: HttpRequest, job_id: UUID, texts: dict[str, str], problems: tuple[BriefProblem, ...] = ()
) -> HttpResponse:
    try:
        lesson, job = gateway.performance_of(job_id), gateway.job(job_id).summary
    except gateway.UnableToFindJob as unknown:
        raise Http404(str(unknown)) from unknown
    # A day's newest report replaces the one before: whoever adds one number must not lose the others.
    texts = texts or (numbers.shown(lesson.performances[-1]) if lesson.performances else {})
    context = {
        "job_id": job_id,
        "job": job,
        "lesson": lesson,
        "fields": numbers.fields(texts, problems),
        "day": texts.get("day", f"{timezone.now():%Y-%m-%d}"),
        "day_problems": [p for p in problems if p.field == "day"],
        "url": request.POST.get("url", _published_at(job_id)),
        "published_at": _published_at(job_id),
        "url_problems": [p for p in problems if p.field == "url"],
        "others": [p for p in problems if p.field not in ("day", "url", *numbers.NAMES)],
    }
    return _form(request, "studio/job/_performance.html", context, "How it did", bool(problems))


def _form(
    request: HttpRequest, template: str, context: dict[str, Any], title: str, wrong: bool
) -> HttpResponse:
    """A form within the job's page where htmx asks for it, else on a page of its own."""
    status = 422 if wrong else 200
    if request.headers.get("HX-Request"):
        return render(request, template, context, status=status)
    context = {"job": gateway.job(context["job_id"]).summary, **context, "piece": template, "title": title}
    return render(request, "studio/job/piece.html", context, status=status)
