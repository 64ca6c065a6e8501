"""What is searched for, for a scene."""

import pytest

from apps.contracts.story import Depiction, Purpose
from apps.image.searching import MOST_LETTERS, MOST_QUERIES, MOST_WORDS, queries_of, wants_motion


def shown(visual: str, words: str = "", purpose: Purpose = Purpose.ESCALATE) -> Depiction:
    return Depiction(ordinal=1, purpose=purpose, visual=visual, words=tuple(words.split()))


def texts(visual: str, words: str = "", **changes: bool) -> list[str]:
    return [query.text for query in queries_of(shown(visual, words), **changes)]


def test_the_scene_comes_first_and_its_topic_after():
    assert texts("three hearts; octopus")[:3] == ["hearts octopus", "octopus", "hearts"]


def test_figures_and_function_words_narrow_nothing():
    found = texts("A close-up of the $1,200 note in her 2 hands; money")

    assert not {"a", "of", "the", "in", "her"} & {word for text in found for word in text.lower().split()}
    assert not any(character.isdigit() for text in found for character in text)


def test_a_scene_without_a_description_is_searched_by_its_words():
    assert texts("", "Honey never spoils")[0].startswith("Honey")


def test_a_language_that_cannot_be_searched_is_searched_in_english_first():
    assert texts("घड़ा; कौआ", "कौआ", spoken=False)[0].isascii()
    assert "कौआ" in texts("घड़ा; कौआ", "कौआ", spoken=False)


@pytest.mark.parametrize(
    "hostile", ["", "; ;", "…", "🐙🐙", "a" * 400, "{x} <b>y</b> %s `z`", "‮مرحبا بالعالم", "9 8 7", "\\ / |"]
)
def test_any_text_gives_short_queries(hostile):
    for text in texts(hostile, hostile):
        assert 0 < len(text) <= MOST_LETTERS
        assert len(text.split()) <= MOST_WORDS + 2
    assert len(texts(hostile, hostile)) <= MOST_QUERIES


@pytest.mark.parametrize(
    ("visual", "energy", "purpose", "moves"),
    [
        ("a vase", "high", Purpose.ESCALATE, True),
        ("a vase", "medium", Purpose.ESCALATE, False),
        ("a vase", "low", Purpose.HOOK, True),
        ("two cheetahs racing", "low", Purpose.ESCALATE, True),
        ("the surface of a flower", "low", Purpose.ESCALATE, False),
    ],
)
def test_a_clip_is_wanted_where_something_moves(visual, energy, purpose, moves):
    assert wants_motion(shown(visual, purpose=purpose), energy) is moves
