"""Times for tokens from marks that are missing, merged or misplaced."""

import numpy as np

from apps.audio.alignment import Mark, align, spans, syllables


def starts(tokens: list[str], *marks: tuple[int, int, float], end: float = 1000.0) -> list[float]:
    given = [Mark(first=f, length=n, ms=ms) for f, n, ms in marks]
    return align(tokens, given, onset_ms=10.0, end_ms=end)[0]


def test_a_token_of_several_spoken_words_starts_with_the_first() -> None:
    assert starts(["twelve hundred dollars", "gone"], (0, 6, 0), (7, 7, 200), (15, 7, 500), (23, 4, 800)) == [
        10.0,
        800.0,
    ]


def test_a_token_without_a_mark_gets_its_share_of_syllables() -> None:
    assert starts(["get", "out", "of", "it"], (0, 3, 0), (4, 3, 100), (11, 2, 300)) == [10, 100, 200, 300]


def test_marks_that_run_backwards_are_not_believed() -> None:
    found = starts(["one", "two", "three"], (0, 3, 0), (4, 3, 600), (8, 5, 300))
    assert found == sorted(found)
    assert found[1] == 600


def test_words_without_any_mark_share_the_whole_line() -> None:
    assert starts(["banana", "cat"], end=410.0) == [10.0, 310.0]


def test_a_word_before_a_pause_ends_where_its_sound_does() -> None:
    audio = np.zeros(48_000)
    audio[:12_000] = audio[36_000:] = 0.5
    first, second = spans([0.0, 750.0], 1000.0, audio, 48_000)
    assert (first.end_ms, second.start_ms, second.end_ms) == (250, 750, 1000)


def test_syllables_are_counted_in_scripts_with_and_without_vowel_letters() -> None:
    assert [syllables(w) for w in ("banana", "déjà", "молоко", "दिल", "!")] == [3, 2, 3, 2, 0.5]
