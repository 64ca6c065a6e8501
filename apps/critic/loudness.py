"""Loudness and true peak as ITU-R BS.1770-5 defines them. Arrays in, numbers out."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly, sosfilt

from apps.critic.decode import SAMPLE_RATE

#: K-weighting at 48 kHz (BS.1770-5, tables 1 and 2): a high shelf for the head, then a high-pass.
K_WEIGHTING = np.array(
    [
        [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585],
        [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621],
    ]
)
#: Seconds of a gating block, and between the starts of two of them.
BLOCK, HOP = 0.4, 0.1
#: LUFS under which a block is silence, and LU under the rest at which it is left out.
ABSOLUTE_GATE, RELATIVE_GATE = -70.0, -10.0
#: Seconds of a short-term block; LU under the rest at which loudness range leaves a block out, and the
#: percentiles that it lies between (EBU Tech 3342).
SHORT_TERM, RANGE_GATE, RANGE = 3.0, -20.0, (10, 95)
#: Samples oversampled at a time, and shared by neighbours; and the share of the highest sample below which a
#: piece cannot hold the highest peak: between samples, no sound of a short rises to twice of them.
PIECE, OVERLAP, LOW = SAMPLE_RATE // 10, 64, 0.5
#: What a digital zero measures; low enough to fail every interval.
SILENT = -120.0


def k_weighted(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Samples (n,) or (n, channels) at 48 kHz after the K filter."""
    filtered: NDArray[np.float64] = sosfilt(K_WEIGHTING, samples.astype(np.float64), axis=0)
    return filtered


def block_means(
    values: NDArray[np.float64], *, block: float = BLOCK, hop: float = HOP
) -> NDArray[np.float64]:
    """Mean of `values` (n,) over each whole block; the last, unfinished one is left out."""
    size, step = round(block * SAMPLE_RATE), round(hop * SAMPLE_RATE)
    sums = np.concatenate(([0.0], np.cumsum(values)))
    starts = np.arange(0, max(len(values) - size, 0) + 1, step) if len(values) >= size else np.zeros(0, int)
    return (sums[starts + size] - sums[starts]) / size


def weighted_power(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Power of (n, channels) after the K filter, channels added, (n,): what loudness is measured on."""
    return np.asarray((k_weighted(samples) ** 2).sum(axis=1))


def integrated(power: NDArray[np.float64]) -> float:
    """Integrated loudness of a `weighted_power`, LUFS; SILENT where nothing is loud enough."""
    powers = block_means(power)
    loud = powers[_lufs(powers) > ABSOLUTE_GATE]
    if not loud.size:
        return SILENT
    kept = loud[_lufs(loud) > _lufs(loud.mean()) + RELATIVE_GATE]
    return float(_lufs(kept.mean()))


def loudness_range(power: NDArray[np.float64]) -> float:
    """Loudness range of a `weighted_power`, LU (EBU Tech 3342); 0 where nothing is loud enough."""
    powers = block_means(power, block=SHORT_TERM)
    loud = powers[_lufs(powers) > ABSOLUTE_GATE]
    if not loud.size:
        return 0.0
    low, high = np.percentile(_lufs(loud[_lufs(loud) > _lufs(loud.mean()) + RANGE_GATE]), RANGE)
    return float(high - low)


def true_peak(samples: NDArray[np.float32]) -> float:
    """Highest peak between the samples, dBTP: 4 times oversampled (BS.1770-5, annex 2)."""
    levels = np.abs(samples).max(axis=1)
    least = LOW * float(levels.max(initial=0.0))
    starts = [n for n in range(0, len(samples), PIECE) if levels[n : n + PIECE].max() >= least]
    pieces = (samples[max(n - OVERLAP, 0) : n + PIECE + OVERLAP] for n in starts)
    return decibels(max((float(np.abs(resample_poly(p, 4, 1, axis=0)).max()) for p in pieces), default=0.0))


def decibels(amplitude: float) -> float:
    """An amplitude in dB relative to full scale; SILENT for zero."""
    return 20 * float(np.log10(amplitude)) if amplitude > 1e-6 else SILENT


def _lufs(power: NDArray[np.float64] | np.float64) -> NDArray[np.float64]:
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(power, 1e-12)))
