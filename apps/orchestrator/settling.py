"""After the verdict: deliver, or try again with orders. Pure; no Django, no I/O."""

from dataclasses import dataclass

from apps.contracts.judgement import Directive, Judgement, Verdict


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Either `directives` for another attempt, or, where there are none, the attempt to deliver."""

    directives: tuple[Directive, ...]
    deliver: int
    reason: str


def best_of(judgements: tuple[Judgement, ...]) -> Judgement:
    """The best attempt: accepted before not, fewer failed gates before more, then the higher total."""
    return max(
        judgements,
        key=lambda j: (j.verdict is Verdict.ACCEPT, -len(j.gates_failed), j.scores.total, -j.attempt),
    )


def settle(judgements: tuple[Judgement, ...], retry_limit: int) -> Outcome:
    """What follows from all verdicts so far, the newest last."""
    newest, best = judgements[-1], best_of(judgements)
    if newest.verdict is Verdict.ACCEPT:
        return Outcome(directives=(), deliver=best.attempt, reason="accepted")
    if len(judgements) > retry_limit:
        return Outcome(
            directives=(), deliver=best.attempt, reason="retry limit reached; best attempt delivered"
        )
    if not newest.directives:
        return Outcome(directives=(), deliver=best.attempt, reason="nothing to mend was named")
    return Outcome(directives=newest.directives, deliver=best.attempt, reason="the critic asked for a retry")
