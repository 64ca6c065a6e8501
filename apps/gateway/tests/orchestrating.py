"""An orchestrator that does as it is told, for tests of whoever stands above it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from apps.contracts.brief import Brief, BriefProblem
from apps.contracts.decision import (
    AudienceProfile,
    Box,
    Curve,
    CurvePoint,
    Decision,
    FrameSpec,
    HookType,
    LoopTechnique,
    Mood,
    Persona,
    Plan,
    PlatformProfile,
    Strategy,
    VoiceProfile,
)
from apps.contracts.judgement import Directive, DirectiveKind, Judgement, Scores, Signal, Verdict
from apps.contracts.media import Cue, Shot, SpokenWord, Take, Timeline, Transition
from apps.contracts.progress import Day, Failure, JobEvent, JobSnapshot, JobStatus, StageState, StageView
from apps.contracts.story import Purpose, Scene, Story

SAFE_BOX = Box(left=60, top=220, right=960, bottom=1480)
PLATFORM = PlatformProfile(
    platform="youtube_shorts",
    name="YouTube Shorts",
    ideal_length=25,
    min_length=12,
    max_length=60,
    hook_window_seconds=2.0,
    loop_weight=0.25,
    priority_metrics=("completion", "replays"),
    safe_box=SAFE_BOX,
)
AUDIENCE = AudienceProfile(
    key="genz_us",
    name="Gen Z, US",
    attention_span=2.5,
    language_mix={"en": 1.0},
    visual_energy="high",
    emotion_bias=("surprise", "fun"),
)
PERSONA = Persona(
    id="sharp_friend",
    name="Sharp friend",
    sentence_length="short",
    energy_level="high",
    vocabulary_level="everyday",
    voice=VoiceProfile(voices={"en": "en-us"}),
    description="Quick, warm, never talks down.",
)
CURVE = Curve(
    id=UUID(int=7),
    name="rise_and_drop",
    points=(
        CurvePoint(sec=0, emotion="surprise", valence=0.2, arousal=0.7),
        CurvePoint(sec=10, emotion="curiosity", valence=0.3, arousal=0.2),
        CurvePoint(sec=20, emotion="awe", valence=0.6, arousal=0.9),
        CurvePoint(sec=25, emotion="joy", valence=0.8, arousal=0.4),
    ),
)


@dataclass
class FakeOrchestrator:
    """Keeps what it is given; a test sets `snapshots`, `problems` and answers beforehand."""

    submitted: dict[UUID, Brief] = field(default_factory=dict)
    snapshots: dict[UUID, JobSnapshot] = field(default_factory=dict)
    problems: tuple[BriefProblem, ...] = ()
    may_cancel: bool = True
    may_retry: bool = True
    broken: bool = False
    happened: tuple[JobEvent, ...] = ()
    sample_key: str = ""

    def problems_with(self, brief: Brief) -> tuple[BriefProblem, ...]:
        return self.problems

    def submit(self, *, job_id: UUID, brief: Brief) -> None:
        if self.broken:
            raise ConnectionError("the broker is away")
        self.submitted[job_id] = brief

    def cancel(self, *, job_id: UUID) -> bool:
        if self.may_cancel:
            known = self.snapshots.get(job_id) or snapshot(job_id, JobStatus.QUEUED)
            self.snapshots[job_id] = replace(known, status=JobStatus.CANCELLED, stage="")
        return self.may_cancel

    def retry(self, *, job_id: UUID) -> bool:
        return self.may_retry

    def snapshot(self, job_id: UUID) -> JobSnapshot | None:
        return self.snapshots.get(job_id)

    def events(self, job_id: UUID, *, after: int = 0, limit: int = 200) -> tuple[JobEvent, ...]:
        return tuple(event for event in self.happened if event.seq > after)[:limit]

    def platforms(self) -> tuple[PlatformProfile, ...]:
        return (PLATFORM, replace(PLATFORM, platform="tiktok", name="TikTok"))

    def audiences(self) -> tuple[AudienceProfile, ...]:
        return (AUDIENCE,)

    def personas(self) -> tuple[Persona, ...]:
        return (
            PERSONA,
            replace(PERSONA, id="calm_uncle", name="Calm uncle", description="Has time for you."),
        )

    def curves(self) -> tuple[Curve, ...]:
        return (CURVE,)

    def emotions(self) -> tuple[Mood, ...]:
        return (
            Mood(emotion="awe", valence=0.6, arousal=0.7),
            Mood(emotion="surprise", valence=0.2, arousal=0.7),
            Mood(emotion="joy", valence=0.8, arousal=0.6),
            Mood(emotion="curiosity", valence=0.3, arousal=0.5),
            Mood(emotion="calm", valence=0.5, arousal=-0.5),
        )

    def caption_styles(self) -> tuple[str, ...]:
        return ("bold_pop",)

    def languages(self) -> tuple[str, ...]:
        return ("de", "en", "hi")

    def speak_sample(self, persona_id: str) -> str:
        return self.sample_key

    def today(self) -> Day:
        return Day(
            submitted=0,
            submitted_by_hour=(0,) * 24,
            completed=0,
            failed=0,
            cancelled=0,
            open=0,
            accepted_first=0,
            accepted_later=0,
            delivered_best=0,
            failures={},
            waiting=0,
            busy=0,
            oldest_wait=0.0,
        )

    def metrics(self) -> dict[str, Any]:
        return {"stage_runs": {("compose", "ready"): 3}}


def event(seq: int, event_type: str, **metadata: object) -> JobEvent:
    """One event at a fixed moment."""
    return JobEvent(seq=seq, event_type=event_type, at=datetime(2026, 1, 1, tzinfo=UTC), metadata=metadata)


def snapshot(job_id: UUID, status: JobStatus, **changes: Any) -> JobSnapshot:
    """A job at `status` with a plan, a story of four scenes and its stages."""
    ended = status is JobStatus.COMPLETED
    plain = JobSnapshot(
        job_id=job_id,
        status=status,
        progress=1.0 if ended else 0.42,
        stage="" if ended else "compose",
        attempt=0,
        plan=_plan(),
        story=_story(),
        timeline=None,
        stages=_stages(ended),
        judgements=(),
        take=None,
        failure=None,
        pictures={},
    )
    return replace(plain, **changes)


def failure() -> Failure:
    """A disk that is full."""
    return Failure(
        code="storage_full",
        stage="assemble",
        reason="There is no room left for the video.",
        remedy="Free some space, then retry; what is finished is kept.",
    )


def take(key: str, **keys: str) -> Take:
    """A finished take whose files lie under the given keys."""
    named = {f"{name}_key": keys.get(name, key) for name in ("poster", "sheet", "srt", "vtt")}
    return Take(
        id=uuid4(),
        attempt=0,
        key=key,
        duration_ms=25_000,
        width=1080,
        height=1920,
        size_bytes=1,
        captions=(),
        **named,
    )


def timeline(total_ms: int = 25_000) -> Timeline:
    """Four shots over so long, a caption of two words in each."""
    step = total_ms // 4
    shots = tuple(
        Shot(
            ordinal=n,
            purpose=purpose,
            start_ms=n * step,
            end_ms=(n + 1) * step,
            voice_ms=n * step,
            arousal=0.4,
            valence=0.2,
            emotion="curiosity",
            cues=(_cue(n * step, step),),
            enters=Transition.WHIP if n == 2 else Transition.CUT,
        )
        for n, purpose in enumerate(Purpose)
    )
    return Timeline(total_ms=total_ms, fps=30, bpm=120.0, bars=1, shots=shots)


def _cue(start: int, length: int) -> Cue:
    words = tuple(
        SpokenWord(text=text, start_ms=start + n * length // 2, end_ms=start + (n + 1) * length // 2)
        for n, text in enumerate((f"at{start}", "ms"))
    )
    return Cue(start_ms=start, end_ms=start + length, words=words)


def judgement(verdict: Verdict = Verdict.ACCEPT) -> Judgement:
    """Scores with a signal in and one out of its interval."""
    return Judgement(
        id=uuid4(),
        attempt=0,
        scores=Scores(total=78.4, hook=81.0, pacing=74.2, loop=79.9),
        verdict=verdict,
        threshold=70.0,
        gates_failed=(),
        signals=(
            Signal(name="first_word_at", part="hook", value=0.18, low=None, high=0.4, score=0.97),
            Signal(name="motion_energy", part="hook", value=0.31, low=0.2, high=None, score=0.8),
            Signal(name="shot_length", part="pacing", value=5.2, low=1.5, high=4.0, score=0.41, ordinal=2),
            Signal(name="loudness", part="sound", value=-14.2, low=-15, high=-13, score=1.0, gate=True),
        ),
        directives=(
            Directive(
                kind=DirectiveKind.TIGHTEN_PACING,
                ordinal=2,
                amount=0.4,
                reason="Scene 3 holds one picture for 5.2 s.",
            ),
        ),
    )


def _plan() -> Plan:
    strategy = Strategy(
        platform="youtube_shorts",
        length_seconds=25,
        min_length=12,
        max_length=60,
        hook_window_seconds=2.0,
        scene_count=4,
        cut_seconds=2.6,
        loop_technique=LoopTechnique.RETURN,
        hook_types=(HookType.NUMBER,),
        weights={"hook": 0.4, "pacing": 0.35, "loop": 0.25},
        safe_box=SAFE_BOX,
        decisions=(
            Decision(name="length", value="25 s", reason="Six facts fill 25 s at this persona's pace."),
        ),
    )
    return Plan(
        strategy=strategy,
        audience=AUDIENCE,
        persona=PERSONA,
        curve=CURVE,
        hook_type=HookType.NUMBER,
        caption_style="bold_pop",
        retry_limit=1,
        frame=FrameSpec(),
        factors={"hook": "number"},
        decisions=(
            Decision(name="persona", value="Sharp friend", reason="Led the last 12 shorts on this platform."),
            Decision(name="hook", value="number", reason="The facts open on a figure that surprises."),
        ),
    )


def _story() -> Story:
    said = (
        (Purpose.HOOK, 0, 3, "This animal has three hearts."),
        (Purpose.ESCALATE, 3, 11, "Two of them work for the gills. The third serves the rest."),
        (Purpose.TWIST, 11, 20, "And it stops, every single time it swims."),
        (Purpose.LOOP, 20, 25, "So it crawls, to keep all of them beating."),
    )
    scenes = tuple(
        Scene(
            id=UUID(int=n + 1),
            ordinal=n,
            start_sec=start,
            end_sec=end,
            purpose=purpose,
            narration=text,
            visual="octopus",
        )
        for n, (purpose, start, end, text) in enumerate(said)
    )
    return Story(id=UUID(int=99), total_duration=25, scenes=scenes)


def _stages(ended: bool) -> tuple[StageView, ...]:
    def run(stage: str, state: StageState, seconds: float, ordinal: int = 0) -> StageView:
        return StageView(
            stage=stage, ordinal=ordinal, attempt=0, state=state, tries=1, seconds=seconds, reused=False
        )

    done, last = StageState.DONE, StageState.DONE if ended else StageState.RUNNING
    return (
        run("decide", done, 0.2),
        run("write", done, 0.1),
        run("script", done, 0.1),
        *(run("narrate", done, 0.4, n) for n in range(4)),
        *(run("picture", done, 0.9, n) for n in range(4)),
        run("time", done, 0.1),
        run("score", done, 3.2),
        run("compose", done, 4.1),
        *(run("compose", last, 4.0, n) for n in range(1, 4)),
    )
