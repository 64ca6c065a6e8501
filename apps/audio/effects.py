"""What happens at turning points, whoever plays: the rise into the twist, the silence before it, the strike;
the swell that leads from the end back into the beginning. Works on stereo (2, samples) at 48 kHz, in place.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import signal

from apps.audio.drums import noise, thump, together
from apps.audio.instruments import Sound, edges
from apps.audio.loudness import SAMPLE_RATE, amplitude

#: dB to which the music falls in the silence before a twist, and seconds it takes to fall and to come back.
DROP_DB, FALL, RETURN = -32.0, 0.025, 0.003
#: dB of the rise at its top, of its last breath in the silence, and of the strike.
RISE_DB, BREATH_DB, STRIKE_DB = -15.0, -40.0, -1.0
#: Seconds a rise fades to its breath when the silence begins.
CUT = 0.02
#: Seconds of the swell before the end.
SWELL_SECONDS = 0.6
#: Seconds in which it is gone again, so that the step over the seam is the music's own.
CALM = 0.012
#: Seconds at either end that must be equally loud (field guide 2.1), and dB the end is left under the start.
SEAM, SEAM_DB = 0.15, 1.5


@dataclass(frozen=True, kw_only=True)
class Turning:
    """Samples at which the rise starts, all falls silent, and the twist strikes."""

    riser: int
    drop: int
    strike: int


def silence(bed: Sound, turning: Turning) -> None:
    """Let what plays fall silent before the strike, without a click."""
    size = turning.strike - turning.drop
    fall, back = (min(int(s * SAMPLE_RATE), size // 2) for s in (FALL, RETURN))
    if min(fall, back) < 1:
        return
    depth = np.ones(size, np.float32)
    depth[:fall] = 0.5 - 0.5 * np.cos(np.pi * np.arange(fall) / fall)
    depth[-back:] = 0.5 + 0.5 * np.cos(np.pi * (np.arange(back) + 1) / back)
    bed[:, turning.drop : turning.strike] *= 1.0 - depth * np.float32(1.0 - amplitude(DROP_DB))


def rise(bed: Sound, turning: Turning, kind: int, level_db: float = 0.0) -> None:
    """Add what climbs into the silence, and its breath until the strike."""
    climb, whisper = turning.drop - turning.riser, turning.strike - turning.drop
    if climb > 2 * int(CUT * SAMPLE_RATE) and turning.riser >= 0:
        sound = _climbing(climb, whisper, kind) * np.float32(amplitude(RISE_DB + level_db))
        bed[:, turning.riser : turning.strike] += sound


def strike(kind: int) -> Sound:
    """What lands on the twist, mono: a deep fall and a wash of cymbal."""
    return _strike(kind % 3) * np.float32(amplitude(STRIKE_DB))


def swell(bed: Sound) -> None:
    """Let the first moments, backwards, grow out of the last ones: the end pulls into the beginning.

    The end is then as loud as the start, less SEAM_DB; the very last samples stay what they were.
    """
    size, seam = (min(int(s * SAMPLE_RATE), bed.shape[1] // 4) for s in (SWELL_SECONDS, SEAM))
    if seam < 480:
        return
    backwards = bed[:, :size][:, ::-1]
    grown = backwards * np.linspace(0.0, 1.0, size, dtype=np.float32) ** 2 * edges(size, 0.0, CALM)
    first, last, added = (_power(x) for x in (bed[:, :seam], bed[:, -seam:], grown[:, -seam:]))
    wanted = first * 10.0 ** (-SEAM_DB / 10.0) - last
    if wanted > 0.0 and added > 0.0:
        bed[:, -size:] += grown * np.float32(min((wanted / added) ** 0.5, 1.0))


def _power(sound: Sound) -> float:
    return float(np.mean(np.square(sound)))


@cache
def _strike(kind: int) -> Sound:
    start, end, wash = ((130.0, 38.0, 0.13), (95.0, 44.0, 0.2), (180.0, 50.0, 0.09))[kind]
    cymbal = noise(1.8, 2500.0, 12000.0, 0.5, 21 + kind)
    return together((0.0, 1.0, thump(1.2, start, end, 0.12, 0.4)), (0.0, wash, cymbal))


def _climbing(climb: int, whisper: int, kind: int) -> Sound:
    """Noise that opens, and over it a tone that climbs, a trill that quickens, or nothing."""
    samples = climb + whisper
    share = np.minimum(np.arange(samples, dtype=np.float32) / np.float32(climb), 1.0)
    shape = share**2.5
    cut = min(int(CUT * SAMPLE_RATE), whisper) or 1
    shape[climb:] = amplitude(BREATH_DB - RISE_DB)
    shape[climb : climb + cut] += np.linspace(1.0, 0.0, cut, dtype=np.float32)[: samples - climb] ** 2
    air = _opening(samples, climb)
    tone = (_glide, _trill, _nothing)[kind % 3](share)
    return (air + tone) * shape * edges(samples, 0.05, 0.004)


def _opening(samples: int, climb: int) -> Sound:
    """Noise, different on each side, whose band moves from dull to bright."""
    raw = np.random.default_rng(13).standard_normal((2, samples)).astype(np.float32)
    raw += 0.6 * raw[::-1]  # half of it in the middle, for mono
    share = np.minimum(np.arange(samples, dtype=np.float32) / np.float32(climb), 1.0)
    bands = ((250.0, 900.0), (700.0, 2500.0), (1700.0, 6000.0))
    opening = np.zeros((2, samples), np.float32)
    for n, band in enumerate(bands):
        sections = signal.butter(2, band, "bandpass", fs=SAMPLE_RATE, output="sos").astype(np.float32)
        weight = np.maximum(1.0 - np.abs(share * 2.0 - np.float32(n)), 0.0)
        opening += weight * signal.sosfilt(sections, raw, axis=1)
    return opening


def _glide(share: Sound) -> Sound:
    return (0.18 * np.sin(2.0 * np.pi * np.cumsum(220.0 * 4.0**share) / SAMPLE_RATE)).astype(np.float32)


def _trill(share: Sound) -> Sound:
    """A tone that comes and goes, ever faster."""
    gate = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.cumsum(4.0 + 14.0 * share**2) / SAMPLE_RATE)
    return (0.22 * gate * np.sin(2.0 * np.pi * np.cumsum(330.0 * 2.0**share) / SAMPLE_RATE)).astype(
        np.float32
    )


def _nothing(share: Sound) -> Sound:
    return np.zeros_like(share)
