"""Poster and contact sheet."""

from itertools import pairwise

import numpy as np

from apps.contracts.media import Cue, Shot, SpokenWord
from apps.contracts.story import Purpose
from apps.video import assembly, contact_sheet
from apps.video.composition import STILLS


def still(value: int, width: int = 90) -> np.ndarray:
    """A flat picture that can be told from others."""
    return np.full((width * 16 // 9, width, 3), value, np.uint8)


def colourful(width: int = 90) -> np.ndarray:
    picture = still(128, width)
    picture[:, ::2] = (20, 30, 240)
    picture[:, 1::2] = (230, 200, 20)
    return picture


def hook(*cues: tuple[int, int]) -> Shot:
    return Shot(
        ordinal=0,
        purpose=Purpose.HOOK,
        start_ms=0,
        end_ms=4000,
        voice_ms=100,
        arousal=0.5,
        valence=0.3,
        emotion="curiosity",
        cues=tuple(
            Cue(start_ms=a, end_ms=b, words=(SpokenWord(text="x", start_ms=a, end_ms=b),)) for a, b in cues
        ),
    )


def test_the_poster_shows_the_most_colourful_moment_whose_caption_is_whole():
    plain, bright = still(90), colourful()
    strip = np.hstack([bright, plain, bright, plain])
    # Stills of 4 s: at 0.5 (the opening move), 1.5, 2.5 and 3.5 s.
    assert assembly.poster_second(strip, hook((0, 1200), (1200, 2100), (2100, 4000))) == 2.5
    assert assembly.poster_second(strip, hook((0, 1200), (1200, 2450), (2450, 4000))) != 2.5


def test_there_is_a_poster_even_where_no_caption_ever_rests():
    strip = np.hstack([still(90)] * STILLS)
    assert assembly.poster_second(strip, hook()) == 2.0
    assert 3.6 <= assembly.poster_second(strip, hook((3600, 4000))) <= 4.0


def cells(shots: int, seconds: list[int] | None = None):
    """The sheet of so many shots, and the flat value found in the middle of each of its cells."""
    lengths = seconds or [3] * shots
    ends = np.cumsum([0, *lengths]) * 1000
    strips = [[still(60 + 10 * n + k) for k in range(STILLS)] for n in range(shots)]
    page = contact_sheet.sheet(strips, [(int(a), int(b)) for a, b in pairwise(ends)])
    width = (page.shape[1] - contact_sheet.GUTTER) // contact_sheet.COLUMNS
    height = width * 16 // 9
    rows = round(page.shape[0] / (height + contact_sheet.LINE))
    tops = [round((r + 0.4) * page.shape[0] / rows) for r in range(rows)]
    found = [
        int(page[y, round((c + 0.5) * width) + 6, 0]) for y in tops for c in range(contact_sheet.COLUMNS)
    ]
    return page, [v for v in found if v != contact_sheet.GROUND[0]]


def test_the_sheet_is_as_wide_as_a_page_and_shows_every_shot_in_order():
    for shots in (1, 2, 6, 9, 12, 17):
        page, found = cells(shots)
        assert page.shape[1] == contact_sheet.WIDTH
        assert found == sorted(found)
        assert {(v - 60) // 10 for v in found} == set(range(shots))
        assert len(found) == min(-(-max(12, shots) // 6) * 6, shots * STILLS)


def test_a_longer_shot_gets_more_of_the_sheet():
    _, found = cells(5, [1, 9, 1, 2, 1])
    counts = [sum((v - 60) // 10 == n for v in found) for n in range(5)]
    assert counts[1] == STILLS
    assert sum(counts) == 12


def test_each_still_has_its_time_below():
    page, _ = cells(6)
    below = page[-contact_sheet.GUTTER - contact_sheet.LINE : -contact_sheet.GUTTER]
    width = page.shape[1] // contact_sheet.COLUMNS
    for column in range(contact_sheet.COLUMNS):
        assert below[:, column * width : (column + 1) * width].max() > 150
