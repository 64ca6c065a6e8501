"""The passage to memory: what a short's real numbers teach, and what memory believes.

Joins memory's answers with what was decided for a job. It keeps nothing and knows no statistics.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.contracts.performance import (
    LearningPoint,
    Lesson,
    Performance,
    Rewards,
    Standing,
    Taught,
    Variety,
    component_of,
)
from apps.contracts.progress import StageState
from apps.memory import interface as memory
from apps.orchestrator.graph import Stage
from apps.orchestrator.models import StageRun


class UnableToLearn(LookupError):
    """Nothing was decided for this job yet, so its numbers can teach nothing. Wait until it is completed."""


# Real numbers ----------------------------------------------------------------------------------------


def report(*, job_id: UUID, performances: tuple[Performance, ...]) -> Lesson:
    """Let memory learn from a short's numbers, totals by day; the newest report of a day wins.

    Raises UnableToLearn for a job of which nothing was decided.
    """
    _report(job_id, performances)
    return lesson(job_id)


def report_many(performances: Mapping[UUID, tuple[Performance, ...]]) -> dict[UUID, str]:
    """`report` for many shorts; those that could not be learned from, with the reason in words.

    What memory has been told before is passed over.
    """
    unknown = [job for job, numbers in performances.items() if not _reported(job, numbers)]
    decided = decided_for(unknown)
    for job in unknown:
        if job in decided:
            _tell_of(job, decided[job])
            memory.report(job_id=job, performances=performances[job])
    return {job: UnableToLearn.__doc__ or "" for job in unknown if job not in decided}


def _report(job_id: UUID, performances: tuple[Performance, ...]) -> None:
    try:
        memory.report(job_id=job_id, performances=performances)
    except memory.UnableToLearn:
        decided = decided_for([job_id])
        if job_id not in decided:
            raise UnableToLearn(UnableToLearn.__doc__) from None
        _tell_of(job_id, decided[job_id])
        memory.report(job_id=job_id, performances=performances)


def _reported(job_id: UUID, performances: tuple[Performance, ...]) -> bool:
    """Whether memory has these numbers now; False where it does not know the job."""
    if set(performances) <= set(memory.performance_of(job_id)):
        return True
    try:
        memory.report(job_id=job_id, performances=performances)
    except memory.UnableToLearn:
        return False
    return True


def lesson(job_id: UUID) -> Lesson:
    """What is known of a short's success and what it taught; empty where it has no numbers yet."""
    known, rewards = memory.performance_of(job_id), memory.rewards_of(job_id)
    taught = _taught(job_id, rewards) if rewards else ()
    return Lesson(
        job_id=job_id, performances=known, rewards=rewards, taught=taught, said=_said(known, rewards, taught)
    )


def _tell_of(job_id: UUID, decided: Mapping[str, Any]) -> None:
    """Tell memory of a job that was decided before memory kept what it needs for real numbers."""
    memory.record_use(
        job_id=job_id,
        platform=decided["strategy"]["platform"],
        channel=decided["channel"],
        factors=decided["factors"],
        length_seconds=float(decided["strategy"]["length_seconds"]),
    )


def _taught(job_id: UUID, rewards: Rewards) -> tuple[Taught, ...]:
    decided = decided_for([job_id]).get(job_id)
    if decided is None:
        return ()
    platform = decided["strategy"]["platform"]
    standing = {(s.kind, s.reference_id): s for s in memory.standings(platform=platform)}
    return tuple(
        Taught(
            kind=kind,
            reference_id=reference,
            component=component_of(kind),
            reward=getattr(rewards, component_of(kind)),
            standing=standing.get((kind, reference)),
        )
        for kind, reference in decided["factors"].items()
    )


def _said(known: Sequence[Performance], rewards: Rewards | None, taught: Iterable[Taught]) -> str:
    if not known:
        return "No numbers have been reported for this short."
    if rewards is None or rewards.total is None:
        return "The numbers are kept; they say too little of this short to learn from."
    learned = [f"{t.kind} {t.reference_id}" for t in taught if t.reward is not None]
    place = f"Beside shorts of its length there it did {_word(rewards.total)} ({rewards.total:.0f} of 100)"
    return f"{place}. Learned for: {', '.join(learned)}." if learned else f"{place}."


def _word(reward: float) -> str:
    return (
        "better than most" if reward > 60 else "worse than most" if reward < 40 else "about as well as most"
    )


# What memory believes --------------------------------------------------------------------------------


def standings(*, platform: str, kind: str = "") -> tuple[Standing, ...]:
    """A platform's leaderboard, best first; of one kind of factor where it is named."""
    return memory.standings(platform=platform, kind=kind)


def learning_curve(*, platform: str = "", channel: str = "", limit: int = 500) -> tuple[LearningPoint, ...]:
    """The newest `limit` shorts with a reward or a score, oldest first."""
    return memory.learning_curve(platform=platform, channel=channel, limit=limit)


def varieties(*, channel: str) -> tuple[Variety, ...]:
    """How varied each factor is in a channel's newest shorts."""
    return memory.varieties(channel=channel)


# Rows ------------------------------------------------------------------------------------------------


def decided_for(job_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Each job's factors, strategy and channel, as they were decided; undecided jobs are left out."""
    names = ("output__factors", "output__strategy", "plan__brief__channel")
    rows = done(job_ids, Stage.DECIDE).values_list("job_id", *names)
    return {
        job: {"factors": factors, "strategy": route, "channel": channel or "default"}
        for job, factors, route, channel in rows
    }


def done(job_ids: Sequence[UUID], stage: Stage) -> QuerySet[StageRun]:
    """The finished runs of a stage, oldest attempt first."""
    rows = StageRun.objects.filter(job_id__in=list(job_ids), stage=stage, state=StageState.DONE)
    return rows.order_by("attempt")
