"""Takes the air out of a recording: silence around it, and pauses longer than a fast video bears.

Word marks move with the sound. Knows no voice and no text.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from apps.audio.alignment import FLOOR_DB, FRAME_MS, Mark, frame_levels
from apps.audio.providers import Utterance

#: Milliseconds kept before the first sound and after the last (room for the tail of the room).
LEAD_MS, TAIL_MS = 12, 90
#: Milliseconds a pause between sentences may last; the critic counts silences from 300.
MAX_PAUSE_MS = 240


def trim(spoken: Utterance) -> Utterance:
    """`spoken` from LEAD_MS before its first sound to TAIL_MS after its last, pauses kept short.

    Without any sound: an utterance without samples.
    """
    loud = np.flatnonzero(frame_levels(spoken.samples, spoken.sample_rate) > FLOOR_DB)
    if not loud.size:
        return replace(spoken, samples=spoken.samples[:0], marks=())
    start, end = int(loud[0]) * FRAME_MS, int(loud[-1] + 1) * FRAME_MS
    kept = [*_without_long_pauses(start, end, loud)]
    kept[0] = (kept[0][0] - LEAD_MS, kept[0][1])
    kept[-1] = (kept[-1][0], kept[-1][1] + TAIL_MS)
    return replace(
        spoken,
        samples=np.concatenate([_cut(spoken, *stretch) for stretch in kept]),
        marks=tuple(_moved(mark, kept) for mark in spoken.marks),
    )


def _without_long_pauses(start: int, end: int, loud: NDArray[np.int64]) -> list[tuple[int, int]]:
    """The stretches of [start, end) ms that stay: of a long pause, the first and the last part."""
    stretches, begin, half = [], start, MAX_PAUSE_MS // 2
    for index in np.flatnonzero(np.diff(loud) * FRAME_MS > MAX_PAUSE_MS + FRAME_MS):
        stretches.append((begin, int(loud[index] + 1) * FRAME_MS + half))
        begin = int(loud[index + 1]) * FRAME_MS - half
    return [*stretches, (begin, end)]


def _cut(spoken: Utterance, start_ms: int, end_ms: int) -> NDArray[np.float32]:
    """[start, end) of the samples, silence where it reaches over an edge."""
    first, last = (ms * spoken.sample_rate // 1000 for ms in (start_ms, end_ms))
    before, after = max(-first, 0), max(last - len(spoken.samples), 0)
    return np.pad(spoken.samples[max(first, 0) : last], (before, after))


def _moved(mark: Mark, kept: list[tuple[int, int]]) -> Mark:
    """`mark` on the clock of what was kept; one that lay in what was cut, where the sound goes on."""
    passed = 0.0
    for start, end in kept:
        if mark.ms < end:
            return replace(mark, ms=passed + max(mark.ms - start, 0.0))
        passed += end - start
    return replace(mark, ms=passed)
