"""Where words begin in speech whose text is known, by sound alone. Knows no voice and no provider.

The text says how long each word should be and where to breathe; the sound says where it pauses and where it
changes. The word starts that agree best with both are found by dynamic programming.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from apps.audio.alignment import FRAME_MS, MIN_STEP_MS, frame_levels, syllables

#: Relative length of a word: for itself, a syllable, a consonant, and the drawl before a stop. Fitted on 650
#: words in seven languages (residual 0.22 of the mean word).
WORD, SYLLABLE, CONSONANT, DRAWL = 0.12, 0.27, 0.145, 0.30
#: dB under the loudest frame that count as silence, and the frames of it that make a pause: the closure
#: before p, t, k is shorter.
SILENT_DB, PAUSE_FRAMES = -30.0, 8
#: How far a word may be off its expected length before it costs 1: a share of it, and frames on top.
LOOSE_SHARE, LOOSE_FRAMES = 0.22, 3.0
#: Cost of a pause inside a word for each 100 ms; gain of one where the text has a stop, or has none; cost of
#: none at the end of a sentence and at a comma.
BROKEN, BREATH, STRAY_BREATH, NO_FULL_STOP, NO_COMMA = 4.0, 4.0, 1.0, 2.0, 0.7
#: Gain of a word that begins where the sound changes most in the line.
CHANGE = 1.5
#: Frames a word may last, its pause not counted; slower speech is no speech.
LONGEST = 150
#: Milliseconds of sound in which anything can be told apart.
SHORTEST_MS = 60
#: Hz of the bands in which a change is looked for.
BANDS = (100, 300, 600, 1000, 1700, 2800, 4500, 7000)

_FULL_STOPS, _COMMAS = frozenset(".?!।…"), frozenset(",;:—–")
_NEVER = 1e9


def heard_starts(tokens: Sequence[str], audio: NDArray[np.floating], sample_rate: int) -> list[float]:
    """Milliseconds at which each of `tokens` begins in `audio`, ascending by MIN_STEP_MS at least."""
    if not tokens or len(audio) * 1000 < SHORTEST_MS * sample_rate:
        return [0.0] * len(tokens)
    sound = _listen(audio, sample_rate)
    if sound.end <= sound.onset:
        return [0.0] * len(tokens)
    said = [i for i, token in enumerate(tokens) if any(c.isalnum() for c in token)] or [0]
    frames = _best_starts([tokens[i] for i in said], sound)
    position = np.interp(np.arange(len(tokens)), said, frames)  # a dash alone has no sound of its own
    starts = position * FRAME_MS + MIN_STEP_MS * _rank_within_ties(position)
    return [float(ms) for ms in starts]


@dataclass(frozen=True, kw_only=True)
class _Sound:
    """One value for each 10 ms frame. `spoken[t]`: frames of sound before t. `change`: 0-1, how new t is.

    `pause_before[t]`: frames of the pause that ends at t, else 0; `broken[t]`: cost of all pauses over by t.
    """

    onset: int
    end: int
    silent: NDArray[np.bool_]
    spoken: NDArray[np.floating]
    pause_before: NDArray[np.floating]
    broken: NDArray[np.floating]
    change: NDArray[np.floating]


def _listen(audio: NDArray[np.floating], sample_rate: int) -> _Sound:
    levels = frame_levels(audio, sample_rate)
    loud = np.flatnonzero(levels > SILENT_DB)
    onset, end = (int(loud[0]), int(loud[-1]) + 1) if loud.size else (0, 0)
    silent = _pauses(levels <= SILENT_DB, onset, end)
    pause_before = _run_lengths(silent)
    return _Sound(
        onset=onset,
        end=end,
        silent=silent,
        spoken=np.concatenate([[0.0], np.cumsum(~silent)]),
        pause_before=pause_before,
        broken=np.cumsum(pause_before) * FRAME_MS / 100.0 * BROKEN,
        change=_change(audio, sample_rate, levels),
    )


def _pauses(quiet: NDArray[np.bool_], onset: int, end: int) -> NDArray[np.bool_]:
    """The quiet frames that belong to a pause between onset and end; one frame more than there is sound."""
    silent = np.zeros(len(quiet) + 1, bool)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet[onset:end], [0]]))) + onset
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        silent[first:last] = last - first >= PAUSE_FRAMES
    return silent


def _run_lengths(silent: NDArray[np.bool_]) -> NDArray[np.floating]:
    """At the first frame after each run of silence, the run's length; 0 elsewhere."""
    lengths = np.zeros(len(silent))
    edges = np.flatnonzero(np.diff(np.concatenate([[0], silent, [0]])))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if last < len(silent):
            lengths[last] = last - first
    return lengths


def _change(
    audio: NDArray[np.floating], sample_rate: int, levels: NDArray[np.floating]
) -> NDArray[np.floating]:
    """How much the 30 ms from each frame on differ from the 30 ms before it, 1 for the line's greatest."""
    step = sample_rate * FRAME_MS / 1000.0
    hertz, _, power = signal.stft(audio, sample_rate, nperseg=512, noverlap=512 - int(step), padded=True)
    bands = np.array(
        [(np.abs(power[(hertz >= a) & (hertz < b)]) ** 2).sum(axis=0) for a, b in pairwise(BANDS)]
    )
    at = np.minimum((np.arange(len(levels) + 1) * step / int(step)).astype(int), bands.shape[1] - 1)
    heard = np.maximum(10.0 * np.log10(bands[:, at] + 1e-12), 10.0 * np.log10(bands.max() + 1e-12) - 50.0)
    after = np.mean([np.roll(heard, -k, axis=1) for k in (0, 1, 2)], axis=0)
    before = np.mean([np.roll(heard, k, axis=1) for k in (1, 2, 3)], axis=0)
    flux = np.abs(after - before).mean(axis=0)
    return flux / max(float(np.percentile(flux, 98)), 1e-9)


def _best_starts(tokens: Sequence[str], sound: _Sound) -> list[int]:
    """The first frame of each token: the sequence of least cost."""
    frames = np.arange(sound.onset, sound.end + 1)
    lengths = _expected(tokens, sound)
    cost = np.full(len(frames), _NEVER)
    cost[0] = 0.0
    came_from = []
    for token, following, length in zip(tokens, [*tokens[1:], ""], lengths, strict=True):
        begins = _begins(token, sound, frames) if following else _ends(frames)
        cost, previous = _step(cost, frames, sound, length, begins)
        came_from.append(previous)
    at, starts = len(frames) - 1, []
    for previous in reversed(came_from):
        at = int(previous[at])
        starts.append(int(frames[at]))
    return starts[::-1]


def _expected(tokens: Sequence[str], sound: _Sound) -> NDArray[np.floating]:
    """Frames of sound that each token should take, all of them together what there is."""
    relative = np.array([_length(token) for token in tokens])
    return relative * (sound.spoken[sound.end] - sound.spoken[sound.onset]) / relative.sum()


def _length(token: str) -> float:
    vowels = syllables(token)
    letters = sum(unicodedata.category(c)[0] in "LM" for c in token)
    drawl = DRAWL if token[-1] in _FULL_STOPS | _COMMAS else 0.0
    return WORD + SYLLABLE * vowels + CONSONANT * max(letters - vowels, 0.0) + drawl


def _begins(token: str, sound: _Sound, frames: NDArray[np.int64]) -> NDArray[np.floating]:
    """Cost of the next word beginning at each frame, after `token`."""
    pause = sound.pause_before[frames] > 0
    stop = token[-1]
    expected = stop in _FULL_STOPS or stop in _COMMAS
    none = NO_FULL_STOP if stop in _FULL_STOPS else NO_COMMA if stop in _COMMAS else 0.0
    cost = np.where(pause, -(BREATH if expected else STRAY_BREATH), none) - CHANGE * sound.change[frames]
    return np.where(sound.silent[frames], _NEVER, cost)


def _ends(frames: NDArray[np.int64]) -> NDArray[np.floating]:
    """The last word ends with the sound."""
    cost = np.full(len(frames), _NEVER)
    cost[-1] = 0.0
    return cost


def _step(
    cost: NDArray[np.floating],
    frames: NDArray[np.int64],
    sound: _Sound,
    length: float,
    begins: NDArray[np.floating],
) -> tuple[NDArray[np.floating], NDArray[np.int64]]:
    """Least cost of a word of `length` ending before each frame, and the frame at which it then began."""
    best, previous = np.full(len(frames), _NEVER * 2), np.zeros(len(frames), np.int64)
    spoken, loose = sound.spoken[frames], LOOSE_SHARE * length + LOOSE_FRAMES
    broken_before = (sound.broken - sound.pause_before * FRAME_MS / 100.0 * BROKEN)[frames]
    broken = sound.broken[frames]
    for lag in range(MIN_STEP_MS // FRAME_MS, min(LONGEST + int(sound.silent.sum()), len(frames) - 1) + 1):
        off = (spoken[lag:] - spoken[:-lag] - length) / loose
        total = cost[:-lag] + off * off + broken_before[lag:] - broken[:-lag]
        better = total < best[lag:]
        best[lag:][better] = total[better]
        previous[lag:][better] = np.flatnonzero(better)
    return best + begins, previous


def _rank_within_ties(position: NDArray[np.floating]) -> NDArray[np.floating]:
    """0, 1, 2 ... for values that repeat the one before."""
    rank = np.zeros(len(position))
    for i in range(1, len(position)):
        rank[i] = rank[i - 1] + 1 if position[i] - position[i - 1] < MIN_STEP_MS / FRAME_MS / 2 else 0
    return rank
