"""The work of each stage: one call to the door of the service that does it. No state is kept here."""

from collections.abc import Callable
from typing import Any

from apps.audience import interface as audience
from apps.audio import interface as audio
from apps.contracts.brief import Brief
from apps.contracts.decision import (
    AudienceProfile,
    Curve,
    Decision,
    FactorKind,
    FrameSpec,
    HookType,
    Persona,
    Plan,
    Strategy,
)
from apps.contracts.judgement import Directive, Judgement
from apps.contracts.media import Mix, Narration, Picture, Segment, Take, Timeline
from apps.contracts.story import Script, Story
from apps.critic import interface as critic
from apps.emotion import interface as emotion
from apps.image import interface as image
from apps.memory import interface as memory
from apps.orchestrator.graph import Stage
from apps.orchestrator.settling import Outcome, best_of, settle
from apps.orchestrator.ticket import Ticket
from apps.persona import interface as persona
from apps.script import interface as script
from apps.story import interface as story
from apps.strategy import interface as strategy
from apps.video import interface as video


def decide(ticket: Ticket, *, brief: Brief, frame: FrameSpec, retry_limit: int) -> Plan:
    """Everything that is chosen before a word is written, with memory's advice."""
    watchers = audience.profile(brief.audience)
    candidates = {
        **strategy.candidates(brief=brief, audience=watchers),
        FactorKind.PERSONA: persona.candidates(brief.language),
        FactorKind.EMOTION_CURVE: emotion.candidates(brief.platform),
    }
    advice = memory.advise(
        platform=brief.platform, candidates=candidates, seed=ticket.job_id.int ^ brief.seed
    )
    route = strategy.decide(job_id=ticket.job_id, brief=brief, audience=watchers, advice=advice)
    curve, why_curve = emotion.choose(
        job_id=ticket.job_id,
        platform=brief.platform,
        length_seconds=route.length_seconds,
        audience=watchers,
        loop_weight=route.weights["loop"],
        name=brief.curve,
        advice=advice,
    )
    speaker, why_speaker = persona.choose(
        job_id=ticket.job_id,
        language=brief.language,
        audience=watchers,
        persona_id=brief.persona,
        advice=advice,
    )
    captions = brief.caption_style or speaker.caption_style
    factors = _factors(route, speaker, curve, captions)
    memory.record_use(job_id=ticket.job_id, platform=brief.platform, factors=factors)
    return Plan(
        strategy=route,
        audience=watchers,
        persona=speaker,
        curve=curve,
        hook_type=HookType(factors[FactorKind.HOOK]),
        caption_style=captions,
        retry_limit=retry_limit,
        frame=frame,
        factors=factors,
        decisions=(*route.decisions, why_curve, why_speaker, *_other_reasons(brief, captions, watchers)),
    )


def _factors(route: Strategy, speaker: Persona, curve: Curve, captions: str) -> dict[str, str]:
    """What memory learns about: reference id by FactorKind. Strategy names its own in its decisions."""
    kinds = {kind.value for kind in FactorKind}
    return {
        **{d.name: d.value for d in route.decisions if d.name in kinds},
        FactorKind.PERSONA.value: speaker.id,
        FactorKind.EMOTION_CURVE.value: curve.name,
        FactorKind.CAPTION_STYLE.value: captions,
    }


def _other_reasons(brief: Brief, captions: str, watchers: AudienceProfile) -> tuple[Decision, ...]:
    why = "the brief asks for it" if brief.caption_style else "the persona's own style"
    return (
        Decision(name="caption_style", value=captions, reason=why),
        Decision(
            name="visual_energy",
            value=watchers.visual_energy,
            reason=f"what {watchers.name} respond to",
        ),
    )


def write(
    ticket: Ticket, *, brief: Brief, plan: Plan, directives: tuple[Directive, ...], previous: Story | None
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


def conclude(ticket: Ticket, *, judgements: tuple[Judgement, ...], retry_limit: int) -> Outcome:
    return settle(judgements, retry_limit)


def remember(
    ticket: Ticket, *, platform: str, factors: dict[str, str], judgements: tuple[Judgement, ...]
) -> None:
    memory.remember(job_id=ticket.job_id, platform=platform, factors=factors, judgement=best_of(judgements))


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
