"""Experiments: briefs that differ in one choice, and how the shorts made of them stand.

Plans the first as any other short and holds the rest to its choices. It compares nothing and keeps nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from apps.audience import interface as audience
from apps.contracts.brief import Brief
from apps.contracts.decision import AudienceProfile, FactorKind
from apps.contracts.experiment import Design, Trial, UnableToExperiment
from apps.emotion import interface as emotion
from apps.memory import interface as memory
from apps.orchestrator.graph import Stage
from apps.orchestrator.learning import decided_for, done
from apps.persona import interface as persona
from apps.strategy import interface as strategy
from apps.video import interface as video

#: The field of a brief that settles each factor.
FIELDS = {
    FactorKind.HOOK: "hook_type",
    FactorKind.PERSONA: "persona",
    FactorKind.EMOTION_CURVE: "curve",
    FactorKind.LENGTH_BAND: "duration",
    FactorKind.CUT_RATE_BAND: "cut_rate_band",
    FactorKind.CAPTION_STYLE: "caption_style",
    FactorKind.LOOP_TECHNIQUE: "loop_technique",
}


def design(*, first_job: UUID, brief: Brief, n: int, factor: str = "", levels: Sequence[str] = ()) -> Design:
    """`n` briefs that differ in one factor: the first is planned as any other, the rest held to its choices.

    Memory chooses factor and levels to learn the most, where they are not given. Only levels are taken that
    change nothing else. Raises UnableToExperiment.
    """
    watchers = audience.profile(brief.audience)
    pool = _open_factors(brief, watchers)
    if factor and FactorKind(factor) not in pool:
        field = FIELDS[FactorKind(factor)]
        raise UnableToExperiment(field, f"The brief settles {field} itself.", "Leave it out to compare it.")
    held = _planned(first_job, brief, watchers, pool)
    fitting = {kind: _fitting(held, watchers, kind, pool[kind]) for kind in pool}
    kind, chosen, reason = _chosen(brief, fitting, n, factor, levels)
    variants = [_with(held, watchers, kind, level) for level in chosen]
    settled = _factors(held, watchers)
    return Design(
        factor=kind,
        levels=tuple(chosen),
        reason=reason,
        held={other: value for other, value in settled.items() if other != kind},
        briefs=tuple(variants),
    )


def trials(job_ids: Sequence[UUID]) -> dict[UUID, Trial]:
    """How each job of an experiment stands: what was decided, its real rewards, the critic's total."""
    decided, critic, rewards = decided_for(job_ids), _critic(job_ids), memory.rewards_of_all(job_ids)
    return {
        job: Trial(
            job_id=job,
            factors=decided[job]["factors"] if job in decided else {},
            rewards=rewards.get(job),
            critic=critic.get(job),
        )
        for job in job_ids
    }


def _open_factors(brief: Brief, watchers: AudienceProfile) -> dict[FactorKind, tuple[str, ...]]:
    """What the brief leaves open, with the levels each factor may take for it."""
    candidates = {
        **strategy.candidates(brief=brief, audience=watchers),
        FactorKind.PERSONA: persona.candidates(brief.language),
        FactorKind.EMOTION_CURVE: emotion.candidates(brief.platform),
        FactorKind.CAPTION_STYLE: video.caption_styles(),
    }
    settled = {kind for kind, field in FIELDS.items() if getattr(brief, field)}
    if brief.curve_points:
        settled.add(FactorKind.EMOTION_CURVE)
    return {kind: found for kind, found in candidates.items() if kind not in settled}


def _planned(
    job_id: UUID, brief: Brief, watchers: AudienceProfile, pool: dict[FactorKind, tuple[str, ...]]
) -> Brief:
    """The brief with every open choice made, as for a job of its own."""
    advice = memory.advise(
        platform=brief.platform, channel=brief.channel, candidates=pool, seed=job_id.int ^ brief.seed
    )
    route = strategy.foresee(brief=brief, audience=watchers, advice=advice)
    curve = brief.curve
    if not curve and not brief.curve_points:
        chosen, _ = emotion.choose(
            job_id=job_id,
            platform=brief.platform,
            length_seconds=route.length_seconds,
            audience=watchers,
            loop_weight=route.weights["loop"],
            advice=advice,
        )
        curve = chosen.name
    speaker, _ = persona.choose(
        job_id=job_id,
        language=brief.language,
        audience=watchers,
        persona_id=brief.persona,
        advice=advice,
    )
    decided = {d.name: d.value for d in route.decisions}
    return replace(
        brief,
        hook_type=decided[FactorKind.HOOK],
        persona=speaker.id,
        curve=curve,
        duration=route.length_seconds,
        cut_rate_band=decided[FactorKind.CUT_RATE_BAND],
        caption_style=brief.caption_style or speaker.caption_style,
        loop_technique=decided[FactorKind.LOOP_TECHNIQUE],
    )


def _fitting(
    held: Brief, watchers: AudienceProfile, kind: FactorKind, levels: Iterable[str]
) -> tuple[str, ...]:
    """The levels of a factor that leave all other factors of `held` as they are."""
    settled = _factors(held, watchers)
    wanted = {level: {**settled, kind.value: level} for level in levels}
    return tuple(
        level for level in wanted if _factors(_with(held, watchers, kind, level), watchers) == wanted[level]
    )


def _with(held: Brief, watchers: AudienceProfile, kind: FactorKind, level: str) -> Brief:
    if kind is not FactorKind.LENGTH_BAND:
        changed: dict[str, Any] = {FIELDS[kind]: level}
        return replace(held, **changed)
    # The length that was planned stands for its own band; the others' come from the brief's material.
    lengths = strategy.durations(brief=held, audience=watchers)
    own = _factors(held, watchers)[FactorKind.LENGTH_BAND]
    return held if level == own else replace(held, duration=lengths[level])


def _factors(settled: Brief, watchers: AudienceProfile) -> dict[str, str]:
    """The factors of a brief in which everything is settled."""
    route = strategy.foresee(brief=settled, audience=watchers)
    kinds = {kind.value for kind in FactorKind}
    return {
        **{d.name: d.value for d in route.decisions if d.name in kinds},
        FactorKind.PERSONA.value: settled.persona,
        FactorKind.EMOTION_CURVE.value: settled.curve,
        FactorKind.CAPTION_STYLE.value: settled.caption_style,
    }


def _chosen(
    brief: Brief,
    fitting: dict[FactorKind, tuple[str, ...]],
    n: int,
    factor: str,
    levels: Sequence[str],
) -> tuple[FactorKind, Sequence[str], str]:
    if levels:
        kind = FactorKind(factor)
        unfit = [level for level in levels if level not in fitting[kind]]
        if unfit:
            raise UnableToExperiment(
                "levels",
                f"{unfit[0][:50]!r} cannot be compared for this brief without changing something else.",
                f"Use levels of {kind} among: {', '.join(fitting[kind])}.",
            )
        return kind, levels, "The request names these levels."
    wide = {kind: found for kind, found in fitting.items() if len(found) >= n and factor in ("", kind)}
    if not wide:
        raise UnableToExperiment("n", *_too_many(fitting, n, factor))
    return memory.design_experiment(
        platform=brief.platform,
        channel=brief.channel,
        candidates=wide,
        n=n,
        kind=FactorKind(factor) if factor else None,
    )


def _too_many(fitting: dict[FactorKind, tuple[str, ...]], n: int, factor: str) -> tuple[str, str]:
    most = max((len(found) for kind, found in fitting.items() if factor in ("", kind)), default=0)
    what = factor or "no factor that this brief leaves open"
    if most < 2:
        return (
            f"There is nothing to compare: {what} has a single level here.",
            "Leave more of the brief open.",
        )
    only = f"{factor} has {most}" if factor else f"No factor has more than {most}"
    return f"{only} levels that can be compared here; {n} were asked for.", f"Ask for n of 2 to {most}."


def _critic(job_ids: Sequence[UUID]) -> dict[UUID, float]:
    """The best total that the critic gave any attempt of each job."""
    best: dict[UUID, float] = {}
    # Of a judgement with all its signals only one number is wanted, for hundreds of jobs at once.
    for job, total in done(job_ids, Stage.JUDGE).values_list("job_id", "output__scores__total"):
        best[job] = max(total, best.get(job, 0.0))
    return best
