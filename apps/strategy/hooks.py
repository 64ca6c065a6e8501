"""Ranks how the first sentence may take hold, and how the end leads back into it. No I/O.

The base values order the hook types by the causal evidence on headlines (field guide 2.1, Script:
denial and open reference weigh most, then a question, then a figure); they are priors for memory to tip.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unicodedata import category

import yaml

from apps.contracts.brief import Brief
from apps.contracts.choosing import choose, said_of
from apps.contracts.decision import Advice, AudienceProfile, Decision, FactorKind, HookType, LoopTechnique

CUES = Path(__file__).parent / "catalog" / "cues.yaml"

#: Fit of a hook type with nothing known of the brief, 0-1.
BASE = {
    HookType.MYSTERY: 0.56,
    HookType.CONTRADICTION: 0.55,
    HookType.QUESTION: 0.52,
    HookType.NUMBER: 0.48,
    HookType.STAKES: 0.46,
    HookType.CHALLENGE: 0.42,
}
#: The emotions that a hook type serves; each that the audience seeks adds AFFINITY_GAIN.
AFFINITY = {
    HookType.MYSTERY: {"curiosity", "awe", "wonder", "nostalgia"},
    HookType.CONTRADICTION: {"surprise", "shock", "anger", "curiosity"},
    HookType.QUESTION: {"curiosity", "hope", "calm"},
    HookType.NUMBER: {"awe", "surprise", "shock", "triumph"},
    HookType.STAKES: {"fear", "tension", "relief", "hope"},
    HookType.CHALLENGE: {"fun", "joy", "triumph", "anger"},
}
AFFINITY_GAIN = 0.08
#: What material that carries a hook type adds, and what its absence takes away.
CARRIED, NOT_CARRIED = 0.15, -0.2

WHY = {
    HookType.QUESTION: "a question holds whoever wants its answer",
    HookType.CONTRADICTION: "denying what people believe is the strongest tested opening",
    HookType.NUMBER: "a surprising figure can be grasped within the hook window",
    HookType.STAKES: "what there is to lose keeps people watching",
    HookType.MYSTERY: "pointing at something unnamed leaves a gap that wants closing",
    HookType.CHALLENGE: "a dare makes the viewer take part",
}
#: Hooks that open a question, which the very end can answer.
OPEN_HOOKS = {HookType.QUESTION, HookType.MYSTERY}
#: Loop weight from which a sentence that runs on into the hook is worth its oddness.
STRONG_LOOP = 0.25


@dataclass(frozen=True)
class Material:
    """What a brief's facts and source text hold to open on."""

    known: bool
    figures: bool
    denials: bool


def material_of(brief: Brief) -> Material:
    """Looks for figures and denials in the brief's own language."""
    text = " ".join((*brief.facts, brief.source_text)).lower()
    words = {word.strip(".,;:!?\"'()[]«»“”।") for word in text.split()}
    cues = _cues().get(brief.language, {"numbers": [], "denials": []})
    return Material(
        known=bool(text.strip()),
        figures=any(category(character) == "Nd" for character in text)
        or not words.isdisjoint(cues["numbers"]),
        denials=not words.isdisjoint(cues["denials"]),
    )


def rank_hooks(
    brief: Brief, audience: AudienceProfile, advice: tuple[Advice, ...]
) -> tuple[tuple[HookType, ...], Decision]:
    """Every hook type, best first, and why the first is first; the brief's own choice wins."""
    material = material_of(brief)
    fits = {str(kind): _fit(kind, audience, material) for kind in HookType}
    choice = choose(fits, FactorKind.HOOK, advice)
    order = tuple(HookType(name) for name in choice.order)
    if brief.hook_type:
        asked = HookType(brief.hook_type)
        order = (asked, *(kind for kind in order if kind is not asked))
        return order, Decision(name="hook", value=str(asked), reason=f"The brief asks for it: {WHY[asked]}.")
    first = order[0]
    reason = _hook_reason(first, audience, material) + said_of(str(first), FactorKind.HOOK, advice)
    return order, Decision(name="hook", value=str(first), reason=reason, belief=choice.belief)


def choose_loop(
    hook: HookType, loop_weight: float, advice: tuple[Advice, ...], asked: str = ""
) -> tuple[LoopTechnique, Decision]:
    """How the end leads back, from what the hook leaves open and how much the platform rewards loops;
    what the brief asks for wins."""
    if asked:
        return LoopTechnique(asked), Decision(
            name="loop_technique", value=asked, reason="The brief asks for it."
        )
    fits = {
        str(LoopTechnique.OPEN_SENTENCE): 0.5 + (0.2 if loop_weight >= STRONG_LOOP else 0.0),
        str(LoopTechnique.ANSWER_LAST): 0.75 if hook in OPEN_HOOKS else 0.3,
        str(LoopTechnique.RETURN): 0.55,
    }
    choice = choose(fits, FactorKind.LOOP_TECHNIQUE, advice)
    chosen = LoopTechnique(choice.order[0])
    weighs = f"loops weigh {loop_weight:.0%} here, so the last"
    reason = {
        LoopTechnique.OPEN_SENTENCE: f"{weighs} line runs on into the first",
        LoopTechnique.ANSWER_LAST: f"the {hook} hook leaves a gap, which is closed only at the very end",
        LoopTechnique.RETURN: f"{weighs} picture is the first again",
    }[chosen]
    reason = reason[0].upper() + reason[1:] + "."
    reason += said_of(str(chosen), FactorKind.LOOP_TECHNIQUE, advice)
    decision = Decision(name="loop_technique", value=str(chosen), reason=reason, belief=choice.belief)
    return chosen, decision


def _fit(kind: HookType, audience: AudienceProfile, material: Material) -> float:
    liked = len(AFFINITY[kind] & {bias.lower() for bias in audience.emotion_bias})
    carried = {HookType.NUMBER: material.figures, HookType.CONTRADICTION: material.denials}.get(kind)
    support = 0.0 if carried is None or not material.known else CARRIED if carried else NOT_CARRIED
    return max(0.0, min(1.0, BASE[kind] + AFFINITY_GAIN * min(liked, 2) + support))


def _hook_reason(kind: HookType, audience: AudienceProfile, material: Material) -> str:
    liked = sorted(AFFINITY[kind] & {bias.lower() for bias in audience.emotion_bias})
    parts = [WHY[kind]]
    if liked:
        parts.append(f"{audience.name} look for {' and '.join(liked)}")
    if kind is HookType.NUMBER and material.figures:
        parts.append("the material has figures")
    if kind is HookType.CONTRADICTION and material.denials:
        parts.append("the material denies something")
    joined = "; ".join(parts)
    return joined[0].upper() + joined[1:] + "."


@cache
def _cues() -> dict[str, dict[str, list[str]]]:
    cues: dict[str, dict[str, list[str]]] = yaml.safe_load(CUES.read_text(encoding="utf-8"))
    return cues
