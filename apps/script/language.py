"""What each language says for figures, units, signs and abbreviations; read from `catalog/`."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

CATALOG = Path(__file__).parent / "catalog"
NAMES = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "hi": "Hindi",
    "it": "Italian",
    "pt": "Portuguese",
}


class UnableToSpell(LookupError):
    """There is no catalogue for this language; choose one of `language.codes()`."""


@dataclass(frozen=True)
class Language:
    """One language's catalogue; the keys are explained in `catalog/en.yaml`.

    `words` holds single words and templates ("point", "time"), `lists` word lists in lower case (capitals
    for `said` and `plain`), `pairs` the one/many forms of currencies and units, `maps` plain replacements.
    """

    code: str
    converter: str
    decimal: str
    thousands: str
    decimals_by_digit: bool
    day_is_ordinal: bool
    words: dict[str, str]
    lists: dict[str, frozenset[str]]
    pairs: dict[str, dict[str, tuple[str, str]]]
    maps: dict[str, dict[str, str]]
    ordinal_marks: re.Pattern[str]
    ones: tuple[str, ...]


_WORDS = [
    "point",
    "minus",
    "percent",
    "over",
    "to",
    "at",
    "dot",
    "number",
    "of",
    "cents",
    "hour",
    "time",
    "small_minute",
    "am",
    "pm",
]
_LISTS = ["months", "breaks", "breaks_after_comma", "clings", "magnitudes", "magnitudes_of", "said", "plain"]
_MAPS = ["one_before", "short_magnitudes", "abbreviations", "symbols", "fractions"]


def codes() -> frozenset[str]:
    """BCP 47 primary tags of the languages that can be read out."""
    return frozenset(path.stem for path in CATALOG.glob("*.yaml"))


@cache
def language(code: str) -> Language:
    """The catalogue of one language. Raises UnableToSpell."""
    if code not in codes():
        raise UnableToSpell(f"{code!r} cannot be read out; there are {', '.join(sorted(codes()))}")
    data: dict[str, Any] = yaml.safe_load((CATALOG / f"{code}.yaml").read_text(encoding="utf-8"))
    return Language(
        code=code,
        converter=data["converter"],
        decimal=data["decimal"],
        thousands=data["thousands"],
        decimals_by_digit=data["decimals"] == "digits",
        day_is_ordinal=data["day_is_ordinal"],
        words={key: data[key] for key in _WORDS},
        lists={key: frozenset(data[key]) for key in _LISTS},
        pairs={key: {k: (v[0], v[1]) for k, v in data[key].items()} for key in ("currencies", "units")},
        maps={key: data[key] for key in _MAPS},
        ordinal_marks=re.compile(data["ordinal_marks"]),
        ones=tuple(data.get("ones", ())),
    )
