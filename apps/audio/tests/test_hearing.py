"""Words found by ear, against the times that a voice gives itself."""

from itertools import pairwise

import numpy as np
import pytest

from apps.audio.alignment import align, speech_bounds
from apps.audio.hearing import heard_starts
from apps.audio.providers.espeak import EspeakVoice
from apps.audio.tests.material import PROFILE
from apps.audio.trimming import trim

LINES = {
    "en": [
        "Most people walk right past this every single day. But look closer, and you will see it.",
        "An octopus has three hearts, and two of them stop when it swims.",
        "Nobody tells you this.",
    ],
    "es": ["Un pulpo tiene tres corazones, y dos de ellos se paran cuando nada."],
    "de": ["Niemand sagt dir das, aber dein Gehirn belügt dich jeden Morgen."],
    "hi": ["कोई तुम्हें यह नहीं बताता, लेकिन तुम्हारा दिमाग हर सुबह झूठ बोलता है।"],
}


def test_words_are_found_within_a_caption_s_tolerance() -> None:
    off: list[float] = []
    for language, texts in LINES.items():
        for text in texts:
            spoken = trim(EspeakVoice().speak(text, language=language, voice=PROFILE))
            onset, end = speech_bounds(spoken.samples, spoken.sample_rate)
            told, _ = align(text.split(), spoken.marks, onset_ms=onset, end_ms=end)
            found = heard_starts(text.split(), spoken.samples, spoken.sample_rate)
            off += np.abs(np.subtract(found, told))[1:].tolist()
    assert np.mean(off) <= 80  # field guide 2.1: the highlight may lead or lag by so much
    assert np.percentile(off, 90) <= 200


def buzz(*stretches: tuple[float, int]) -> np.ndarray:
    """(level, ms) after one another, at 16 kHz."""
    return np.concatenate([np.resize([level, -level], ms * 16) for level, ms in stretches]).astype(np.float32)


def test_a_pause_is_where_the_text_has_a_stop() -> None:
    sound = buzz((0.5, 400), (0.0, 200), (0.5, 900))
    assert heard_starts(["Stop.", "And", "look", "around"], sound, 16_000)[1] == pytest.approx(600, abs=10)
    sound = buzz((0.5, 900), (0.0, 200), (0.5, 400))
    assert heard_starts(["And", "look", "around.", "Stop"], sound, 16_000)[3] == pytest.approx(1100, abs=10)


@pytest.mark.parametrize("tokens", [["a"] * 60, ["—"], ["yes", "—", "—", "no"], ["देखो", "🎉", "x"]])
def test_every_token_has_its_own_time(tokens: list[str]) -> None:
    found = heard_starts(tokens, buzz((0.5, 1500)), 16_000)
    assert len(found) == len(tokens)
    assert all(b - a >= 10 for a, b in pairwise(found))


@pytest.mark.parametrize("sound", [np.zeros(0), np.zeros(16_000), np.ones(100)])
def test_silence_and_scraps_have_no_words(sound: np.ndarray) -> None:
    assert heard_starts(["a", "b"], sound, 16_000) == [0.0, 0.0]
