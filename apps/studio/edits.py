"""What a person adds to a finished short: other words or another picture for a scene, and how it did."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.contracts.brief import BriefProblem, UnableToUseBrief
from apps.contracts.story import Scene
from apps.gateway import interface as gateway
from apps.studio.access import studio_page

#: Digits of a typed number; what is longer is handed over as text and refused by name.
DIGITS = 18


@dataclass(frozen=True)
class NumberField:
    """One number of the performance form. `share`: typed in per cent, handed over as 0-1."""

    name: str
    label: str
    help: str = ""
    share: bool = False
    value: str = ""
    problems: tuple[BriefProblem, ...] = field(default=())


NUMBERS = (
    NumberField("views", "Views"),
    NumberField("engaged_views", "Engaged views", "Of those who did not swipe on."),
    NumberField("average_watch_seconds", "Average watch time", "Seconds, replays included."),
    NumberField("completion", "Watched to the end", "Per cent of views.", share=True),
    NumberField("skip_rate", "Left in the first 3 s", "Per cent of views.", share=True),
    NumberField("replays", "Replays"),
    NumberField("shares", "Shares"),
    NumberField("reach", "Reach", "People, not views."),
)


@require_http_methods(["GET", "HEAD", "POST"])
@studio_page
def revise(request: HttpRequest, job_id: UUID, ordinal: int) -> HttpResponseBase:
    """Change one scene; only what that touches is made again."""
    scene = _scene(job_id, ordinal)
    if request.method != "POST":
        return _scene_form(request, job_id, scene, scene.narration, scene.visual)
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
        return _scene_form(request, job_id, scene, narration, visual, unusable.problems)
    except gateway.UnableToRevise as impossible:
        messages.warning(request, str(impossible))
    return redirect("studio:job", job_id)


def _scene(job_id: UUID, ordinal: int) -> Scene:
    try:
        snapshot = gateway.job(job_id).snapshot
    except gateway.UnableToFindJob as unknown:
        raise Http404(str(unknown)) from unknown
    scenes = snapshot.story.scenes if snapshot and snapshot.story else ()
    if ordinal >= len(scenes):
        raise Http404("This short has no such scene.")
    return scenes[ordinal]


def _scene_form(
    request: HttpRequest,
    job_id: UUID,
    scene: Scene,
    narration: str,
    visual: str,
    problems: tuple[BriefProblem, ...] = (),
) -> HttpResponse:
    known = ("narration", "visual")
    context = {
        "job_id": job_id,
        "scene": scene,
        "narration": narration,
        "visual": visual,
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
    if request.method == "POST":
        try:
            gateway.record_performance(job_id, _numbers(request), source="studio")
        except gateway.UnableToUseNumbers as unusable:
            return _performance_form(request, job_id, unusable.problems)
        except gateway.UnableToFindJob as unknown:
            raise Http404(str(unknown)) from unknown
        except gateway.UnableToReport as early:
            messages.warning(request, str(early))
            return redirect("studio:job", job_id)
        messages.success(request, "Noted. Memory has learned from it.")
        return redirect("studio:job-performance", job_id)
    return _performance_form(request, job_id)


def _numbers(request: HttpRequest) -> dict[str, Any]:
    """The form as the door reads it: what is no number is handed over as it is, and refused by name."""
    typed = {number: request.POST.get(number.name, "").strip() for number in NUMBERS}
    values: dict[str, Any] = {
        number.name: _number(text, share=number.share) for number, text in typed.items() if text
    }
    if day := request.POST.get("day", "").strip():
        values["day"] = day
    return values


def _number(text: str, *, share: bool) -> int | float | str:
    plain = text.replace(",", "").rstrip("%").strip()
    if (
        not plain.replace(".", "", 1).isascii()
        or not plain.replace(".", "", 1).isdigit()
        or len(plain) > DIGITS
    ):
        return text
    if share:
        return round(float(plain) / 100, 6)
    return float(plain) if "." in plain else int(plain)


def _performance_form(
    request: HttpRequest, job_id: UUID, problems: tuple[BriefProblem, ...] = ()
) -> HttpResponse:
    try:
        lesson = gateway.performance_of(job_id)
    except gateway.UnableToFindJob as unknown:
        raise Http404(str(unknown)) from unknown
    by_field = {p.field: tuple(q for q in problems if q.field == p.field) for p in problems}
    shown = [
        NumberField(n.name, n.label, n.help, n.share, request.POST.get(n.name, ""), by_field.pop(n.name, ()))
        for n in NUMBERS
    ]
    context = {
        "job_id": job_id,
        "job": gateway.job(job_id).summary,
        "lesson": lesson,
        "numbers": shown,
        "day": request.POST.get("day", ""),
        "day_problems": by_field.pop("day", ()),
        "others": [problem for found in by_field.values() for problem in found],
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
