"""The orchestrator's door: submit, follow, stop and resume jobs, and read what can be asked for.

Takes and returns contracts, ids and primitives only. It is the one way from above to the creative
services, which it alone may call.
"""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Count

from apps.audience import interface as audience
from apps.audio import interface as audio
from apps.contracts.brief import Brief, BriefProblem
from apps.contracts.decision import AudienceProfile, Curve, Persona, PlatformProfile
from apps.contracts.media import Upload
from apps.contracts.progress import JobEvent, JobSnapshot
from apps.emotion import interface as emotion
from apps.foundation.catalog import SeedReport
from apps.image import interface as image
from apps.orchestrator import announcing, machine, snapshots, waking
from apps.orchestrator.models import OrchestratorEvent, StageRun
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


def metrics() -> dict[str, dict[tuple[str, str], int]]:
    """Stage runs that are not done, by (stage, state)."""
    open_runs = StageRun.objects.filter(state__in=("ready", "running")).values("stage", "state")
    counts = open_runs.annotate(n=Count("id")).order_by()
    return {"stage_runs": {(row["stage"], row["state"]): row["n"] for row in counts}}


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


def caption_styles() -> tuple[str, ...]:
    """The names of the caption styles."""
    return video.caption_styles()


def languages() -> tuple[str, ...]:
    """Languages that can be both written out and spoken."""
    return tuple(sorted(script.languages() & audio.languages()))


def speak_sample(persona_id: str) -> str:
    """The storage key of a persona's voice sample. Raises persona's UnknownPersona."""
    who = persona.persona(persona_id)
    language, text = persona.sample(persona_id)
    return audio.speak_sample(persona_id=who.id, voice=who.voice, language=language, text=text)


def seed() -> dict[str, SeedReport]:
    """Load every catalogue; what a curator edited is kept."""
    doors: tuple[Any, ...] = (strategy, audience, persona, emotion)
    return {door.__name__.split(".")[1]: door.seed() for door in doors}


def keep_upload(path: Path, name: str, credit: str = "") -> Upload:
    """Keep an image or a clip of the user's own for a brief's `media`. Raises UnableToKeepUpload."""
    return image.keep_upload(path, name, credit)


def providers() -> dict[str, tuple[str, ...]]:
    """Names that a field of a brief's `providers` may hold, for those fields whose service tells them."""
    return {"pictures": image.providers()}
