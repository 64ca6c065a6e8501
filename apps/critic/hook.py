"""Measures how the first seconds take hold. It decides nothing."""

import numpy as np
from numpy.typing import NDArray

from apps.contracts.opening import opening_of
from apps.contracts.story import Purpose
from apps.critic import wording
from apps.critic.changes import visual_changes
from apps.critic.evidence import REFERENCE_HEIGHT, REFERENCE_WIDTH, Evidence, Reading
from apps.critic.likeness import nearest, salient_share

#: Seconds that "the first second" means.
OPENING = 1.0


def measure(evidence: Evidence) -> tuple[Reading, ...]:
    """Readings of the hook, for the window that the platform's profile gives."""
    footage, first = evidence.footage, evidence.ordinal_at(0.0)
    opening = footage.motion[1 : 1 + round(OPENING / 0.1)]
    moves = float(opening.mean()) if opening.size else 0.0
    usual = float(np.median(footage.motion[1:])) if len(footage.motion) > 1 else 0.0
    start = footage.luma[0] / 255.0
    values = {
        "hook_motion": moves,
        "hook_energy": moves / (usual + 1e-4),
        "first_change": _first_change(evidence),
        "first_frame_light": float(start.mean()),
        "first_frame_contrast": float(start.std()),
        "colourfulness": colourfulness(footage.rgb(min(len(footage.planes) - 1, footage.step * 5))),
        "saliency": _saliency(evidence),
        "speech_onset": evidence.voicing.onset,
        "hook_words": _hook_words(evidence),
        "hook_end": _hook_end(evidence),
        "hook_wording": wording.hook_strength(evidence.line(0), evidence.script.language),
        "gap_closed": _gap_closed(evidence),
        "greeting": float(wording.greets(evidence.line(0), evidence.script.language)),
        "look_alike": float(nearest(evidence.look, evidence.plan.recent.looks)),
        "repeat_opening": float(_opening(evidence) in evidence.plan.recent.openings),
    }
    return tuple(Reading(name=name, value=value, ordinal=first) for name, value in values.items())


def colourfulness(rgb: NDArray[np.float64]) -> float:
    """Hasler and Suesstrunk's M of an RGB picture 0-255: 33 moderately, 59 quite colourful."""
    red, green, blue = np.moveaxis(rgb, -1, 0)
    red_green, yellow_blue = red - green, (red + green) / 2 - blue
    spread = float(np.hypot(red_green.std(), yellow_blue.std()))
    return spread + 0.3 * float(np.hypot(red_green.mean(), yellow_blue.mean()))


def _first_change(evidence: Evidence) -> float:
    """Seconds to the first new picture or new caption."""
    captions = [cue.start_ms / 1000 for cue in evidence.timeline.cues if cue.start_ms > 0]
    return min(
        [*visual_changes(evidence.footage, evidence.planned_cuts), *captions, evidence.footage.seconds]
    )


def _saliency(evidence: Evidence) -> float:
    """Share of what draws the eye in the first second that nothing of the platform's lies over."""
    footage, frame = evidence.footage, (REFERENCE_WIDTH, REFERENCE_HEIGHT)
    looked = range(0, min(round(OPENING * footage.fps) + 1, len(footage.planes)), 5 * footage.step)
    shares = [salient_share(footage.luma[n], evidence.plan.strategy.safe_box, frame=frame) for n in looked]
    return sum(shares) / len(shares)


def _gap_closed(evidence: Evidence) -> float:
    """Share of the twist's payoff that the hook has told already."""
    purposes = [scene.purpose for scene in evidence.story.scenes]
    lines = [evidence.line(n) for n in range(min(len(purposes), len(evidence.script.lines)))]
    twist = " ".join(line for line, purpose in zip(lines, purposes, strict=False) if purpose is Purpose.TWIST)
    told = zip(lines[1:], purposes[1:], strict=False)
    rest = [line for line, purpose in told if purpose is not Purpose.TWIST]
    return wording.payoff_told(evidence.line(0), rest, twist)


def _opening(evidence: Evidence) -> str:
    return opening_of(" ".join(evidence.line(n) for n in range(len(evidence.script.lines))))


def _hook_words(evidence: Evidence) -> float:
    """Words of which the end is heard inside the hook window; words spoken into silence do not count."""
    window, onset = evidence.plan.strategy.hook_window_seconds, evidence.voicing.onset
    return float(sum(word.end_ms / 1000 <= window and word.end_ms / 1000 > onset for word in evidence.words))


def _hook_end(evidence: Evidence) -> float:
    """Seconds by which the hook's first sentence outlasts the hook window; negative: ends before."""
    ends = [word.end_ms / 1000 for word in evidence.words if wording.sentence_ends(word.text)]
    said = ends[0] if ends else evidence.footage.seconds
    return said - evidence.plan.strategy.hook_window_seconds
