"""Gain curves with one value every so many samples, and how they are put on sound without copies of it.

A curve is circular: its end leads back into its beginning. Arrays of sound are (samples,) or
(channels, samples); all work is done in blocks, so that a long mix needs no second helping of memory.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.floating]

#: Samples worked on at once, a whole number of every control step used (48 and 12).
BLOCK = 240_000


def apply(curve: Curve, step: int, audio: NDArray[np.float32]) -> None:
    """Multiply `audio` by the curve, in place."""
    for place, gain in over(curve, step, audio.shape[-1]):
        audio[..., place] *= gain


def over(curve: Curve, step: int, samples: int) -> Iterator[tuple[slice, NDArray[np.float32]]]:
    """The curve sample by sample, block after block: each value holds at the middle of its step."""
    middles = (np.arange(-1, len(curve) + 1) + 0.5) * step
    lap = np.concatenate([curve[-1:], curve, curve[:1]])
    for first in range(0, samples, BLOCK):
        at = np.arange(first, min(first + BLOCK, samples))
        near = slice(first // step, (first + BLOCK) // step + 3)
        yield slice(first, int(at[-1]) + 1), np.interp(at, middles[near], lap[near]).astype(np.float32)


def sampled(curve: Curve, step: int, samples: int) -> NDArray[np.float32]:
    """The whole curve, one value for each sample."""
    return np.concatenate([gain for _, gain in over(curve, step, samples)] or [np.zeros(0, np.float32)])


def reduced(values: NDArray[np.floating], step: int, how: np.ufunc) -> NDArray[np.floating]:
    """`how` (np.maximum, np.add) over each step of `values` (samples,); the last one may be shorter."""
    return how.reduceat(values, np.arange(0, len(values), step)) if len(values) else values
