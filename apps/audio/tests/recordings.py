"""Recordings whose beats are known, because the tests play them."""

import numpy as np
from scipy import signal

from apps.audio.beats import RATE

#: For each beat of a bar what is struck at which part of the beat, and how hard.
GROOVES = {
    "pop": ({"kick": (0, 1.0)}, {"snare": (0, 0.7)}, {"kick": (0.5, 0.7)}, {"snare": (0, 0.7)}),
    "house": ({"kick": (0, 1.0)}, {"kick": (0, 1.0), "snare": (0, 0.5)}) * 2,
    "half": ({"kick": (0, 1.0)}, {}, {"snare": (0, 0.8)}, {}),
}


def groove(bpm: float, kind: str = "pop", *, seconds: float = 24.0, first: float = 0.37, swing: float = 0.0,
           fade_in: float = 0.0) -> np.ndarray:  # fmt: skip
    """A band at RATE whose first bar begins at second `first`; eighths on a hat, a new chord each bar."""
    rng, beat = np.random.default_rng(5), 60.0 / bpm
    sound = np.zeros(int(seconds * RATE))
    struck = {"kick": _kick(), "snare": _noise(rng, 800, 6000, 0.08), "hat": _noise(rng, 6000, 11000, 0.02)}
    for n in range(int((seconds - first) / beat)):
        at = first + n * beat
        for drum, (part, level) in GROOVES[kind][n % 4].items():
            _add(sound, at + part * beat, level * struck[drum])
        _add(sound, at, 0.3 * struck["hat"])
        _add(sound, at + (0.5 + swing) * beat, 0.25 * struck["hat"])
        if n % 4 == 0:
            _add(sound, at, 0.25 * _chord(n // 4, beat * 4))
    ramp = np.minimum(np.arange(len(sound)) / max(fade_in * RATE, 1.0), 1.0) ** 2
    sound *= ramp
    return (sound / np.abs(sound).max() * 0.8).astype(np.float32)


def _add(sound: np.ndarray, at: float, what: np.ndarray) -> None:
    place = sound[round(at * RATE) :][: len(what)]
    place += what[: len(place)]


def _kick() -> np.ndarray:
    time = np.arange(int(0.3 * RATE)) / RATE
    return np.sin(2 * np.pi * np.cumsum(48 + 120 * np.exp(-time / 0.03)) / RATE) * np.exp(-time / 0.12)


def _noise(rng: np.random.Generator, low: float, high: float, left: float) -> np.ndarray:
    raw = rng.standard_normal(int(0.25 * RATE))
    burst = signal.sosfilt(signal.butter(2, (low, high), "bandpass", fs=RATE, output="sos"), raw)
    return burst / np.abs(burst).max() * np.exp(-np.arange(len(raw)) / RATE / left)


def _chord(bar: int, seconds: float) -> np.ndarray:
    time = np.arange(int(seconds * RATE)) / RATE
    root = 220.0 * 2 ** ((0, -4, 3, -2)[bar % 4] / 12)
    tones = [root / 4, *(root * 2 ** (k / 12) for k in (0, 4, 7))]
    return (
        sum(np.sin(2 * np.pi * f * time) for f in tones)
        * np.exp(-time / seconds * 1.5)
        * np.minimum(time / 0.004, 1)
    )
