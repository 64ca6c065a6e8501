"""What a retry keeps, what it throws away, and what it orders next."""

from dataclasses import replace
from uuid import uuid4

import pytest

from apps.contracts.judgement import Directive, DirectiveKind, Judgement, Scores, Signal, Verdict
from apps.orchestrator.lineage import Lineage, Outcome
from apps.orchestrator.mending import MARGIN, mends
from apps.orchestrator.remedies import REMEDIES, Evidence
from apps.orchestrator.settling import settle

HOLD = Signal(name="longest_hold", part="pacing", value=6.0, low=None, high=4.0, score=0.4, ordinal=2)
QUICKEN = Directive(
    kind=DirectiveKind.QUICKEN_CUTS, ordinal=2, amount=0.6, reason="measured", signal="longest_hold"
)
WORDING = Signal(name="hook_wording", part="hook", value=0.3, low=0.4, high=None, score=0.5)
REHOOK = Directive(
    kind=DirectiveKind.REWRITE_HOOK, ordinal=None, amount=0.5, reason="measured", signal="hook_wording"
)


def judged(
    *signals: Signal,
    attempt: int = 0,
    total: float = 60,
    gates: tuple[str, ...] = (),
    orders: tuple[Directive, ...] = (),
    verdict: Verdict = Verdict.RETRY,
    **parts: float,
) -> Judgement:
    scores = {"hook": 60.0, "pacing": 60.0, "loop": 60.0, **parts}
    return Judgement(
        id=uuid4(),
        attempt=attempt,
        scores=Scores(total=total, **scores),
        verdict=verdict,
        threshold=90,
        gates_failed=gates,
        signals=signals,
        directives=orders,
    )


def held(score: float, value: float = 5.0, **changes: object) -> Signal:
    return replace(HOLD, score=score, value=value, **changes)


def retried(*judgements: Judgement, limit: int = 9, evidence: Evidence | None = None) -> tuple[Outcome, ...]:
    """The outcomes of a job whose attempts were judged so, one after the other."""
    outcomes: tuple[Outcome, ...] = ()
    for n in range(len(judgements)):
        known = evidence or Evidence()
        outcomes = (*outcomes, settle(judgements[: n + 1], limit, outcomes, known))
    return outcomes


def test_an_order_is_kept_whose_signal_improved_while_nothing_fell() -> None:
    [mend] = mends(judged(HOLD), judged(held(0.9, 4.2), attempt=1), (QUICKEN,))

    assert (mend.before, mend.after, mend.high) == (6.0, 4.2, 4.0)
    assert mend.improved
    assert mend.kept
    assert mend.fell == ()


@pytest.mark.parametrize(
    ("taken", "fell"),
    [
        (judged(held(0.9), attempt=1, loop=60 - MARGIN - 1), ("loop",)),
        (judged(held(0.9), attempt=1, gates=("black",)), ("black",)),
    ],
)
def test_an_order_is_rejected_that_does_harm_elsewhere(taken: Judgement, fell: tuple[str, ...]) -> None:
    [mend] = mends(judged(HOLD), taken, (QUICKEN,))

    assert mend.improved
    assert not mend.kept
    assert mend.fell == fell


def test_a_fall_within_the_margin_is_borne() -> None:
    [mend] = mends(judged(HOLD), judged(held(0.9), attempt=1, loop=60 - MARGIN), (QUICKEN,))

    assert mend.kept


def test_sound_and_text_are_guarded_although_the_critic_tells_no_score_of_them() -> None:
    clear = Signal(name="caption_contrast", part="text", value=9, low=4.5, high=None, score=1)
    faint = replace(clear, value=3, score=0.5)

    [mend] = mends(judged(HOLD, clear), judged(held(0.9), faint, attempt=1), (QUICKEN,))

    assert mend.fell == ("text",)


def test_a_fault_that_only_moved_to_another_scene_is_not_mended() -> None:
    one = Signal(name="unsourced_figures", part="text", value=1, low=None, high=0, score=0.5, ordinal=3)
    order = replace(QUICKEN, kind=DirectiveKind.MEND_FACTS, signal="unsourced_figures", ordinal=3)
    moved = judged(replace(one, ordinal=4), attempt=1)
    none = judged(replace(one, value=0, score=1, ordinal=None), attempt=1)

    assert not mends(judged(one), moved, (order,))[0].improved
    assert mends(judged(one, replace(one, ordinal=5)), moved, (order,))[0].improved  # one of two
    assert mends(judged(one), none, (order,))[0].improved


def test_what_lies_beyond_the_scale_improves_by_coming_nearer() -> None:
    far = replace(HOLD, score=0.0, value=30.0)

    assert mends(judged(far), judged(replace(far, value=12.0), attempt=1), (QUICKEN,))[0].improved
    assert not mends(judged(far), judged(replace(far, value=29.0), attempt=1), (QUICKEN,))[0].improved


def test_a_rejected_mend_is_not_built_upon_and_another_remedy_is_tried() -> None:
    first = judged(HOLD, orders=(QUICKEN,))
    worse = judged(held(0.3, 6.5), attempt=1, total=55, orders=(QUICKEN,))

    outcomes = retried(first, worse)

    assert outcomes[1].base == 0
    assert outcomes[1].deliver == 0
    [order] = outcomes[1].directives
    assert order.kind is REMEDIES["longest_hold"][1]
    assert QUICKEN not in Lineage(outcomes).orders(2)


def test_a_kept_mend_is_handed_down_to_the_attempts_after_it() -> None:
    first = judged(HOLD, WORDING, orders=(QUICKEN,))
    better = judged(held(0.9, 4.2), WORDING, attempt=1, total=70, orders=(REHOOK,))
    no_help = judged(held(0.9, 4.2), WORDING, attempt=2, total=70, orders=(REHOOK,))

    outcomes = retried(first, better, no_help)

    assert [outcome.base for outcome in outcomes[1:]] == [1, 1]
    lineage = Lineage(outcomes)
    assert [o.kind for o in lineage.orders(2)] == [DirectiveKind.QUICKEN_CUTS, DirectiveKind.REWRITE_HOOK]
    assert lineage.orders(3)[0] == QUICKEN


def test_the_story_of_a_rejected_rewrite_is_not_told_again() -> None:
    first = judged(WORDING, orders=(REHOOK,))
    worse = judged(replace(WORDING, score=0.2), attempt=1, orders=(REHOOK,))
    better = judged(replace(WORDING, score=0.9), attempt=2, total=80, orders=(QUICKEN,))

    lineage = Lineage(retried(first, worse, better))

    orders, told_in = lineage.rewrite(2)
    assert told_in == 0
    assert [order.variation for order in orders] == [1]  # another wording than the one that failed
    assert lineage.rewrite(3) == (orders, told_in)  # attempt 3 speaks as attempt 2 does, without a new text


def test_an_order_that_failed_comes_again_only_by_another_amount() -> None:
    order = Directive(
        kind=DirectiveKind.LOWER_BED, ordinal=None, amount=0.4, reason="measured", signal="unlisted"
    )
    loud = Signal(name="unlisted", part="sound", value=9, low=12, high=None, score=0.4)
    judgements = [judged(loud, attempt=n, orders=(order,)) for n in range(5)]

    outcomes = retried(*judgements)

    given = [d.amount for outcome in outcomes for d in outcome.directives]
    assert given == [0.4, 0.8, 1.0]
    assert not outcomes[-1].directives


def test_what_helped_but_did_harm_comes_again_by_half() -> None:
    order = replace(QUICKEN, kind=DirectiveKind.LOWER_BED, signal="unlisted", ordinal=None)
    loud = Signal(name="unlisted", part="sound", value=9, low=12, high=None, score=0.4)
    harmed = judged(replace(loud, score=1.0), attempt=1, hook=40, orders=(order,))

    outcomes = retried(judged(loud, orders=(order,)), harmed)

    assert [d.amount for d in outcomes[1].directives] == [order.amount / 2]


def test_what_helped_beside_an_order_that_did_harm_is_given_again_alone() -> None:
    first = judged(HOLD, WORDING, orders=(QUICKEN, REHOOK))
    mixed = judged(held(0.3, 7), replace(WORDING, score=0.9), attempt=1, pacing=50, orders=(QUICKEN, REHOOK))

    outcomes = retried(first, mixed)

    assert [mend.improved for mend in outcomes[1].mends] == [False, True]
    assert outcomes[1].base == 0
    assert outcomes[1].directives == (REHOOK,)


def test_much_evidence_changes_the_remedy_and_little_does_not() -> None:
    usual, other = REMEDIES["longest_hold"][:2]
    first = judged(HOLD, orders=(QUICKEN,))
    little = Evidence({(usual, "longest_hold"): (1, 0), (other, "longest_hold"): (1, 1)})
    much = Evidence({(usual, "longest_hold"): (20, 2), (other, "longest_hold"): (20, 18)})

    assert settle((first,), 1, (), little).directives[0].kind is usual
    changed = settle((first,), 1, (), much)
    assert changed.directives[0].kind is other
    assert "18 of 20" in changed.because[0]


def test_a_tripped_gate_is_mended_before_anything_else() -> None:
    gate = Signal(name="black", part="pacing", value=1, low=None, high=0, score=0.9, gate=True)
    redraw = replace(QUICKEN, kind=DirectiveKind.REDRAW_SCENE, signal="black")
    first = judged(HOLD, WORDING, gate, gates=("black",), orders=(QUICKEN, REHOOK, redraw))

    assert settle((first,), 1).directives[0] == redraw


def test_what_no_order_named_is_mended_where_there_is_room() -> None:
    silent = Signal(
        name="silence_share", part="pacing", value=0.3, low=None, high=0.12, score=0.3,
        directive="trim_silence",
    )  # fmt: skip

    kinds = {d.kind for d in settle((judged(HOLD, silent, orders=(QUICKEN,)),), 1).directives}

    assert kinds == {DirectiveKind.QUICKEN_CUTS, DirectiveKind.TRIM_SILENCE}
