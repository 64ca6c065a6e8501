"""Experiments: shorts that differ in one factor, made as jobs, and what their numbers show.

The orchestrator designs them, comparing.py judges them; here they are kept, made once and read.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db.models import QuerySet

from apps.contracts.brief import Brief, BriefProblem, UnableToUseBrief
from apps.contracts.codec import digest, to_json
from apps.contracts.decision import FactorKind
from apps.contracts.experiment import Design, Trial, UnableToExperiment
from apps.contracts.identity import row_id
from apps.contracts.progress import JobStatus
from apps.foundation.transactions import in_transaction
from apps.gateway import cursors, deliveries, jobs, models
from apps.gateway.briefs import NAME_LIMIT, shown_name
from apps.gateway.comparing import findings
from apps.gateway.learning_shapes import Experiment, ExperimentPage, ExperimentSummary, Variant
from apps.gateway.shapes import JobSummary
from apps.orchestrator import interface as orchestrator

#: Variants in one experiment: what one brief can stand, and what a person can publish within days.
VARIANTS = (2, 8)
#: Experiments alike that are pooled in one reading, newest first.
POOLED_LIMIT = 200
#: Experiments whose jobs are read at once, so that their jobs are no more than one page.
LISTED = jobs.PAGE_LIMIT // VARIANTS[1]
FIELDS = ("brief", "n", "factor", "levels")
#: Experiments of one key and idempotency key have one id.
_NAMESPACE = UUID("6f6d2b1e-0f6c-5b0e-9f0a-6a4f1a0d2c11")


class UnableToFindExperiment(LookupError):
    """There is no experiment with this id. List the experiments to see which there are."""


# Making ----------------------------------------------------------------------------------------------


def create(
    data: object, *, idempotency_key: str = "", key_id: UUID | None = None, channels: Sequence[str] = ()
) -> Experiment:
    """Jobs that differ in one factor, as many as asked for; the same request again is the same experiment.

    Raises UnableToUseBrief, which names every wrong field, and jobs.UnableToRepeatRequest and
    jobs.UnableToUseChannel.
    """
    brief, n, factor, levels = _read(data)
    if channels and brief.channel not in channels:
        raise jobs.UnableToUseChannel(f"This key is for these channels alone: {', '.join(channels)}.")
    named = f"{key_id}/{idempotency_key}"
    experiment_id = uuid5(_NAMESPACE, named) if idempotency_key else uuid4()
    wanted = digest([to_json(brief), n, factor, levels])
    if not models.Experiment.objects.using("gateway").filter(id=experiment_id).exists():
        design = _designed(experiment_id, brief, n, factor, levels)
        _keep(experiment_id, brief, design, wanted, idempotency_key, key_id)
    row = models.Experiment.objects.using("gateway").get(id=experiment_id)
    if row.request_digest != wanted:
        raise jobs.UnableToRepeatRequest(jobs.UnableToRepeatRequest.__doc__)
    jobs.hand_over(models.Job.objects.filter(variant__experiment=row, submitted_at=None))
    return read(row.id)


def _designed(experiment_id: UUID, brief: Brief, n: int, factor: str, levels: Sequence[str]) -> Design:
    try:
        return orchestrator.design_experiment(
            first_job=_job_id(experiment_id, 0), brief=brief, n=n, factor=factor, levels=levels
        )
    except UnableToExperiment as unable:
        field = unable.field if unable.field in FIELDS else f"brief.{unable.field}"
        problem = BriefProblem(
            field=field, code="nothing_to_compare", reason=unable.reason, remedy=unable.remedy
        )
        raise UnableToUseBrief((problem,)) from unable


def _job_id(experiment_id: UUID, ordinal: int) -> UUID:
    return row_id(experiment_id, 0, "job", ordinal)


def _keep(
    experiment_id: UUID, brief: Brief, design: Design, wanted: str, idempotency_key: str, key_id: UUID | None
) -> None:
    """The experiment, its variants and their jobs, all or none; what a rival has just made is left alone."""
    made = [_job(_job_id(experiment_id, n), one, key_id) for n, one in enumerate(design.briefs)]
    row = models.Experiment(
        id=experiment_id,
        platform=brief.platform,
        channel=brief.channel,
        factor=design.factor.value,
        levels=list(design.levels),
        held=design.held,
        reason=design.reason,
        idempotency_key=idempotency_key,
        request_digest=wanted,
        key_id=key_id,
    )
    variants = [
        models.ExperimentVariant(
            id=row_id(experiment_id, 0, "variant", n), experiment=row, ordinal=n, level=level, job=job
        )
        for n, (level, job) in enumerate(zip(design.levels, made, strict=True))
    ]
    with in_transaction("gateway"):
        models.Experiment.objects.bulk_create([row], ignore_conflicts=True)
        # ON CONFLICT waited for a rival's commit: whoever lost finds the rival's variants.
        if models.ExperimentVariant.objects.using("gateway").filter(experiment_id=row.id).exists():
            return
        models.Job.objects.bulk_create(made)
        models.ExperimentVariant.objects.bulk_create(variants)
        deliveries.tell("job.accepted", [job.id for job in made])


def _job(job_id: UUID, brief: Brief, key_id: UUID | None) -> models.Job:
    return models.Job(
        id=job_id,
        request_payload=to_json(brief),
        platform=brief.platform,
        channel=brief.channel,
        persona=brief.persona,
        request_digest=digest(brief),
        key_id=key_id,
    )


# The request -----------------------------------------------------------------------------------------


def _read(data: object) -> tuple[Brief, int, str, tuple[str, ...]]:
    """Brief, number of variants, factor ("": memory chooses) and levels (empty: memory chooses)."""
    if not isinstance(data, Mapping):
        remedy = 'Send {"brief": {...}, "n": 2}.'
        raise UnableToUseBrief((_problem("body", "wrong_type", "This must be an object.", remedy),))
    remedy = f"Remove it, or use one of: {', '.join(FIELDS)}."
    problems = [
        _problem(shown_name(name), "unknown_field", "There is no such field.", remedy)
        for name in list(data)[:20]
        if name not in FIELDS
    ]
    levels, wrong_levels = _read_levels(data)
    factor, wrong_factor = _read_factor(data, levels)
    n, wrong_n = _read_n(data, levels)
    problems += [wrong for wrong in (wrong_factor, wrong_levels, wrong_n) if wrong]
    brief = Brief(topic="")
    try:
        brief = jobs.checked_brief(data.get("brief"))
    except UnableToUseBrief as unusable:
        problems += [_inside(problem) for problem in unusable.problems]
    if problems:
        raise UnableToUseBrief(tuple(problems))
    return brief, n, factor, levels


def _inside(problem: BriefProblem) -> BriefProblem:
    field = "brief" if problem.field == "brief" else f"brief.{problem.field}"
    return _problem(field, problem.code, problem.reason, problem.remedy)


def _read_levels(data: Mapping[Any, Any]) -> tuple[tuple[str, ...], BriefProblem | None]:
    value = data.get("levels")
    if value is None or value == []:
        return (), None
    low, high = VARIANTS
    texts = isinstance(value, list) and all(isinstance(v, str) and 0 < len(v) <= NAME_LIMIT for v in value)
    if texts and low <= len(set(value)) == len(value) <= high:
        return tuple(value), None
    reason, remedy = (
        f"This must be a list of {low} to {high} different names.",
        "Leave it out to have them chosen.",
    )
    return (), _problem("levels", "wrong_type", reason, remedy)


def _read_factor(data: Mapping[Any, Any], levels: Sequence[str]) -> tuple[str, BriefProblem | None]:
    value = "" if data.get("factor") is None else data["factor"]
    kinds = [kind.value for kind in FactorKind]
    if value not in ("", *kinds):
        remedy = f"Use one of: {', '.join(kinds)}; or leave it out to have it chosen."
        return "", _problem("factor", "unknown_factor", "There is no such factor.", remedy)
    if levels and not value:
        return "", _problem("factor", "missing", "Levels are levels of a factor.", "Name the factor too.")
    return value, None


def _read_n(data: Mapping[Any, Any], levels: Sequence[str]) -> tuple[int, BriefProblem | None]:
    low, high = VARIANTS
    value = data.get("n", len(levels) or None)
    if value is None:
        return low, _problem(
            "n", "missing", "This field is required.", f"Say how many shorts: {low} to {high}."
        )
    if isinstance(value, bool) or not isinstance(value, int):
        return low, _problem("n", "wrong_type", "This must be a whole number.", "Write it in digits.")
    if not low <= value <= high or (levels and value != len(levels)):
        reason = f"This must lie between {low} and {high}, and be the number of levels where they are given."
        return low, _problem("n", "out_of_range", reason, f"Choose a whole number from {low} to {high}.")
    return value, None


def _problem(field: str, code: str, reason: str, remedy: str) -> BriefProblem:
    return BriefProblem(field=field, code=code, reason=reason, remedy=remedy)


# Reading ---------------------------------------------------------------------------------------------


def read(experiment_id: UUID) -> Experiment:
    """An experiment, its shorts, and what they and those of experiments alike show.

    Raises UnableToFindExperiment.
    """
    row = _rows().filter(id=experiment_id).first()
    if row is None:
        raise UnableToFindExperiment(UnableToFindExperiment.__doc__)
    alike = _alike(row)
    trials = orchestrator.trials([job for block in alike.values() for job in block.values()])
    blocks = {one: {level: trials[job] for level, job in block.items()} for one, block in alike.items()}
    variants = tuple(_variant(v, trials[v.job_id]) for v in row.variants.all())
    return Experiment(
        id=row.id,
        created_at=row.created_at,
        platform=row.platform,
        channel=row.channel,
        topic=row.variants.all()[0].job.title or "",
        factor=row.factor,
        levels=tuple(row.levels),
        held=row.held,
        reason=row.reason,
        variants=variants,
        only_factor_differs=_as_planned(row, variants),
        alike=len(alike),
        findings=findings(row.factor, row.levels, blocks, row.id),
    )


def channel_of(experiment_id: UUID) -> str:
    """Whose experiment it is. Raises UnableToFindExperiment."""
    found = models.Experiment.objects.filter(id=experiment_id).values_list("channel", flat=True).first()
    if found is None:
        raise UnableToFindExperiment(UnableToFindExperiment.__doc__)
    return found


def page(*, cursor: str = "", limit: int = 25, channels: Sequence[str] = ()) -> ExperimentPage:
    """A page of at most 100 experiments, newest first, of `channels` where any are given.

    Raises UnableToReadCursor.
    """
    rows = models.Experiment.objects.filter(**({"channel__in": channels} if channels else {}))
    limit = min(limit, jobs.PAGE_LIMIT)
    found = list(cursors.after(rows, cursor)[: limit + 1])
    shown = found[:limit]
    more = cursors.cursor(shown[-1].created_at, shown[-1].id) if len(found) > len(shown) else ""
    return ExperimentPage(experiments=tuple(_summary(row) for row in shown), next_cursor=more)


def jobs_of(experiment_ids: Sequence[UUID]) -> dict[UUID, tuple[JobSummary, ...]]:
    """The jobs of each of at most LISTED experiments, in the order of their levels."""
    rows = models.ExperimentVariant.objects.using("gateway").filter(experiment_id__in=experiment_ids[:LISTED])
    pairs = list(rows.order_by("ordinal").values_list("experiment_id", "job_id"))
    known = {job.id: job for job in jobs.some([job_id for _, job_id in pairs])}
    found: dict[UUID, list[JobSummary]] = {}
    for experiment_id, job_id in pairs:
        found.setdefault(experiment_id, []).append(known[job_id])
    return {experiment_id: tuple(its) for experiment_id, its in found.items()}


def of_job(job_id: UUID) -> UUID | None:
    """The experiment that a job was made for, None where it was made for its own sake."""
    rows = models.ExperimentVariant.objects.filter(job_id=job_id)
    return rows.values_list("experiment_id", flat=True).first()


def _rows() -> QuerySet[models.Experiment]:
    return models.Experiment.objects.using("gateway").prefetch_related("variants__job")


def _alike(row: models.Experiment) -> dict[UUID, dict[str, UUID]]:
    """The experiments of the same factor, platform and channel, this one too: each level's job."""
    rows = models.Experiment.objects.using("gateway").exclude(id=row.id)
    same = rows.filter(platform=row.platform, channel=row.channel, factor=row.factor)
    ids = [row.id, *same.values_list("id", flat=True)[:POOLED_LIMIT]]
    variants = models.ExperimentVariant.objects.using("gateway").filter(experiment_id__in=ids)
    found: dict[UUID, dict[str, UUID]] = {}
    for experiment_id, level, job_id in variants.values_list("experiment_id", "level", "job_id"):
        found.setdefault(experiment_id, {})[level] = job_id
    return found


def _summary(row: models.Experiment) -> ExperimentSummary:
    return ExperimentSummary(
        id=row.id,
        created_at=row.created_at,
        platform=row.platform,
        channel=row.channel,
        factor=row.factor,
        levels=tuple(row.levels),
    )


def _variant(row: models.ExperimentVariant, trial: Trial) -> Variant:
    return Variant(
        ordinal=row.ordinal,
        level=row.level,
        job_id=row.job_id,
        status=JobStatus(row.job.status),
        factors=trial.factors,
        rewards=trial.rewards,
        critic=trial.critic,
    )


def _as_planned(row: models.Experiment, variants: Sequence[Variant]) -> bool | None:
    if not all(variant.factors for variant in variants):
        return None
    return all(variant.factors == {**row.held, row.factor: variant.level} for variant in variants)
