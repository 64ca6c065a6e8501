"""What a recorded track is like, which one suits a timeline, and where it is cut. Arrays and numbers only.

Tempo and percussiveness stand for arousal, mode and brightness for valence (Eerola, Friberg & Bresin 2013;
Husain 2002): coarse, but enough to tell a lullaby from a chase.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from apps.audio import beats
from apps.audio.beats import METER, RATE
from apps.contracts.media import Timeline

#: Raise it when tracks analysed before shall be analysed again.
VERSION = 1
#: How much faster or slower a track may be played; more is heard as another performance.
MAX_STRETCH = 0.06
#: Clarity from which beats are trusted.
CLEAR = 0.5
#: Seconds a track must last to be of any use.
SHORTEST = 2.0
#: Cost, in units of mood (the range is about 2), of a track whose beats do not fall on the timeline's, and
#: of one that can only be cut at onsets.
COST_OFF_BEAT, COST_FREE = 0.5, 1.0
#: Weight of valence against arousal; a bed that is too calm is a worse mistake than one too sad.
VALENCE_WEIGHT = 0.6
#: Starts among which the seed picks: the best ones for the curve.
GOOD_STARTS = 3
#: Seconds before the bar line at which a cut is made, so that the stroke on it is whole.
EARLY = 0.008
#: Tempo and activity of music that neither calms nor excites: between 2 (held chords) and 20 (a full band).
USUAL_TEMPO, USUAL_ACTIVITY = 110.0, 6.0
#: Seconds between two values of a track's energy.
STEP = 0.5
#: Samples of one chroma spectrum: 3 Hz apart, so that bass notes can be told from each other.
CHROMA_FRAME = 8192
#: How well each of twelve tones fits a major and a minor key (Krumhansl & Kessler 1982).
MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])


class Fit(StrEnum):
    """How a track's time agrees with the timeline's."""

    BEAT = "beat"  # its beats, or every other one, are the timeline's
    BAR = "bar"  # a whole number of its bars fills the timeline, its beats lie elsewhere
    FREE = "free"  # no beat to go by: cut at onsets


@dataclass(frozen=True, kw_only=True)
class Track:
    """A track as analysed. Seconds from its start; `energy` in dB each STEP seconds.

    `brightness` is the spectral centroid in octaves over 1 kHz, `activity` as beats.Onsets has it, `mode` in
    [-1, 1] from minor to major.
    """

    seconds: float
    tempo: float
    clarity: float
    beats: tuple[float, ...]
    downbeat: int
    onsets: tuple[float, ...]
    energy: tuple[float, ...]
    brightness: float
    activity: float
    mode: float
    version: int = VERSION

    @property
    def arousal(self) -> float:
        """-1 calm to 1 excited."""
        quick = 0.3 * np.log2(self.tempo / USUAL_TEMPO) if self.clarity >= CLEAR else 0.0
        busy = 0.45 * np.log2(max(self.activity, 0.1) / USUAL_ACTIVITY)
        return float(np.clip(quick + busy, -1.0, 1.0))

    @property
    def valence(self) -> float:
        """-1 dark to 1 bright."""
        return float(np.clip(0.8 * self.mode + 0.2 * (self.brightness - 0.5), -1.0, 1.0))


@dataclass(frozen=True, kw_only=True)
class Cut:
    """What is taken of a track: from second `start`, `pieces` of it, each so long in seconds of the track.

    Every piece begins at `start`; more than one where the track is shorter than the video. `speed` is how
    much faster than recorded it is played.
    """

    fit: Fit
    start: float
    pieces: tuple[float, ...]
    speed: float


def analyse(mono: NDArray[np.floating]) -> Track:
    """Everything about a track, from its mono samples at beats.RATE."""
    onsets = beats.listen(mono)
    pulse = beats.find_pulse(onsets)
    strong = beats.strong_onsets(onsets)
    brightness, mode = _colour(mono)
    seconds = len(mono) / RATE
    return Track(
        seconds=seconds,
        tempo=pulse.tempo,
        clarity=pulse.clarity,
        beats=pulse.beats,
        downbeat=pulse.downbeat,
        onsets=strong,
        energy=_energy(mono),
        brightness=brightness,
        activity=round(onsets.activity, 3),
        mode=mode,
    )


def misfit(track: Track, timeline: Timeline) -> float:
    """How badly a track suits a timeline: distance of mood plus what its time costs; 0 is perfect."""
    lengths = np.array([s.end_ms - s.start_ms for s in timeline.shots], float)
    arousal, valence = (
        float(np.average([getattr(s, of) for s in timeline.shots], weights=lengths))
        for of in ("arousal", "valence")
    )
    mood = abs(track.arousal - arousal) + VALENCE_WEIGHT * abs(track.valence - valence)
    return mood + {Fit.BEAT: 0.0, Fit.BAR: COST_OFF_BEAT, Fit.FREE: COST_FREE}[_timing(track, timeline)[0]]


def cut(track: Track, timeline: Timeline, seed: int) -> Cut:
    """The excerpt whose energy follows the curve best; the seed picks among the best few."""
    fit, count, speed = _timing(track, timeline)
    if fit is Fit.FREE:
        return _free_cut(track, timeline, seed)
    first = range(track.downbeat, len(track.beats), METER)
    whole = [i for i in first if i + count < len(track.beats)]
    if not whole:
        return _repeated(track, count, speed, fit)
    start = _picked([_follows(track, timeline, track.beats[i], track.beats[i + count]) for i in whole], seed)
    begin, end = track.beats[whole[start]], track.beats[whole[start] + count]
    return Cut(
        fit=fit,
        start=max(begin - EARLY, 0.0),
        pieces=(end - begin,),
        speed=(end - begin) * 1000.0 / timeline.total_ms,
    )


def _timing(track: Track, timeline: Timeline) -> tuple[Fit, int, float]:
    """How a track fits, how many of its beats fill the timeline, and how much faster it is then played."""
    if track.clarity < CLEAR or len(track.beats) < 2 * METER + track.downbeat:
        return Fit.FREE, 0, 1.0
    total = timeline.total_ms / 1000.0
    for fit, count in (
        *((Fit.BEAT, timeline.bars * METER * of) for of in (1.0, 2.0, 0.5)),
        (Fit.BAR, METER * max(1.0, round(total * track.tempo / 60.0 / METER))),
    ):
        speed = count * 60.0 / track.tempo / total
        if count == int(count) and abs(speed - 1.0) <= MAX_STRETCH:
            return fit, int(count), speed
    return Fit.FREE, 0, 1.0


def _repeated(track: Track, count: int, speed: float, fit: Fit) -> Cut:
    """A short track from its first bar on, again and again until `count` beats are full."""
    usable = (len(track.beats) - 1 - track.downbeat) // METER * METER
    begin = track.beats[track.downbeat]
    sizes = [usable] * (count // usable) + ([count % usable] if count % usable else [])
    pieces = tuple(track.beats[track.downbeat + size] - begin for size in sizes)
    return Cut(fit=fit, start=max(begin - EARLY, 0.0), pieces=pieces, speed=speed)


def _free_cut(track: Track, timeline: Timeline, seed: int) -> Cut:
    total = timeline.total_ms / 1000.0
    starts = [at for at in (0.0, *track.onsets) if at + total <= track.seconds]
    if not starts:
        full, rest = divmod(total, track.seconds)
        return Cut(
            fit=Fit.FREE,
            start=0.0,
            pieces=(track.seconds,) * int(full) + ((rest,) if rest > 0.05 else ()),
            speed=1.0,
        )
    begin = starts[_picked([_follows(track, timeline, at, at + total) for at in starts], seed)]
    return Cut(fit=Fit.FREE, start=begin, pieces=(total,), speed=1.0)


def _picked(merits: Sequence[float], seed: int) -> int:
    """One of the GOOD_STARTS best, by seed."""
    best = sorted(range(len(merits)), key=lambda n: -merits[n])[:GOOD_STARTS]
    return best[seed % len(best)]


def _follows(track: Track, timeline: Timeline, begin: float, end: float) -> float:
    """How well the energy from `begin` to `end` follows the curve's arousal, less what is nearly silent."""
    share = (np.arange(24) + 0.5) / 24
    energy = np.interp(
        begin + share * (end - begin), (np.arange(len(track.energy)) + 0.5) * STEP, track.energy
    )
    ends = [s.end_ms / timeline.total_ms for s in timeline.shots]
    arousal = np.array([s.arousal for s in timeline.shots])[
        np.minimum(np.searchsorted(ends, share), len(ends) - 1)
    ]
    level = float(np.percentile(track.energy, 75))
    together = _correlation(energy, arousal)
    return together - 0.1 * float(np.maximum(level - 6.0 - energy, 0.0).mean())


def _correlation(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    one, other = one - one.mean(), other - other.mean()
    size = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / size if size > 1e-9 else 0.0


def _energy(mono: NDArray[np.floating]) -> tuple[float, ...]:
    size = int(STEP * RATE)
    edges = [*range(0, max(len(mono), 1), size), len(mono)]
    power = [float(np.mean(np.square(mono[a:b], dtype=np.float64))) for a, b in pairwise(edges) if b > a]
    return tuple(round(10.0 * float(np.log10(p + 1e-9)), 2) for p in power)


def _colour(mono: NDArray[np.floating]) -> tuple[float, float]:
    """Brightness and mode, from spectra spread over the track."""
    starts = np.linspace(0, max(len(mono) - CHROMA_FRAME, 0), 120).astype(int)
    frames = np.stack([np.resize(mono[s : s + CHROMA_FRAME], CHROMA_FRAME) for s in starts])
    power = np.abs(fft.rfft(frames * np.hanning(CHROMA_FRAME).astype(np.float32), axis=1)).mean(axis=0)
    hertz = np.arange(len(power)) * RATE / CHROMA_FRAME
    centroid = float((power * hertz).sum() / max(float(power.sum()), 1e-9))
    tonal = slice(int(55 * CHROMA_FRAME / RATE), int(2000 * CHROMA_FRAME / RATE))
    pitch = np.round(12 * np.log2(hertz[tonal] / 440.0)).astype(int) % 12
    chroma = np.bincount(pitch, power[tonal], 12).astype(float)
    keys = [[_correlation(np.roll(profile, k), chroma) for k in range(12)] for profile in (MAJOR, MINOR)]
    mode = float(np.clip((max(keys[0]) - max(keys[1])) * 4.0, -1.0, 1.0))
    return round(float(np.log2(max(centroid, 20.0) / 1000.0)), 3), round(mode, 3)
