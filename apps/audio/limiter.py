"""A look-ahead limiter that keeps true peaks, those between samples too, under a ceiling."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from apps.audio import envelopes
from apps.audio.loudness import SAMPLE_RATE, amplitude, step_peaks

#: Samples of one step of the gain: a quarter of a millisecond.
STEP = 12
#: Seconds the limiter sees ahead; its gain moves no faster, and comes back as gently as it went.
LOOK_AHEAD = 0.004


def limit(audio: NDArray[np.floating], ceiling: float) -> NDArray[np.float32]:
    """The gain per sample that keeps every channel of `audio` (channels, samples) under `ceiling` dBTP."""
    least = amplitude(ceiling)
    gain = gains(step_peaks(audio, STEP, least=least), ceiling)
    return envelopes.sampled(gain, STEP, audio.shape[-1])


def gains(peaks: NDArray[np.floating], ceiling: float) -> NDArray[np.floating]:
    """The gain in each STEP for its true peaks (amplitudes).

    The least gain wanted within the look-ahead, smoothed over it: it is down before the peak, without a step,
    and stays under the wanted one between two steps as well. Circular, so that a loop stays one.
    """
    wanted = np.minimum(1.0, np.float32(amplitude(ceiling)) / np.maximum(peaks, np.float32(1e-9)))
    size = int(LOOK_AHEAD * SAMPLE_RATE / STEP) | 1
    held = ndimage.minimum_filter1d(wanted, 2 * size + 1, mode="wrap")
    return ndimage.uniform_filter1d(held, size, mode="wrap")
