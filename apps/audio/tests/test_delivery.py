"""From a mood to numbers, and which words are stressed."""

import pytest

from apps.audio.delivery import PLAIN, delivery, stressed
from apps.contracts.decision import Mood


def mood(arousal: float, valence: float = 0.0) -> Mood:
    return Mood(emotion="awe", valence=valence, arousal=arousal)


def test_excitement_is_faster_higher_and_livelier() -> None:
    calm, excited = (delivery(mood(a), energy="medium") for a in (-0.7, 0.9))
    assert calm.rate < 1.0 < excited.rate
    assert excited.semitones - calm.semitones > 3.0
    assert calm.liveliness < 1.0 < excited.liveliness


def test_a_speaker_stays_the_same_person() -> None:
    for arousal in (-1.0, 1.0):
        for energy in ("low", "high"):
            said = delivery(mood(arousal, arousal), energy=energy, opening=True)
            assert 0.92 <= said.rate <= 1.08
            assert abs(said.semitones) <= 3.0


def test_joy_is_brighter_than_grief_and_a_hook_than_the_rest() -> None:
    assert (
        delivery(mood(0, 0.8), energy="medium").semitones > delivery(mood(0, -0.8), energy="medium").semitones
    )
    hook = delivery(mood(0.3), energy="medium", opening=True)
    assert hook.rate > delivery(mood(0.3), energy="medium").rate


def test_a_lively_persona_says_the_same_moment_livelier() -> None:
    low, high = (delivery(mood(0.1), energy=level).semitones for level in ("low", "high"))
    assert low < high


def test_a_hairs_breadth_of_mood_is_no_other_delivery() -> None:
    assert delivery(mood(0.51), energy="medium") == delivery(mood(0.53), energy="medium")
    assert delivery(None, energy="high") == PLAIN


@pytest.mark.parametrize(
    ("written", "said", "words"),
    [
        ("It cost $1,200 then", ["It", "cost", "twelve hundred dollars", "then"], ["twelve hundred dollars"]),
        ("You will NEVER guess", ["You", "will", "never", "guess"], ["never"]),
        ("Most scientists ignored it", None, ["scientists"]),
        ("It is so", None, []),
        ("1 2 3", ["one", "two", "three"], ["one", "two"]),
        ("🎉 wow", ["", "wow"], []),
    ],
)
def test_figures_capitals_or_the_longest_word_are_stressed(
    written: str, said: list[str] | None, words: list[str]
) -> None:
    tokens = said or written.split()
    text = " ".join(tokens)
    assert [text[a:b] for a, b in stressed(tokens, written.split())] == words
