"""16-bit WAV files at 48 kHz. Arrays in, paths out, and back."""

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from apps.audio.loudness import SAMPLE_RATE


class UnableToReadAudio(Exception):
    """A stored recording is damaged, or not one of ours; delete it and run the stage again."""


def write(path: Path, audio: NDArray[np.floating]) -> Path:
    """(samples,) or (channels, samples), +-1, as 16-bit PCM. Returns the path."""
    soundfile.write(path, np.asarray(audio).T, SAMPLE_RATE, subtype="PCM_16")
    return path


def read_mono(path: Path) -> NDArray[np.float32]:
    """The first channel of a 48 kHz file. Raises UnableToReadAudio."""
    try:
        audio, sample_rate = soundfile.read(path, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as damaged:
        raise UnableToReadAudio(str(damaged)) from damaged
    if sample_rate != SAMPLE_RATE:
        raise UnableToReadAudio(f"{path.name} has {sample_rate} Hz; narrations have {SAMPLE_RATE} Hz.")
    return audio[:, 0]
