"""Finds the beat of recorded music: where its onsets are, how fast it goes, where beats and bars begin.

Arrays in, numbers out; knows no files. One steady tempo in 4/4 is looked for: `Pulse.clarity` says how far
that was found, and music without it is somebody else's problem.
"""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

#: Samples a second that are looked at; beats need nothing above half of it.
RATE = 24_000
#: Samples of one spectrum, and between two: 43 ms and 10 ms.
FRAME, HOP = 1024, 240
#: Spectra a second.
FRAMES_PER_SECOND = RATE / HOP
#: Spectra made at once, so that memory does not grow with the track.
BLOCK = 2048
#: Mel bands between two frequencies in Hz, and how many of the lowest hold kick and bass (under 200 Hz).
BANDS, LOWEST, HIGHEST, LOW_BANDS = 36, 40.0, 10_000.0, 4
#: Beats a minute that are thought of, and their steps (0.5 %).
SLOWEST, FASTEST, TEMPO_STEP = 55.0, 210.0, 1.005
#: Beats a minute people tap to most readily, and the spread in octaves (Parncutt 1994, van Noorden 1999).
RESONANCE, RESONANCE_OCTAVES = 122.0, 0.9
#: Periods that onsets which repeat at one may really be beaten in.
RELATIVES = (1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 1.0, 4 / 3, 3 / 2, 2.0, 3.0)
#: Weight of a period that is no octave of what repeats most: thirds are seldom the beat.
UNEVEN = 0.85
#: Seconds that are folded on a period at once, and the weight against it of accents half-way between.
FOLD_SECONDS, OFFBEAT_WEIGHT = 10.0, 0.6
#: Weight of a step that is longer or shorter than the period (Ellis 2007).
TIGHTNESS = 180.0
#: Beats in a bar.
METER = 4
#: Seconds by which the onset function is early: a frame's window reaches this far ahead of its middle.
LEAD = 0.0025

Envelope = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """The beat of a track. Times in seconds from its start.

    `beats` are all of them, `downbeat` the index (0-3) of the first that begins a bar. `clarity` in [0, 1]:
    the share of beats that an onset confirms at a steady distance; under 0.5 the tempo is a guess.
    """

    tempo: float
    beats: tuple[float, ...]
    downbeat: int
    clarity: float


@dataclass(frozen=True, kw_only=True)
class Onsets:
    """Strength of onsets, one value each HOP: of all bands, of the low ones and of the middle ones.

    `activity` is how much the spectrum rises in a second, all told: the more is struck, the higher.
    """

    full: Envelope
    low: Envelope
    middle: Envelope
    spectra: Envelope  # (frames, BANDS), log-compressed
    activity: float


def listen(mono: NDArray[np.floating]) -> Onsets:
    """Spectral flux of `mono` at RATE (Böck & Widmer 2013: against the neighbourhood, not one bin)."""
    spectra = _mel_spectra(mono)
    before = ndimage.maximum_filter1d(spectra, 3, axis=1)
    rise = np.zeros_like(spectra)
    rise[2:] = np.maximum(spectra[2:] - before[:-2], 0.0)
    middle = rise[:, BANDS // 3 : -BANDS // 4]
    return Onsets(
        full=_standing_out(rise.mean(axis=1)),
        low=_standing_out(rise[:, :LOW_BANDS].mean(axis=1)),
        middle=_standing_out(middle.mean(axis=1)),
        spectra=spectra,
        activity=float(rise.mean()) * FRAMES_PER_SECOND if len(rise) else 0.0,
    )


def find_pulse(onsets: Onsets) -> Pulse:
    """Tempo, beats and bars; clarity 0 where there is too little to go by (under four seconds)."""
    if len(onsets.full) < 4 * FRAMES_PER_SECOND or not onsets.full.any():
        return Pulse(tempo=RESONANCE, beats=(), downbeat=0, clarity=0.0)
    period = _period(onsets)
    frames = _track(onsets.full, period)
    if len(frames) < 2 * METER:
        return Pulse(tempo=RESONANCE, beats=(), downbeat=0, clarity=0.0)
    steady = _steadied(frames, period)
    beats = np.maximum(steady / FRAMES_PER_SECOND + LEAD, 0.0)
    return Pulse(
        tempo=60.0 / float(np.median(np.diff(beats))),
        beats=tuple(beats.round(5).tolist()),
        downbeat=_downbeat(onsets, steady),
        clarity=_clarity(onsets.full, frames, steady, period),
    )


def strong_onsets(onsets: Onsets, least_apart: float = 0.25) -> tuple[float, ...]:
    """Seconds of the clearest onsets, at least `least_apart` seconds from each other."""
    size = int(least_apart * FRAMES_PER_SECOND) | 1
    peaks = (onsets.full == ndimage.maximum_filter1d(onsets.full, size)) & (onsets.full > 1.0)
    return tuple((np.flatnonzero(peaks) / FRAMES_PER_SECOND + LEAD).round(4).tolist())


# --- onsets ---------------------------------------------------------------------------------------


@cache
def _filters() -> NDArray[np.float32]:
    """Triangles on the mel scale, (FRAME / 2 + 1, BANDS)."""
    lowest, highest = (2595.0 * np.log10(1.0 + hz / 700.0) for hz in (LOWEST, HIGHEST))
    mel = np.linspace(lowest, highest, BANDS + 2)
    corners = 700.0 * (10.0 ** (mel / 2595.0) - 1.0)
    bins = np.arange(FRAME // 2 + 1)[:, np.newaxis] * RATE / FRAME
    widths = np.maximum(np.diff(corners), RATE / FRAME)
    rising = (bins - corners[:-2]) / widths[:-1]
    falling = (corners[2:] - bins) / widths[1:]
    return np.maximum(np.minimum(rising, falling), 0.0).astype(np.float32)


def _mel_spectra(mono: NDArray[np.floating]) -> Envelope:
    loud = float(np.sqrt(np.square(mono, dtype=np.float64).sum() / max(len(mono), 1))) or 1.0
    padded = np.pad(np.asarray(mono, np.float32) / np.float32(loud), FRAME // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP]
    window = np.hanning(FRAME).astype(np.float32)
    spectra = np.empty((len(frames), BANDS), np.float32)
    for first in range(0, len(frames), BLOCK):
        magnitudes = np.abs(fft.rfft(frames[first : first + BLOCK] * window, axis=1))
        spectra[first : first + BLOCK] = np.log1p(magnitudes @ _filters())
    return spectra


def _standing_out(flux: Envelope) -> Envelope:
    """What rises over its surroundings, in units of their usual rise: a fade-in does not hide the beat."""
    second = int(FRAMES_PER_SECOND) | 1
    over = np.maximum(flux - ndimage.uniform_filter1d(flux, second), 0.0)
    usual = np.sqrt(ndimage.uniform_filter1d(over**2, 4 * second)) + 0.05 * float(over.std()) + 1e-6
    return np.minimum(over / usual, 8.0).astype(np.float32)


# --- tempo ----------------------------------------------------------------------------------------


def _period(onsets: Onsets) -> float:
    """Frames from beat to beat: first what the onsets repeat at, then which relative of it is the beat."""
    tempi = SLOWEST * TEMPO_STEP ** np.arange(np.log(FASTEST / SLOWEST) / np.log(TEMPO_STEP))
    periods = 60.0 * FRAMES_PER_SECOND / tempi
    repeats = _repetition(onsets.full) + _repetition(onsets.low) + _repetition(onsets.middle)
    found = _sharpened(repeats, float(periods[np.argmax(_comb(repeats, periods) * _readily(periods))]))
    related = found * np.array(RELATIVES)
    possible = related[(related >= periods[-1]) & (related <= periods[0])]
    accents = onsets.low + onsets.middle + 0.25 * onsets.full
    even = np.log2(possible / found) % 1.0
    merits = np.array([_standing(accents, period) for period in possible])
    merits *= np.where(np.minimum(even, 1.0 - even) < 0.01, 1.0, UNEVEN)
    return float(possible[np.argmax(merits * _readily(possible))])


def _readily(periods: NDArray[np.floating]) -> NDArray[np.floating]:
    """How readily people tap to each period."""
    octaves = np.log2(60.0 * FRAMES_PER_SECOND / periods / RESONANCE)
    return np.exp(-0.5 * (octaves / RESONANCE_OCTAVES) ** 2)


def _sharpened(repeats: NDArray[np.floating], period: float) -> float:
    """The period to a few thousandths of a frame: where its eighth, or last, multiple really peaks."""
    smooth = ndimage.gaussian_filter1d(repeats, 1.5)
    for multiple in (1, 2, 4, 8):
        centre = round(multiple * period)
        near = smooth[centre - 3 : centre + 4]
        if centre + 4 > len(smooth) or not 0 < int(np.argmax(near)) < 6:
            break
        at = centre - 3 + int(np.argmax(near))
        before, here, after = smooth[at - 1 : at + 2]
        period = (at + 0.5 * (before - after) / (before - 2.0 * here + after - 1e-9)) / multiple
    return period


def _standing(accents: Envelope, period: float) -> float:
    """How far the accents on a period stand over those half-way between, taken over short stretches.

    At half the tempo the backbeat falls half-way; at twice the tempo every other beat is empty.
    """
    size, bins = int(FOLD_SECONDS * FRAMES_PER_SECOND), 2 * round(period / 4)  # of about 20 ms each
    folds = []
    for first in range(0, max(len(accents) - size // 2, 1), size):
        part = accents[first : first + size]
        phase = (np.arange(len(part)) * bins / period).astype(int) % bins
        fold = np.bincount(phase, part, bins) / np.maximum(np.bincount(phase, minlength=bins), 1)
        fold = ndimage.uniform_filter1d(fold, 3, mode="wrap")
        folds.append(np.roll(fold, -int(np.argmax(fold))))
    profile = np.mean(folds, axis=0)
    return float(max(profile[0] - OFFBEAT_WEIGHT * profile[bins // 2 - 2 : bins // 2 + 3].max(), 0.01))


def _repetition(onsets: Envelope) -> NDArray[np.floating]:
    """Autocorrelation by lag in frames, 1 at lag 0, up to five beats of the slowest tempo."""
    centred = onsets - onsets.mean()
    size = fft.next_fast_len(2 * len(centred), real=True)
    power = fft.irfft(np.abs(fft.rfft(centred, size)) ** 2, size)[: len(centred)]
    unbiased = power / (len(centred) - np.arange(len(centred)))
    kept = unbiased[: min(len(centred) // 2, int(5 * 60 / SLOWEST * FRAMES_PER_SECOND))]
    return kept / max(float(kept[0]), 1e-9)


def _comb(curve: NDArray[np.floating], periods: NDArray[np.floating]) -> NDArray[np.floating]:
    """How much repeats after one, two, three and four periods."""
    smooth = ndimage.gaussian_filter1d(curve, 1.5)
    lags = np.arange(len(smooth))
    heard = [np.interp(k * periods, lags, smooth, right=0.0) for k in (1, 2, 3, 4)]
    return np.maximum(sum(heard), 0.0)


# --- beats ----------------------------------------------------------------------------------------


def _track(onsets: Envelope, period: float) -> NDArray[np.floating]:
    """Frames of the beats: the chain with the most onset and the least deviation from the period.

    Dynamic programming as in Ellis 2007, "Beat Tracking by Dynamic Programming".
    """
    local = ndimage.gaussian_filter1d(onsets, period / 32.0)
    local = local / max(float(local.std()), 1e-9)
    steps = np.arange(-round(2 * period), -round(period / 2) + 1)
    penalty = -TIGHTNESS * np.log(-steps / period) ** 2
    total, came_from = local.astype(float), np.full(len(local), -1)
    for at in range(-int(steps[0]), len(local)):
        options = total[at + steps[0] : at + steps[-1] + 1] + penalty
        best = int(np.argmax(options))
        if options[best] > 0.0:
            total[at] += options[best]
            came_from[at] = at + steps[best]
    last = max(len(total) - round(period), 0)
    at, chain = last + int(np.argmax(total[last:])), []
    while at >= 0:
        chain.append(at)
        at = int(came_from[at])
    return np.array(chain[::-1], float)


def _steadied(frames: NDArray[np.floating], period: float) -> NDArray[np.floating]:
    """Beats on a straight line where they lie near one; else each on the line through its neighbours."""
    order = np.cumsum(np.concatenate([[0], np.maximum(np.round(np.diff(frames) / period), 1)]))
    every = np.arange(order[-1] + 1)
    straight = _line(order, frames)
    near = np.abs(np.polyval(straight, order) - frames) < 0.06 * period
    if near.mean() > 0.6:
        straight = _line(order[near], frames[near])
        return np.polyval(straight, every)
    return ndimage.gaussian_filter1d(np.interp(every, order, frames), 2.0, mode="nearest")


def _line(order: NDArray[np.floating], frames: NDArray[np.floating]) -> NDArray[np.floating]:
    """Slope and start through most of the points: least squares, again without the worst fifth."""
    line = np.polyfit(order, frames, 1)
    for _ in range(3):
        off = np.abs(np.polyval(line, order) - frames)
        kept = off <= np.quantile(off, 0.8)
        line = np.polyfit(order[kept], frames[kept], 1)
    return line


def _clarity(
    onsets: Envelope, frames: NDArray[np.floating], beats: NDArray[np.floating], period: float
) -> float:
    """Share of beats that were found where the steady beat has them, and that stand out from between."""
    nearest = np.abs(frames[:, np.newaxis] - beats[np.newaxis, :]).min(axis=1)
    steady = float(np.mean(nearest < max(0.05 * period, 2.0)))
    contrast = _around(onsets, beats).mean() / (_around(onsets, beats[:-1] + period / 4).mean() + 1e-6)
    return round(steady * float(np.clip(contrast - 0.8, 0.0, 1.0)), 3)


def _around(curve: Envelope, frames: NDArray[np.floating], reach: int = 3) -> NDArray[np.floating]:
    """The highest value within `reach` frames of each place."""
    highest = ndimage.maximum_filter1d(curve, 2 * reach + 1)
    return highest[np.clip(np.round(frames).astype(int), 0, len(curve) - 1)]


def _downbeat(onsets: Onsets, beats: NDArray[np.floating]) -> int:
    """Which of four beats begins the bar: the one with bass and with another sound than before it."""
    low = _around(onsets.low, beats)
    edges = np.clip(np.round(beats).astype(int), 0, len(onsets.spectra) - 1)
    sounds = np.array([onsets.spectra[a:b].mean(axis=0) for a, b in pairwise(edges.tolist()) if b > a])
    change = np.zeros(len(beats))
    if len(sounds) > 1:
        change[1 : len(sounds)] = np.abs(np.diff(sounds, axis=0)).mean(axis=1)
    accent = low / (low.mean() + 1e-6) + change / (change.mean() + 1e-6)
    return int(np.argmax([accent[m::METER].mean() for m in range(METER)]))
