"""Times for caption tokens, from whatever word times a voice gives. Knows no voice and no audio format.

Tokens and word marks rarely match one to one: a token may be several spoken words, a voice may give one
mark for "out of" or none for "it". Marks are matched by the characters they cover; what stays without one
is placed by its share of syllables.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

#: Milliseconds two neighbouring tokens start apart at least; closer marks are a voice's stutter.
MIN_STEP_MS = 20
#: dB under the loudest 10 ms frame at which speech counts as over.
FLOOR_DB = -34.0
#: Milliseconds of one energy frame.
FRAME_MS = 10
#: Milliseconds a token is shown at least, where the next one leaves room for it.
MIN_TOKEN_MS = 60

#: dB under the loudest frame at which a word is not heard yet, and the milliseconds searched for its sound:
#: the closure before p, t, k or a pause that a voice counts as part of the word.
UNHEARD_DB, CLOSURE_MS = -28.0, 90

#: Milliseconds between two words that are no pause: a caption would only flicker.
BREATH_MS = 30

_VOWELS = re.compile(r"[aeiouyæøœıаеёиоуыэюяіїєαεηιουω]+")


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A voice says: the characters [first, first + length) of the text begin at `ms`."""

    first: int
    length: int
    ms: float


@dataclass(frozen=True, kw_only=True)
class Span:
    """When one token is heard, milliseconds."""

    start_ms: int
    end_ms: int


def align(
    tokens: Sequence[str], marks: Sequence[Mark], *, onset_ms: float, end_ms: float
) -> tuple[list[float], float]:
    """Start times of the tokens of the text `" ".join(tokens)`, ascending, and the end of the last.

    Tokens without a mark share the time between their neighbours' marks by syllables.
    """
    anchors = _ascending(_anchors(tokens, marks), onset_ms, end_ms)
    weights = [syllables(token) for token in tokens]
    known = [*sorted(anchors), len(tokens)]
    times = [*(anchors[i] for i in known[:-1]), end_ms]
    position = np.concatenate([[0.0], np.cumsum(weights)])
    starts = np.interp(position[:-1], position[known], times) if tokens else np.zeros(0)
    return [float(start) for start in starts], end_ms


def spans(
    starts: Sequence[float], end_ms: float, audio: NDArray[np.floating], sample_rate: int
) -> tuple[Span, ...]:
    """Whole-millisecond spans; a token before a pause ends where its sound does."""
    energy = frame_levels(audio, sample_rate)
    bounds = [*heard_from(starts, energy), end_ms]
    result = []
    for start, following in pairwise(bounds):
        end = _last_sound(energy, start + MIN_TOKEN_MS, following)
        end = following if following - end <= BREATH_MS else end
        result.append(Span(start_ms=round(start), end_ms=max(round(min(end, following)), round(start) + 1)))
    return tuple(result)


def heard_from(starts: Sequence[float], levels: NDArray[np.floating]) -> list[float]:
    """`starts`, those that fall into silence moved to the sound that follows, never past the next."""
    moved = []
    for start, following in zip(starts, [*starts[1:], len(levels) * FRAME_MS], strict=True):
        first = int(start // FRAME_MS)
        last = min(first + CLOSURE_MS // FRAME_MS, int(following // FRAME_MS))
        loud = np.flatnonzero(levels[first:last] > UNHEARD_DB)
        moved.append(max(start, float(first + loud[0]) * FRAME_MS) if loud.size else start)
    return moved


def speech_bounds(audio: NDArray[np.floating], sample_rate: int) -> tuple[float, float]:
    """Milliseconds at which sound begins and ends; (0, 0) where there is none."""
    levels = frame_levels(audio, sample_rate)
    loud = np.flatnonzero(levels > FLOOR_DB)
    return (float(loud[0]) * FRAME_MS, float(loud[-1] + 1) * FRAME_MS) if loud.size else (0.0, 0.0)


def frame_levels(audio: NDArray[np.floating], sample_rate: int) -> NDArray[np.floating]:
    """dB of each 10 ms frame, relative to the loudest; all far below FLOOR_DB for silence."""
    frames = len(audio) * 1000 // (sample_rate * FRAME_MS)
    if not frames:
        return np.zeros(0)
    # Rates like 22050 have no whole number of samples in a frame; rounding each would drift by 2 ms a second.
    edges = (np.arange(frames + 1) * sample_rate * FRAME_MS) // 1000
    sums = np.add.reduceat(np.square(audio[: edges[-1]], dtype=np.float64), edges[:-1])
    power = sums / np.diff(edges)
    top = power.max(initial=0.0)
    return 10.0 * np.log10(np.maximum(power, 1e-12) / top) if top > 1e-9 else np.full(frames, -120.0)


def syllables(text: str) -> float:
    """Roughly how many syllables `text` is said in; at least a half, so that nothing has no time.

    Vowel groups in Latin, Cyrillic and Greek; letters that carry a vowel in Indic scripts; else a third
    of the letters.
    """
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    groups = len(_VOWELS.findall(plain))
    if groups:
        return float(groups)
    indic = sum(_carries_vowel(text, i) for i in range(len(text)))
    return max(float(indic), len(text) / 3.0 if not indic else 0.0, 0.5)


def _carries_vowel(text: str, i: int) -> bool:
    if not "\u0900" <= text[i] <= "\u0d7f" or unicodedata.category(text[i]) != "Lo":
        return False
    follower = text[i + 1] if i + 1 < len(text) else ""
    return not (follower and unicodedata.combining(follower) == 9)  # 9: virama, the vowel killer


def _anchors(tokens: Sequence[str], marks: Sequence[Mark]) -> dict[int, float]:
    """Token index to the time of the first mark that overlaps its characters."""
    found: dict[int, float] = {}
    first = 0
    for index, token in enumerate(tokens):
        end = first + len(token)
        inside = [m.ms for m in marks if m.first < end and m.first + max(m.length, 1) > first]
        if inside:
            found[index] = min(inside)
        first = end + 1
    return found


def _ascending(anchors: dict[int, float], onset_ms: float, end_ms: float) -> dict[int, float]:
    """Anchors in [onset, end), each later than the one before; the first token starts at the onset."""
    kept = {0: onset_ms}
    for index, ms in sorted(anchors.items()):
        if index > 0 and max(kept.values()) + MIN_STEP_MS * (index - max(kept)) <= ms < end_ms:
            kept[index] = ms
    return kept


def _last_sound(levels: NDArray[np.floating], start_ms: float, end_ms: float) -> float:
    first, last = int(start_ms // FRAME_MS), int(end_ms // FRAME_MS) - 1  # the next word may be early
    loud = np.flatnonzero(levels[first:last] > FLOOR_DB)
    return float(first + loud[-1] + 1) * FRAME_MS if loud.size else start_ms
