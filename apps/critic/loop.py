"""Measures how well the end leads back into the beginning. It decides nothing."""

import numpy as np
from numpy.typing import NDArray

from apps.critic import wording
from apps.critic.changes import rendered_cuts
from apps.critic.decode import SAMPLE_RATE, Footage, distance
from apps.critic.evidence import Evidence, Reading
from apps.critic.likeness import bits_apart, perceptual_hash, ssim
from apps.critic.loudness import decibels

#: Seconds of sound compared at each end.
SEAM = 0.15
#: Luma difference of neighbouring frames above which something moves, or is noise of the encoder.
MOVING = 5e-4
#: dBFS under which a difference in level is not heard at the seam.
FAINT = -50.0
#: Seconds of one step in the search for trailing silence, and the dBFS under which a step is silent.
TAIL_STEP, TAIL_SILENCE = 0.01, -50.0
#: Steps after a hard start in which a codec smears what began.
RINGING = 5


def measure(evidence: Evidence) -> tuple[Reading, ...]:
    """Readings of the seam in picture, sound, bars and words."""
    footage = evidence.footage
    last = evidence.ordinal_at(footage.seconds)
    language = evidence.script.language
    values = {
        "visual_seam": visual_seam(footage),
        "seam_to_cut": _seam_to_cut(evidence),
        "seam_likeness": ssim(footage.luma[0], footage.luma[-1]),
        "seam_hash": float(bits_apart(evidence.look, perceptual_hash(footage.luma[-1]))),
        "audio_seam": _audio_seam(evidence),
        "audio_step": float(np.abs(footage.sound[-1] - footage.sound[0]).max()),
        "tail_silence": tail_silence(footage),
        "bar_remainder": _bar_remainder(evidence),
        "semantic_loop": wording.semantic_loop(evidence.line(0), evidence.line(-1), language),
    }
    return tuple(Reading(name=name, value=value, ordinal=last) for name, value in values.items())


def visual_seam(footage: Footage) -> float:
    """MAD(last, first) over the usual MAD of neighbours that move: <= 2 seamless, <= 6 good, > 15 a visible
    jump. A picture that stands still is pacing's fault: it makes the seam no worse than it was."""
    moving = footage.jumps[footage.jumps > MOVING]
    usual = float(np.median(moving)) if moving.size else 0.0
    return distance(footage.luma[-1], footage.luma[0]) / (usual + 1e-4)


def tail_silence(footage: Footage) -> float:
    """Seconds at the end in which nothing at all is heard."""
    heard = _heard(footage.mono[::-1])
    return float(np.argmax(heard)) * TAIL_STEP if heard.any() else footage.seconds


def _heard(samples: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Whether anything is heard in each TAIL_STEP."""
    size = round(TAIL_STEP * SAMPLE_RATE)
    steps = samples[: len(samples) // size * size].reshape(-1, size).astype(float)
    return np.asarray(np.sqrt((steps**2).mean(axis=1)) > 10 ** (TAIL_SILENCE / 20))


def _seam_to_cut(evidence: Evidence) -> float:
    """The seam against the video's own cuts: <= 1 is no worse than any of them."""
    footage = evidence.footage
    cuts = rendered_cuts(footage, evidence.planned_cuts)
    sizes = [footage.jumps[round(cut * footage.fps)] for cut in cuts]
    usual = float(np.median(sizes)) if sizes else float(np.median(footage.jumps))
    return distance(footage.luma[-1], footage.luma[0]) / (usual + 1e-4)


def _audio_seam(evidence: Evidence) -> float:
    """dB between the last and the first heard moments of all that is not voice: a voice may begin and end,
    and a late start is the hook's fault."""
    samples = round(SEAM * SAMPLE_RATE)
    start = _first_heard(evidence.footage)
    ends = (evidence.voicing.rest(part) for part in (slice(start, start + samples), slice(-samples, None)))
    first, last = (max(decibels(float(np.sqrt((rest**2).mean()))), FAINT) for rest in ends)
    return abs(last - first)


def _first_heard(footage: Footage) -> int:
    """The sample at which silence at the start ends, and the codec's ringing after it; 0 without silence."""
    heard = _heard(footage.mono)
    steps = int(np.argmax(heard)) if heard.any() else 0
    return (steps + RINGING) * round(TAIL_STEP * SAMPLE_RATE) if steps else 0


def _bar_remainder(evidence: Evidence) -> float:
    """Seconds by which the file misses a whole number of 4/4 bars."""
    bar = 240 / evidence.timeline.bpm
    remainder = evidence.footage.seconds % bar
    return float(min(remainder, bar - remainder))
