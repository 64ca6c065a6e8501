import pytest

from apps.critic import wording


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hey guys, look at this", "en"),
        ("Today we talk about lakes", "en"),
        ("नमस्ते दोस्तों", "hi"),
        ("Willkommen zurück", "de"),
    ],
)
def test_an_opening_that_greets_is_recognised(text: str, language: str) -> None:
    assert wording.greets(text, language)


def test_a_word_that_only_begins_like_a_greeting_is_none() -> None:
    assert not wording.greets("History forgot this woman", "en")
    assert not wording.greets("Heyday of the whales", "en")


def test_a_hook_with_tension_is_stronger_than_a_statement() -> None:
    strong = wording.hook_strength("You have never seen why this lake kills 3 birds a day", "en")
    assert strong > wording.hook_strength("A lake is located in northern Tanzania near a volcano", "en") + 0.3


def test_a_language_without_lists_is_still_measured() -> None:
    assert 0 < wording.hook_strength("Miksi järvi on 3 kertaa lämpimämpi?", "fi") <= 1


def test_a_last_line_that_reads_on_loops_and_a_closer_does_not() -> None:
    hook = "Why does this lake never freeze?"
    assert wording.semantic_loop(hook, "and the lake stays warm because", "en") > 0.6
    assert wording.semantic_loop(hook, "Thanks for watching, follow for more!", "en") < 0


@pytest.mark.parametrize(
    ("word", "count"),
    [("lake", 1), ("octopus", 3), ("table", 2), ("नमस्ते", 3), ("Río", 1), ("—", 0), ("tsk", 1)],
)
def test_syllables_are_counted(word: str, count: int) -> None:
    assert wording.syllables(word) == count


@pytest.mark.parametrize("hostile", ["", "{}\\{0}%s", "<b>🐙</b>", "\u202eevil", "🐙" * 500, "…" * 99])
def test_hostile_text_is_measured_and_not_believed(hostile: str) -> None:
    assert 0 <= wording.hook_strength(hostile, "en") <= 1
    assert -1 <= wording.semantic_loop(hostile, hostile, "xx-\\") <= 1
