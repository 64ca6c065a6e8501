"""What a recording engineer would do to a dry voice: filter, mend, compress, de-ess, room, level.

Makes a formant synthesiser bearable on a phone and leaves a good voice unharmed. Mono arrays, +-1.
"""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy import interpolate, ndimage, signal

from apps.audio.limiter import limit
from apps.audio.loudness import SAMPLE_RATE, amplitude, integrated

#: Hz; below it a voice has only rumble, which eats headroom.
HIGH_PASS = 80.0
#: Hz and dB: long-term average spectrum of speech in octaves, men and women over twelve languages (Byrne et
#: al. 1994, table II, third octaves added up).
SPEECH = (
    (125.0, -5.1),
    (250.0, -1.8),
    (500.0, 0.0),
    (1000.0, -6.8),
    (2000.0, -11.7),
    (4000.0, -15.9),
    (8000.0, -17.8),
)
#: Share of a synthesiser's distance from that spectrum that is mended, and the dB it may take: what remains
#: is the speaker, and a little brightness for small loudspeakers.
MENDED, MOST_CUT, MOST_LIFT = 0.8, -9.0, 5.0
#: Taps of the mending filter: octaves are told apart down to 125 Hz.
TAPS = 1025
#: Hz over which s and t hiss, the dB under the voice's level that they may have, and how hard they are held.
HISS, HISS_DB, HISS_RATIO = 4500.0, -12.0, 3.0
#: By how much a synthesiser's pitch is made to wander, as a share, and the Hz of it: people waver so; a rule
#: that holds its note buzzes.
WANDER, WANDER_HZ = 0.007, 4.0
#: Hz between which breath is heard in a person's voice, and its dB under the voice: between the formants of a
#: synthesiser there is nothing at all.
BREATH, BREATH_DB = (2500.0, 9000.0), -34.0
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


def polish(
    voice: Mono, sample_rate: int, *, gain_db: float = 0.0, reference: Mono | None = None
) -> NDArray[np.float32]:
    """`voice` through the chain at 48 kHz and LEVEL + `gain_db`; as long as the voice, resampled.

    `reference`: a synthesiser's voice with another text, at the same rate, by which it is mended; None for
    a voice that sounds like a person already.
    """
    dry = high_pass(resample(voice, sample_rate))
    if reference is not None:
        dry = mend(breathe(wander(dry)), breathe(high_pass(resample(reference, sample_rate))))
    dry = deess(compress(dry))
    if reference is not None:
        dry = add_room(disperse(dry))
    return fade(level(dry, LEVEL + gain_db)).astype(np.float32)


def resample(voice: Mono, sample_rate: int) -> Mono:
    """`voice` at 48 kHz."""
    if sample_rate == SAMPLE_RATE:
        return voice
    step = Fraction(SAMPLE_RATE, sample_rate)
    return signal.resample_poly(voice, step.numerator, step.denominator)


def high_pass(voice: Mono) -> Mono:
    """Rumble out."""
    return signal.sosfilt(signal.butter(2, HIGH_PASS, "highpass", fs=SAMPLE_RATE, output="sos"), voice)


def mend(voice: Mono, reference: Mono) -> Mono:
    """Chest in, harshness down: `voice` as far towards the spectrum of SPEECH as `reference` is from it.

    The reference and not the line decides, so that every scene of a speaker has the same colour.
    """
    if not np.any(reference):
        return voice
    centres, wanted = np.array(SPEECH).T
    off = octave_levels(deess(compress(reference))) - wanted
    off -= off[1:6].mean()  # 250 Hz to 4 kHz carry the words
    gains = np.clip(-MENDED * off, MOST_CUT, MOST_LIFT)
    hertz = np.linspace(0.0, SAMPLE_RATE / 2, 1024)
    curve = np.interp(np.log2(np.maximum(hertz, 1.0)), np.log2(centres), gains)
    taps = signal.firwin2(TAPS, hertz, 10.0 ** (curve / 20.0), fs=SAMPLE_RATE)
    return signal.oaconvolve(voice, taps, mode="same")


def octave_levels(voice: Mono) -> NDArray[np.floating]:
    """dB of the octaves of SPEECH in 48 kHz sound, as third octaves from 100 Hz to 10 kHz add up."""
    hertz, power = signal.welch(voice, SAMPLE_RATE, nperseg=min(8192, len(voice)))
    sums = [power[(hertz >= c / np.sqrt(2.0)) & (hertz < c * np.sqrt(2.0))].sum() for c, _ in SPEECH]
    return 10.0 * np.log10(np.array(sums) + 1e-14)


def wander(voice: Mono) -> Mono:
    """The same sound on a clock that runs WANDER faster and slower at random, never 2 ms off."""
    steps = max(int(len(voice) / SAMPLE_RATE * WANDER_HZ * 2), 2)
    drift = np.random.default_rng(11).standard_normal(steps + 2)
    offset = WANDER / WANDER_HZ / 4.0 * SAMPLE_RATE * drift
    knots = np.linspace(0, len(voice), steps + 2)
    at = np.arange(len(voice)) + interpolate.CubicSpline(knots, offset)(np.arange(len(voice)))
    return ndimage.map_coordinates(voice, [at], order=3, mode="constant")


def breathe(voice: Mono) -> Mono:
    """The voice with breath that comes and goes with it, the same each time."""
    noise = np.random.default_rng(13).standard_normal(len(voice))
    air = signal.sosfilt(signal.butter(1, BREATH, "bandpass", fs=SAMPLE_RATE, output="sos"), noise)
    swell = to_samples(10.0 ** (follow(_control_levels(voice), ATTACK, 0.020) / 20.0), len(voice))
    return voice + air / max(float(air.std()), 1e-9) * swell * amplitude(BREATH_DB)


def deess(voice: Mono) -> Mono:
    """Hiss that stands out over the voice's own level held down; the rest untouched."""
    if not np.any(voice):
        return voice
    hiss = signal.sosfiltfilt(signal.butter(2, HISS, "highpass", fs=SAMPLE_RATE, output="sos"), voice)
    spoken = follow(_control_levels(voice), ATTACK, RELEASE)
    limit_db = spoken[spoken > spoken.max() - 30.0].mean() + HISS_DB
    over = np.maximum(follow(_control_levels(hiss), 0.001, 0.030) - limit_db, 0.0)
    held = to_samples(10.0 ** (-over * (1.0 - 1.0 / HISS_RATIO) / 20.0), len(voice))
    return voice - hiss * (1.0 - held)


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
