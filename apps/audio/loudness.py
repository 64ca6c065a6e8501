"""Loudness and true peak as ITU-R BS.1770-5 and EBU R 128 define them, at 48 kHz.

Arrays are float, shaped (channels, samples), full scale at +-1. What is filtered once can be asked often:
`powers` turns sound into one number a millisecond, and loudness is read from those.
"""

import functools

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from apps.audio import envelopes
from apps.audio.envelopes import BLOCK

#: Hz. The K-weighting coefficients below are those BS.1770 prints, and hold for this rate only.
SAMPLE_RATE = 48_000
#: Loudness units full scale that stand for silence; below any gate.
SILENCE = -120.0
#: LUFS below which a block is never counted (BS.1770, absolute gate).
ABSOLUTE_GATE = -70.0
#: LU below the ungated mean under which a block is not counted (BS.1770, relative gate).
RELATIVE_GATE = -10.0
#: Samples of one power: 1 ms.
POWER_STEP = SAMPLE_RATE // 1000
#: Powers in one step of the gating blocks: blocks of 400 ms overlap by 75 %.
GATE_STEP = 100
#: BS.1770 asks for four-fold oversampling at least, to find peaks between samples.
OVERSAMPLING = 4
#: Taps of the oversampling filter on either side of its middle, and samples by which two blocks overlap:
#: more than it reaches.
HALF = 10 * OVERSAMPLING
OVERLAP = 64
#: How much higher than its samples a wave may swing between them before it counts as noise at the band's
#: edge; blocks that stay under a wanted level by more are not oversampled.
SWING = 1.5
#: Samples that are oversampled, or not, together.
PEAK_BLOCK = 9_600

_BETWEEN = (OVERSAMPLING * signal.firwin(2 * HALF + 1, 1.0 / OVERSAMPLING, window=("kaiser", 5.0))).astype(
    np.float32
)
_K_WEIGHTING = np.array(
    [
        [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585],
        [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621],
    ]
)

Audio = NDArray[np.floating]
Powers = NDArray[np.floating]


def integrated(audio: Audio) -> float:
    """Programme loudness in LUFS with both gates; SILENCE where nothing passes them.

    Shorter than one block of 400 ms: the ungated loudness of the whole.
    """
    return gated(powers(audio))


def gated(power: Powers) -> float:
    """The programme loudness of sound whose `powers` these are."""
    blocks = _block_powers(power)
    loud = blocks[_lufs(blocks) > ABSOLUTE_GATE]
    if not loud.size:
        return SILENCE
    gate = float(_lufs(loud.mean())) + RELATIVE_GATE
    return float(_lufs(loud[_lufs(loud) > gate].mean()))


def momentary(power: Powers) -> NDArray[np.floating]:
    """LUFS of each 400 ms block, one every 100 ms."""
    return _lufs(_block_powers(power))


def during(power: Powers, active: NDArray[np.bool_]) -> float:
    """Ungated loudness in LUFS of the milliseconds where `active` is true."""
    chosen = power[active]
    return float(_lufs(chosen.mean())) if chosen.size else SILENCE


def powers(audio: Audio) -> Powers:
    """K-weighted power of all channels together in each whole millisecond."""
    channels = np.atleast_2d(audio)
    state = np.zeros((len(_K_WEIGHTING), len(channels), 2))
    result = np.zeros(channels.shape[1] // POWER_STEP)
    for first in range(0, len(result) * POWER_STEP, BLOCK):
        block = channels[:, first : min(first + BLOCK, len(result) * POWER_STEP)]
        heard, state = signal.sosfilt(_K_WEIGHTING, block, axis=1, zi=state)
        summed = np.einsum("cs,cs->s", heard, heard).reshape(-1, POWER_STEP).mean(axis=1)
        result[first // POWER_STEP : first // POWER_STEP + len(summed)] = summed
    return result


def true_peak(audio: Audio) -> float:
    """The highest true peak of any channel, dBTP."""
    highest = max(float(np.max(audio, initial=0.0)), -float(np.min(audio, initial=0.0)))
    return decibels(float(np.max(step_peaks(audio, POWER_STEP, least=highest), initial=0.0)))


def step_peaks(audio: Audio, step: int, *, least: float = 0.0) -> NDArray[np.float32]:
    """The highest magnitude, between samples too, of any channel in each `step` samples.

    Blocks that cannot reach `least` are not looked at between their samples.
    """
    channels = np.atleast_2d(audio)
    result = np.zeros(-(-channels.shape[1] // step), np.float32)
    for channel in channels:
        for first in range(0, len(channel), PEAK_BLOCK):
            found = envelopes.reduced(_block_peaks(channel, first, least), step, np.maximum)
            place = result[first // step : first // step + len(found)]
            np.maximum(place, found, out=place)
    return result


def _block_peaks(channel: NDArray[np.floating], first: int, least: float) -> NDArray[np.floating]:
    """Around each sample of one PEAK_BLOCK the highest magnitude of one channel."""
    before = min(first, OVERLAP)
    block = channel[first - before : first + PEAK_BLOCK + OVERLAP]
    own = np.abs(block[before : before + PEAK_BLOCK])
    if float(own.max()) * SWING <= least:
        return own
    dense = np.abs(signal.upfirdn(_BETWEEN, block, up=OVERSAMPLING))
    phases = (
        dense[n + before * OVERSAMPLING + HALF :: OVERSAMPLING][: len(own)] for n in range(OVERSAMPLING)
    )
    return functools.reduce(np.maximum, phases, own)


def decibels(amplitude: float) -> float:
    """An amplitude in dB relative to 1; SILENCE for nothing."""
    return 20.0 * float(np.log10(amplitude)) if amplitude > 1e-6 else SILENCE


def amplitude(level_db: float) -> float:
    """The factor that changes a level by `level_db`."""
    return float(10.0 ** (level_db / 20.0))


def _block_powers(power: Powers) -> Powers:
    steps = len(power) // GATE_STEP
    if steps < 4:
        return power.mean(keepdims=True) if power.size else np.zeros(1)
    means = power[: steps * GATE_STEP].reshape(steps, GATE_STEP).mean(axis=1)
    return np.convolve(means, np.full(4, 0.25), mode="valid")


def _lufs(power: NDArray[np.floating] | np.floating) -> NDArray[np.floating]:
    return -0.691 + 10.0 * np.log10(np.maximum(power, 1e-12))
