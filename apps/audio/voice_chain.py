"""What a recording engineer would do to a dry voice: filter, equalise, compress, place in a room, level.

Makes a formant synthesiser bearable on a phone and leaves a good voice unharmed. Mono arrays, +-1.
"""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from apps.audio.limiter import limit
from apps.audio.loudness import SAMPLE_RATE, amplitude, integrated

#: Hz; below it a voice has only rumble, which eats headroom.
HIGH_PASS = 80.0
#: (Hz, Q, dB): where formant synthesis rings and tires the ear.
PRESENCE_CUT = (3200.0, 0.9, -3.0)
#: (Hz, dB): chest that the synthesiser lacks.
LOW_SHELF = (190.0, 2.0)
#: dB under the voice's own level at which compression begins, and its ratio.
THRESHOLD_DB, RATIO = -2.0, 3.0
#: Seconds of the compressor's level detector: quick to press, slower to let go.
ATTACK, RELEASE = 0.004, 0.090
#: Seconds in which the room dies away by 60 dB, and its level under the voice in dB. More would blur words.
ROOM_SECONDS, ROOM_DB = 0.16, -17.0
#: (Hz from, Hz to, sections, Q) of the all-passes that spread a synthesiser's pulses in time: 1-6 dB less
#: peak for the same loudness, and less buzz.
DISPERSION = (120.0, 3500.0, 14, 1.0)
#: dB its peaks may stand over its loudness (mono); the mix then hardly needs its own limiter.
CREST = 13.5
#: LUFS (mono) every narration leaves with, so that scenes match before they are mixed.
LEVEL = -21.0
#: Seconds of fade at the edges: no clicks, yet no late onset either.
FADE_IN, FADE_OUT = 0.004, 0.030
#: Samples of one step of gain control: 1 ms.
CONTROL = SAMPLE_RATE // 1000

Mono = NDArray[np.floating]


def polish(voice: Mono, sample_rate: int, *, gain_db: float = 0.0) -> NDArray[np.float32]:
    """`voice` through the whole chain at 48 kHz and LEVEL + `gain_db`; as long as the voice, resampled."""
    dry = disperse(compress(equalise(resample(voice, sample_rate))))
    return fade(level(add_room(dry), LEVEL + gain_db)).astype(np.float32)


def resample(voice: Mono, sample_rate: int) -> Mono:
    """`voice` at 48 kHz."""
    if sample_rate == SAMPLE_RATE:
        return voice
    step = Fraction(SAMPLE_RATE, sample_rate)
    return signal.resample_poly(voice, step.numerator, step.denominator)


def equalise(voice: Mono) -> Mono:
    """Rumble out, chest in, harshness down."""
    sections = np.vstack(
        [
            signal.butter(2, HIGH_PASS, "highpass", fs=SAMPLE_RATE, output="sos"),
            _low_shelf(*LOW_SHELF),
            _peak(*PRESENCE_CUT),
        ]
    )
    return signal.sosfilt(sections, voice)


def compress(voice: Mono, ratio: float = RATIO) -> Mono:
    """Loud syllables nearer to soft ones: `ratio` to 1 over the voice's own mean level."""
    if not np.any(voice):
        return voice
    heard = follow(_control_levels(voice), ATTACK, RELEASE)
    speaking = heard[heard > heard.max() - 30.0]
    over = np.maximum(heard - (speaking.mean() + THRESHOLD_DB), 0.0)
    gain = 10.0 ** (-over * (1.0 - 1.0 / ratio) / 20.0)
    return voice * to_samples(gain, len(voice))


def disperse(voice: Mono) -> Mono:
    """The same spectrum with its phases spread, so that energy and peaks lie nearer together."""
    low, high, sections, q = DISPERSION
    return signal.sosfilt(np.vstack([_all_pass(hz, q) for hz in np.geomspace(low, high, sections)]), voice)


def follow(levels: NDArray[np.floating], attack: float, release: float) -> NDArray[np.floating]:
    """`levels` (dB, one each millisecond) smoothed: upwards in `attack` s, downwards in `release` s."""
    up, down = (1.0 - np.exp(-0.001 / seconds) for seconds in (attack, release))
    state, smooth = float(levels[0]), np.empty(len(levels))
    for i, value in enumerate(levels.tolist()):
        state += (up if value > state else down) * (value - state)
        smooth[i] = state
    return smooth


def to_samples(control: NDArray[np.floating], samples: int) -> NDArray[np.float32]:
    """A curve with one value each millisecond as one value each sample, linear between."""
    at = np.arange(samples, dtype=np.float32) / CONTROL
    return np.interp(at, np.arange(len(control)), control).astype(np.float32)


def add_room(voice: Mono) -> Mono:
    """A few early reflections and a short tail, the same each time."""
    size = int(ROOM_SECONDS * SAMPLE_RATE)
    tail = np.random.default_rng(7).standard_normal(size) * 10.0 ** (-3.0 * np.arange(size) / size)
    tail[: int(0.006 * SAMPLE_RATE)] = 0.0
    tail *= amplitude(ROOM_DB) / np.sqrt(np.sum(tail**2))
    wet = signal.oaconvolve(voice, tail)[: len(voice)]
    return voice + signal.sosfilt(signal.butter(1, 4500.0, fs=SAMPLE_RATE, output="sos"), wet)


def level(voice: Mono, lufs: float) -> Mono:
    """`voice` brought to `lufs`, its peaks to CREST over that; silence stays silence."""
    if integrated(voice[np.newaxis]) < -70.0:
        return voice
    for _ in range(2):  # the limiter takes a little of the loudness with it
        voice = voice * amplitude(lufs - integrated(voice[np.newaxis]))
        voice = voice * limit(voice[np.newaxis], lufs + CREST)
    return voice


def fade(voice: Mono) -> Mono:
    """Raised-cosine edges."""
    faded = voice.copy()
    rise, fall = (min(int(s * SAMPLE_RATE), len(voice) // 2) for s in (FADE_IN, FADE_OUT))
    faded[:rise] *= _raised_cosine(rise)
    faded[len(faded) - fall :] *= _raised_cosine(fall)[::-1]
    return faded


def _raised_cosine(size: int) -> NDArray[np.floating]:
    return 0.5 - 0.5 * np.cos(np.pi * np.arange(size) / max(size, 1))


def _control_levels(voice: Mono) -> NDArray[np.floating]:
    """RMS in dB of each millisecond, the last one padded."""
    steps = -(-len(voice) // CONTROL)
    padded = np.zeros(steps * CONTROL)
    padded[: len(voice)] = voice
    return 10.0 * np.log10(np.square(padded).reshape(steps, CONTROL).mean(axis=1) + 1e-10)


def _all_pass(hertz: float, q: float) -> NDArray[np.floating]:
    """An all-pass as one second-order section (Audio EQ Cookbook)."""
    w = 2.0 * np.pi * hertz / SAMPLE_RATE
    alpha = np.sin(w) / (2.0 * q)
    d = np.array([1 + alpha, -2 * np.cos(w), 1 - alpha])
    return np.concatenate([d[::-1], d]) / d[0]


def _peak(hertz: float, q: float, gain_db: float) -> NDArray[np.floating]:
    """A bell as one second-order section (Audio EQ Cookbook, R. Bristow-Johnson)."""
    a, w = 10.0 ** (gain_db / 40.0), 2.0 * np.pi * hertz / SAMPLE_RATE
    alpha = np.sin(w) / (2.0 * q)
    b = np.array([1 + alpha * a, -2 * np.cos(w), 1 - alpha * a])
    d = np.array([1 + alpha / a, -2 * np.cos(w), 1 - alpha / a])
    return np.concatenate([b, d]) / d[0]


def _low_shelf(hertz: float, gain_db: float) -> NDArray[np.floating]:
    """A low shelf of slope 1 as one second-order section (Audio EQ Cookbook)."""
    a, w = 10.0 ** (gain_db / 40.0), 2.0 * np.pi * hertz / SAMPLE_RATE
    c, s = np.cos(w), np.sqrt(2.0 * a) * np.sin(w)
    b = np.array(
        [a * (a + 1 - (a - 1) * c + s), 2 * a * (a - 1 - (a + 1) * c), a * (a + 1 - (a - 1) * c - s)]
    )
    d = np.array([a + 1 + (a - 1) * c + s, -2 * (a - 1 + (a + 1) * c), a + 1 + (a - 1) * c - s])
    return np.concatenate([b, d]) / d[0]
