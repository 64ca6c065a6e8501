"""How loud a finished video is, moment by moment: heard once, kept small. Knows no job and no request."""

import hashlib
from pathlib import Path

import numpy as np
from django.core.cache import cache

from apps.foundation import blobs, ffmpeg

#: Samples a second that are enough to see loudness in; more only costs time.
RATE = 8_000
#: Seconds one value stands for.
STEP = 0.25
#: Decibels below full scale that count as silence.
FLOOR_DB = -48.0
#: Seconds that heard levels are kept; after that they are heard again, in about a quarter of a second.
KEEP_SECONDS = 30 * 24 * 3600


def levels(key: str) -> tuple[float, ...]:
    """RMS in dB full scale for each STEP of the video under `key`, FLOOR_DB at the least.

    Raises FileNotFoundError, foundation.ffmpeg.UnableToRunFfmpeg.
    """
    known: tuple[float, ...] | None = cache.get(_name(key))
    if known is not None:
        return known
    with blobs.local(key) as video:
        heard = heard_levels(video)
    cache.set(_name(key), heard, KEEP_SECONDS)
    return heard


def heard_levels(video: Path) -> tuple[float, ...]:
    """As `levels`, of a file."""
    pcm, _ = ffmpeg.run(["-i", str(video), "-vn", "-ac", "1", "-ar", str(RATE), "-f", "s16le", "-"])
    samples = np.frombuffer(pcm, np.int16).astype(np.float32) / 32768
    step = int(RATE * STEP)
    windows = samples[: len(samples) // step * step].reshape(-1, step)
    power = np.sqrt(np.mean(windows**2, axis=1)) if len(windows) else np.zeros(0)
    decibels = 20 * np.log10(np.maximum(power, 10 ** (FLOOR_DB / 20)))
    return tuple(round(float(level), 1) for level in decibels)


def _name(key: str) -> str:
    return f"levels:{hashlib.sha256(key.encode()).hexdigest()[:32]}"
