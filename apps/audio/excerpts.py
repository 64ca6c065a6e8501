"""Cuts recorded music to a bed: seams that cannot be heard, a level that follows the curve.

Arrays are stereo at 48 kHz, shaped (2, samples). Knows no files and no tracks' meaning.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from apps.audio import envelopes, loudness
from apps.audio.loudness import amplitude

Stereo = NDArray[np.float32]

#: LUFS a bed has before it is mixed.
LEVEL = -20.0
#: dB from the quietest arousal to the liveliest, and the most a passage is raised or lowered to get there.
CURVE_DB, MAX_RIDE_DB = 6.0, 4.0
#: Samples of one step of the fader: 10 ms.
CONTROL = 480


def assemble(source: Stereo, lead: int, lengths: Sequence[int], crossfade: int) -> Stereo:
    """Pieces of `source`, each from sample `lead` on and so many samples long, end to end.

    The `crossfade` samples before each joint already hold what comes before `lead`, and so do those before
    the end: the last sample leads into the first as the recording does.
    """
    bed = np.zeros((2, sum(lengths)), np.float32)
    at = 0
    for length in lengths:
        piece = source[:, lead : lead + length]
        bed[:, at : at + piece.shape[1]] = piece
        size = min(crossfade, lead, length // 2)
        if size:
            joint = slice(at + length - size, at + length)
            bed[:, joint] = _crossfaded(bed[:, joint], source[:, lead - size : lead])
        at += length
    return bed


def _crossfaded(going: Stereo, coming: Stereo) -> Stereo:
    """Equal power, whatever the two have in common: no dip where they differ, no bump where they agree."""
    angle = 0.5 * np.pi * (np.arange(going.shape[1]) + 0.5) / going.shape[1]
    out, into = np.cos(angle), np.sin(angle)
    energy = float(np.sqrt(np.square(going).sum() * np.square(coming).sum()))
    alike = float((going * coming).sum()) / energy if energy > 1e-9 else 0.0
    power = np.sqrt(1.0 + 2.0 * max(alike, 0.0) * out * into)
    return ((going * out + coming * into) / power).astype(np.float32)


def ride(bed: Stereo, arousal: NDArray[np.floating]) -> Stereo:
    """`bed` at LEVEL, its passages brought half-way to what the curve asks (`arousal`: evenly spaced)."""
    steps = len(arousal)
    edges = np.linspace(0, bed.shape[1], steps + 1).astype(int)
    power = [float(np.mean(np.square(bed[:, a:b]))) for a, b in pairwise(edges.tolist())]
    played = 10.0 * np.log10(np.array(power) + 1e-9)
    wanted = CURVE_DB * np.asarray(arousal) / 2.0
    change = 0.5 * ((wanted - wanted.mean()) - (played - played.mean()))
    gain = 10.0 ** (np.clip(change, -MAX_RIDE_DB, MAX_RIDE_DB) / 20.0)
    middles = (edges[:-1] + edges[1:]) / 2.0
    at = (np.arange(-(-bed.shape[1] // CONTROL)) + 0.5) * CONTROL
    envelopes.apply(np.interp(at, middles, gain, period=bed.shape[1]), CONTROL, bed)
    return levelled(bed, LEVEL)


def levelled(bed: Stereo, lufs: float) -> Stereo:
    """`bed` at a loudness; silence stays silence."""
    now = loudness.integrated(bed)
    return bed if now <= loudness.SILENCE else (bed * np.float32(amplitude(lufs - now)))


def compatible(bed: Stereo) -> Stereo:
    """`bed`, or its left side alone where a phone's one speaker would cancel it."""
    left, right = bed
    return bed if float((left * right).sum()) >= 0.0 else np.stack([left, left])
