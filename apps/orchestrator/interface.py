"""The orchestrator's door: submit, follow, stop and resume jobs, and read what can be asked for.

Takes and returns contracts, ids and primitives only. It is the one way from above to the creative
services, which it alone may call.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from apps.audience import interface as audience
from apps.audio import interface as audio
from apps.contracts.brief import Brief, BriefProblem
from apps.contracts.decision import AudienceProfile, Curve, Mood, Persona, PlatformProfile
from apps.contracts.experiment import Design, Trial
from apps.contracts.judgement import MendStatistics
from apps.contracts.media import Upload
from apps.contracts.pausing import Pause
from apps.contracts.performance import LearningPoint, Lesson, Performance, Standing, Variety
from apps.contracts.progress import Day, JobEvent, JobSnapshot, Output, StageTime
from apps.contracts.story import SceneEdit
from apps.emotion import interface as emotion
from apps.foundation.catalog import SeedReport
from apps.foundation.providers import paused as _resting
from apps.image import interface as image
from apps.orchestrator import (
    announcing,
    experimenting,
    learning,
    machine,
    records,
    snapshots,
    statistics,
    waking,
)
from apps.orchestrator import pauses as _pauses
from apps.orchestrator import today as _today
from apps.orchestrator.graph import Stage
from apps.orchestrator.learning import UnableToLearn as UnableToLearn
from apps.orchestrator.models import OrchestratorEvent
from apps.orchestrator.pauses import UnableToPause as UnableToPause
from apps.persona import interface as persona
from apps.script import interface as script
from apps.story import interface as story
from apps.strategy import interface as strategy
from apps.video import interface as video


def problems_with(brief: Brief) -> tuple[BriefProblem, ...]:
    """Everything that keeps a brief from being made, each service speaking for its own fields."""
    doors: tuple[Any, ...] = (strategy, audience, emotion, persona, story, script, audio, image, video)
    found = [problem for door in doors for problem in door.problems_with(brief)]
    return tuple({(p.field, p.code): p for p in reversed(found)}.values())[::-1]


def submit(*, job_id: UUID, brief: Brief) -> None:
    """Start a job; a second call with the same id changes nothing."""
    wakes = machine.open_plan(job_id, brief)
    waking.wake(wakes)


def cancel(*, job_id: UUID) -> bool:
    """Stop a job; False where it has already ended or is unknown."""
    stopped = machine.cancel(job_id)
    if stopped:
        announcing.announce(job_id)
    return stopped


def retry(*, job_id: UUID) -> bool:
    """Resume a failed or cancelled job where it stopped; False where it is neither."""
    wakes = machine.resume(job_id)
    if wakes is None:
        return False
    announcing.announce(job_id)
    waking.wake(wakes)
    return True


def problems_with_edit(edit: SceneEdit) -> tuple[BriefProblem, ...]:
    """What keeps a person's change to a scene from being made."""
    return story.problems_with_edit(edit)


def revise(*, job_id: UUID, edits: tuple[SceneEdit, ...]) -> bool:
    """Make a completed job's short again with a person's edits; only what they touch is made anew.

    What is delivered stays until the new take is there, and is what remains if that fails. False where
    the job is not completed.
    """
    wakes = machine.revise(job_id, edits)
    if wakes is None:
        return False
    announcing.announce(job_id)
    waking.wake(wakes)
    return True


def snapshot(job_id: UUID) -> JobSnapshot | None:
    """How a job stands now; None for an id without a plan."""
    return snapshots.snapshot(job_id)


def events(job_id: UUID, *, after: int = 0, limit: int = 200) -> tuple[JobEvent, ...]:
    """A job's transitions with seq > `after`, oldest first, at most `limit`."""
    rows = OrchestratorEvent.objects.filter(job_id=job_id, seq__gt=after).order_by("seq")[:limit]
    return tuple(
        JobEvent(seq=row.seq, event_type=row.event_type, at=row.created_at, metadata=row.metadata)
        for row in rows
    )


def mend_statistics(platform: str = "", *, by_signal: bool = False) -> tuple[MendStatistics, ...]:
    """Which order helps: one line a kind (with `by_signal`, one a kind and signal), most often tried first.

    Over all platforms where none is named.
    """
    return records.statistics(platform, by_signal=by_signal)


def stage_times() -> tuple[StageTime, ...]:
    """How long each stage takes of late, and what of it waits now."""
    return statistics.stage_times()


def throughput(*, days: int = 14) -> tuple[Output, ...]:
    """Jobs of the last `days` that ended, by day, oldest first."""
    return statistics.throughput(days=days)


def metrics() -> dict[str, dict[tuple[str, str], int]]:
    """Stage runs that are not done, by (stage, state)."""
    return {"stage_runs": statistics.queue()}


def platforms() -> tuple[PlatformProfile, ...]:
    """Every platform there is a profile for."""
    return strategy.platforms()


def audiences() -> tuple[AudienceProfile, ...]:
    """Every audience there is a profile for."""
    return audience.audiences()


def personas() -> tuple[Persona, ...]:
    """Every persona."""
    return persona.personas()


def curves() -> tuple[Curve, ...]:
    """Every emotion curve at its nominal length."""
    return emotion.curves()


def emotions() -> tuple[Mood, ...]:
    """The emotions a curve may pass through, liveliest first."""
    return emotion.emotions()


def caption_styles() -> tuple[str, ...]:
    """The names of the caption styles."""
    return video.caption_styles()


def languages() -> tuple[str, ...]:
    """Languages that can be both written out and spoken."""
    return tuple(sorted(script.languages() & audio.languages()))


def speak_sample(persona_id: str) -> str:
    """The storage key of a persona's voice sample, spoken by the first voice that is not paused.

    Raises persona's UnknownPersona, UnableToProvide, ProviderUnavailable.
    """
    who = persona.persona(persona_id)
    language, text = persona.sample(persona_id)
    with _resting(_pauses.paused_names(Stage.NARRATE)):
        return audio.speak_sample(persona_id=who.id, voice=who.voice, language=language, text=text)


def seed() -> dict[str, SeedReport]:
    """Load every catalogue; what a curator edited is kept."""
    doors: tuple[Any, ...] = (strategy, audience, persona, emotion)
    return {door.__name__.split(".")[1]: door.seed() for door in doors}


def keep_upload(path: Path, name: str, credit: str = "") -> Upload:
    """Keep an image or a clip of the user's own for a brief's `media`. Raises UnableToKeepUpload."""
    return image.keep_upload(path, name, credit)


def providers() -> dict[str, tuple[str, ...]]:
    """Names that a field of a brief's `providers` may hold, by field."""
    return {"writer": story.providers(), "pictures": image.providers(), **audio.providers()}


def today() -> Day:
    """What today (UTC) has brought so far, and what waits."""
    return _today.today()


def pauses() -> tuple[Pause, ...]:
    """Every provider that is paused now, newest first."""
    return _pauses.pauses()


def pause_provider(*, kind: str, name: str, by: str, reason: str = "") -> Pause:
    """Have no stage ask a provider until it is resumed; `by` is who decided it. Raises UnableToPause."""
    return _pauses.pause(kind=kind, name=name, by=by, reason=reason)


def resume_provider(*, kind: str, name: str, by: str) -> bool:
    """Ask a paused provider again, and wake what waited for it; False where it was not paused."""
    wakes = _pauses.resume(kind=kind, name=name, by=by)
    waking.wake(wakes or [])
    return wakes is not None


# Learning --------------------------------------------------------------------------------------------


def report(*, job_id: UUID, performances: tuple[Performance, ...]) -> Lesson:
    """Let memory learn from a short's real numbers, totals by day; the newest report of a day wins.

    Raises UnableToLearn for a job of which nothing was decided.
    """
    return learning.report(job_id=job_id, performances=performances)


def report_many(performances: Mapping[UUID, tuple[Performance, ...]]) -> dict[UUID, str]:
    """`report` for many shorts; the answer holds those that could not be learned from, and why."""
    return learning.report_many(performances)


def lesson(job_id: UUID) -> Lesson:
    """What was reported of a short, and what it taught; empty where nothing was reported."""
    return learning.lesson(job_id)


def standings(*, platform: str, kind: str = "") -> tuple[Standing, ...]:
    """A platform's leaderboard, best first; of one kind of factor where it is named."""
    return learning.standings(platform=platform, kind=kind)


def learning_curve(*, platform: str = "", channel: str = "", limit: int = 500) -> tuple[LearningPoint, ...]:
    """The newest `limit` shorts with a reward or a score, oldest first."""
    return learning.learning_curve(platform=platform, channel=channel, limit=limit)


def varieties(*, channel: str) -> tuple[Variety, ...]:
    """How varied each factor is in a channel's newest shorts."""
    return learning.varieties(channel=channel)


def design_experiment(
    *, first_job: UUID, brief: Brief, n: int, factor: str = "", levels: Sequence[str] = ()
) -> Design:
    """`n` briefs that differ in one factor, which memory chooses where it is not named.

    `first_job` is the id that the first of them will have. Raises contracts' UnableToExperiment.
    """
    return experimenting.design(first_job=first_job, brief=brief, n=n, factor=factor, levels=levels)


def trials(job_ids: Sequence[UUID]) -> dict[UUID, Trial]:
    """How each job of an experiment stands: what was decided, its real rewards, the critic's total."""
    return experimenting.trials(job_ids)
