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


@pytest.mark.parametrize(
    ("language", "strong", "weak"),
    [
        (
            "en",
            "You were never told why it kills",
            "The documentation of the implementation process is available",
        ),
        (
            "es",
            "Nadie te dijo por qué mata",
            "La documentación del procedimiento está disponible para la gestión general",
        ),
        (
            "fr",
            "Personne ne te dit pourquoi il tue",
            "La documentation relative au processus est disponible sur le site",
        ),
        (
            "de",
            "Niemand sagt dir, warum es tötet",
            "Die Dokumentation zur Durchführung der Maßnahmen liegt in der Abteilung aus",
        ),
        (
            "it",
            "Nessuno ti dice perché uccide",
            "La documentazione relativa alla gestione si trova presso la direzione generale",
        ),
        (
            "pt",
            "Ninguém te disse por que mata",
            "A documentação da implementação encontra-se na direção geral da instituição",
        ),
        (
            "hi",
            "आपको किसी ने नहीं बताया कि यह क्यों मारता है?",
            "जानकारी विषय प्रक्रिया में उपलब्ध है और सब लोग इसको वहाँ से पढ़ कर समझ लेते हैं",
        ),
        (
            "hi",
            "Aapko kisi ne nahi bataya ki yeh kyun marta hai?",
            "Process ki jaankari system mein sab logon ke liye hamesha office ke andar rakhi hui milti rehti",
        ),
    ],
)
def test_tension_beats_officialese_in_every_language(language: str, strong: str, weak: str) -> None:
    assert wording.hook_strength(strong, language) > wording.hook_strength(weak, language) + 0.3


def test_words_of_harm_add_and_words_of_delight_take_away() -> None:
    plain = wording.hook_strength("Why does this lake change every bird", "en")
    assert wording.hook_strength("Why does this lake kill every bird", "en") > plain
    assert wording.hook_strength("Why does this lovely beautiful lake change every bird", "en") < plain


def test_a_reference_that_is_answered_at_once_is_not_open() -> None:
    assert wording.hook_features("Why this lake is hot", "en")["open_reference"]
    assert not wording.hook_features("Why this lake is hot: because of rocks", "en")["open_reference"]


def test_a_hook_that_tells_the_payoff_leaves_no_gap() -> None:
    rest, twist = ["It has three hearts.", "Two feed the gills."], "The third heart stops when it swims."
    assert wording.payoff_told("Why would an octopus rather crawl?", rest, twist) == 0
    assert wording.payoff_told("An octopus heart stops when it swims", rest, twist) == 1
    assert wording.payoff_told("", [], "") == 0


def test_lix_tells_spoken_from_official_language() -> None:
    assert wording.lix(["It has three hearts.", "Two feed the gills."]) < 20
    assert (
        wording.lix(["The implementation of documentation procedures remains departmental responsibility."])
        > 60
    )
    assert wording.lix([]) == 0


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
