"""Voice and bed into one finished programme at the target loudness, under a true-peak ceiling.

Arrays are stereo at 48 kHz, shaped (2, samples). Knows no files.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from apps.audio import ducking, envelopes, limiter, loudness
from apps.audio.ducking import Passage
from apps.audio.loudness import POWER_STEP, amplitude
from apps.audio.voice_chain import CONTROL, LEVEL, compress, fade
from apps.contracts.media import Timeline

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
#: dB from the calmest passage to the most excited, the least range of arousal that is worth all of them, and
#: the most any passage is raised or lowered. The sound follows the curve, and the loudness range leaves the
#: monotone 1 LU of evenly levelled speech. It stays near 2-3 LU: a phone in a noisy room has no more to give,
#: and the first words must not be the quiet ones.
SPAN_DB, LEAST_RANGE, MAX_LIFT_DB = 4.0, 0.6, 2.0
#: How much more of the curve FOLLOW_CURVE at amount 1 lets be heard: in the voice's level, and in the bed's
#: density, drums, brightness and level.
LOUDER_CURVE, LIVELIER_CURVE = 1.25, 0.9
#: LU by which a persona's own gain may narrow or widen the distance between voice and bed.
PERSONA_GAIN = (-2.0, 3.0)
#: Passes of gain, limit and measure; the second already meets TOLERANCE on speech.
PASSES = 4
#: dB the limiter may be driven at most; music squashed by more sounds broken.
MAX_DRIVE = 18.0
#: dB it is driven at most where a voice is heard: quieter places are not searched for peaks between samples.
LIKELY_DRIVE = 4.0
#: The voice comes from both loudspeakers.
CHANNELS = 2
#: Steps of the limiter in one millisecond of power.
STEPS = POWER_STEP // limiter.STEP

Mono = NDArray[np.float32]
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
        voice = compress(voice, 1.0 + 2.0 * harder).astype(np.float32)
    said, played = CHANNELS * loudness.powers(voice), loudness.powers(bed)
    extra = _persona_gain(loudness.gated(said)) + LOWER_BED_DB * lower_bed
    margin, rest, tail = (lu + extra for lu in (MARGIN, REST, TAIL))
    room = ducking.gain(voice, said, played, passages, margin_lu=margin, rest_lu=rest, tail_lu=tail)
    bed = bed.copy()
    envelopes.apply(room, CONTROL, bed)
    return master(voice, bed, ceiling=CEILING - LOWER_CEILING_DB * harder)


def exaggerated(timeline: Timeline, follow: float) -> Timeline:
    """The timeline as the bed hears it: `follow` (0-1) takes every arousal further from the mean."""
    if not follow or not timeline.shots:
        return timeline
    mean = sum(shot.arousal for shot in timeline.shots) / len(timeline.shots)
    factor = 1 + LIVELIER_CURVE * follow
    moved = [min(max(mean + factor * (shot.arousal - mean), -1.0), 1.0) for shot in timeline.shots]
    shots = (replace(shot, arousal=a) for shot, a in zip(timeline.shots, moved, strict=True))
    return replace(timeline, shots=tuple(shots))


def lifts(arousals: Sequence[float], *, follow: float = 0.0) -> list[float]:
    """By how many dB to raise each passage, for the arousal of its shot; the hook is never lowered.

    `follow` (0-1, the critic's FOLLOW_CURVE) takes them further apart.
    """
    if not arousals:
        return []
    over = np.array(arousals, float) - np.mean(arousals)
    louder = 1 + LOUDER_CURVE * follow
    steepness = louder * SPAN_DB / max(float(np.ptp(over)), LEAST_RANGE)
    lifted = np.clip(steepness * over, -louder * MAX_LIFT_DB, louder * MAX_LIFT_DB)
    lifted[0] = max(lifted[0], 0.0)
    return [float(db) for db in lifted]


def lay(speech: Sequence[Placed], samples: int) -> tuple[Mono, tuple[Passage, ...]]:
    """Speech at its places, and where each piece lies; what passes the end is faded out."""
    mono = np.zeros(samples, np.float32)
    passages = []
    for piece in speech:
        start = min(max(piece.start, 0), samples)
        end = min(start + len(piece.samples), samples)
        fits = end - start == len(piece.samples)
        said = piece.samples if fits else fade(piece.samples[: end - start])
        mono[start:end] += said * np.float32(amplitude(piece.lift_db))
        passages.append(Passage(start=start, end=end))
    return mono, tuple(passages)


def master(voice: Mono, bed: Stereo, *, ceiling: float = CEILING) -> Programme:
    """Voice and bed under one gain, so that their sum has TARGET loudness and peaks under `ceiling`.

    Changes both in place: they become the stems.
    """
    mix = bed + voice
    power = loudness.powers(mix)
    start = loudness.gated(power)
    if start > loudness.SILENCE:
        curve = _mastering(mix, power, TARGET - start, ceiling)
        for audio in (mix, voice, bed):
            envelopes.apply(curve, limiter.STEP, audio)
    return Programme(
        mix=mix,
        voice=np.broadcast_to(voice, bed.shape),
        bed=bed,
        integrated_lufs=loudness.integrated(mix),
        true_peak_dbtp=loudness.true_peak(mix),
    )


def _mastering(
    mix: Stereo, power: NDArray[np.floating], drive: float, ceiling: float
) -> NDArray[np.floating]:
    """The gain in each step of the limiter that brings `mix` to TARGET; unlimited, `drive` dB would."""
    most = drive + MAX_DRIVE
    peaks = loudness.step_peaks(mix, limiter.STEP, least=amplitude(ceiling - drive - LIKELY_DRIVE))
    for _ in range(PASSES):
        curve = limiter.gains(peaks * amplitude(drive), ceiling) * amplitude(drive)
        each = np.square(curve)[: len(power) * STEPS].reshape(-1, STEPS).mean(axis=1)
        missing = TARGET - loudness.gated(power * each)
        if abs(missing) <= TOLERANCE or drive + missing > most:
            break
        drive += missing
    return curve


def _persona_gain(said: float) -> float:
    """LU by which the voice was meant to be louder than usual (a persona's gain_db, as it came out)."""
    usual = LEVEL + 10.0 * float(np.log10(CHANNELS))
    return float(np.clip(said - usual, *PERSONA_GAIN)) if said > loudness.SILENCE else 0.0
