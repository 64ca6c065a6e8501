"""Numbers in words: cardinals, ordinals, years, decimals. Numbers only; units and signs are `spell`'s."""

import re
from dataclasses import dataclass

from num2words import num2words

from apps.script.language import Language

#: Digits beyond which a number is read digit by digit; nobody understands a longer one.
LONGEST = 15
#: Years that are read in pairs ("nineteen eighty-four") where the language does so.
FIRST_YEAR, LAST_YEAR = 1100, 2099
_CRORE, _LAKH = 10_000_000, 100_000


@dataclass(frozen=True)
class Number:
    """A number as written: whole part, digits after the decimal mark, sign; `plain`: digits and no mark."""

    whole: int
    fraction: str = ""
    negative: bool = False
    plain: bool = False
    digits: str = ""


def read_number(text: str, language: Language) -> Number | None:
    """The number that `text` writes in the language's convention, or None.

    Grouping marks count as such only between groups of three (in Hindi and English also two) digits;
    otherwise a lone mark is the decimal one, whichever of the two it is.
    """
    negative = text[:1] in "-−"
    bare = text[1:] if negative else text
    bare = bare.replace("\u202f", "")
    if not re.fullmatch(r"\d+(?:[.,]\d+)*|[.,]\d+", bare, re.ASCII):
        return None
    whole, fraction = _parted(bare, language)
    digits = whole or "0"
    return Number(int(digits), fraction, negative, bare.isdigit(), digits)


def _parted(bare: str, language: Language) -> tuple[str, str]:
    group, decimal = re.escape(language.thousands), re.escape(language.decimal)
    smallest = 2 if language.thousands == "," else 3
    if re.fullmatch(rf"\d{{1,3}}(?:{group}\d{{{smallest},3}})*{group}\d{{3}}(?:{decimal}\d+)?", bare):
        whole, _, fraction = bare.replace(language.thousands, "").partition(language.decimal)
        return whole, fraction
    marks = re.findall(r"[.,]", bare)
    if len(marks) == 1:
        whole, fraction = re.split(r"[.,]", bare)
        return whole, fraction
    return re.sub(r"[.,]", "", bare), ""


def cardinal(value: int, language: Language) -> str:
    """ "twelve hundred and five" and the like; at most LONGEST digits in one piece."""
    if len(str(value)) > LONGEST:
        return by_digit(str(value), language)
    if language.ones:
        return _indian(value, language)
    said = num2words(value, lang=language.converter)
    return " ".join(str(said).replace(",", "").split())


def by_digit(digits: str, language: Language) -> str:
    """Each digit on its own, as for long codes."""
    return " ".join(cardinal(int(d), language) for d in digits if d.isdecimal())


def ordinal(value: int, language: Language, mark: str = "") -> str:
    """ "twenty-first"; in Hindi the cardinal with the gender mark that was written."""
    if language.ones:
        ending = mark if mark and not mark.isascii() else "वाँ"
        return _hindi_ordinal(value, ending, language)
    try:
        said = str(num2words(value, lang=language.converter, to="ordinal"))
    except (NotImplementedError, OverflowError):
        return cardinal(value, language)
    return _with_gender(said, mark, language)


def _with_gender(said: str, mark: str, language: Language) -> str:
    if mark == "ª" and language.code in {"es", "it", "pt"}:
        return re.sub(r"o(?=\s|$)", "a", said)
    if mark.startswith("er") and language.code == "es":
        return re.sub(r"o$", "", said)
    if mark in {"re", "ère"} and said == "premier":
        return "première"
    return f"{said}n" if language.code == "de" and said.endswith("te") else said


def _hindi_ordinal(value: int, ending: str, language: Language) -> str:
    first = {1: "पहला", 2: "दूसरा", 3: "तीसरा", 4: "चौथा", 6: "छठा"}
    feminine = ending in {"ली", "री", "थी", "वीं"}
    if value in first:
        return f"{first[value][:-1]}ी" if feminine else first[value]
    ending = ending if ending in {"वां", "वाँ", "वीं", "वें"} else "वाँ"
    return cardinal(value, language) + ending


def year(value: int, language: Language) -> str:
    """A year as people say it: in pairs where the language does so."""
    if language.ones and 1100 <= value < 2000:
        hundreds, rest = divmod(value, 100)
        return f"{language.ones[hundreds]} सौ {language.ones[rest] if rest else ''}".strip()
    if language.code in {"en", "de"}:
        return str(num2words(value, lang=language.converter, to="year"))
    return cardinal(value, language)


def is_year(number: Number) -> bool:
    """Whether the number is written like a year and lies where years are read in pairs."""
    return number.plain and len(number.digits) == 4 and FIRST_YEAR <= number.whole <= LAST_YEAR


def in_words(number: Number, language: Language) -> str:
    """The number in words, with sign and decimals; codes with leading zeros digit by digit."""
    if number.plain and len(number.digits) > 1 and number.digits.startswith("0"):
        return by_digit(number.digits, language)
    said = cardinal(number.whole, language)
    if number.fraction:
        said = f"{said} {language.words['point']} {_decimals(number.fraction, language)}"
    return f"{language.words['minus']} {said}" if number.negative else said


def _decimals(fraction: str, language: Language) -> str:
    zeros = len(fraction) - len(fraction.lstrip("0"))
    if language.decimals_by_digit or len(fraction) > 2 or zeros:
        return by_digit(fraction, language)
    return cardinal(int(fraction), language)


def _indian(value: int, language: Language) -> str:
    """Hindi numerals: crore, lakh, thousand, hundred, and a word of its own below one hundred."""
    if value < 100:
        return language.ones[value]
    for size, name in ((_CRORE, "करोड़"), (_LAKH, "लाख"), (1000, "हज़ार"), (100, "सौ")):
        if value >= size:
            high, rest = divmod(value, size)
            tail = f" {_indian(rest, language)}" if rest else ""
            return f"{_indian(high, language)} {name}{tail}"
    raise AssertionError("unreachable")
