"""The work of each stage: one call to the door of the service that does it. No state is kept here."""

from collections.abc import Callable
from typing import Any

from apps.audience import interface as audience
from apps.audio import interface as audio
from apps.contracts.brief import Brief
from apps.contracts.decision import AudienceProfile, Decision, FactorKind, FrameSpec, HookType, LoopTechnique, Plan
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
    advice = memory.advise(
        platform=brief.platform, candidates=_candidates(brief), seed=ticket.job_id.int ^ brief.seed
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
    hook = HookType(brief.hook_type) if brief.hook_type else route.hook_types[0]
    captions = brief.caption_style or speaker.caption_style
    factors = {
        FactorKind.HOOK: hook.value,
        FactorKind.PERSONA: speaker.id,
        FactorKind.EMOTION_CURVE: curve.name,
        FactorKind.LENGTH_BAND: length_band(route.length_seconds),
        FactorKind.CUT_RATE_BAND: cut_rate_band(route.cut_seconds),
        FactorKind.CAPTION_STYLE: captions,
        FactorKind.LOOP_TECHNIQUE: route.loop_technique.value,
    }
    memory.record_use(
        job_id=ticket.job_id, platform=brief.platform, factors={k.value: v for k, v in factors.items()}
    )
    return Plan(
        strategy=route,
        audience=watchers,
        persona=speaker,
        curve=curve,
        hook_type=hook,
        caption_style=captions,
        retry_limit=retry_limit,
        frame=frame,
        factors={k.value: v for k, v in factors.items()},
        decisions=(*route.decisions, why_curve, why_speaker, *_other_reasons(brief, captions, watchers)),
    )


def length_band(seconds: int) -> str:
    """Lengths are compared within bands: retention falls with length whatever else is chosen."""
    return next((name for limit, name in ((20, "under_20"), (35, "20_to_34"), (60, "35_to_59")) if seconds < limit), "60_up")


def cut_rate_band(seconds: float) -> str:
    """Mean shot length as a band: what memory learns is a pace, not a number."""
    return "fast" if seconds < 2.5 else "medium" if seconds < 3.5 else "slow"


def _candidates(brief: Brief) -> dict[FactorKind, tuple[str, ...]]:
    return {
        FactorKind.HOOK: tuple(h.value for h in HookType),
        FactorKind.PERSONA: tuple(p.id for p in persona.personas() if brief.language in p.voice.voices),
        FactorKind.EMOTION_CURVE: tuple(c.name for c in emotion.curves(brief.platform)),
        FactorKind.LOOP_TECHNIQUE: tuple(t.value for t in LoopTechnique),
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
    memory.remember(
        job_id=ticket.job_id, platform=platform, factors=factors, judgement=best_of(judgements)
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
