"""The work of each stage: one call to the door of the service that does it. No state is kept here."""

from collections.abc import Callable
from typing import Any

from apps.audience import interface as audience
from apps.audio import interface as audio
from apps.contracts.brief import Brief
from apps.contracts.decision import (
    AudienceProfile,
    Decision,
    FactorKind,
    FrameSpec,
    HookType,
    Plan,
)
from apps.contracts.judgement import Directive, Judgement
from apps.contracts.media import Mix, Narration, Picture, Segment, Take, Timeline
from apps.contracts.story import SceneEdit, Script, Story
from apps.critic import interface as critic
from apps.emotion import interface as emotion
from apps.image import interface as image
from apps.memory import interface as memory
from apps.orchestrator import records
from apps.orchestrator.graph import Stage
from apps.orchestrator.lineage import Outcome
from apps.orchestrator.settling import settle
from apps.orchestrator.ticket import Ticket
from apps.persona import interface as persona
from apps.script import interface as script
from apps.story import interface as story
from apps.strategy import interface as strategy
from apps.video import interface as video

#: Names of the decisions that memory learns about.
_KINDS = frozenset(kind.value for kind in FactorKind)


def decide(ticket: Ticket, *, brief: Brief, frame: FrameSpec, retry_limit: int) -> Plan:
    """Everything that is chosen before a word is written, with memory's advice."""
    watchers = audience.profile(brief.audience)
    candidates = {
        **strategy.candidates(brief=brief, audience=watchers),
        FactorKind.PERSONA: _asked(brief.persona) or persona.candidates(brief.language),
        FactorKind.EMOTION_CURVE: _asked(brief.curve) or emotion.candidates(brief.platform),
        FactorKind.CAPTION_STYLE: _asked(brief.caption_style) or video.caption_styles(),
    }
    advice = memory.advise(
        platform=brief.platform,
        channel=brief.channel,
        candidates=candidates,
        seed=ticket.job_id.int ^ brief.seed,
    )
    route = strategy.decide(job_id=ticket.job_id, brief=brief, audience=watchers, advice=advice)
    curve, why_curve = emotion.choose(
        job_id=ticket.job_id,
        platform=brief.platform,
        length_seconds=route.length_seconds,
        audience=watchers,
        loop_weight=route.weights["loop"],
        name=brief.curve,
        points=brief.curve_points,
        advice=advice,
    )
    speaker, why_speaker = persona.choose(
        job_id=ticket.job_id,
        language=brief.language,
        audience=watchers,
        persona_id=brief.persona,
        advice=advice,
    )
    captions = video.choose_captions(asked=brief.caption_style, own=speaker.caption_style, advice=advice)
    decisions = (*route.decisions, why_curve, why_speaker, captions, _energy(watchers))
    factors = {d.name: d.value for d in decisions if d.name in _KINDS}
    memory.record_use(
        job_id=ticket.job_id,
        platform=brief.platform,
        channel=brief.channel,
        factors=factors,
        propensities={d.name: d.belief.propensity for d in decisions if d.belief and d.name in _KINDS},
        length_seconds=float(route.length_seconds),
    )
    return Plan(
        strategy=route,
        audience=watchers,
        persona=speaker,
        curve=curve,
        hook_type=HookType(factors[FactorKind.HOOK]),
        caption_style=captions.value,
        retry_limit=retry_limit,
        frame=frame,
        factors=factors,
        decisions=decisions,
        recent=memory.recent(channel=brief.channel),
    )


def _asked(name: str) -> tuple[str, ...]:
    """What a brief settles by itself is the only candidate."""
    return (name,) if name else ()


def _energy(watchers: AudienceProfile) -> Decision:
    return Decision(
        name="visual_energy", value=watchers.visual_energy, reason=f"what {watchers.name} respond to"
    )


def write(
    ticket: Ticket,
    *,
    brief: Brief,
    plan: Plan,
    directives: tuple[Directive, ...],
    previous: Story | None,
    edits: tuple[SceneEdit, ...],
) -> Story:
    return story.write(
        job_id=ticket.job_id,
        attempt=ticket.attempt,
        brief=brief,
        strategy=plan.strategy,
        curve=plan.curve,
        persona=plan.persona,
        hook_type=plan.hook_type,
        directives=directives,
        previous=previous,
        recent=plan.recent,
        edits=edits,
    )


def spell_out(ticket: Ticket, **inputs: Any) -> Script:
    return script.compose(job_id=ticket.job_id, attempt=ticket.attempt, **inputs)


def narrate(ticket: Ticket, **inputs: Any) -> Narration:
    return audio.narrate(job_id=ticket.job_id, attempt=ticket.attempt, **inputs)


def draw(ticket: Ticket, **inputs: Any) -> Picture:
    return image.draw(job_id=ticket.job_id, attempt=ticket.attempt, **inputs)


def lay_out(ticket: Ticket, **inputs: Any) -> Timeline:
    return video.lay_out(**inputs)


def score(ticket: Ticket, **inputs: Any) -> Mix:
    return audio.score(job_id=ticket.job_id, attempt=ticket.attempt, **inputs)


def compose(ticket: Ticket, **inputs: Any) -> Segment:
    return video.compose(job_id=ticket.job_id, attempt=ticket.attempt, **inputs)


def assemble(ticket: Ticket, **inputs: Any) -> Take:
    return video.assemble(job_id=ticket.job_id, attempt=ticket.attempt, **inputs)


def judge(ticket: Ticket, **inputs: Any) -> Judgement:
    return critic.judge(job_id=ticket.job_id, attempt=ticket.attempt, **inputs)


def conclude(
    ticket: Ticket,
    *,
    platform: str,
    judgements: tuple[Judgement, ...],
    retry_limit: int,
    outcomes: tuple[Outcome, ...],
    revised: bool,
) -> Outcome:
    return settle(judgements, retry_limit, outcomes, records.evidence(platform), revised=revised)


def remember(
    ticket: Ticket, *, platform: str, factors: dict[str, str], judgement: Judgement, script_text: str
) -> None:
    memory.remember(
        job_id=ticket.job_id,
        platform=platform,
        factors=factors,
        judgement=judgement,
        script_text=script_text,
    )


WORK: dict[Stage, Callable[..., Any]] = {
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
