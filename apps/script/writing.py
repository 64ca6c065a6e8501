"""Which writing systems a language is shown and spoken in, and which letters of a text are not of them."""

import unicodedata

LATIN = frozenset(
    {
        "LATIN",
        "GREEK",
        "MICRO",
        "FEMININE",
        "MASCULINE",
        "SUPERSCRIPT",
        "SUBSCRIPT",
        "MODIFIER",
        "KELVIN",
        "ANGSTROM",
        "OHM",
    }
)
WRITING = dict.fromkeys(("de", "en", "es", "fr", "it", "pt"), LATIN) | {"hi": LATIN | {"DEVANAGARI"}}


def foreign_systems(text: str, language: str) -> list[str]:
    """The writing systems in `text` that do not fit the language, sorted by name ("Arabic", "Cjk")."""
    allowed = WRITING[language]
    found = {_system(ch) for ch in text if unicodedata.category(ch)[0] == "L" or _is_foreign_digit(ch)}
    return sorted(name.capitalize() for name in found - allowed)


def _system(ch: str) -> str:
    return unicodedata.name(ch, "UNKNOWN").split()[0].split("-")[0]


def _is_foreign_digit(ch: str) -> bool:
    return ch.isdecimal() and not ch.isascii()
