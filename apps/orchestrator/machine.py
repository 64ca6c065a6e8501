"""Every transition of a job, each in one transaction on the orchestrator's own alias.

The plan's row is locked first, so that sibling stages that finish together see each other.
Nothing here does a stage's work or talks to the broker; what became ready is returned.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import F, Max, Q
from django.utils import timezone

from apps.contracts.brief import Brief
from apps.contracts.codec import from_json, to_json
from apps.contracts.decision import FrameSpec, Plan
from apps.contracts.identity import row_id
from apps.contracts.judgement import Judgement
from apps.contracts.progress import Failure, StageState
from apps.contracts.story import SceneEdit, Story
from apps.foundation.notices import Notice
from apps.foundation.transactions import in_transaction
from apps.orchestrator import graph, records
from apps.orchestrator.failures import worker_lost
from apps.orchestrator.graph import GRAPH, Node, Queue, Stage
from apps.orchestrator.inputs import gather, inputs_digest
from apps.orchestrator.lineage import Outcome, Revision, revised
from apps.orchestrator.models import OPEN, ExecutionPlan, OrchestratorEvent, PlanStatus, StageRun
from apps.orchestrator.outputs import Outputs

ALIAS = "orchestrator"
#: Seconds before the first second try of a stage; doubles with each one.
BACKOFF_SECONDS = 2.0
#: Seconds after which a run that waits for a paused provider looks again; a resume wakes it at once.
PAUSE_SECONDS = 300.0


@dataclass(frozen=True)
class Wake:
    """A stage run that a worker should look at, now or after `delay` seconds."""

    run_id: UUID
    queue: Queue
    delay: float = 0.0


@dataclass(frozen=True)
class Claimed:
    """A stage run that this worker holds until its lease ends, and all that its work needs."""

    run: StageRun
    token: UUID
    inputs: dict[str, Any]

    @property
    def stage(self) -> Stage:
        return Stage(self.run.stage)


def open_plan(job_id: UUID, brief: Brief) -> list[Wake]:
    """Make the job's plan and its first stage run; does nothing where they exist."""
    with in_transaction(ALIAS):
        plan, made = ExecutionPlan.objects.get_or_create(
            job_id=job_id,
            defaults={
                "id": row_id(job_id, 0, "plan"),
                "retry_limit": settings.RETRY_LIMIT,
                "brief": to_json(brief),
            },
        )
        if not made:
            return []
        _record(plan, "submitted")
        return _advance(plan, attempt=0)


def claim(run_id: UUID) -> Claimed | Wake | None:
    """Take a run that is due, or whose lease ran out. None: nothing to do; a Wake: not due yet."""
    with in_transaction(ALIAS):
        found = _claim(run_id)
    if isinstance(found, Claimed) and found.run.tries > settings.STAGE_TRIES:
        # Only now: every other transition locks the plan before a run, and so must this one.
        fail(found.run, found.token, worker_lost(found.run.stage, found.run.tries - 1))
        return None
    return found


def _claim(run_id: UUID) -> Claimed | Wake | None:
    now, token = timezone.now(), uuid4()
    due = Q(state=StageState.READY, wake_at__lte=now) | Q(state=StageState.RUNNING, lease_until__lt=now)
    taken = StageRun.objects.filter(due, id=run_id).update(
        state=StageState.RUNNING,
        claim=token,
        lease_until=now + timedelta(seconds=settings.LEASE_SECONDS),
        tries=F("tries") + 1,
    )
    if not taken:
        return _not_yet(run_id, now)
    run = StageRun.objects.select_related("plan").get(id=run_id)
    node = (Stage(run.stage), run.ordinal)
    return Claimed(run, token, gather(_outputs(run.plan, run.attempt), node))


def _not_yet(run_id: UUID, now: datetime) -> Wake | None:
    run = StageRun.objects.filter(id=run_id, state=StageState.READY).only("stage", "wake_at").first()
    if run is None:
        return None
    return Wake(run_id, GRAPH[Stage(run.stage)].queue, max((run.wake_at - now).total_seconds(), 0.1))


def finish(
    run: StageRun,
    token: UUID,
    output: Any,
    *,
    seconds: float,
    cpu_seconds: float,
    told: Sequence[Notice] = (),
) -> list[Wake]:
    """Record a run's output and open what it makes ready. Nothing happens where the claim was lost."""
    with in_transaction(ALIAS):
        plan = _lock(run.job_id)
        if not _held(run, token).update(
            state=StageState.DONE,
            output=to_json(output),
            seconds=seconds,
            cpu_seconds=cpu_seconds,
            claim=None,
            lease_until=None,
            error=None,
            finished_at=timezone.now(),
        ):
            return []
        _record_notices(plan, run, told)
        _record(plan, "stage_done", **_where(run), seconds=round(seconds, 3))
        return _follow(plan, run, output)


def _follow(plan: ExecutionPlan, run: StageRun, output: Any) -> list[Wake]:
    if run.stage == Stage.REMEMBER:
        _end(plan, PlanStatus.COMPLETED, "completed", attempt=plan.delivered_attempt)
        return []
    if run.stage == Stage.DECIDE and run.attempt == 0:
        _note_decisions(plan, output)
    if run.stage == Stage.SETTLE:
        return _settle(plan, run.attempt, output)
    return _advance(plan, run.attempt)


def _note_decisions(plan: ExecutionPlan, decided: Plan) -> None:
    plan.persona_id = decided.persona.id
    plan.emotion_curve_id = decided.curve.id
    plan.hook_type = decided.hook_type.value
    plan.save(update_fields=["persona_id", "emotion_curve_id", "hook_type"])


def _settle(plan: ExecutionPlan, attempt: int, outcome: Outcome) -> list[Wake]:
    _note_mends(plan, outcome)
    if outcome.directives:
        plan.status, plan.current_retry = PlanStatus.RETRYING, attempt + 1
        plan.save(update_fields=["status", "current_retry"])
        _record(
            plan,
            "retry_triggered",
            attempt=attempt + 1,
            base=outcome.base,
            directives=[d.kind.value for d in outcome.directives],
            because=list(outcome.because),
        )
        return _advance(plan, attempt + 1)
    plan.delivered_attempt = outcome.deliver
    plan.save(update_fields=["delivered_attempt"])
    _record(
        plan,
        "accepted" if outcome.reason == "accepted" else "delivered_best",
        attempt=outcome.deliver,
        reason=outcome.reason,
    )
    return _open(plan, attempt, [(Stage.REMEMBER, 0)])[0]


def _note_mends(plan: ExecutionPlan, outcome: Outcome) -> None:
    """What the orders of the attempt just judged did, as rows and as events."""
    records.keep(plan.job_id, from_json(Brief, plan.brief).platform, outcome.mends)
    for mend in outcome.mends:
        _record(
            plan,
            "mend_kept" if mend.kept else "mend_rejected",
            attempt=mend.attempt,
            base=mend.base,
            directive=mend.kind.value,
            signal=mend.signal,
            before=mend.before,
            after=mend.after,
            fell=list(mend.fell),
        )


def _advance(plan: ExecutionPlan, attempt: int) -> list[Wake]:
    """Open everything of an attempt that is ready, reusing outputs whose inputs have not changed."""
    wakes: list[Wake] = []
    while True:
        done, known = _standing(plan, attempt)
        scenes = _scenes(plan, attempt, known)
        made, reused = _open(plan, attempt, list(graph.ready(done, known, scenes)))
        wakes += made
        if not reused:
            break
    _note_progress(plan, graph.progress(done, scenes, attempt))
    return wakes


def _standing(plan: ExecutionPlan, attempt: int) -> tuple[set[Node], set[Node]]:
    """The attempt's runs that are done, and all that have a row."""
    rows = StageRun.objects.filter(plan=plan, attempt=attempt).values_list("stage", "ordinal", "state")
    known = {(Stage(stage), ordinal): state for stage, ordinal, state in rows}
    return {node for node, state in known.items() if state == StageState.DONE}, set(known)


def _scenes(plan: ExecutionPlan, attempt: int, known: set[Node]) -> int | None:
    """How many scenes there are: as many as narrations, or, before those, as the story says."""
    narrations = sum(stage is Stage.NARRATE for stage, _ in known)
    return narrations or _outputs(plan, attempt).scenes


def _open(plan: ExecutionPlan, attempt: int, nodes: Sequence[Node]) -> tuple[list[Wake], list[StageRun]]:
    """Make the rows of `nodes`. Those whose digest is known are done at once; returns both kinds."""
    if not nodes:
        return [], []
    now, outputs = timezone.now(), _outputs(plan, attempt)
    digests = {node: inputs_digest(node[0], gather(outputs, node)) for node in nodes}
    known = _finished_before(plan, attempt, digests.values())
    rows = [
        _row(plan, attempt, node, digests[node], known.get((node[0], digests[node])), now) for node in nodes
    ]
    StageRun.objects.bulk_create(rows, ignore_conflicts=True)
    reused = [row for row in rows if row.reused]
    for row in reused:
        _record(plan, "stage_reused", **_where(row))
    return [Wake(row.id, GRAPH[Stage(row.stage)].queue) for row in rows if not row.reused], reused


def _finished_before(
    plan: ExecutionPlan, attempt: int, digests: Iterable[str]
) -> dict[tuple[str, str], StageRun]:
    if attempt == 0:
        return {}
    rows = StageRun.objects.filter(
        plan=plan, attempt__lt=attempt, state=StageState.DONE, digest__in=list(digests)
    ).exclude(stage=Stage.SETTLE)
    return {(row.stage, row.digest): row for row in rows}


def _row(
    plan: ExecutionPlan, attempt: int, node: Node, digest: str, earlier: StageRun | None, now: datetime
) -> StageRun:
    stage, ordinal = node
    return StageRun(
        id=row_id(plan.job_id, attempt, f"stage.{stage}", ordinal),
        plan=plan,
        job_id=plan.job_id,
        attempt=attempt,
        stage=stage,
        ordinal=ordinal,
        digest=digest,
        wake_at=now,
        state=StageState.DONE if earlier else StageState.READY,
        reused=earlier is not None,
        output=earlier.output if earlier else None,
        finished_at=now if earlier else None,
    )


def fail(run: StageRun, token: UUID, failure: Failure, told: Sequence[Notice] = ()) -> None:
    """End a run for good, and with it the job, or only the attempt where an earlier one can be shown."""
    with in_transaction(ALIAS):
        plan = _lock(run.job_id)
        if not _held(run, token).update(
            state=StageState.FAILED, error=to_json(failure), claim=None, lease_until=None
        ):
            return
        _record_notices(plan, run, told)
        _record(plan, "stage_failed", **_where(run), code=failure.code)
        _stop_rest(plan)
        best = _best_so_far(plan, run.attempt)
        if best is None:
            plan.failure = to_json(failure)
            plan.save(update_fields=["failure"])
            _end(plan, PlanStatus.FAILED, "failed", code=failure.code, stage=failure.stage)
            return
        plan.delivered_attempt = best
        plan.save(update_fields=["delivered_attempt"])
        _end(plan, PlanStatus.COMPLETED, "attempt_abandoned", delivered=best, code=failure.code)


def _best_so_far(plan: ExecutionPlan, attempt: int) -> int | None:
    settled = (
        StageRun.objects.filter(plan=plan, attempt__lt=attempt, stage=Stage.SETTLE, state=StageState.DONE)
        .order_by("-attempt")
        .first()
    )
    return from_json(Outcome, settled.output).deliver if settled else None


def try_again(run: StageRun, token: UUID, failure: Failure, told: Sequence[Notice] = ()) -> Wake | None:
    """Give a run back after an infrastructure failure, to be tried later; fails it when tries are spent."""
    if run.tries >= settings.STAGE_TRIES:
        fail(run, token, failure, told)
        return None
    delay = BACKOFF_SECONDS * 2 ** (run.tries - 1)
    return _give_back(run, token, delay, "stage_retry", error=to_json(failure), tries=run.tries, told=told)


def wait(run: StageRun, token: UUID, failure: Failure, told: Sequence[Notice] = ()) -> Wake | None:
    """Give a run back that can only go on once a provider is resumed; costs it no try."""
    error = to_json(failure)
    return _give_back(run, token, PAUSE_SECONDS, "stage_waits", error=error, tries=run.tries - 1, told=told)


def release(run: StageRun, token: UUID) -> Wake | None:
    """Give a run back untouched, as a worker does that is told to stop."""
    return _give_back(run, token, 0.0, "stage_released", error=None, tries=run.tries - 1)


def _give_back(
    run: StageRun,
    token: UUID,
    delay: float,
    event: str,
    *,
    error: Any,
    tries: int,
    told: Sequence[Notice] = (),
) -> Wake | None:
    with in_transaction(ALIAS):
        plan = _lock(run.job_id)
        if not _held(run, token).update(
            state=StageState.READY,
            claim=None,
            lease_until=None,
            error=error,
            tries=tries,
            wakes=0,
            wake_at=timezone.now() + timedelta(seconds=delay),
        ):
            return None
        _record_notices(plan, run, told)
        _record(plan, event, **_where(run), tries=tries, code=(error or {}).get("code", ""))
    return Wake(run.id, GRAPH[Stage(run.stage)].queue, delay)


def cancel(job_id: UUID) -> bool:
    """Stop a job that has not ended. Runs under way lose their claim: their output is discarded."""
    with in_transaction(ALIAS):
        plan = ExecutionPlan.objects.select_for_update().filter(job_id=job_id, status__in=OPEN).first()
        if plan is None:
            return False
        _stop_rest(plan)
        if plan.revisions:  # it was completed before, and what was delivered is still there
            _end(plan, PlanStatus.COMPLETED, "revision_cancelled", delivered=plan.delivered_attempt)
        else:
            _end(plan, PlanStatus.CANCELLED, "cancelled")
        return True


def resume(job_id: UUID) -> list[Wake] | None:
    """Open a failed or cancelled job again where it stopped. None: it is neither."""
    ended = (PlanStatus.FAILED, PlanStatus.CANCELLED)
    with in_transaction(ALIAS):
        plan = ExecutionPlan.objects.select_for_update().filter(job_id=job_id, status__in=ended).first()
        if plan is None:
            return None
        plan.status = PlanStatus.RETRYING if plan.current_retry else PlanStatus.ACTIVE
        plan.failure, plan.ended_at, plan.announced = None, None, True
        plan.save(update_fields=["status", "failure", "ended_at", "announced"])
        stopped = StageRun.objects.filter(plan=plan, state__in=(StageState.FAILED, StageState.CANCELLED))
        again = [Wake(run.id, GRAPH[Stage(run.stage)].queue) for run in stopped.only("id", "stage")]
        stopped.update(state=StageState.READY, tries=0, wakes=0, error=None, wake_at=timezone.now())
        _record(plan, "resumed", runs=len(again))
        return again + _advance(plan, plan.current_retry)


def revise(job_id: UUID, edits: tuple[SceneEdit, ...]) -> list[Wake] | None:
    """Open a completed job again for an attempt with a person's edits. None: it is not completed."""
    with in_transaction(ALIAS):
        plans = ExecutionPlan.objects.select_for_update()
        plan = plans.filter(job_id=job_id, status=PlanStatus.COMPLETED).first()
        if plan is None:
            return None
        newest = StageRun.objects.filter(plan=plan).aggregate(n=Max("attempt"))["n"]
        revision = Revision(attempt=newest + 1, base=plan.delivered_attempt or 0, edits=edits)
        plan.revisions = [*plan.revisions, to_json(revision)]
        plan.current_retry, plan.status, plan.progress = revision.attempt, PlanStatus.RETRYING, 0.0
        plan.ended_at, plan.announced = None, True
        plan.save()
        scenes = [edit.ordinal for edit in edits]
        _record(plan, "revised", attempt=revision.attempt, base=revision.base, scenes=scenes)
        return _advance(plan, revision.attempt)


def _stop_rest(plan: ExecutionPlan) -> None:
    StageRun.objects.filter(plan=plan, state__in=(StageState.READY, StageState.RUNNING)).update(
        state=StageState.CANCELLED, claim=None, lease_until=None
    )


def _end(plan: ExecutionPlan, status: PlanStatus, event: str, **metadata: Any) -> None:
    plan.status, plan.ended_at, plan.announced = status, timezone.now(), False
    plan.progress = 1.0 if status == PlanStatus.COMPLETED else plan.progress
    plan.save(update_fields=["status", "ended_at", "announced", "progress"])
    _record(plan, event, **metadata)


def _note_progress(plan: ExecutionPlan, progress: float) -> None:
    if progress > plan.progress:
        plan.progress = progress
        plan.save(update_fields=["progress"])


def _lock(job_id: UUID) -> ExecutionPlan:
    return ExecutionPlan.objects.select_for_update().get(job_id=job_id)


def _held(run: StageRun, token: UUID) -> Any:
    return StageRun.objects.filter(id=run.id, claim=token, state=StageState.RUNNING)


def _where(run: StageRun) -> dict[str, Any]:
    return {"stage": str(run.stage), "ordinal": run.ordinal, "attempt": run.attempt}


def _record(plan: ExecutionPlan, event_type: str, **metadata: Any) -> None:
    OrchestratorEvent.objects.create(job_id=plan.job_id, event_type=event_type, metadata=metadata)


def _record_notices(plan: ExecutionPlan, run: StageRun, told: Sequence[Notice]) -> None:
    for notice in told:
        _record(plan, notice.kind, **{**notice.facts, **_where(run)})


def _outputs(plan: ExecutionPlan, attempt: int) -> Outputs:
    """What `attempt` has done, with what earlier attempts hand down to it."""
    rows = StageRun.objects.filter(plan=plan, state=StageState.DONE, attempt__lte=attempt).values_list(
        "attempt", "stage", "ordinal", "output"
    )
    by_attempt: dict[int, dict[Node, Any]] = {n: {} for n in range(attempt + 1)}
    for number, stage, ordinal, output in rows:
        by_attempt[number][Stage(stage), ordinal] = output
    earlier = [_settled(by_attempt, n) for n in range(attempt)]
    revisions = from_json(tuple[Revision, ...], plan.revisions)
    return Outputs(
        brief=from_json(Brief, plan.brief),
        frame=FrameSpec(width=settings.FRAME_WIDTH, height=settings.FRAME_HEIGHT, fps=settings.FRAME_RATE),
        retry_limit=plan.retry_limit,
        attempt=attempt,
        done=by_attempt[attempt],
        outcomes=revised((from_json(Outcome, one[Stage.SETTLE, 0]) for one in earlier), revisions),
        stories=tuple(from_json(Story, one[Stage.WRITE, 0]) for one in earlier),
        judgements=tuple(
            replace(from_json(Judgement, one[Stage.JUDGE, 0]), attempt=n) for n, one in enumerate(earlier)
        ),
        revisions=revisions,
    )


def _settled(by_attempt: Mapping[int, Mapping[Node, Any]], attempt: int) -> Mapping[Node, Any]:
    """What an attempt has done, or, where it was abandoned, the settled one before it."""
    while (Stage.SETTLE, 0) not in by_attempt[attempt]:
        attempt -= 1
    return by_attempt[attempt]
