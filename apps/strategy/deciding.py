"""Puts one job's strategy together from its parts. Contracts in, contracts out; no I/O."""

from apps.contracts.brief import Brief
from apps.contracts.decision import (
    Advice,
    AudienceProfile,
    Belief,
    Decision,
    FactorKind,
    HookType,
    LoopTechnique,
    PlatformProfile,
    Strategy,
)
from apps.strategy.hooks import choose_loop, rank_hooks
from apps.strategy.length import (
    CUT_BANDS,
    CUT_BOUNDS,
    SCENES,
    choose_cut,
    choose_length,
    cut_band,
    length_band,
    length_trials,
    scene_count,
    scenes_in_band,
)

#: Hook's share of what the loop leaves (8 to 7): .40/.35/.25 at a loop weight of .25 (field guide 2.2).
HOOK_SHARE = 8 / 15


def decide(
    platform: PlatformProfile, audience: AudienceProfile, brief: Brief, advice: tuple[Advice, ...]
) -> Strategy:
    """The numbers and enums for one job, each with its reason.

    `decisions` holds one entry per factor that memory learns about, named as its FactorKind.
    """
    length, length_decision = choose_length(platform, audience, brief, advice)
    cut, cut_reason, cut_belief = choose_cut(audience, advice, brief.cut_rate_band)
    scenes = scenes_in_band(length, brief.cut_rate_band) or scene_count(length, cut)
    real_cut = round(length / scenes, 2)
    hooks, hook_decision = rank_hooks(brief, audience, advice)
    loop, loop_decision = choose_loop(hooks[0], platform.loop_weight, advice, brief.loop_technique)
    return Strategy(
        platform=platform.platform,
        length_seconds=length,
        min_length=platform.min_length,
        max_length=platform.max_length,
        hook_window_seconds=platform.hook_window_seconds,
        scene_count=scenes,
        cut_seconds=real_cut,
        loop_technique=loop,
        hook_types=hooks,
        weights=weights(platform.loop_weight),
        safe_box=platform.safe_box,
        priority_metrics=platform.priority_metrics,
        decisions=(
            length_decision,
            _band(
                FactorKind.LENGTH_BAND,
                length_band(length),
                f"{length} s fall in this band.",
                length_decision.belief,
            ),
            Decision(
                name="scene_count", value=str(scenes), reason=_scenes_reason(scenes, length, cut_reason)
            ),
            _band(
                FactorKind.CUT_RATE_BAND,
                cut_band(real_cut),
                f"{scenes} scenes in {length} s: {real_cut:g} s each.",
                cut_belief if cut_band(cut) == cut_band(real_cut) else None,  # whole scenes may miss it
            ),
            hook_decision,
            loop_decision,
            _hook_window(platform),
        ),
    )


def weights(loop_weight: float) -> dict[str, float]:
    """Shares of hook, pacing and loop in the total score; they sum to 1."""
    hook = round((1 - loop_weight) * HOOK_SHARE, 3)
    return {"hook": hook, "pacing": round(1 - loop_weight - hook, 3), "loop": round(loop_weight, 3)}


def candidates(
    platform: PlatformProfile, audience: AudienceProfile, brief: Brief
) -> dict[FactorKind, tuple[str, ...]]:
    """What `decide` may choose among, by factor: what to ask memory about. Settled factors have one."""
    lengths = (
        (length_band(brief.duration),)
        if brief.duration is not None
        else tuple(length_trials(platform, audience, brief))
    )
    return {
        FactorKind.HOOK: (brief.hook_type,) if brief.hook_type else tuple(HookType),
        FactorKind.LENGTH_BAND: lengths,
        FactorKind.CUT_RATE_BAND: (brief.cut_rate_band,) if brief.cut_rate_band else tuple(CUT_BANDS),
        FactorKind.LOOP_TECHNIQUE: (brief.loop_technique,) if brief.loop_technique else tuple(LoopTechnique),
    }


def _band(kind: FactorKind, value: str, reason: str, belief: Belief | None) -> Decision:
    return Decision(name=str(kind), value=value, reason=reason, belief=belief)


def _scenes_reason(scenes: int, length: int, cut_reason: str) -> str:
    capped = ""
    if scenes == SCENES[1]:
        capped = f", the most that are drawn unless one would stay over {CUT_BOUNDS[1]:g} s"
    elif scenes > SCENES[1]:
        capped = f", just enough for none to stay over {CUT_BOUNDS[1]:g} s"
    return f"{cut_reason} {length} s make {scenes} scenes{capped}."


def _hook_window(platform: PlatformProfile) -> Decision:
    seconds = f"{platform.hook_window_seconds:g}"
    return Decision(
        name="hook_window",
        value=seconds,
        reason=f"On {platform.name} people decide to stay or go within {seconds} s.",
    )
