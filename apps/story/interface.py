"""The story service's door: a brief and its plan in, timed scenes out. No media, no planning."""

from uuid import UUID

from django.conf import settings

from apps.contracts.brief import Brief, BriefProblem
from apps.contracts.decision import Curve, HookType, Persona, Recent, Strategy
from apps.contracts.identity import row_id
from apps.contracts.judgement import Directive
from apps.contracts.story import Purpose, Scene, SceneEdit, Story
from apps.foundation.providers import UnableToProvide, first_to_deliver, names_in
from apps.foundation.transactions import in_transaction
from apps.story import checks, timing
from apps.story.assignment import Assignment, Writer
from apps.story.models import StoryRow, StoryScene
from apps.story.providers.chat import Model
from apps.story.providers.facts import FactsWriter
from apps.story.providers.llm import LlmWriter
from apps.story.revise import edited

ALIAS = "story"
NOTHING_YET = Recent()


def problems_with(brief: Brief) -> tuple[BriefProblem, ...]:
    """What keeps this brief from becoming a story; empty when nothing does. Writes nothing."""
    return checks.problems_with(
        brief, writers=_writer_names(brief), writer_field=_writer_field(brief), model=_model()
    )


def problems_with_edit(edit: SceneEdit) -> tuple[BriefProblem, ...]:
    """What keeps a person's words from being spoken, or drawn; empty when nothing does."""
    return checks.problems_with_edit(edit)


def write(
    *,
    job_id: UUID,
    attempt: int,
    brief: Brief,
    strategy: Strategy,
    curve: Curve,
    persona: Persona,
    hook_type: HookType,
    directives: tuple[Directive, ...] = (),
    previous: Story | None = None,
    recent: Recent = NOTHING_YET,
    edits: tuple[SceneEdit, ...] = (),
) -> Story:
    """Write and keep the story of one attempt; with `previous`, mend what `directives` name only.

    With `edits` nothing is written: the previous story is told with a person's changes in it.

    It does not open as a `recent` short of the channel did, where there is another way to.
    Scenes are contiguous whole seconds: first hook, then escalate..., twist, last loop. The first writer
    that delivers is taken. Running it twice leaves one story. Raises ProviderUnavailable or UnableToProvide.
    """
    assignment = Assignment(
        brief=brief,
        strategy=strategy,
        persona=persona,
        curve=curve,
        hook_type=hook_type,
        attempt=attempt,
        directives=directives,
        previous=_beats_of(previous),
        openings=recent.openings,
        edited=bool(edits),
    )
    if edits:
        beats = edited(assignment.previous, edits)
    else:
        _, beats = first_to_deliver(_writer_names(brief), lambda name: _writer(name).write(assignment))
    story = _timed(job_id, attempt, beats, assignment, previous)
    _keep(job_id, attempt, story)
    return story


def story_of(job_id: UUID) -> Story | None:
    """The story of a job's newest attempt, or None where nothing is written yet."""
    row = StoryRow.objects.filter(job_id=job_id).order_by("-attempt").first()
    return _story_from(row) if row else None


def providers() -> tuple[str, ...]:
    """The names of the writers that a brief may ask for."""
    return checks.WRITERS


def _writer_names(brief: Brief) -> tuple[str, ...]:
    return names_in(brief.providers.writer) or names_in(str(settings.WRITER)) or ("facts",)


def _writer_field(brief: Brief) -> str:
    return "providers.writer" if names_in(brief.providers.writer) else "WRITER"


def _model() -> Model:
    return Model(
        base_url=settings.LLM_BASE_URL,
        key=settings.LLM_API_KEY,
        name=settings.LLM_MODEL,
        timeout=settings.LLM_TIMEOUT,
        price_in=settings.LLM_PRICE_IN,
        price_out=settings.LLM_PRICE_OUT,
    )


def _writer(name: str) -> Writer:
    if name == "facts":
        return FactsWriter()
    if name == "llm":
        return LlmWriter(_model())
    raise UnableToProvide(f"There is no such writer. Choose one of {', '.join(checks.WRITERS)}.")


def _beats_of(previous: Story | None) -> tuple[timing.Beat, ...]:
    scenes = previous.scenes if previous else ()
    return tuple(timing.Beat(purpose=s.purpose, narration=s.narration, visual=s.visual) for s in scenes)


def _edges(beats: tuple[timing.Beat, ...], assignment: Assignment, previous: Story | None) -> list[int]:
    """The seconds at which scenes begin and end; where the last attempt's still do, those."""
    strategy = assignment.strategy
    before = [0, *(scene.end_sec for scene in previous.scenes)] if previous else []
    # A person changes one line, not the others' voices; the timeline follows the line's real length anyway.
    fit = assignment.edited or timing.still_fit(beats, before, speed=assignment.speed)
    if fit and not assignment.haste:
        return before
    return timing.cuts(
        beats,
        speed=assignment.speed,
        wanted=strategy.length_seconds,
        least=strategy.min_length,
        most=strategy.max_length,
        haste=assignment.haste,
    )


def _timed(
    job_id: UUID,
    attempt: int,
    beats: tuple[timing.Beat, ...],
    assignment: Assignment,
    previous: Story | None,
) -> Story:
    edges = _edges(beats, assignment, previous)
    sources = assignment.sources
    scenes = tuple(
        Scene(
            id=row_id(job_id, attempt, "scene", n),
            ordinal=n,
            start_sec=edges[n],
            end_sec=edges[n + 1],
            purpose=beat.purpose,
            narration=beat.narration,
            visual=beat.visual,
            unsourced=sources.figures_beyond(beat.narration) if sources else (),
            unsourced_names=sources.names_beyond(beat.narration) if sources else (),
        )
        for n, beat in enumerate(beats)
    )
    return Story(id=row_id(job_id, attempt, "story"), total_duration=edges[-1], scenes=scenes)


def _keep(job_id: UUID, attempt: int, story: Story) -> None:
    with in_transaction(ALIAS):
        row, _ = StoryRow.objects.update_or_create(
            id=story.id,
            defaults={"job_id": job_id, "attempt": attempt, "total_duration": story.total_duration},
        )
        row.scenes.exclude(id__in=[s.id for s in story.scenes]).delete()
        for scene in story.scenes:
            StoryScene.objects.update_or_create(id=scene.id, defaults={"story": row, **_columns(scene)})


def _columns(scene: Scene) -> dict[str, object]:
    return {
        "ordinal": scene.ordinal,
        "start_sec": scene.start_sec,
        "end_sec": scene.end_sec,
        "purpose": scene.purpose.value,
        "narration_text": scene.narration,
        "visual_prompt": scene.visual,
        "unsourced": list(scene.unsourced),
        "unsourced_names": list(scene.unsourced_names),
    }


def _story_from(row: StoryRow) -> Story:
    scenes = tuple(
        Scene(
            id=s.id,
            ordinal=s.ordinal,
            start_sec=s.start_sec,
            end_sec=s.end_sec,
            purpose=Purpose(s.purpose),
            narration=s.narration_text,
            visual=s.visual_prompt,
            unsourced=tuple(s.unsourced),
            unsourced_names=tuple(s.unsourced_names),
        )
        for s in row.scenes.order_by("ordinal")
    )
    return Story(id=row.id, total_duration=row.total_duration, scenes=scenes)
