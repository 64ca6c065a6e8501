"""The stage graph, its progress, and what a retry runs again."""

from dataclasses import replace
from uuid import uuid4

import pytest

from apps.contracts.brief import Brief
from apps.contracts.codec import to_json
from apps.contracts.decision import FrameSpec
from apps.contracts.judgement import Directive, DirectiveKind, Judgement, Scores, Verdict
from apps.orchestrator import graph
from apps.orchestrator.graph import GRAPH, OWNER, Stage
from apps.orchestrator.inputs import gather, inputs_digest
from apps.orchestrator.lineage import Outcome
from apps.orchestrator.outputs import Outputs
from apps.orchestrator.settling import best_of, settle
from apps.orchestrator.ticket import Ticket

SCENES = 6
FRAME = FrameSpec(width=270, height=480, fps=30)


def run_whole_graph(outputs: Outputs) -> Outputs:
    """Every stage up to settle, in order of readiness, with instant work."""
    from benchmarks.instant import WORK

    done = dict(outputs.done)
    while True:
        now = replace(outputs, done=done, _cache={})
        nodes = list(graph.ready(done.keys(), done.keys(), now.scenes))
        if not nodes:
            return now
        for node in nodes:
            ticket = Ticket(JOB, outputs.attempt, node[1])
            done[node] = to_json(WORK[node[0]](ticket, **gather(now, node)))


JOB = uuid4()
FIRST = Outputs(brief=Brief(topic="x", facts=("y",)), frame=FRAME, retry_limit=1, attempt=0, done={})


def digests(outputs: Outputs) -> dict[graph.Node, str]:
    return {node: inputs_digest(node[0], gather(outputs, node)) for node in outputs.done}


def second_attempt(first: Outputs, *directives: Directive) -> Outputs:
    return run_whole_graph(
        replace(
            first,
            attempt=1,
            done={},
            _cache={},
            outcomes=(Outcome(directives=directives, deliver=0, reason=""),),
            stories=(first.story,),
            judgements=(first.judgement,),
        )
    )


def judgement(attempt: int, total: float, verdict: Verdict, gates: tuple[str, ...] = ()) -> Judgement:
    order = Directive(kind=DirectiveKind.LOWER_BED, ordinal=None, amount=0.5, reason="bed too loud")
    return Judgement(
        id=uuid4(), attempt=attempt, scores=Scores(total=total, hook=total, pacing=total, loop=total),
        verdict=verdict, threshold=60, gates_failed=gates, signals=(), directives=(order,),
    )  # fmt: skip


def test_every_stage_runs_once_per_scene_or_once() -> None:
    done = run_whole_graph(FIRST).done

    per_scene = sum(step.per_scene for step in GRAPH.values())
    assert len(done) == per_scene * SCENES + len(GRAPH) - per_scene - 1  # remember waits for settle


def test_nothing_starts_before_what_it_needs_is_done() -> None:
    assert list(graph.ready(set(), set(), None)) == [(Stage.DECIDE, 0)]
    written = {(s, 0) for s in (Stage.DECIDE, Stage.WRITE, Stage.SCRIPT)}
    started = {stage for stage, _ in graph.ready(written, written, SCENES)}
    assert started == {Stage.NARRATE, Stage.PICTURE}


def test_a_retry_without_orders_would_run_nothing_again() -> None:
    first = run_whole_graph(FIRST)

    again = second_attempt(first)

    changed = {node[0] for node, digest in digests(again).items() if digests(first)[node] != digest}
    assert changed <= {Stage.SETTLE}


@pytest.mark.parametrize(
    ("kind", "touched"),
    [
        (DirectiveKind.LOWER_BED, {Stage.SCORE}),
        (DirectiveKind.MORE_MOTION, {Stage.COMPOSE}),
        (
            DirectiveKind.REWRITE_HOOK,
            {Stage.WRITE, Stage.SCRIPT, Stage.NARRATE, Stage.PICTURE, Stage.COMPOSE},
        ),
    ],
)
def test_only_what_a_directive_touches_runs_again(kind: DirectiveKind, touched: set[Stage]) -> None:
    first = run_whole_graph(FIRST)
    order = Directive(kind=kind, ordinal=0, amount=1.0, reason="measured")

    again = second_attempt(first, order)

    before, after = digests(first), digests(again)
    changed = {node for node in after if before[node] != after[node]}
    assert touched <= {stage for stage, _ in changed}
    assert (OWNER[kind], 0) in changed
    last_scene_returns_to_the_hook = {(Stage.COMPOSE, SCENES - 1)}
    others = {(s, n) for s in (Stage.NARRATE, Stage.PICTURE, Stage.COMPOSE) for n in range(1, SCENES)}
    assert changed & others <= last_scene_returns_to_the_hook


def test_progress_grows_and_stays_below_one() -> None:
    done = list(run_whole_graph(FIRST).done)

    shares = [graph.progress(done[:n], SCENES, 0) for n in range(len(done) + 1)]

    assert shares == sorted(shares)
    assert shares[-1] < graph.progress(done, SCENES, 1) < 1


def test_the_best_attempt_is_delivered_not_the_last() -> None:
    first, second = judgement(0, 58, Verdict.RETRY), judgement(1, 51, Verdict.RETRY)

    assert settle((first, second), retry_limit=1).deliver == 0
    assert best_of((judgement(0, 90, Verdict.RETRY, ("black",)), second)).attempt == 1


def test_an_unaccepted_take_is_retried_only_within_the_limit() -> None:
    first = judgement(0, 50, Verdict.RETRY)

    assert settle((first,), retry_limit=1).directives
    assert not settle((first,), retry_limit=0).directives
