"""After the verdict: deliver, or try again with orders. Pure; no Django, no I/O."""

from apps.contracts.judgement import Judgement, Mend, Verdict
from apps.orchestrator import mending
from apps.orchestrator.lineage import Lineage, Outcome
from apps.orchestrator.remedies import NOTHING_KNOWN, Evidence, prescribe


def best_of(judgements: tuple[Judgement, ...]) -> Judgement:
    """The best attempt: accepted before not, fewer failed gates before more, then the higher total."""
    return max(
        judgements,
        key=lambda j: (j.verdict is Verdict.ACCEPT, -len(j.gates_failed), j.scores.total, -j.attempt),
    )


def settle(
    judgements: tuple[Judgement, ...],
    retry_limit: int,
    outcomes: tuple[Outcome, ...] = (),
    evidence: Evidence = NOTHING_KNOWN,
    *,
    revised: bool = False,
) -> Outcome:
    """What follows from all verdicts so far, the newest last, and from the outcomes before it.

    The best attempt is delivered, never simply the last, except where a person `revised` it: then theirs is.
    `evidence` is what earlier jobs tell of each remedy.
    """
    if revised:
        return Outcome(directives=(), deliver=judgements[-1].attempt, reason="a person revised it")
    newest, best = judgements[-1], best_of(judgements)
    mends = _mends(judgements, Lineage(outcomes))

    def deliver(reason: str) -> Outcome:
        return Outcome(directives=(), deliver=best.attempt, reason=reason, mends=mends)

    if newest.verdict is Verdict.ACCEPT:
        return deliver("accepted")
    if len(judgements) > retry_limit:
        return deliver("retry limit reached; best attempt delivered")
    lineage = Lineage((*outcomes, deliver("")))
    base = _base(judgements, lineage)
    chosen = prescribe(base, lineage, evidence)
    if not chosen:
        return deliver("no order is left that could mend it" if outcomes else "nothing to mend was named")
    return Outcome(
        directives=tuple(one.order for one in chosen),
        deliver=best.attempt,
        reason="the critic asked for a retry",
        base=base.attempt,
        mends=mends,
        because=tuple(one.why for one in chosen),
    )


def _mends(judgements: tuple[Judgement, ...], lineage: Lineage) -> tuple[Mend, ...]:
    """What the orders of the newest attempt did; none in the first."""
    newest = judgements[-1]
    if not newest.attempt or not lineage.outcomes:
        return ()
    base = judgements[lineage.base_of(newest.attempt)]
    return mending.mends(base, newest, lineage.own(newest.attempt))


def _base(judgements: tuple[Judgement, ...], lineage: Lineage) -> Judgement:
    """What the next attempt is built on: the best of the first and of those with a mend that was kept."""
    return best_of(tuple(j for j in judgements if not j.attempt or lineage.kept(j.attempt)))
