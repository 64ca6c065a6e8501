"""Measures level, peaks, clipping and how clearly the voice is heard. It decides nothing."""

import numpy as np
from numpy.typing import NDArray

from apps.critic.changes import longest_run
from apps.critic.evidence import Evidence, Reading
from apps.critic.loudness import integrated, loudness_range, true_peak

#: Amplitude from which a sample counts as clipped, and neighbours it needs to be heard as such.
FULL_SCALE, CLIPPED_RUN = 0.9995, 3


def measure(evidence: Evidence) -> tuple[Reading, ...]:
    """Readings of the file's own sound; the stems only say which part of it is voice."""
    sound = evidence.footage.sound
    values = {
        "audio_present": float(evidence.footage.has_sound and bool(sound.any())),
        "loudness": integrated(evidence.power),
        "loudness_range": loudness_range(evidence.power),
        "true_peak": true_peak(sound),
        "clipping": clipped_ms(sound),
        "voice_over_bed": evidence.voicing.over_bed,
        "mono": _correlation(sound),
    }
    return tuple(Reading(name=name, value=value) for name, value in values.items())


def clipped_ms(sound: NDArray[np.float32]) -> float:
    """Milliseconds of sound in runs of CLIPPED_RUN or more samples at full scale, either channel."""
    flat = np.abs(sound).max(axis=1) >= FULL_SCALE
    if longest_run(flat)[1] < CLIPPED_RUN:
        return 0.0
    inside = np.convolve(flat, np.ones(CLIPPED_RUN), mode="same") >= CLIPPED_RUN
    return float(inside.sum()) / 48.0


def _correlation(sound: NDArray[np.float32]) -> float:
    """Of left and right, -1 to 1: below 0 a phone's one speaker cancels what headphones play."""
    left, right = sound[:, 0].astype(float), sound[:, 1].astype(float)
    energy = float(np.sqrt((left**2).sum() * (right**2).sum()))
    return float((left * right).sum()) / energy if energy > 0 else 1.0
