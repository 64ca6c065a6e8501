"""Experiments: shorts that differ in one choice, asked for, followed and compared. No rule of the domain."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.contracts.brief import Brief, BriefProblem, UnableToUseBrief
from apps.contracts.codec import digest
from apps.contracts.decision import FactorKind, Persona, Plan
from apps.contracts.performance import Performance
from apps.gateway import interface as gateway
from apps.studio import designs, names, outcomes
from apps.studio.access import studio_page

#: Experiments on one page of the list.
PAGE = 12


@require_safe
@studio_page
def experiments(request: HttpRequest) -> HttpResponseBase:
    """Every experiment, newest first."""
    try:
        page = gateway.experiments(cursor=request.GET.get("cursor", ""), limit=PAGE)
    except gateway.UnableToReadCursor as unreadable:
        raise Http404(str(unreadable)) from unreadable
    jobs = gateway.experiment_jobs([one.id for one in page.experiments])
    personas = gateway.personas()
    rows = [
        {
            "experiment": one,
            "jobs": jobs[one.id],
            "levels": [names.level(one.factor, level, personas) for level in one.levels],
            "ready": sum(job.status == "completed" for job in jobs[one.id]),
            "ended": all(job.ended for job in jobs[one.id]),
        }
        for one in page.experiments
    ]
    return render(request, "studio/experiments.html", {"rows": rows, "next_cursor": page.next_cursor})


# Asking ----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@studio_page
def new(request: HttpRequest) -> HttpResponseBase:
    """Design an experiment: from nothing, from a short, or from another experiment; then make it."""
    given = request.POST if request.method == "POST" else request.GET
    base, plan = _base(given.get("from", ""))
    if request.method != "POST":
        return _form(request, _starting_point(request, base), plan)
    asked = designs.typed(request.POST, base)
    if asked.same and not asked.factor:
        return _form(request, designs.with_problems(asked, [_nothing_open()]), plan, status=422)
    data = designs.data(asked, plan)
    # The form's token makes a double click one experiment; the digest lets an edited form be another.
    key = "studio:" + digest((request.POST.get("token", ""), data))
    try:
        made = gateway.create_experiment(data, idempotency_key=key)
    except UnableToUseBrief as unusable:
        return _form(request, designs.with_problems(asked, unusable.problems), plan, status=422)
    return redirect("studio:experiments-detail", made.id)


def _base(job_id: str) -> tuple[Brief | None, Plan | None]:
    """The brief and the plan of the short that an experiment starts from."""
    if not job_id:
        return None, None
    try:
        detail = gateway.job(UUID(job_id))
    except (ValueError, gateway.UnableToFindJob) as unknown:
        raise Http404("There is no such short to start from.") from unknown
    return detail.brief, detail.snapshot.plan if detail.snapshot else None


def _starting_point(request: HttpRequest, base: Brief | None) -> designs.Asked:
    factor = request.GET.get("factor", "")
    if base:
        return designs.of_short(request.GET["from"], base, factor)
    if again := request.GET.get("again"):
        found = _read(again)
        return designs.blank(
            platform=found.platform, channel=found.channel, factor=found.factor, levels=found.levels
        )
    return designs.blank(factor=factor)


def _nothing_open() -> BriefProblem:
    return BriefProblem(
        field="factor",
        code="nothing_open",
        reason="Every other choice is kept as in that short, so there is nothing to choose among.",
        remedy="Pick what to try, or let the other choices be made anew.",
    )


def _form(
    request: HttpRequest, asked: designs.Asked, plan: Plan | None, *, status: int = 200
) -> HttpResponse:
    low, high = gateway.EXPERIMENT_SIZES
    context = {
        "asked": asked,
        "draft": asked.draft,
        "factors": designs.picks(asked, _offered(), plan if asked.source else None),
        "sizes": [str(n) for n in range(low, high + 1)],
        "kept": designs.kept(plan) if plan and asked.source else [],
        "token": uuid4().hex,
        "limits": gateway.brief_limits(),
        "platforms": gateway.platforms(),
        "audiences": gateway.audiences(),
        "languages": gateway.languages(),
        "channels": gateway.channels(),
    }
    return render(request, "studio/experiment_new.html", context, status=status)


def _offered() -> dict[FactorKind, list[tuple[str, str]]]:
    """The levels of every factor that somebody may mark, each with its label."""
    personas = gateway.personas()
    levels = {
        **names.LEVELS,
        FactorKind.PERSONA: tuple(persona.id for persona in personas),
        FactorKind.EMOTION_CURVE: tuple(dict.fromkeys(curve.name for curve in gateway.curves())),
        FactorKind.CAPTION_STYLE: tuple(gateway.caption_styles()),
    }
    return {
        kind: [(value, names.level(kind, value, personas)) for value in values]
        for kind, values in levels.items()
    }


# Following ---------------------------------------------------------------------------------------------


@require_safe
@studio_page
def detail(request: HttpRequest, experiment_id: UUID) -> HttpResponseBase:
    """One experiment: its shorts, and what can be told apart so far."""
    return render(request, "studio/experiment.html", _context(_read(str(experiment_id))))


@require_safe
@studio_page
def live(request: HttpRequest, experiment_id: UUID) -> HttpResponseBase:
    """The part of an experiment's page that changes while its shorts are made."""
    return render(request, "studio/experiment_live.html", _context(_read(str(experiment_id))))


def _read(experiment_id: str) -> gateway.Experiment:
    try:
        return gateway.experiment(UUID(experiment_id))
    except (ValueError, gateway.UnableToFindExperiment) as unknown:
        raise Http404("There is no such experiment.") from unknown


def _context(experiment: gateway.Experiment) -> dict[str, Any]:
    personas = gateway.personas()
    jobs = gateway.experiment_jobs([experiment.id])[experiment.id]
    pairs, scale = outcomes.versus(experiment.findings, experiment.factor, personas)
    return {
        "experiment": experiment,
        "verdict": outcomes.verdict(experiment, pairs, personas),
        "shorts": outcomes.shorts(experiment, {job.id: job for job in jobs}, _numbers(experiment), personas),
        "pairs": pairs,
        "scale": scale,
        "span": outcomes.SPAN,
        "middle": outcomes.SPAN // 2,
        "measure": outcomes.MEASURES.get(experiment.findings.measure, experiment.findings.measure),
        "levels": [names.level(experiment.factor, level, personas) for level in experiment.levels],
        "held": _held(experiment, personas),
        "ready": sum(job.status == "completed" for job in jobs),
        "ended": all(job.ended for job in jobs),
    }


def _numbers(experiment: gateway.Experiment) -> dict[UUID, Performance]:
    """The newest real numbers of each short that has any."""
    reported = [one.job_id for one in experiment.variants if one.rewards]
    lessons = [gateway.performance_of(job_id) for job_id in reported]
    return {lesson.job_id: lesson.performances[-1] for lesson in lessons if lesson.performances}


def _held(experiment: gateway.Experiment, personas: tuple[Persona, ...]) -> list[tuple[str, str]]:
    order = [str(kind) for kind in names.FACTORS]
    held = sorted(experiment.held.items(), key=lambda one: order.index(one[0]) if one[0] in order else 99)
    return [(names.factor(kind), names.level(kind, value, personas)) for kind, value in held]
