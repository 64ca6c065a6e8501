"""Voice and bed into one finished programme at the target loudness, under a true-peak ceiling.

Arrays are stereo at 48 kHz, shaped (2, samples). Knows no files.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.audio import ducking, loudness
from apps.audio.ducking import Passage
from apps.audio.limiter import limit
from apps.audio.loudness import amplitude
from apps.audio.voice_chain import LEVEL, compress, fade

#: LUFS of the programme, and how near the master comes (field guide 1.2 allows +-1).
TARGET = -14.0
TOLERANCE = 0.1
#: dBTP the limiter keeps. AAC adds up to 0.3 dB at 192 kbit/s and 0.7 at 96 (measured over 18 mixes; more
#: where peaks are harsher); the file's limit is -1.5.
CEILING = -2.6
#: LU the bed stays under the voice while it speaks (12 is asked; half-second windows need the rest),
#: while it does not, and after the last word.
MARGIN, REST, TAIL = 15.0, 9.0, 1.0
#: dB one whole step of LOWER_BED and FIX_LOUDNESS is worth.
LOWER_BED_DB, LOWER_CEILING_DB = 6.0, 1.0
#: dB a passage is raised for each unit of arousal over the mean, and at most: the sound follows the curve,
#: and the loudness range leaves the monotone 1-2 LU of evenly levelled speech.
LIFT_DB, MAX_LIFT_DB = 2.5, 2.0
#: LU by which a persona's own gain may narrow or widen the distance between voice and bed.
PERSONA_GAIN = (-2.0, 3.0)
#: Passes of gain, limit and measure; the second already meets TOLERANCE on speech.
PASSES = 4
#: dB the limiter may be driven at most; music squashed by more sounds broken.
MAX_DRIVE = 18.0

Stereo = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Mono speech, the sample of the mix at which it starts, and by how many dB it is raised."""

    samples: NDArray[np.floating]
    start: int
    lift_db: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Programme:
    """The mix and its stems, which add up to it, and what was measured on it."""

    mix: Stereo
    voice: Stereo
    bed: Stereo
    integrated_lufs: float
    true_peak_dbtp: float


def mix_down(
    speech: Sequence[Placed], bed: Stereo, *, lower_bed: float = 0.0, harder: float = 0.0
) -> Programme:
    """`speech` over `bed`, as long as the bed.

    `lower_bed` and `harder` (0-1, the critic's LOWER_BED and FIX_LOUDNESS) take the bed down, the peaks in.
    """
    voice, passages = lay(speech, bed.shape[1])
    if harder:
        voice = np.repeat(compress(voice[0], 1.0 + 2.0 * harder)[np.newaxis], 2, axis=0).astype(np.float32)
    extra = _persona_gain(voice) + LOWER_BED_DB * lower_bed
    margin, rest, tail = (lu + extra for lu in (MARGIN, REST, TAIL))
    bed = bed * ducking.gain(voice, bed, passages, margin_lu=margin, rest_lu=rest, tail_lu=tail)
    return master(voice, bed, ceiling=CEILING - LOWER_CEILING_DB * harder)


def lifts(arousals: Sequence[float]) -> list[float]:
    """By how many dB to raise each passage, for the arousal of its shot."""
    mean = float(np.mean(arousals)) if arousals else 0.0
    return [float(np.clip(LIFT_DB * (a - mean), -MAX_LIFT_DB, MAX_LIFT_DB)) for a in arousals]


def lay(speech: Sequence[Placed], samples: int) -> tuple[Stereo, tuple[Passage, ...]]:
    """Speech at its places on both channels, and where each piece lies; what passes the end is faded out."""
    mono = np.zeros(samples, np.float32)
    passages = []
    for piece in speech:
        start = min(max(piece.start, 0), samples)
        end = min(start + len(piece.samples), samples)
        fits = end - start == len(piece.samples)
        said = piece.samples if fits else fade(piece.samples[: end - start])
        mono[start:end] += said * np.float32(amplitude(piece.lift_db))
        passages.append(Passage(start=start, end=end))
    return np.stack([mono, mono]), tuple(passages)


def master(voice: Stereo, bed: Stereo, *, ceiling: float = CEILING) -> Programme:
    """Both stems under one gain, so that their sum has TARGET loudness and peaks under `ceiling`."""
    raw = voice + bed
    start = loudness.integrated(raw)
    if start <= loudness.SILENCE:
        return _programme(raw, voice, bed, np.ones(raw.shape[1], np.float32))
    drive, curve = TARGET - start, np.ones(raw.shape[1], np.float32)
    for _ in range(PASSES):
        curve = limit(raw * np.float32(amplitude(drive)), ceiling) * np.float32(amplitude(drive))
        missing = TARGET - loudness.integrated(raw * curve)
        if abs(missing) <= TOLERANCE or drive + missing > TARGET - start + MAX_DRIVE:
            break
        drive += missing
    return _programme(raw, voice, bed, curve)


def _persona_gain(voice: Stereo) -> float:
    """LU by which the voice was meant to be louder than usual (a persona's gain_db, as it came out)."""
    said = loudness.integrated(voice)
    usual = LEVEL + 10.0 * float(np.log10(2.0))  # mono became two channels
    return float(np.clip(said - usual, *PERSONA_GAIN)) if said > loudness.SILENCE else 0.0


def _programme(raw: Stereo, voice: Stereo, bed: Stereo, curve: NDArray[np.float32]) -> Programme:
    mix = raw * curve
    return Programme(
        mix=mix,
        voice=voice * curve,
        bed=bed * curve,
        integrated_lufs=loudness.integrated(mix),
        true_peak_dbtp=loudness.true_peak(mix),
    )
