"""Instant media, but real decisions and a real memory: STAGES=benchmarks.learning_stages.

What a job decides and learns is what it would be; no sound, picture or file is made. The critic sees nothing:
its scores are noise, so that whatever is learned comes from the audience.
"""

import random
from collections.abc import Callable
from typing import Any

from apps.contracts.identity import row_id
from apps.contracts.judgement import Judgement, Scores, Verdict
from apps.orchestrator.graph import Stage
from apps.orchestrator.stages import WORK as REAL
from apps.orchestrator.ticket import Ticket
from benchmarks import instant

#: Mean and spread of a blind critic's scores.
SCORE, SPREAD = 65.0, 8.0


def judge(ticket: Ticket, **_: Any) -> Judgement:
    """Accepts everything, with scores that say nothing."""
    noise = random.Random(ticket.job_id.int)
    hook, pacing, loop = (min(max(noise.gauss(SCORE, SPREAD), 0.0), 100.0) for _ in range(3))
    return Judgement(
        id=row_id(ticket.job_id, ticket.attempt, "score"),
        attempt=ticket.attempt,
        scores=Scores(total=(hook + pacing + loop) / 3, hook=hook, pacing=pacing, loop=loop),
        verdict=Verdict.ACCEPT,
        threshold=0.0,
        gates_failed=(),
        signals=(),
        directives=(),
    )


WORK: dict[Stage, Callable[..., Any]] = {
    **instant.WORK,
    Stage.DECIDE: REAL[Stage.DECIDE],
    Stage.SETTLE: REAL[Stage.SETTLE],
    Stage.REMEMBER: REAL[Stage.REMEMBER],
    Stage.JUDGE: judge,
}
