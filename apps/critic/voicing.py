"""Where the voice is in the finished sound, and how far it stands over the rest. No judgement.

The stem says what the voice says, and the timeline when; only what the file really holds counts. So each
phrase of the stem is looked for in the file and laid where it is heard, and the file is projected on that
block by block: what follows the stem is voice, what remains is bed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.signal import correlate

from apps.critic.decode import SAMPLE_RATE
from apps.critic.loudness import block_means, k_weighted

#: Seconds of one step of the voice's envelope.
STEP = 0.01
#: dB under its loud moments at which a voice counts as silent.
SILENCE_DEPTH = -32.0
#: Share of the expected amplitude below which the voice did not make it into the file.
LOST = 0.25
#: Seconds the file may be shifted against the stem by codec delay; more than this is late, and heard.
LAG_LIMIT = 0.06
#: Seconds from the start in which the shift is looked for; the whole would find no other.
LAG_WINDOW = 10
#: Seconds before and after its place in which a phrase is looked for: sound that was inserted or cut
#: moves all that follows.
EARLIER, LATER = 1.5, 4.0
#: Every such sample is enough to find a phrase again: 8 kHz.
COARSE = 6
COARSE_RATE = SAMPLE_RATE // COARSE
#: Coarse samples about a place that count as that place: 20 ms.
NEAR = COARSE_RATE // 50
#: How much better (in correlation) a phrase must fit elsewhere than in its place to count as moved, and
#: the share of its energy that is to be found there: words recur, and a bed is no voice.
BETTER, EXPLAINED = 1.5, 0.25
#: Seconds below which a phrase says too little to be recognised.
SHORTEST_PHRASE = 0.2
#: Seconds under which a pause is articulation and not silence (silencedetect d=.30, field practice).
PAUSE = 0.3
#: LU under the loudest speech at which a block no longer counts as speaking.
SPEAKING_DEPTH = -15.0
#: LU reported where nothing but the voice is there, or nothing but the bed.
ALL_VOICE, NO_VOICE = 60.0, -60.0


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Seconds [start, end) without voice."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, kw_only=True)
class Voicing:
    """`file` and `stem` are mono float32 at 48 kHz, equally long, the stem aligned to the file."""

    file: NDArray[np.float32]
    stem: NDArray[np.float32]
    lags: tuple[float, ...] = ()  # seconds by which each phrase is heard after its place in the stem

    @cached_property
    def present(self) -> NDArray[np.bool_]:
        """Whether the voice is heard in each STEP of the file."""
        wanted, heard = _envelope(self.stem), _envelope(self.file)
        if not wanted.size or wanted.max() <= 1e-5:
            return np.zeros(len(wanted), dtype=bool)
        spoken = wanted > np.percentile(wanted[wanted > 1e-5], 95) * 10 ** (SILENCE_DEPTH / 20)
        gain = float(np.median(heard[spoken] / wanted[spoken]))
        return spoken & (heard > LOST * gain * wanted) & (heard > 1e-4)

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """Every stretch without voice that is longer than PAUSE, also before and after the speech."""
        edges = np.flatnonzero(np.diff(np.concatenate(([1], self.present, [1]))))
        spans = zip(edges[::2] * STEP, edges[1::2] * STEP, strict=True)
        return tuple(Gap(start=float(a), end=float(b)) for a, b in spans if b - a >= PAUSE)

    @property
    def pauses(self) -> tuple[Gap, ...]:
        """The gaps between speech and speech: waiting for the first word is the hook's fault, and
        what follows the last one the loop's."""
        end = len(self.present) * STEP
        return tuple(gap for gap in self.gaps if gap.start > 0 and gap.end < end - STEP / 2)

    @property
    def onset(self) -> float:
        """Seconds until the first speech; the whole length where there is none."""
        return float(np.argmax(self.present)) * STEP if self.present.any() else len(self.present) * STEP

    @property
    def spoken_seconds(self) -> float:
        """Time between the gaps."""
        return max(len(self.present) * STEP - sum(gap.seconds for gap in self.gaps), 0.0)

    def hears(self, start: float, end: float) -> bool:
        """Whether most of what should be said between two seconds can be heard."""
        span = self.present[round(start / STEP) : max(round(end / STEP), round(start / STEP) + 1)]
        return bool(span.size and span.mean() >= 0.5)

    def rest(self, part: slice) -> NDArray[np.float64]:
        """The file's samples in `part` without what follows the voice stem."""
        whole, voice = self.file[part].astype(float), self.stem[part].astype(float)
        energy = float(voice @ voice)
        return whole - (float(whole @ voice) / energy if energy > 1e-9 else 0.0) * voice

    @cached_property
    def over_bed(self) -> float:
        """LU (K-weighted, mono) by which the voice stands over all else while it speaks."""
        voice, rest = _split_powers(k_weighted(self.file), k_weighted(self.stem))
        speaking = voice > voice.max(initial=0.0) * 10 ** (SPEAKING_DEPTH / 10)
        loud, low = float(voice[speaking].sum()), float(rest[speaking].sum())
        if loud <= 1e-9:
            return NO_VOICE
        return min(10 * float(np.log10(loud / max(low, 1e-12))), ALL_VOICE)


def listen(
    file: NDArray[np.float32], stem: NDArray[np.float32], phrases: Sequence[tuple[float, float]] = ()
) -> Voicing:
    """Lay the voice stem (mono, 48 kHz, any length) where the file's mono sound holds it.

    `phrases` are the (start, end) seconds of what is said in one breath, in order; without them the stem is
    aligned as a whole.
    """
    fitted = np.zeros_like(file)
    shared = min(len(file), len(stem))
    fitted[:shared] = stem[:shared]
    lag = _lag(file, fitted)
    aligned = _shift(fitted, lag)
    moves = _moves(file, _shift(_padded(stem, len(file)), lag), phrases)
    lags = [lag + move if move else lag for move in moves]
    if any(moves):
        whole = _padded(stem, len(file))
        lags = [_refined(file, whole, span, each) for span, each in zip(phrases, lags, strict=True)]
        aligned = _laid_out(whole, phrases, lags, len(file))
    return Voicing(file=file, stem=aligned, lags=tuple(each / SAMPLE_RATE for each in lags))


def _padded(stem: NDArray[np.float32], length: int) -> NDArray[np.float32]:
    return np.pad(stem, (0, max(length - len(stem), 0)))


def _moves(
    file: NDArray[np.float32], stem: NDArray[np.float32], phrases: Sequence[tuple[float, float]]
) -> list[int]:
    """Samples by which each phrase stands elsewhere in the file than in the stem; 0 where it does not.

    A phrase too short or too faint to be found by itself goes with its neighbours where it fits there.
    """
    low_stem = _decimated(stem)
    low_file = np.pad(_decimated(file), (0, round(LATER * COARSE_RATE)))  # the last may have run out of it
    searches = [_Search.of(low_file, low_stem, phrase) for phrase in phrases]
    found = [search.best() for search in searches]
    for n, search in enumerate(searches):
        beside = [found[k] for k in (n - 1, n + 1) if 0 <= k < len(found) and found[k]]
        if not found[n] and beside:
            found[n] = max([0, *beside], key=search.at)
    return [move * COARSE for move in found]


@dataclass(frozen=True)
class _Search:
    """How well one phrase fits at each place of the file around its own; places in coarse samples."""

    similar: NDArray[np.float32]
    field: NDArray[np.float32]
    energy: float
    length: int
    home: int

    @classmethod
    def of(cls, file: NDArray[np.float32], stem: NDArray[np.float32], span: tuple[float, float]) -> "_Search":
        start, end = (round(second * COARSE_RATE) for second in span)
        phrase, first = stem[start:end], max(start - round(EARLIER * COARSE_RATE), 0)
        field = file[first : end + round(LATER * COARSE_RATE)]
        energy = float((phrase.astype(float) ** 2).sum())
        fits = SHORTEST_PHRASE * COARSE_RATE <= len(phrase) < len(field) and energy > 1e-6
        similar = correlate(field, phrase, mode="valid", method="fft") if fits else np.zeros(0, np.float32)
        return cls(similar, field, energy, len(phrase), start - first)

    def at(self, move: int) -> float:
        """The fit at a place, or very near it."""
        near = slice(max(self.home + move - NEAR, 0), max(self.home + move + NEAR, 0))
        return float(self.similar[near].max(initial=0.0))

    def best(self) -> int:
        """How far from its own place the phrase clearly fits best; 0 where no other is clearly better."""
        if not self.similar.size:
            return 0
        best = int(np.argmax(self.similar))
        if self.similar[best] < BETTER * max(self.at(0), 0.0):
            return 0
        there = float((self.field[best : best + self.length].astype(float) ** 2).sum())
        alike = float(self.similar[best]) ** 2 / max(self.energy * there, 1e-12)
        return best - self.home if alike >= EXPLAINED else 0


def _refined(
    file: NDArray[np.float32], stem: NDArray[np.float32], span: tuple[float, float], lag: int
) -> int:
    """A lag that was found in coarse samples, to the sample: less would put high tones out of phase."""
    start, end = (round(second * SAMPLE_RATE) for second in span)
    phrase, first = stem[start:end], start + lag - COARSE
    field = file[max(first, 0) : first + len(phrase) + 2 * COARSE]
    if first < 0 or len(field) <= len(phrase):
        return lag
    return lag - COARSE + int(np.argmax(np.correlate(field, phrase, mode="valid")))


def _laid_out(
    stem: NDArray[np.float32], phrases: Sequence[tuple[float, float]], lags: Sequence[int], length: int
) -> NDArray[np.float32]:
    """Every phrase of the stem, up to the next one, moved by its own lag."""
    laid = np.zeros(length, dtype=np.float32)
    starts = [0, *(round(start * SAMPLE_RATE) for start, _ in phrases[1:]), len(stem)]
    for (start, end), lag in zip(pairwise(starts), lags, strict=True):
        to = max(start + lag, 0)
        piece = stem[start : min(end, start + length - to)]
        laid[to : to + len(piece)] = piece
    return laid


def _decimated(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Means of COARSE samples: a crude low-pass, enough for speech."""
    whole = samples[: len(samples) // COARSE * COARSE]
    return whole.reshape(-1, COARSE).mean(axis=1, dtype=np.float32)


def _lag(file: NDArray[np.float32], stem: NDArray[np.float32]) -> int:
    file, stem = file[: LAG_WINDOW * SAMPLE_RATE], stem[: LAG_WINDOW * SAMPLE_RATE]
    if not file.any() or not stem.any():
        return 0
    similarity = correlate(file, stem, mode="same", method="fft")
    centre, limit = len(file) // 2, round(LAG_LIMIT * SAMPLE_RATE)
    near = similarity[max(centre - limit, 0) : centre + limit + 1]
    return int(np.argmax(near)) - min(limit, centre)


def _shift(samples: NDArray[np.float32], lag: int) -> NDArray[np.float32]:
    moved = np.zeros_like(samples)
    if lag >= 0:
        moved[lag:] = samples[: len(samples) - lag]
    else:
        moved[:lag] = samples[-lag:]
    return moved


def _envelope(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    size = round(STEP * SAMPLE_RATE)
    whole = samples[: len(samples) // size * size].reshape(-1, size).astype(float)
    return np.asarray(np.sqrt((whole**2).mean(axis=1)))


def _split_powers(
    file: NDArray[np.float64], stem: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Power of each block's projection on the stem, and of what remains."""
    whole, wanted, shared = block_means(file**2), block_means(stem**2), block_means(file * stem)
    voice = np.where(shared > 0, shared**2 / np.maximum(wanted, 1e-12), 0.0)
    return voice, np.maximum(whole - voice, 0.0)
