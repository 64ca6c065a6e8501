import pytest

from apps.contracts.opening import opening_of


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("Nobody told you why", "nobody told you"),
        ("  \u201cNobody\u201d\u2026 TOLD, you! Why?", "nobody told you"),
        ("Wait \u2014 what? No.", "wait what no"),
        ("$122,000? It isn't.", "122,000 it isn't"),
        ("प्यासा कौआ: ऐसा अंत", "प्यासा कौआ ऐसा"),
        ("\u202eEvil\u202c <b>one</b> \U0001f419", "evil b>one</b"),
        ("Cafe\u0301 noir", "café noir"),
        ("", ""),
        ("\U0001f419 \u2026", ""),
    ],
)
def test_an_opening_is_the_first_three_words_in_one_form(text: str, opening: str) -> None:
    assert opening_of(text) == opening
    assert opening_of(opening) == opening
