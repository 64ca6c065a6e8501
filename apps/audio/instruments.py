"""The instruments of the embedded music: a MIDI pitch and a length in samples become a sound.

Subtractive, additive, FM and plucked-string synthesis (Karplus & Strong 1983; Chowning 1973), all of it
band-limited: no partial is made that would come back as an alias. Every instrument of a part is equally loud.
"""

from collections.abc import Callable
from functools import cache, lru_cache, partial

import numpy as np
from numpy.typing import NDArray
from scipy import fft, signal

from apps.audio import loudness
from apps.audio.loudness import SAMPLE_RATE, amplitude

Sound = NDArray[np.float32]
Instrument = Callable[[int, int], Sound]

#: Bits of a wave table's length: 8192 samples, read without interpolation, leave noise at -78 dB.
TABLE_BITS = 13
#: Hz above which no partial is made: leaves the top free of aliases, and the voice its sibilants.
TOP = 9000.0
#: LUFS of a reference note of each part, so that a mix stays balanced whoever plays it.
LOUDNESS = {"pad": 2.5, "bass": -2.8, "pluck": -4.4, "lead": -3.3}
#: Pitch and seconds of that note.
REFERENCE = {"pad": (60, 1.0), "bass": (40, 0.5), "pluck": (72, 0.5), "lead": (84, 0.5)}
#: Hz and width of the formants of a hummed vowel.
FORMANTS = ((450.0, 120.0, 1.0), (800.0, 160.0, 0.8), (2700.0, 350.0, 0.25))


def hertz(pitch: float) -> float:
    """The frequency of a MIDI pitch, A4 = 440 Hz."""
    return 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)


def play(part: str, name: str, pitch: int, samples: int) -> Sound:
    """One note of an instrument, (channels, samples) at the part's loudness; it may ring on for longer."""
    return _played(part, name, pitch, samples)


def forget() -> None:
    """Give back the memory of the notes that were played; a worker lives long."""
    _played.cache_clear()


@lru_cache(maxsize=96)
def _played(part: str, name: str, pitch: int, samples: int) -> Sound:
    return np.atleast_2d(INSTRUMENTS[part][name](pitch, samples)) * np.float32(_trim(part, name))


@cache
def _trim(part: str, name: str) -> float:
    """The factor that makes the reference note as loud as the part's other instruments."""
    pitch, seconds = REFERENCE[part]
    size = int(seconds * SAMPLE_RATE)
    note = np.atleast_2d(INSTRUMENTS[part][name](pitch, size))[:, :size]
    heard = np.pad(np.broadcast_to(note, (2, note.shape[1])), ((0, 0), (0, size - note.shape[1])))
    mean = float(loudness.powers(heard).mean())
    return amplitude(LOUDNESS[part]) / max(amplitude(-0.691) * mean**0.5, 1e-6)


# --- oscillators and shapes -----------------------------------------------------------------------


@lru_cache(maxsize=256)
def _table(pitch: int, recipe: str) -> Sound:
    """One cycle of the harmonics that `recipe` names, as many as fit under TOP; its peak is 1."""
    numbers = np.arange(1, max(2, int(TOP / hertz(pitch)) + 1))
    spectrum = np.zeros(2 ** (TABLE_BITS - 1) + 1, complex)
    spectrum[numbers] = -1j * _HARMONICS[recipe](numbers.astype(float), hertz(pitch))
    wave = fft.irfft(spectrum)
    return (wave / np.abs(wave).max()).astype(np.float32)


def _vowel(n: NDArray[np.floating], base: float) -> NDArray[np.floating]:
    shape = sum(level * np.exp(-0.5 * ((n * base - at) / width) ** 2) for at, width, level in FORMANTS)
    return (shape + 0.02) / n**0.6


def _drawbars(n: NDArray[np.floating], base: float) -> NDArray[np.floating]:
    levels = {1: 1.0, 2: 0.7, 3: 0.45, 4: 0.4, 6: 0.18, 8: 0.15}
    return np.array([levels.get(int(k), 0.0) for k in n])


#: Levels of the harmonics n of a tone of so many Hz.
_HARMONICS: dict[str, Callable[[NDArray[np.floating], float], NDArray[np.floating]]] = {
    "saw": lambda n, base: n**-1.25,
    "mellow": lambda n, base: n**-2.0,
    "round": lambda n, base: n**-2.6,
    "hollow": lambda n, base: np.where(n % 2 == 1, n**-1.5, 0.05 / n),
    "vowel": _vowel,
    "organ": _drawbars,
    "glass": lambda n, base: np.isin(n, (1, 2, 4, 7)) * n**-1.2,
    "sine": lambda n, base: np.where(n == 1, 1.0, 0.0),
}


def oscillator(pitch: int, samples: int, recipe: str, cents: float = 0.0, phase: float = 0.0) -> Sound:
    """A steady tone."""
    step = np.uint32(hertz(pitch + cents / 100.0) / SAMPLE_RATE * 2.0**32)
    turning = np.arange(samples, dtype=np.uint32) * step + np.uint32(phase % 1.0 * 2.0**32)
    return _table(pitch, recipe)[turning >> np.uint32(32 - TABLE_BITS)]


def decay(samples: int, seconds: float) -> Sound:
    """From 1, to 1/e after `seconds`."""
    return np.exp(np.arange(samples, dtype=np.float32) / np.float32(-seconds * SAMPLE_RATE))


def edges(samples: int, rise: float, fall: float) -> Sound:
    """1 with smooth edges of the given seconds."""
    shape = np.ones(samples, np.float32)
    for seconds, side in ((rise, slice(None, None, 1)), (fall, slice(None, None, -1))):
        size = min(int(seconds * SAMPLE_RATE), samples // 2)
        shape[side][:size] *= np.sin(0.5 * np.pi * (np.arange(size) + 0.5) / max(size, 1)) ** 2
    return shape


# --- pads: stereo ---------------------------------------------------------------------------------


def _pad(recipe: str, cents: float, rise: float, low: float, pitch: int, samples: int) -> Sound:
    """Two voices on each side, detuned against each other, over one in the middle an octave below.

    What both sides share is more than what they do not: mono loses the width and nothing else.
    """
    middle = oscillator(pitch, samples, recipe) + np.float32(low) * oscillator(
        pitch - 12, samples, "mellow", 1.5, 0.61
    )
    sides = [
        oscillator(pitch, samples, recipe, sign * cents, 0.37 * (2 + sign))
        + oscillator(pitch, samples, recipe, -sign * 0.6 * cents, 0.13 + 0.2 * (1 + sign))
        for sign in (-1, 1)
    ]
    wave = np.float32(0.6) * middle + np.stack(sides)
    longest = samples / SAMPLE_RATE / 3
    return wave * edges(samples, min(rise, longest), min(0.4, longest))


# --- basses ---------------------------------------------------------------------------------------


def _round_bass(pitch: int, samples: int) -> Sound:
    """A round tone with a bright start, an octave of it for small loudspeakers."""
    body = oscillator(pitch, samples, "mellow") + 0.35 * oscillator(pitch + 12, samples, "mellow")
    edge = 0.4 * oscillator(pitch, samples, "saw") * decay(samples, 0.09)
    return (body + edge) * edges(samples, 0.006, 0.05) * (0.45 + 0.55 * decay(samples, 0.35))


def _sub_bass(pitch: int, samples: int) -> Sound:
    """A sine, driven: its odd harmonics are what a phone plays of it."""
    driven = np.tanh(2.2 * oscillator(pitch, samples, "sine")) + 0.15 * oscillator(
        pitch + 12, samples, "sine"
    )
    return driven * edges(samples, 0.008, 0.06)


def _reese(pitch: int, samples: int) -> Sound:
    """Two saws that beat against each other, darkened."""
    pair = oscillator(pitch, samples, "mellow", -11.0) + oscillator(pitch, samples, "mellow", 11.0, 0.3)
    growl = 0.3 * oscillator(pitch + 12, samples, "saw", 5.0, 0.7) * (0.3 + 0.7 * decay(samples, 0.2))
    return (pair + growl) * edges(samples, 0.012, 0.06)


def _fm_bass(pitch: int, samples: int) -> Sound:
    """A modulator at the same pitch that fades: bright at first, then nearly a sine."""
    turning = np.float32(2.0 * np.pi * hertz(pitch)) * np.arange(samples, dtype=np.float32) / SAMPLE_RATE
    index = 0.5 + 2.6 * decay(samples, 0.12)
    tone = np.sin(turning + index * np.sin(turning)) + np.float32(0.25) * np.sin(2.0 * turning)
    return tone * edges(samples, 0.004, 0.04) * (0.4 + 0.6 * decay(samples, 0.4))


# --- what is plucked and struck -------------------------------------------------------------------


def _partials(seconds: float, recipe: tuple[tuple[float, float, float], ...], pitch: int, _: int) -> Sound:
    """A sum of (ratio, level, seconds to die by 1/e) partials that ring out."""
    samples = int(seconds * SAMPLE_RATE)
    wave = np.zeros(samples, np.float32)
    for ratio, level, left in recipe:
        step = np.uint32(min(hertz(pitch) * ratio, TOP) / SAMPLE_RATE * 2.0**32)
        if hertz(pitch) * ratio < TOP:
            size = min(samples, int(7.0 * left * SAMPLE_RATE))
            turning = (np.arange(size, dtype=np.uint32) * step) >> np.uint32(32 - TABLE_BITS)
            wave[:size] += np.float32(level) * _SINE[turning] * decay(size, left)
    return wave * edges(samples, 0.002, 0.05)


_SINE = np.sin(2.0 * np.pi * np.arange(2**TABLE_BITS) / 2**TABLE_BITS).astype(np.float32)


def _harp(damping: float, seconds: float, pitch: int, _: int) -> Sound:
    """A burst of noise in a loop of one period that dulls it each time (Karplus & Strong)."""
    size = max(int(SAMPLE_RATE / hertz(pitch)), 4)
    rng = np.random.default_rng(pitch)
    period = np.convolve(np.tile(rng.uniform(-1.0, 1.0, size), 2), np.full(3, 1 / 3), "same")[:size]
    period -= period.mean()
    turns = int(seconds * SAMPLE_RATE) // size
    kept = damping ** (hertz(pitch) / 440.0) ** -0.3
    laps = np.empty((turns, size), np.float32)
    for lap in range(turns):
        laps[lap] = period
        period = kept * 0.5 * (period + np.roll(period, 1))
    string = laps.reshape(-1)
    in_tune = hertz(pitch) * (size + 0.5) / SAMPLE_RATE  # the loop is a whole number of samples, and a half
    at = np.arange(int((len(string) - 1) / in_tune), dtype=np.float32) * np.float32(in_tune)
    plucked = np.interp(at, np.arange(len(string)), string).astype(np.float32)
    sections = signal.butter(2, TOP, fs=SAMPLE_RATE, output="sos")
    return (signal.sosfilt(sections, plucked) * edges(len(plucked), 0.001, 0.1)).astype(np.float32)


def _electric_piano(pitch: int, _: int) -> Sound:
    """A tine: FM at fourteen times the pitch for the stroke, at the pitch itself for the body."""
    samples = int(1.2 * SAMPLE_RATE)
    turning = np.float32(2.0 * np.pi * hertz(pitch)) * np.arange(samples, dtype=np.float32) / SAMPLE_RATE
    body = np.sin(turning + 0.8 * decay(samples, 0.35) * np.sin(turning)) * decay(samples, 0.55)
    stroke = min(14, int(TOP / 1.2 / hertz(pitch)))
    tine = 0.35 * np.sin(turning + 0.3 * np.sin(stroke * turning)) * decay(samples, 0.06)
    return ((body + tine) * edges(samples, 0.002, 0.08)).astype(np.float32)


def _synth_pluck(recipe: str, pitch: int, _: int) -> Sound:
    """A bright tone that closes quickly into a dull one."""
    samples = int(0.6 * SAMPLE_RATE)
    bright = (
        oscillator(pitch, samples, recipe, -5.0) + oscillator(pitch, samples, recipe, 5.0, 0.4)
    ) * decay(samples, 0.07)
    return (bright + oscillator(pitch, samples, "round") * decay(samples, 0.22)) * edges(samples, 0.002, 0.05)


_BELL = ((1.0, 0.8, 0.7), (2.0, 0.3, 0.5), (2.76, 0.28, 0.3), (5.4, 0.14, 0.12), (8.9, 0.05, 0.06))
_STRING = tuple((n * (1 + 0.0004 * n * n) ** 0.5, 0.9 / n, 0.42 / n**0.8) for n in range(1, 9))
_MARIMBA = ((1.0, 1.0, 0.22), (3.93, 0.35, 0.06), (9.2, 0.1, 0.02))
_KALIMBA = ((1.0, 1.0, 0.35), (2.0, 0.12, 0.2), (5.4, 0.3, 0.07), (8.2, 0.12, 0.03))
_MUSIC_BOX = ((1.0, 0.7, 0.8), (3.0, 0.25, 0.35), (6.27, 0.2, 0.14), (10.4, 0.08, 0.05))
_PIZZICATO = tuple((float(n), 1.0 / n**1.2, 0.13 / n**0.5) for n in range(1, 11))

INSTRUMENTS: dict[str, dict[str, Instrument]] = {
    "pad": {
        "strings": partial(_pad, "saw", 9.0, 0.16, 0.5),
        "warm": partial(_pad, "mellow", 6.0, 0.12, 0.4),
        "choir": partial(_pad, "vowel", 7.0, 0.2, 0.3),
        "organ": partial(_pad, "organ", 2.5, 0.05, 0.2),
        "glass": partial(_pad, "glass", 4.0, 0.09, 0.25),
        "hollow": partial(_pad, "hollow", 6.0, 0.14, 0.35),
    },
    "bass": {"round": _round_bass, "sub": _sub_bass, "reese": _reese, "fm": _fm_bass},
    "pluck": {
        "string": partial(_partials, 0.9, _STRING),
        "bell": partial(_partials, 1.6, _BELL),
        "marimba": partial(_partials, 0.7, _MARIMBA),
        "kalimba": partial(_partials, 0.9, _KALIMBA),
        "pizzicato": partial(_partials, 0.5, _PIZZICATO),
        "harp": partial(_harp, 0.997, 1.1),
        "muted": partial(_harp, 0.975, 0.5),
        "keys": _electric_piano,
        "synth": partial(_synth_pluck, "saw"),
        "square": partial(_synth_pluck, "hollow"),
    },
    "lead": {
        "bell": partial(_partials, 1.6, _BELL),
        "box": partial(_partials, 1.6, _MUSIC_BOX),
        "keys": _electric_piano,
        "kalimba": partial(_partials, 0.9, _KALIMBA),
        "harp": partial(_harp, 0.996, 1.0),
    },
}
