"""Loudness and true peak as ITU-R BS.1770-5 and EBU R 128 define them, at 48 kHz.

Arrays are float, shaped (channels, samples), full scale at +-1.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import signal

#: Hz. The K-weighting coefficients below are those BS.1770 prints, and hold for this rate only.
SAMPLE_RATE = 48_000
#: Loudness units full scale that stand for silence; below any gate.
SILENCE = -120.0
#: LUFS below which a block is never counted (BS.1770, absolute gate).
ABSOLUTE_GATE = -70.0
#: LU below the ungated mean under which a block is not counted (BS.1770, relative gate).
RELATIVE_GATE = -10.0
#: Samples of one step of the gating blocks: blocks of 400 ms overlap by 75 %.
STEP = SAMPLE_RATE // 10
#: BS.1770 asks for four-fold oversampling at least, to find peaks between samples.
OVERSAMPLING = 4
#: Samples oversampled at once, and by how many two blocks overlap (more than the filter is long).
BLOCK, OVERLAP = 1 << 18, 64

_K_WEIGHTING = np.array(
    [
        [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585],
        [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621],
    ]
)

Audio = NDArray[np.floating]


def integrated(audio: Audio) -> float:
    """Programme loudness in LUFS with both gates; SILENCE where nothing passes them.

    Shorter than one block of 400 ms: the ungated loudness of the whole.
    """
    power = _block_powers(audio)
    loud = power[_lufs(power) > ABSOLUTE_GATE]
    if not loud.size:
        return SILENCE
    gate = float(_lufs(loud.mean())) + RELATIVE_GATE
    return float(_lufs(loud[_lufs(loud) > gate].mean()))


def momentary(audio: Audio) -> NDArray[np.floating]:
    """LUFS of each 400 ms block, one every 100 ms."""
    return _lufs(_block_powers(audio))


def during(audio: Audio, active: NDArray[np.bool_]) -> float:
    """Ungated loudness in LUFS of the samples where `active` is true."""
    chosen = _weighted_power(audio)[active]
    return float(_lufs(chosen.mean())) if chosen.size else SILENCE


def true_peak(audio: Audio) -> float:
    """The highest true peak of any channel, dBTP."""
    return decibels(float(np.max(peaks(audio), initial=0.0)))


def peaks(audio: Audio) -> NDArray[np.float32]:
    """The highest magnitude, between samples too, around each sample of any channel.

    In blocks that overlap by the filter's length: four times a long video at once would not fit in memory.
    """
    result = np.zeros(audio.shape[-1], np.float32)
    for channel in np.atleast_2d(audio):
        for first in range(0, len(channel), BLOCK):
            before = min(first, OVERLAP)
            block = channel[first - before : first + BLOCK + OVERLAP]
            dense = np.abs(signal.resample_poly(block, OVERSAMPLING, 1)).reshape(-1, OVERSAMPLING).max(axis=1)
            place = result[first : first + BLOCK]
            np.maximum(place, dense[before : before + len(place)], out=place)
    return result


def decibels(amplitude: float) -> float:
    """An amplitude in dB relative to 1; SILENCE for nothing."""
    return 20.0 * float(np.log10(amplitude)) if amplitude > 1e-6 else SILENCE


def amplitude(level_db: float) -> float:
    """The factor that changes a level by `level_db`."""
    return float(10.0 ** (level_db / 20.0))


def _weighted_power(audio: Audio) -> NDArray[np.floating]:
    """K-weighted power of all channels together, per sample."""
    power = np.zeros(audio.shape[-1], np.float32)
    for channel in np.atleast_2d(audio):
        power += np.square(signal.sosfilt(_K_WEIGHTING, channel))
    return power


def _block_powers(audio: Audio) -> NDArray[np.floating]:
    power = _weighted_power(audio)
    steps = len(power) // STEP
    if steps < 4:
        return power.mean(keepdims=True) if power.size else np.zeros(1)
    sums = power[: steps * STEP].reshape(steps, STEP).mean(axis=1, dtype=np.float64)
    return np.convolve(sums, np.full(4, 0.25), mode="valid")


def _lufs(power: NDArray[np.floating] | np.floating) -> NDArray[np.floating]:
    return -0.691 + 10.0 * np.log10(np.maximum(power, 1e-12))
