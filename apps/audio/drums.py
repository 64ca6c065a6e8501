"""The drums of the embedded music: four kits of the same five drums. One stroke each, mono, 48 kHz."""

from collections.abc import Callable
from functools import cache, partial

import numpy as np
from scipy import signal

from apps.audio.instruments import Sound, decay, edges
from apps.audio.loudness import SAMPLE_RATE

#: Hz above which nothing is struck: cymbals live under it, and a codec would throw the rest away.
TOP = 15_000.0
#: dB of each drum in a mix at full arousal.
LEVELS = {"kick": -2.5, "clap": -3.5, "hat": -9.0, "open": -11.0, "shaker": -12.0, "tom": -7.0}


@cache
def stroke(kit: str, drum: str) -> Sound:
    """One stroke of a kit's drum; its peak is about 1."""
    return KITS[kit][drum]().astype(np.float32)


def noise(seconds: float, low: float, high: float, left: float, seed: int, *, rise: float = 0.001) -> Sound:
    """A burst of band-passed noise that dies by 1/e in `left` seconds."""
    samples = int(seconds * SAMPLE_RATE)
    raw = np.random.default_rng(seed).standard_normal(samples)
    band = signal.butter(2, (low, min(high, TOP)), "bandpass", fs=SAMPLE_RATE, output="sos")
    burst = signal.sosfilt(band, raw)
    shaped = burst / np.abs(burst).max() * decay(samples, left) * edges(samples, rise, 0.01)
    return shaped.astype(np.float32)


def thump(seconds: float, start: float, end: float, bend: float, left: float) -> Sound:
    """A sine that falls from `start` to `end` Hz."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    frequency = end + (start - end) * np.exp(-time / bend)
    wave = np.sin(2.0 * np.pi * np.cumsum(frequency) / SAMPLE_RATE)
    return (wave * decay(len(time), left) * edges(len(time), 0.001, 0.02)).astype(np.float32)


def together(*sounds: tuple[float, float, Sound]) -> Sound:
    """Sounds (seconds late, level, sound) as one."""
    ends = [int(late * SAMPLE_RATE) + len(sound) for late, _, sound in sounds]
    whole = np.zeros(max(ends), np.float32)
    for (_, level, sound), end in zip(sounds, ends, strict=True):
        whole[end - len(sound) : end] += np.float32(level) * sound
    return whole


def _kick(start: float, end: float, left: float, click: float) -> Sound:
    body = thump(min(4 * left, 0.6), start, end, 0.035, left)
    return together((0.0, 1.0, body), (0.0, click, noise(0.02, 1500.0, 6000.0, 0.004, 1)))


def _hands(low: float, high: float, left: float) -> Sound:
    """Several hands that do not quite meet."""
    slap = [(late, level, noise(0.05, low, high, 0.008, 2)) for late, level in ((0.0, 0.5), (0.011, 0.6))]
    return together(*slap, (0.023, 1.0, noise(0.25, low, high, left, 3)))


def _snare(tone: float, wires: float) -> Sound:
    """A skin with wires under it."""
    return together(
        (0.0, 0.6, thump(0.15, tone * 1.6, tone, 0.01, 0.05)),
        (0.0, wires, noise(0.22, 1200.0, 9000.0, 0.06, 4)),
    )


def _block(pitch: float, left: float) -> Sound:
    """A stick on wood."""
    tones = thump(0.12, pitch, pitch, 1.0, left) + 0.5 * thump(
        0.12, 2.71 * pitch, 2.71 * pitch, 1.0, 0.5 * left
    )
    return together((0.0, 0.7, tones), (0.0, 0.3, noise(0.03, 2000.0, 8000.0, 0.006, 5)))


def _metal(left: float) -> Sound:
    """Six squares that agree in nothing, only their upper part: the cheap cymbals of drum machines."""
    samples = int(min(6 * left, 0.5) * SAMPLE_RATE)
    time = np.arange(samples) / SAMPLE_RATE
    tones = (205.3, 304.4, 369.6, 522.7, 540.0, 800.0)
    odd = (sum(np.sin(2 * np.pi * n * f * time) / n for n in range(1, int(TOP / f), 2)) for f in tones)
    ring = signal.sosfilt(signal.butter(4, 6500.0, "highpass", fs=SAMPLE_RATE, output="sos"), sum(odd))
    return (ring / np.abs(ring).max() * decay(samples, left) * edges(samples, 0.001, 0.01)).astype(np.float32)


def _tom(pitch: float) -> Sound:
    return together(
        (0.0, 1.0, thump(0.4, pitch * 1.5, pitch, 0.05, 0.13)),
        (0.0, 0.12, noise(0.05, 800.0, 4000.0, 0.01, 6)),
    )


KITS: dict[str, dict[str, Callable[[], Sound]]] = {
    "club": {
        "kick": partial(_kick, 170.0, 48.0, 0.11, 0.25),
        "clap": partial(_hands, 900.0, 4500.0, 0.055),
        "hat": partial(noise, 0.12, 6500.0, 15000.0, 0.03, 7),
        "open": partial(noise, 0.35, 6000.0, 14000.0, 0.12, 8),
        "shaker": partial(noise, 0.13, 4500.0, 11000.0, 0.045, 9),
        "tom": partial(_tom, 110.0),
    },
    "machine": {
        "kick": partial(_kick, 130.0, 44.0, 0.22, 0.12),
        "clap": partial(_hands, 700.0, 3000.0, 0.09),
        "hat": partial(_metal, 0.025),
        "open": partial(_metal, 0.11),
        "shaker": partial(noise, 0.08, 6000.0, 12000.0, 0.02, 10),
        "tom": partial(_tom, 82.0),
    },
    "dusty": {
        "kick": partial(_kick, 120.0, 58.0, 0.075, 0.08),
        "clap": partial(_snare, 185.0, 0.55),
        "hat": partial(noise, 0.08, 3800.0, 8500.0, 0.02, 11),
        "open": partial(noise, 0.25, 3500.0, 8000.0, 0.09, 12),
        "shaker": partial(noise, 0.15, 3000.0, 7000.0, 0.05, 13),
        "tom": partial(_tom, 130.0),
    },
    "hands": {
        "kick": partial(_kick, 105.0, 66.0, 0.1, 0.05),
        "clap": partial(_block, 820.0, 0.03),
        "hat": partial(noise, 0.09, 5000.0, 12000.0, 0.018, 14, rise=0.006),
        "open": partial(_block, 1250.0, 0.05),
        "shaker": partial(noise, 0.16, 4000.0, 12000.0, 0.05, 15, rise=0.03),
        "tom": partial(_tom, 165.0),
    },
}
