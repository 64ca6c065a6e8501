"""Every order on a real, small job: only its stage's cone runs again, and what it was given for is better."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.contracts.brief import Brief
from apps.contracts.codec import from_json
from apps.contracts.judgement import Directive, DirectiveKind, Judgement
from apps.contracts.progress import JobSnapshot, JobStatus
from apps.critic import interface as critic
from apps.orchestrator import interface as orchestrator
from apps.orchestrator import records, runner, stages
from apps.orchestrator.graph import GRAPH, OWNER, Stage
from apps.orchestrator.lineage import Outcome
from apps.orchestrator.models import OrchestratorEvent, StageRun
from tests.inline import run_job

BRIEF = Brief(
    topic="Why an octopus has three hearts",
    facts=(
        "An octopus has three hearts.",
        "Two hearts pump blood to the gills, and the third pumps it to the rest of the body.",
        "The third heart stops beating when the octopus swims.",
        "That is why octopuses prefer crawling.",
    ),
    # Nothing is left to chance, so that each order finds something to do in every run.
    persona="kind_neighbour",
    curve="icarus",
    hook_type="question",
    loop_technique="return",
    caption_style="bold_pop",
    duration=20,
    seed=1,
)

pytestmark = [
    pytest.mark.django_db(databases="__all__", transaction=True),
    pytest.mark.xdist_group("whole"),
    pytest.mark.timeout(600),  # thirteen attempts of a real job, on machines that may have other work
]


@dataclass(frozen=True)
class Trial:
    """An order, the signal it is for, and which way that goes; None: this draft's is as good as it gets."""

    kind: DirectiveKind
    signal: str
    rises: bool | None
    ordinal: int | None = None


TRIALS = (
    Trial(DirectiveKind.TIGHTEN_PACING, "shot_length", False),
    Trial(DirectiveKind.TRIM_SILENCE, "silence_share", False),
    Trial(DirectiveKind.QUICKEN_CUTS, "shot_length", False),
    Trial(DirectiveKind.LOWER_BED, "voice_over_bed", True),
    Trial(DirectiveKind.FIX_LOUDNESS, "true_peak", False),
    Trial(DirectiveKind.MORE_MOTION, "motion", True),
    Trial(DirectiveKind.MEND_SEAM, "visual_seam", False),
    Trial(DirectiveKind.REWRITE_HOOK, "hook_wording", None),
    Trial(DirectiveKind.CLOSE_LOOP, "semantic_loop", None),
    Trial(DirectiveKind.REDRAW_SCENE, "colourfulness", None, ordinal=0),
    Trial(DirectiveKind.RESTYLE_CAPTIONS, "caption_contrast", None),
    Trial(DirectiveKind.FOLLOW_CURVE, "emotion_fidelity", None),
)


@pytest.fixture(autouse=True)
def _small(settings: Any) -> None:
    settings.FRAME_WIDTH, settings.FRAME_HEIGHT, settings.FRAME_RATE = 270, 480, 20
    settings.ENCODER_PRESET = "ultrafast"
    orchestrator.seed()


@contextmanager
def ordered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Attempt n + 1 is the first draft with the n-th trial's order and nothing else."""

    def conclude(_: Any, *, judgements: tuple[Judgement, ...], **__: Any) -> Outcome:
        trial = dict(enumerate(TRIALS)).get(len(judgements) - 1)
        order = trial and Directive(
            kind=trial.kind, ordinal=trial.ordinal, amount=1.0, reason="measured", signal=trial.signal
        )
        return Outcome(directives=(order,) if order else (), deliver=0, reason="tried")

    with monkeypatch.context() as patch:
        patch.setitem(stages.WORK, Stage.SETTLE, conclude)
        runner.work_of.cache_clear()
        yield
    runner.work_of.cache_clear()


def cone(stage: Stage) -> set[Stage]:
    """A stage and all that follows from it."""
    found = {stage}
    for other, step in GRAPH.items():
        if found & set(step.after):
            found.add(other)
    return found - {Stage.REMEMBER}


def ran(job: UUID, attempt: int) -> set[Stage]:
    runs = StageRun.objects.filter(job_id=job, attempt=attempt, reused=False)
    return {Stage(run.stage) for run in runs} - {Stage.REMEMBER}


def value(judgement: Judgement, signal: str) -> float:
    return next(s.value for s in judgement.signals if s.name == signal)


def ended(job: UUID) -> JobSnapshot:
    """The job, run to its end."""
    snapshot = orchestrator.snapshot(job)
    assert snapshot is not None
    return snapshot


def test_every_order_reruns_its_cone_alone_and_mends_what_it_is_for(monkeypatch: pytest.MonkeyPatch) -> None:
    job = uuid4()
    with ordered(monkeypatch):
        run_job(monkeypatch, job, BRIEF)

    judgements = ended(job).judgements
    assert len(judgements) == 1 + len(TRIALS)
    for attempt, trial in enumerate(TRIALS, 1):
        assert ran(job, attempt) == cone(OWNER[trial.kind]), trial.kind
        before, after = (value(judgements[n], trial.signal) for n in (0, attempt))
        if trial.rises is None:
            continue
        assert (after > before) is trial.rises, (trial.kind, before, after)


def test_a_demanding_critic_gets_the_best_attempt_and_every_mend_is_on_record(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.RETRY_LIMIT = 2
    monkeypatch.setattr(critic, "_threshold", lambda *_: 99.9)
    job = uuid4()

    run_job(monkeypatch, job, BRIEF)

    snapshot = ended(job)
    assert snapshot.status is JobStatus.COMPLETED
    assert len(snapshot.judgements) == 3
    assert snapshot.judgements[snapshot.attempt].scores.total == max(
        judgement.scores.total for judgement in snapshot.judgements
    )
    assert_each_order_has_its_mend(snapshot)
    assert_only_the_cones_of_what_changed_ran_again(snapshot)
    assert_nothing_rejected_is_ordered_again_as_it_was(snapshot)


def outcome(job: UUID, attempt: int) -> Outcome:
    run = StageRun.objects.get(job_id=job, attempt=attempt, stage=Stage.SETTLE)
    return from_json(Outcome, run.output)


def assert_each_order_has_its_mend(snapshot: JobSnapshot) -> None:
    orders = [(n + 1, d.kind) for n in range(2) for d in outcome(snapshot.job_id, n).directives]
    assert [(mend.attempt, mend.kind) for mend in snapshot.mends] == orders
    told = OrchestratorEvent.objects.filter(job_id=snapshot.job_id, event_type__startswith="mend_")
    kept = [event.event_type == "mend_kept" for event in told.order_by("seq")]
    assert kept == [mend.kept for mend in snapshot.mends]
    records.keep(snapshot.job_id, BRIEF.platform, [m for m in snapshot.mends if m.attempt == 1])
    assert ended(snapshot.job_id).mends == snapshot.mends
    counted = orchestrator.mend_statistics(BRIEF.platform)
    assert sum(line.tried for line in counted) == len(snapshot.mends)
    assert sum(line.kept for line in counted) == sum(mend.kept for mend in snapshot.mends)


def assert_only_the_cones_of_what_changed_ran_again(snapshot: JobSnapshot) -> None:
    for attempt in (1, 2):
        orders = outcome(snapshot.job_id, attempt - 1).directives
        may = set().union(*(cone(OWNER[order.kind]) for order in orders))
        if attempt == 2:  # what is not handed down is undone, but found in storage
            may |= set().union(*(cone(OWNER[mend.kind]) for mend in snapshot.mends))
        assert ran(snapshot.job_id, attempt) <= may


def assert_nothing_rejected_is_ordered_again_as_it_was(snapshot: JobSnapshot) -> None:
    rejected = {(m.kind, m.ordinal, m.signal) for m in snapshot.mends if m.attempt == 1 and not m.improved}
    first, second = (outcome(snapshot.job_id, n).directives for n in (0, 1))
    for order in second:
        if (order.kind, order.ordinal, order.signal) in rejected:
            assert order not in [replace(one, reason=order.reason) for one in first]
