"""Cuts and beats, on lines as a real voice spoke them."""

from collections.abc import Iterator, Mapping
from itertools import accumulate, pairwise

import pytest

from apps.contracts.story import Purpose
from apps.video import grid, spacing
from apps.video.spacing import Slot
from apps.video.tests.spoken import AS_PLANNED, TO_THE_BEAT

Lines = Mapping[str, tuple[int, tuple[int, ...]]]


def slots(lengths: tuple[int, ...]) -> list[Slot]:
    last = len(lengths) - 1
    purposes = {0: Purpose.HOOK, last - 1: Purpose.TWIST, last: Purpose.LOOP}
    return [
        Slot(purpose=purposes.get(n, Purpose.ESCALATE), arousal=0.7, ms=ms, first=n == 0, last=n == last)
        for n, ms in enumerate(lengths)
    ]


def spaced(lines: Lines, fps: int = 30) -> Iterator[spacing.Spacing]:
    for bpm, lengths in lines.values():
        yield spacing.space(slots(lengths), bpm, fps)


def misses(placed: list[Slot], found: grid.Grid, fps: int) -> list[float]:
    """Milliseconds by which each cut misses the nearest beat."""
    cuts = [*accumulate(s.frames for s in placed)][:-1]
    return [found.miss(cut) * 1000 / fps for cut in cuts]


def gaps(placed: list[Slot], fps: int) -> list[float]:
    ends = [s.frames * 1000 / fps - s.air_ms - s.ms for s in placed]
    return [end + s.air_ms for end, s in zip(ends, placed[1:], strict=False)]


@pytest.mark.parametrize("fps", [25, 30])
def test_lines_spoken_to_the_beat_are_cut_on_it(fps):
    missed = [ms for spacing_ in spaced(TO_THE_BEAT, fps) for ms in misses(*spacing_, fps)]
    within_a_frame = sum(ms <= 1000 / fps + 1 for ms in missed) / len(missed)
    assert within_a_frame >= (0.95 if fps == 30 else 0.75)


def test_most_cuts_meet_a_beat_however_the_lines_were_spoken():
    missed = [ms for spacing_ in spaced(AS_PLANNED) for ms in misses(*spacing_, 30)]
    assert sum(ms <= grid.ON_BEAT_MS for ms in missed) >= 0.75 * len(missed)


@pytest.mark.parametrize("lines", [AS_PLANNED, TO_THE_BEAT], ids=["as planned", "to the beat"])
@pytest.mark.parametrize("fps", [24, 25, 30, 60])
def test_no_word_is_cut_and_no_hole_is_left_for_the_sake_of_a_beat(lines, fps):
    for placed, found in spaced(lines, fps):
        voice = sum(s.ms for s in placed)
        total = found.frames * 1000 / fps
        assert sum(s.frames for s in placed) == found.frames
        assert all(s.air_ms + s.ms <= s.frames * 1000 / fps + 1e-6 for s in placed)
        assert max(gaps(placed, fps)) <= 700
        assert 1 - voice / total <= 0.12
        assert 290 <= gaps(placed, fps)[-2] <= 620, "the one deliberate beat"
        assert 10 <= placed[-1].frames * 1000 / fps - placed[-1].air_ms - placed[-1].ms <= 170
        assert total * 1000 % 1000 == pytest.approx(0, abs=1e-6)
        assert 84 <= found.bpm(fps) <= 144


def test_a_tempo_is_the_moods_own_within_a_fifth():
    for (bpm, _), (_, found) in zip(AS_PLANNED.values(), spaced(AS_PLANNED), strict=True):
        assert abs(found.bpm(30) / bpm - 1) <= 0.25


def test_named_lengths_end_on_the_beat_they_were_named_for():
    for slot in slots((3000, 3000, 3000, 3000)):
        lengths = spacing.line_lengths(3000, slot, 120, 30)
        assert {b - a for a, b in pairwise(lengths)} == {500}
        assert 1500 <= lengths[0] < 2000
        assert 5500 < lengths[-1] <= 6000
    lines = [spacing.line_lengths(3000, slot, 120, 30)[3] for slot in slots((0,) * 8)]
    placed, found = spacing.space(slots(tuple(lines)), 120, 30)
    assert max(misses(placed, found, 30)) <= 1
    assert max(gaps(placed, 30)) < 600


@pytest.mark.parametrize(
    "lengths", [(400,), (800, 900), (900, 700, 800), (20_000,), (150,) * 12, (9000,) * 19]
)
def test_any_number_of_lines_of_any_length_fills_whole_bars(lengths):
    placed, found = spacing.space(slots(lengths), 130, 30)
    assert found.bars >= 1
    assert sum(s.frames for s in placed) == found.frames
    assert all(s.air_ms + s.ms <= s.frames * 1000 / 30 + 1e-6 for s in placed)


def test_air_is_taken_away_where_that_is_asked_for():
    for lines in (AS_PLANNED, TO_THE_BEAT):
        for bpm, lengths in lines.values():
            usual, _ = spacing.space(slots(lengths), bpm, 30)
            trimmed, _ = spacing.space(slots(lengths), bpm, 30, trim=0.4)
            assert sum(gaps(trimmed, 30)) < 0.75 * sum(gaps(usual, 30))
