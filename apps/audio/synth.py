"""Plays a composed piece: numpy oscillators, noise and filters. Decides nothing about the music.

Every buffer is circular: what rings past the end is added at the beginning, and filters and the room are
warmed up with the end before they reach the beginning. So the bed loops without a seam, by construction.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft, signal

from apps.audio.composer import PICKUP_SECONDS, Hit, Note, Piece, Turn
from apps.audio.loudness import SAMPLE_RATE, amplitude

Sound = NDArray[np.float32]

#: Samples in one cycle of a wave table; linear look-up in more would not be heard.
TABLE = 2048
#: Hz above which no partial is put into a table: leaves the top free of aliases at any pitch used here.
TOP = 9000.0
#: Cutoffs of the low-pass bank that follows arousal; between two, their outputs are cross-faded.
BANK = (800.0, 1700.0, 3700.0, 8000.0)
#: Seconds in which the room dies away by 60 dB.
ROOM_SECONDS = 1.3
#: Seconds of the end that filters hear before the beginning.
WARM_UP = 0.25
#: Levels of the parts in dB, balanced by ear and meter at full arousal.
LEVELS = {"pad": -21.0, "bass": -9.5, "pluck": -14.0, "lead": -11.0}
DRUM_LEVELS = {"kick": -2.5, "clap": -3.5, "hat": -9.0, "shaker": -12.0, "swell": -1.5, "strike": -1.0}
#: dB that make the four plucked instruments equally loud, for they ring for different times.
PLUCK_TRIM = {"string": 0.0, "bell": 0.5, "marimba": 4.0, "keys": -0.5}
#: Share of each part sent into the room.
SENDS = {"pad": 0.35, "bass": 0.0, "pluck": 0.35, "lead": 0.5}
#: dB to which the music falls in the drop-out before a twist, and seconds it takes to fall.
DROP_DB, DROP_FADE = -30.0, 0.03
#: dB by which the held parts give way to each kick, and seconds until they are back.
PUMP_DB, PUMP_SECONDS = -4.0, 0.22


def render(piece: Piece, *, samples: int) -> Sound:
    """The piece as (2, samples) at 48 kHz, not levelled; the last sample leads into the first."""
    stage = _Stage(piece, samples)
    for part in LEVELS:
        stage.play([note for note in piece.notes if note.part == part], part)
    stage.strike(piece.hits)
    stage.held *= stage.pump(piece.hits)
    stage.held += stage.struck
    stage.held += _room(stage.sent)
    bed = _brighten(stage.held, piece.cutoff)
    bed += stage.drums
    bed *= _curve(10.0 ** (piece.level / 20.0), samples)
    return stage.turned(bed, piece.turn)


class _Stage:
    """The buffers while a piece is played."""

    def __init__(self, piece: Piece, samples: int) -> None:
        self.samples = samples
        self.per_beat = samples / piece.beats
        self.pluck = piece.pluck
        self.held, self.struck, self.sent, self.drums = (np.zeros((2, samples), np.float32) for _ in range(4))

    def play(self, notes: list[Note], part: str) -> None:
        """Add a part's notes; equal notes are made once."""
        target = self.held if part in ("pad", "bass") else self.struck
        voice = _VOICES[self.pluck if part == "pluck" else part]
        level = LEVELS[part] + (PLUCK_TRIM[self.pluck] if part == "pluck" else 0.0)
        for note in notes:
            sound = voice(note.pitch, round(note.beats * self.per_beat)) * np.float32(note.velocity)
            placed = _panned(sound * np.float32(amplitude(level)), note.pan)
            self._add(target, note.beat, placed)
            if SENDS[part]:
                self._add(self.sent, note.beat, placed * np.float32(SENDS[part]))

    def strike(self, hits: tuple[Hit, ...]) -> None:
        """Add the drums."""
        for hit in hits:
            sound = drum(hit.drum) * np.float32(hit.velocity * amplitude(DRUM_LEVELS[hit.drum]))
            self._add(self.drums, hit.beat, _panned(sound, hit.pan))

    def pump(self, hits: tuple[Hit, ...]) -> Sound:
        """The gain of held parts: a dip at every kick, so that it is felt without being loud."""
        gain = np.ones((1, self.samples), np.float32)
        size = int(PUMP_SECONDS * SAMPLE_RATE)
        dip = 1.0 - (1.0 - amplitude(PUMP_DB)) * (0.5 + 0.5 * np.cos(np.pi * np.arange(size) / size))
        for hit in hits:
            if hit.drum == "kick":
                at = np.arange(size) + round(hit.beat * self.per_beat)
                gain[0, at % self.samples] = dip
        return gain

    def turned(self, bed: Sound, turn: Turn | None) -> Sound:
        """The bed with riser, drop-out and strike at the twist."""
        if turn is None:
            return bed
        riser, drop, strike = (round(b * self.per_beat) for b in (turn.riser, turn.drop, turn.strike))
        bed[:, drop:strike] *= _fall(strike - drop)
        bed[:, riser:strike] += _riser(drop - riser, strike - drop)
        self._add(
            bed, turn.strike, _panned(drum("strike") * np.float32(amplitude(DRUM_LEVELS["strike"])), 0.0)
        )
        return bed

    def _add(self, buffer: Sound, beat: float, sound: Sound) -> None:
        """Add a stereo sound at a beat, its tail wrapped round to the beginning."""
        start = round(beat * self.per_beat) % self.samples
        while sound.shape[1]:
            room = min(self.samples - start, sound.shape[1])
            buffer[:, start : start + room] += sound[:, :room]
            sound, start = sound[:, room:], 0


# --- instruments: (MIDI pitch, samples) -> mono ---------------------------------------------------


def hertz(pitch: float) -> float:
    """The frequency of a MIDI pitch, A4 = 440 Hz."""
    return 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)


@lru_cache(maxsize=512)
def _table(pitch: int, slope: float) -> Sound:
    """One cycle with partials 1/n**slope, as many as fit under TOP; its peak is 1."""
    partials = np.arange(1, max(2, int(TOP / hertz(pitch))))
    spectrum = np.zeros(TABLE // 2 + 1, complex)
    spectrum[partials] = -1j * partials**-slope
    wave = fft.irfft(spectrum)
    return (wave / np.abs(wave).max()).astype(np.float32)


def _oscillator(pitch: int, samples: int, slope: float, cents: float = 0.0, phase: float = 0.0) -> Sound:
    step = hertz(pitch + cents / 100.0) * TABLE / SAMPLE_RATE
    at = (np.arange(samples, dtype=np.float64) * step + phase * TABLE).astype(np.int64) & (TABLE - 1)
    return _table(pitch, slope)[at]


@lru_cache(maxsize=128)
def _pad(pitch: int, samples: int) -> Sound:
    """Two detuned voices swelling in and out of each other."""
    wave = _oscillator(pitch, samples, 1.4, -6.0) + _oscillator(pitch, samples, 1.4, 6.0, 0.37)
    wave += 0.5 * _oscillator(pitch - 12, samples, 2.0, 1.5, 0.61)
    return wave * _ramps(samples, min(0.12, samples / SAMPLE_RATE / 3), min(0.35, samples / SAMPLE_RATE / 3))


@lru_cache(maxsize=128)
def _bass(pitch: int, samples: int) -> Sound:
    """A round tone with a bright start, an octave of it for small loudspeakers."""
    body = _oscillator(pitch, samples, 2.2) + 0.35 * _oscillator(pitch + 12, samples, 1.6)
    edge = 0.4 * _oscillator(pitch, samples, 1.1) * _decay(samples, 0.09)
    return (body + edge) * _ramps(samples, 0.006, 0.05) * (0.45 + 0.55 * _decay(samples, 0.35))


def _partials(pitch: int, seconds: float, recipe: tuple[tuple[float, float, float], ...]) -> Sound:
    """A sum of (ratio, level, seconds to die by 1/e) partials that ring out."""
    samples = int(seconds * SAMPLE_RATE)
    time = np.arange(samples, dtype=np.float32) / np.float32(SAMPLE_RATE)
    wave = np.zeros(samples, np.float32)
    for ratio, loud, seconds_left in recipe:
        if hertz(pitch) * ratio < TOP:
            turning = np.float32(2.0 * np.pi * hertz(pitch) * ratio) * time
            wave += np.float32(loud) * np.sin(turning) * np.exp(-time / np.float32(seconds_left))
    return wave * _ramps(samples, 0.002, 0.05)


@lru_cache(maxsize=128)
def _string(pitch: int, samples: int) -> Sound:
    return _partials(pitch, 0.9, tuple((n, 0.9 / n, 0.42 / n**0.8) for n in range(1, 9)))


@lru_cache(maxsize=128)
def _bell(pitch: int, samples: int) -> Sound:
    recipe = ((1.0, 0.8, 0.7), (2.0, 0.3, 0.5), (2.76, 0.28, 0.3), (5.4, 0.14, 0.12), (8.9, 0.05, 0.06))
    return _partials(pitch, 1.6, recipe)


@lru_cache(maxsize=128)
def _marimba(pitch: int, samples: int) -> Sound:
    return _partials(pitch, 0.7, ((1.0, 1.0, 0.22), (3.93, 0.35, 0.06), (9.2, 0.1, 0.02)))


@lru_cache(maxsize=128)
def _keys(pitch: int, samples: int) -> Sound:
    recipe = ((1.0, 0.9, 0.6), (2.0, 0.25, 0.4), (3.0, 0.12, 0.3), (14.0, 0.08, 0.04), (1.003, 0.35, 0.5))
    return _partials(pitch, 1.2, recipe)


_VOICES: dict[str, Callable[[int, int], Sound]] = {
    "pad": _pad,
    "bass": _bass,
    "lead": _bell,
    "string": _string,
    "bell": _bell,
    "marimba": _marimba,
    "keys": _keys,
}


# --- drums ----------------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def drum(name: str) -> Sound:
    """One stroke, mono."""
    return _DRUMS[name]().astype(np.float32)


def _noise(seconds: float, low: float, high: float, seconds_left: float, seed: int) -> Sound:
    """A burst of band-passed noise."""
    samples = int(seconds * SAMPLE_RATE)
    raw = np.random.default_rng(seed).standard_normal(samples)
    band = signal.butter(2, (low, high), "bandpass", fs=SAMPLE_RATE, output="sos")
    burst = signal.sosfilt(band, raw)
    return (
        burst / np.abs(burst).max() * _decay(samples, seconds_left) * _ramps(samples, 0.001, 0.01)
    ).astype(np.float32)


def _thump(seconds: float, start: float, end: float, bend: float, seconds_left: float) -> Sound:
    """A sine that falls from `start` to `end` Hz."""
    samples = int(seconds * SAMPLE_RATE)
    time = np.arange(samples) / SAMPLE_RATE
    frequency = end + (start - end) * np.exp(-time / bend)
    wave = np.sin(2.0 * np.pi * np.cumsum(frequency) / SAMPLE_RATE)
    return (wave * _decay(samples, seconds_left) * _ramps(samples, 0.001, 0.02)).astype(np.float32)


def _kick() -> Sound:
    body = _thump(0.32, 170.0, 48.0, 0.035, 0.11)
    click = _noise(0.02, 1500.0, 6000.0, 0.004, 1)
    body[: len(click)] += 0.25 * click
    return body


def _clap() -> Sound:
    clap = np.zeros(int(0.25 * SAMPLE_RATE), np.float32)
    for delay, loud in ((0.0, 0.5), (0.011, 0.6), (0.023, 1.0)):
        burst = _noise(0.2, 900.0, 4500.0, 0.055 if loud == 1.0 else 0.008, 2) * np.float32(loud)
        first = int(delay * SAMPLE_RATE)
        clap[first : first + len(burst)] += burst
    return clap


def _boom() -> Sound:
    """What strikes after the drop-out: a deep fall and a wash of cymbal."""
    boom = np.zeros(int(1.8 * SAMPLE_RATE), np.float32)
    fall = _thump(1.2, 130.0, 38.0, 0.12, 0.4)
    wash = _noise(1.8, 2500.0, 12000.0, 0.5, 3)
    boom[: len(fall)] += fall
    return boom + 0.22 * wash


def _swell() -> Sound:
    """A cymbal played backwards, over a deep breath."""
    samples = int(PICKUP_SECONDS * SAMPLE_RATE)
    noise = _noise(PICKUP_SECONDS, 300.0, 7000.0, 9.0, 6)
    share = np.arange(samples, dtype=np.float32) / np.float32(samples)
    return noise * share**2 * _ramps(samples, 0.05, 0.012)


_DRUMS: dict[str, Callable[[], Sound]] = {
    "kick": _kick,
    "clap": _clap,
    "hat": lambda: _noise(0.12, 6500.0, 15000.0, 0.03, 4),
    "shaker": lambda: _noise(0.13, 4500.0, 11000.0, 0.045, 5),
    "strike": _boom,
    "swell": _swell,
}


# --- shapes ---------------------------------------------------------------------------------------


def _decay(samples: int, seconds: float) -> Sound:
    return np.exp(np.arange(samples, dtype=np.float32) / np.float32(-seconds * SAMPLE_RATE))


def _ramps(samples: int, rise: float, fall: float) -> Sound:
    """1 with smooth edges of the given seconds."""
    shape = np.ones(samples, np.float32)
    for seconds, edge in ((rise, slice(None, None, 1)), (fall, slice(None, None, -1))):
        size = min(int(seconds * SAMPLE_RATE), samples // 2)
        shape[edge][:size] *= (
            np.sin(0.5 * np.pi * (np.arange(size) + 0.5) / max(size, 1)).astype(np.float32) ** 2
        )
    return shape


def _panned(sound: Sound, pan: float) -> Sound:
    """Equal-power stereo; both sides keep a part of everything, so that mono loses nothing."""
    angle = (pan * 0.6 + 1.0) * np.pi / 4.0
    return np.stack([sound * np.float32(np.cos(angle)), sound * np.float32(np.sin(angle))])


def _curve(values: NDArray[np.floating], samples: int) -> Sound:
    """A circular curve with one value each beat, gliding from the middle of one to the middle of the next."""
    middles = (np.arange(len(values)) + 0.5) * samples / len(values)
    coarse = np.arange(0, samples + 480, 480)
    at_coarse = np.interp(coarse, middles, values, period=samples)
    return np.interp(np.arange(samples, dtype=np.float32), coarse, at_coarse).astype(np.float32)


# --- the whole bed --------------------------------------------------------------------------------


def _brighten(bed: Sound, cutoff: NDArray[np.floating]) -> Sound:
    """A low-pass that follows `cutoff` (Hz, one value each beat)."""
    position = np.interp(np.log(cutoff), np.log(BANK), np.arange(len(BANK)))
    place = _curve(position, bed.shape[1])
    bright = np.zeros_like(bed)
    for index, hz in enumerate(BANK):
        weight = np.maximum(1.0 - np.abs(place - np.float32(index)), 0.0)
        if weight.any():
            bright += weight * _low_passed(bed, hz)
    return bright


def _low_passed(bed: Sound, hz: float) -> Sound:
    warm = int(WARM_UP * SAMPLE_RATE)
    sections = signal.butter(2, hz, fs=SAMPLE_RATE, output="sos").astype(np.float32)
    return signal.sosfilt(sections, np.concatenate([bed[:, -warm:], bed], axis=1), axis=1)[:, warm:]


@lru_cache(maxsize=1)
def _room_response() -> Sound:
    """A stereo hall: decaying noise, different on each side, dark, without its first 12 ms."""
    size = int(ROOM_SECONDS * SAMPLE_RATE)
    noise = np.random.default_rng(11).standard_normal((2, size)) * 10.0 ** (-3.0 * np.arange(size) / size)
    noise[:, : int(0.012 * SAMPLE_RATE)] = 0.0
    dark = signal.sosfilt(
        signal.butter(2, (180.0, 5200.0), "bandpass", fs=SAMPLE_RATE, output="sos"), noise, axis=1
    )
    return (dark / np.sqrt(np.sum(dark**2, axis=1, keepdims=True))).astype(np.float32)


def _room(sent: Sound) -> Sound:
    """What the room answers, its tail wrapped round."""
    samples, response = sent.shape[1], _room_response()
    size = fft.next_fast_len(samples + response.shape[1], real=True)
    answer = np.empty_like(sent)
    for side in (0, 1):
        wet = fft.irfft(fft.rfft(sent[side], size) * fft.rfft(response[side], size), size)
        answer[side] = wet[:samples]
        for first in range(samples, size, samples):
            tail = wet[first : first + samples]
            answer[side, : len(tail)] += tail
    return answer


def _fall(samples: int) -> Sound:
    """The gain of the music in the drop-out: quickly down, then held."""
    fall = np.full(samples, amplitude(DROP_DB), np.float32)
    size = min(int(DROP_FADE * SAMPLE_RATE), samples)
    fall[:size] = np.linspace(1.0, amplitude(DROP_DB), size)
    return fall


def _riser(climb: int, whisper: int) -> Sound:
    """Noise and a gliding tone that swell for `climb` samples, then only a breath until the strike."""
    samples = climb + whisper
    share = np.arange(samples, dtype=np.float32) / np.float32(max(climb, 1))
    swell = np.where(share < 1.0, share**2.5, amplitude(-26.0) * (0.4 + share / share[-1])).astype(np.float32)
    swell[climb - 960 : climb] *= (
        np.linspace(1.0, amplitude(-20.0), 960, dtype=np.float32) if climb > 960 else 1.0
    )
    noise = np.random.default_rng(13).standard_normal((2, samples)).astype(np.float32)
    air = signal.sosfilt(
        signal.butter(2, (1500.0, 9000.0), "bandpass", fs=SAMPLE_RATE, output="sos").astype(np.float32), noise
    )
    tone = np.sin(2.0 * np.pi * np.cumsum(220.0 * 4.0 ** np.minimum(share, 1.0)) / SAMPLE_RATE)
    return (0.3 * air + 0.07 * tone) * swell * _ramps(samples, 0.05, 0.01)
