"""What the gateway's door returns, as the tools answer it. No calls, no I/O."""

from apps.contracts.decision import AudienceProfile, Curve, Persona, PlatformProfile
from apps.contracts.judgement import Judgement, Signal
from apps.contracts.progress import JobSnapshot
from apps.gateway import interface as gateway
from apps.mcp.shapes import Choice, JobState, Reason, Result, Trouble, Verdict

#: Signals named as weak at most, and the score (0-1) below which one is.
WEAK_MOST, WEAK_BELOW = 8, 0.5


def job_state(job: gateway.JobSummary, site: str) -> JobState:
    """How a job stands; `site` is where Studio is reached, without a slash at its end."""
    trouble = job.failure and Trouble(
        code=job.failure.code, reason=job.failure.reason, remedy=job.failure.remedy
    )
    return JobState(
        job_id=job.id,
        topic=job.topic,
        status=job.status.value,
        ended=job.ended,
        progress=job.progress,
        stage=job.stage,
        platform=job.platform,
        channel=job.channel,
        created_at=job.created_at,
        failure=trouble,
        page=f"{site}/jobs/{job.id}",
    )


def result(detail: gateway.JobDetail, snapshot: JobSnapshot, site: str) -> Result:
    """Everything of a finished job; its snapshot must hold a take."""
    take, plan = snapshot.take, snapshot.plan
    links = {name: link if "://" in link else f"{site}{link}" for name, link in detail.media.items()}
    decisions = (*plan.strategy.decisions, *plan.decisions) if plan else ()
    unique = {decision.name: decision for decision in decisions}.values()
    return Result(
        job=job_state(detail.summary, site),
        video=links.get("video", ""),
        poster=links.get("poster", ""),
        subtitles=links.get("srt", ""),
        contact_sheet=links.get("sheet", ""),
        seconds=take.duration_ms / 1000 if take else 0.0,
        verdicts=[_verdict(judgement) for judgement in snapshot.judgements],
        reasons=[Reason(decision=d.name.replace("_", " "), value=d.value, why=d.reason) for d in unique],
        script=[scene.narration for scene in snapshot.story.scenes] if snapshot.story else [],
        credits=list(take.credits) if take else [],
        cost_usd=snapshot.usage.cost_usd,
    )


def _verdict(judged: Judgement) -> Verdict:
    weak = sorted((s for s in judged.signals if s.score < WEAK_BELOW), key=lambda signal: signal.score)
    return Verdict(
        attempt=judged.attempt + 1,
        verdict=judged.verdict.value,
        total=round(judged.scores.total, 1),
        hook=round(judged.scores.hook, 1),
        pacing=round(judged.scores.pacing, 1),
        loop=round(judged.scores.loop, 1),
        threshold=round(judged.threshold, 1),
        gates_failed=list(judged.gates_failed),
        weak=[_weakness(signal) for signal in weak[:WEAK_MOST]],
    )


def _weakness(signal: Signal) -> str:
    bounds = (("at least", signal.low), ("at most", signal.high))
    wanted = " and ".join(f"{words} {bound:g}" for words, bound in bounds if bound is not None)
    name = signal.label or signal.name.replace("_", " ")
    where = "" if signal.ordinal is None else f" in scene {signal.ordinal + 1}"
    return f"{name}{where}: {signal.value:.4g} {signal.unit}".rstrip() + f" (wanted {wanted})"


def persona_choice(persona: Persona) -> Choice:
    """A persona, with the languages that it speaks."""
    spoken = ", ".join(sorted(tag for tag in persona.voice.voices if "@" not in tag))
    about = f"{persona.description} {persona.energy_level} energy, {persona.sentence_length} sentences"
    return Choice(key=persona.id, name=persona.name, about=f"{about}, speaks {spoken}.".strip())


def platform_choice(platform: PlatformProfile) -> Choice:
    """A platform, with what it implies."""
    about = (
        f"{platform.min_length} to {platform.max_length} s, best near {platform.ideal_length} s; "
        f"viewers decide in {platform.hook_window_seconds:g} s; "
        f"ranks by {', '.join(platform.priority_metrics)}."
    )
    return Choice(key=platform.platform, name=platform.name, about=about)


def audience_choice(audience: AudienceProfile) -> Choice:
    """An audience, with what is assumed of it."""
    languages = ", ".join(f"{tag} {share:.0%}" for tag, share in audience.language_mix.items())
    about = (
        f"stays {audience.attention_span:g} s unrewarded, {audience.visual_energy} visual energy, "
        f"speaks {languages}; looks for {', '.join(audience.emotion_bias)}."
    )
    return Choice(key=audience.key, name=audience.name, about=about)


def curve_choice(curve: Curve) -> Choice:
    """An emotion curve, as the emotions that it goes through."""
    return Choice(
        key=curve.name,
        name=curve.name.replace("_", " "),
        about=" → ".join(point.emotion for point in curve.points),
    )
