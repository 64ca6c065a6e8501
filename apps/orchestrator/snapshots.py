"""A job's rows as one contract. Reads only."""

from typing import Any, TypeVar
from uuid import UUID

from apps.contracts.codec import from_json
from apps.contracts.decision import Plan
from apps.contracts.judgement import Judgement
from apps.contracts.media import Picture, Take, Timeline
from apps.contracts.progress import Failure, JobSnapshot, StageState, StageView, Usage
from apps.contracts.story import Story
from apps.orchestrator import records
from apps.orchestrator.announcing import status_of, with_current_stage
from apps.orchestrator.graph import Stage
from apps.orchestrator.models import ExecutionPlan, OrchestratorEvent, StageRun

T = TypeVar("T")

#: Stages whose outputs a snapshot shows; the others are counted, not read.
SHOWN = (Stage.DECIDE, Stage.WRITE, Stage.PICTURE, Stage.TIME, Stage.ASSEMBLE, Stage.JUDGE)


def snapshot(job_id: UUID) -> JobSnapshot | None:
    """How a job stands now. The delivered attempt's parts once there is one, else the newest."""
    plan = with_current_stage().filter(job_id=job_id).first()
    if plan is None:
        return None
    runs = list(
        StageRun.objects.filter(plan=plan).defer("output").order_by("attempt", "created_at", "ordinal")
    )
    attempt = plan.current_retry if plan.delivered_attempt is None else plan.delivered_attempt
    made = _made(plan, attempt)
    return JobSnapshot(
        job_id=job_id,
        status=status_of(plan),
        progress=round(plan.progress, 4),
        stage=plan.current_stage or "",
        attempt=attempt,
        plan=_newest(Plan, made, Stage.DECIDE),
        story=_newest(Story, made, Stage.WRITE),
        timeline=_newest(Timeline, made, Stage.TIME),
        stages=tuple(_view(run) for run in runs),
        judgements=_judgements(plan),
        take=_newest(Take, made, Stage.ASSEMBLE) if plan.delivered_attempt is not None else None,
        failure=from_json(Failure, plan.failure) if plan.failure else None,
        pictures={n: _picture_key(out) for (stage, n), out in made.items() if stage == Stage.PICTURE},
        usage=_usage(job_id),
        mends=records.mends_of(job_id),
    )


def _usage(job_id: UUID) -> Usage:
    """The sum of what providers told, failed tries included: they were paid for too."""
    rows = OrchestratorEvent.objects.filter(job_id=job_id, event_type="provider_used")
    told = list(rows.values_list("metadata", flat=True))
    return Usage(
        calls=sum(one["calls"] for one in told),
        tokens_in=sum(one["tokens_in"] for one in told),
        tokens_out=sum(one["tokens_out"] for one in told),
        cost_usd=round(sum(one["cost_usd"] for one in told), 6),
    )


def _made(plan: ExecutionPlan, attempt: int) -> dict[tuple[str, int], Any]:
    """The newest output of each shown node up to `attempt`."""
    rows = StageRun.objects.filter(
        plan=plan, state=StageState.DONE, stage__in=SHOWN, attempt__lte=attempt
    ).order_by("attempt")
    return {(stage, n): out for stage, n, out in rows.values_list("stage", "ordinal", "output")}


def _newest(kind: type[T], made: dict[tuple[str, int], Any], stage: Stage) -> T | None:
    return from_json(kind, made[stage, 0]) if (stage, 0) in made else None


def _judgements(plan: ExecutionPlan) -> tuple[Judgement, ...]:
    rows = StageRun.objects.filter(plan=plan, stage=Stage.JUDGE, state=StageState.DONE).order_by("attempt")
    return tuple(from_json(Judgement, output) for output in rows.values_list("output", flat=True))


def _picture_key(output: Any) -> str:
    picture = from_json(Picture, output)
    return getattr(picture, "preview_key", "") or picture.layers[0].key


def _view(run: StageRun) -> StageView:
    return StageView(
        stage=run.stage,
        ordinal=run.ordinal,
        attempt=run.attempt,
        state=StageState(run.state),
        tries=run.tries,
        seconds=round(run.seconds, 3),
        reused=run.reused,
    )
