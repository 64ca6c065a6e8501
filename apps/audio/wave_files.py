"""Sound files at 48 kHz, 16 bits: WAV, or FLAC where the name says so. Arrays in, paths out, and back."""

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from apps.audio.loudness import SAMPLE_RATE

#: Samples written at once: a long mix is never copied whole.
BLOCK = 1 << 18
#: libsndfile's 0-1; half the size of a WAV either way, and the least takes half the time.
COMPRESSION = 0.0


class UnableToReadAudio(Exception):
    """A stored recording is damaged, or not one of ours; delete it and run the stage again."""


def write(path: Path, audio: NDArray[np.floating]) -> Path:
    """(samples,) or (channels, samples), +-1, as 16-bit WAV or FLAC. Returns the path."""
    channels = np.atleast_2d(audio)
    lossless = path.suffix == ".flac"
    with soundfile.SoundFile(
        path,
        "w",
        SAMPLE_RATE,
        channels=len(channels),
        subtype="PCM_16",
        format="FLAC" if lossless else "WAV",
        compression_level=COMPRESSION if lossless else None,
    ) as file:
        for first in range(0, channels.shape[1], BLOCK):
            file.write(channels[:, first : first + BLOCK].T)
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
