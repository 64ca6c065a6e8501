"""A memory behind the orchestrator's door that keeps what it is told, for tests of the gateway alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from apps.contracts.decision import FactorKind
from apps.contracts.experiment import Design, Trial, UnableToExperiment
from apps.contracts.judgement import MendStatistics
from apps.contracts.performance import (
    LearningPoint,
    Lesson,
    Performance,
    Rewards,
    Standing,
    Taught,
    Variety,
)

STANDING = Standing(
    kind="hook",
    reference_id="number",
    platform="youtube_shorts",
    mean=61.0,
    sd=4.0,
    low=55.9,
    high=66.1,
    n=5,
    n_real=3,
    uses=7,
)
HELD = {"persona": "nova", "loop_technique": "return"}


@dataclass
class FakeMemory:
    """The learning part of the orchestrator's door. `calls` counts reports that reached it."""

    known: dict[UUID, dict[object, Performance]] = field(default_factory=dict)
    rewards: dict[UUID, Rewards] = field(default_factory=dict)
    decided: dict[UUID, dict[str, str]] = field(default_factory=dict)
    unknown: set[UUID] = field(default_factory=set)
    refusal: UnableToExperiment | None = None

    def report(self, *, job_id: UUID, performances: tuple[Performance, ...]) -> Lesson:
        self.known.setdefault(job_id, {}).update({one.day: one for one in performances})
        return self.lesson(job_id)

    def report_many(self, performances: Mapping[UUID, tuple[Performance, ...]]) -> dict[UUID, str]:
        for job_id in performances.keys() - self.unknown:
            self.report(job_id=job_id, performances=performances[job_id])
        return {job_id: "Nothing was decided." for job_id in performances if job_id in self.unknown}

    def lesson(self, job_id: UUID) -> Lesson:
        known = sorted(self.known.get(job_id, {}).values(), key=lambda one: one.day)
        rewards = Rewards(total=70.0, hook=80.0) if known else None
        taught = Taught(kind="hook", reference_id="number", component="hook", reward=80.0, standing=STANDING)
        return Lesson(
            job_id=job_id,
            performances=tuple(known),
            rewards=rewards,
            taught=(taught,) if known else (),
            said="It did well." if known else "Nothing yet.",
        )

    def standings(self, *, platform: str, kind: str = "") -> tuple[Standing, ...]:
        return (replace(STANDING, platform=platform),) if kind in ("", "hook") else ()

    def learning_curve(
        self, *, platform: str = "", channel: str = "", limit: int = 500
    ) -> tuple[LearningPoint, ...]:
        return tuple(
            LearningPoint(job_id=UUID(int=n), n=n, reward=50.0, critic=60.0, average=50.0)
            for n in range(min(limit, 3))
        )

    def varieties(self, *, channel: str) -> tuple[Variety, ...]:
        return (Variety(kind="hook", effective=2.5, known=6, used=3, alert=False),)

    def mend_statistics(self, platform: str = "", *, by_signal: bool = False) -> tuple[MendStatistics, ...]:
        return ()

    def design_experiment(self, *, first_job, brief, n, factor="", levels=()) -> Design:
        if self.refusal:
            raise self.refusal
        kind = FactorKind(factor or "hook")
        chosen = tuple(levels) or ("number", "question", "mystery", "stakes")[:n]
        briefs = tuple(replace(brief, hook_type=level, persona="nova") for level in chosen)
        return Design(factor=kind, levels=chosen, reason="They are least known.", held=HELD, briefs=briefs)

    def trials(self, job_ids) -> dict[UUID, Trial]:
        return {
            job: Trial(
                job_id=job,
                factors=self.decided.get(job, {}),
                rewards=self.rewards.get(job),
                critic=66.0,
            )
            for job in job_ids
        }
