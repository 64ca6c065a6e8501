"""Air out, marks along."""

import numpy as np
import pytest

from apps.audio.alignment import Mark
from apps.audio.providers import Utterance
from apps.audio.trimming import LEAD_MS, MAX_PAUSE_MS, TAIL_MS, trim

RATE = 22_050


def utterance(*stretches: tuple[float, int], marks: tuple[int, ...] = ()) -> Utterance:
    """(level, ms) after one another; marks at these milliseconds."""
    parts = [np.full(ms * RATE // 1000, level, np.float32) for level, ms in stretches]
    given = tuple(Mark(first=i, length=1, ms=ms) for i, ms in enumerate(marks))
    return Utterance(samples=np.concatenate(parts), sample_rate=RATE, marks=given)


def test_silence_around_speech_goes_and_marks_move_along() -> None:
    trimmed = trim(utterance((0, 500), (0.5, 400), (0, 700), marks=(500, 700)))
    assert len(trimmed.samples) / RATE * 1000 == pytest.approx(LEAD_MS + 400 + TAIL_MS, abs=11)
    assert [m.ms for m in trimmed.marks] == pytest.approx([LEAD_MS, LEAD_MS + 200], abs=1)


def test_a_long_pause_is_shortened_and_a_short_one_is_left() -> None:
    trimmed = trim(utterance((0.5, 300), (0, 200), (0.5, 300), (0, 900), (0.5, 300), marks=(0, 500, 1700)))
    speech = 300 + 200 + 300
    assert [m.ms - LEAD_MS for m in trimmed.marks] == pytest.approx([0, 500, speech + MAX_PAUSE_MS], abs=11)


def test_a_mark_inside_a_cut_points_to_where_the_sound_goes_on() -> None:
    trimmed = trim(utterance((0.5, 300), (0, 1000), (0.5, 300), marks=(700,)))
    assert trimmed.marks[0].ms == pytest.approx(LEAD_MS + 300 + MAX_PAUSE_MS / 2, abs=11)


def test_nothing_but_silence_is_nothing() -> None:
    assert not trim(utterance((0, 400), marks=(10,))).samples.size
    assert not trim(Utterance(samples=np.zeros(0, np.float32), sample_rate=RATE)).samples.size
