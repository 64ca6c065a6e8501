"""Stages that cost nothing, for measuring and breaking the orchestrator alone: STAGES=benchmarks.instant.

Everything flows as in a real job - plan, six scenes, a retry where the job's id is odd - but no
sound, picture or file is made. With BREAK=1 each job hangs in one stage, so that it can be killed there.
"""

import os
import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID, uuid5

from apps.contracts.brief import Brief
from apps.contracts.decision import (
    AudienceProfile,
    Box,
    Curve,
    CurvePoint,
    FrameSpec,
    HookType,
    LoopTechnique,
    Persona,
    Plan,
    Strategy,
    VoiceProfile,
)
from apps.contracts.identity import row_id
from apps.contracts.judgement import Directive, DirectiveKind, Judgement, Scores, Verdict
from apps.contracts.media import Layer, Mix, Narration, Picture, Segment, Shot, SpokenWord, Take, Timeline
from apps.contracts.story import Line, Purpose, Scene, Script, Story, Word
from apps.orchestrator.graph import Stage
from apps.orchestrator.lineage import Outcome
from apps.orchestrator.settling import settle
from apps.orchestrator.ticket import Ticket

SCENES = int(os.environ.get("INSTANT_SCENES", "6"))
SCENE_SECONDS = 4
BOX = Box(left=120, top=288, right=888, bottom=1248)
NOBODY = UUID(int=0)


def _strategy(brief: Brief) -> Strategy:
    return Strategy(
        platform=brief.platform,
        length_seconds=SCENES * SCENE_SECONDS,
        min_length=8,
        max_length=180,
        hook_window_seconds=2.0,
        scene_count=SCENES,
        cut_seconds=4.0,
        loop_technique=LoopTechnique.RETURN,
        hook_types=(HookType.NUMBER,),
        weights={"hook": 0.4, "pacing": 0.35, "loop": 0.25},
        safe_box=BOX,
        decisions=(),
    )


def decide(ticket: Ticket, *, brief: Brief, frame: FrameSpec, retry_limit: int) -> Plan:
    points = (CurvePoint(sec=0, emotion="curiosity", valence=0.3, arousal=0.5),)
    return Plan(
        strategy=_strategy(brief),
        audience=AudienceProfile(
            key=brief.audience,
            name="",
            attention_span=8,
            language_mix={},
            visual_energy="high",
            emotion_bias=(),
        ),
        persona=Persona(
            id="p",
            name="p",
            sentence_length="short",
            energy_level="high",
            vocabulary_level="simple",
            voice=VoiceProfile(),
        ),
        curve=Curve(id=uuid5(NOBODY, "curve"), name="flat", points=points),
        hook_type=HookType.NUMBER,
        caption_style="bold_pop",
        retry_limit=retry_limit,
        frame=frame,
        factors={},
        decisions=(),
    )


def _purpose(n: int) -> Purpose:
    return {0: Purpose.HOOK, SCENES - 2: Purpose.TWIST, SCENES - 1: Purpose.LOOP}.get(n, Purpose.ESCALATE)


def write(ticket: Ticket, *, directives: tuple[Directive, ...], **_: Any) -> Story:
    def scene(n: int) -> Scene:
        words = f"scene {n}" + (" rewritten" if directives and n == 0 else "")
        return Scene(
            id=row_id(ticket.job_id, ticket.attempt, "scene", n),
            ordinal=n,
            start_sec=n * SCENE_SECONDS,
            end_sec=(n + 1) * SCENE_SECONDS,
            purpose=_purpose(n),
            narration=words,
            visual=words,
        )

    return Story(
        id=row_id(ticket.job_id, ticket.attempt, "story"),
        total_duration=SCENES * SCENE_SECONDS,
        scenes=tuple(scene(n) for n in range(SCENES)),
    )


def spell_out(ticket: Ticket, *, story: Story, language: str, **_: Any) -> Script:
    def line(scene: Scene) -> Line:
        return Line(
            ordinal=scene.ordinal, words=tuple(Word(display=w, spoken=w) for w in scene.narration.split())
        )

    return Script(
        id=row_id(ticket.job_id, ticket.attempt, "script"),
        story_id=story.id,
        language=language,
        lines=tuple(line(scene) for scene in story.scenes),
    )


def narrate(ticket: Ticket, *, line: Line, **_: Any) -> Narration:
    words = tuple(
        SpokenWord(text=w.display, start_ms=n * 300, end_ms=n * 300 + 250) for n, w in enumerate(line.words)
    )
    return Narration(
        ordinal=line.ordinal,
        key=f"n/{line.spoken}",
        duration_ms=3000,
        words=words,
        voice_id="none",
        provider="none",
    )


def draw(ticket: Ticket, *, scene: Scene, frame: FrameSpec, **_: Any) -> Picture:
    return Picture(
        id=row_id(ticket.job_id, ticket.attempt, "image", scene.ordinal),
        ordinal=scene.ordinal,
        width=frame.width,
        height=frame.height,
        overscan=0.1,
        layers=(Layer(key=f"p/{scene.visual}", depth=0),),
        palette=("#000000",),
        style="none",
        subjects=(),
    )


def lay_out(
    ticket: Ticket, *, story: Story, narrations: tuple[Narration, ...], frame: FrameSpec, **_: Any
) -> Timeline:
    shots = tuple(
        Shot(
            ordinal=s.ordinal,
            purpose=s.purpose,
            start_ms=s.start_sec * 1000,
            end_ms=s.end_sec * 1000,
            voice_ms=s.start_sec * 1000,
            arousal=0.5,
            valence=0.3,
            emotion="curiosity",
            cues=(),
        )
        for s in story.scenes
    )
    return Timeline(total_ms=story.total_duration * 1000, fps=frame.fps, bpm=120, bars=12, shots=shots)


def score(ticket: Ticket, *, timeline: Timeline, **_: Any) -> Mix:
    return Mix(
        id=row_id(ticket.job_id, ticket.attempt, "mix"),
        key="m",
        voice_key="v",
        bed_key="b",
        duration_ms=timeline.total_ms,
        integrated_lufs=-14,
        true_peak_dbtp=-2,
        voice_id="none",
    )


def compose(ticket: Ticket, *, shot: Shot, picture: Picture, **_: Any) -> Segment:
    return Segment(ordinal=shot.ordinal, key=f"s/{picture.layers[0].key}", frames=120, captions=())


def assemble(ticket: Ticket, *, timeline: Timeline, frame: FrameSpec, **_: Any) -> Take:
    return Take(
        id=row_id(ticket.job_id, ticket.attempt, "video"),
        attempt=ticket.attempt,
        key="t",
        poster_key="tp",
        sheet_key="ts",
        srt_key="tsrt",
        vtt_key="tvtt",
        duration_ms=timeline.total_ms,
        width=frame.width,
        height=frame.height,
        size_bytes=1,
        captions=(),
    )


def judge(ticket: Ticket, *, script: Script, **_: Any) -> Judgement:
    """Accepts a hook that was rewritten, and jobs whose id is even."""
    good = "rewritten" in script.lines[0].spoken or ticket.job_id.int % 2 == 0
    order = Directive(
        kind=DirectiveKind.REWRITE_HOOK, ordinal=0, amount=1.0, reason="hook below its interval"
    )
    return Judgement(
        id=row_id(ticket.job_id, ticket.attempt, "score"),
        attempt=ticket.attempt,
        scores=Scores(total=80 if good else 50, hook=80, pacing=80, loop=80),
        verdict=Verdict.ACCEPT if good else Verdict.RETRY,
        threshold=60,
        gates_failed=(),
        signals=(),
        directives=() if good else (order,),
    )


def conclude(ticket: Ticket, *, platform: str, **inputs: Any) -> Outcome:
    """As in a real job, but that nothing is known of what helped before."""
    return settle(**inputs)


def remember(ticket: Ticket, **_: Any) -> None:
    return None


def stage_to_break(job_id: UUID) -> Stage:
    """The stage in which BREAK=1 stops a job for ever: its id chooses, so one worker can hold them all."""
    return list(Stage)[job_id.int // 2 % len(Stage)]


def _breakable(stage: Stage, work: Callable[..., Any]) -> Callable[..., Any]:
    """The work, but stuck before it in jobs that are to be broken there."""

    @wraps(work)
    def maybe_stuck(ticket: Ticket, **inputs: Any) -> Any:
        if os.environ.get("BREAK") and stage_to_break(ticket.job_id) is stage:
            time.sleep(600)
        return work(ticket, **inputs)

    return maybe_stuck


_INSTANT: dict[Stage, Callable[..., Any]] = {
    Stage.DECIDE: decide,
    Stage.WRITE: write,
    Stage.SCRIPT: spell_out,
    Stage.NARRATE: narrate,
    Stage.PICTURE: draw,
    Stage.TIME: lay_out,
    Stage.SCORE: score,
    Stage.COMPOSE: compose,
    Stage.ASSEMBLE: assemble,
    Stage.JUDGE: judge,
    Stage.SETTLE: conclude,
    Stage.REMEMBER: remember,
}
WORK = {stage: _breakable(stage, work) for stage, work in _INSTANT.items()}
