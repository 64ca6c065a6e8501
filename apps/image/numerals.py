"""Numbers in a text: which are worth showing, what they count, and how they are set. Text in, Figures out."""

import re
import unicodedata

from apps.image import lexicon
from apps.image.lexicon import fold
from apps.image.readings import Figure

#: Copies of one picture that are drawn; beyond it the count becomes a figure.
MOST_COPIES = 12


#: Words between a part and its whole ("28 of 40").
SHARE_JOINTS = frozenset(("of", "de", "von", "di", "sur", "mein", "में"))


#: What ends a phrase.
PAUSES = frozenset(".,:;!?…।")


SIGNS = re.compile(r"^[$€£₹+~<>-]*\d[\d.,:/]*\d*[a-z%+°$€£₹]*$")


def is_measure(folded: list[str], at: int, language: str) -> bool:
    """Whether a word is a unit that a number stands before."""
    return (
        at > 0
        and folded[at] in lexicon.hints().units
        and (bool(_number(folded[at - 1], language)) or SIGNS.match(folded[at - 1]) is not None)
    )


def small_number(word: str, language: str) -> int:
    """A number of copies that can be drawn, else 0."""
    number = _number(word, language)
    return number if 1 < number <= MOST_COPIES else 0


def _number(word: str, language: str) -> int:
    """A whole number below 100 in digits, or one that a language says in a word ("sixty-six"); else 0."""
    numbers = lexicon.numbers(language)
    if word.isdecimal():
        return int(word) if len(word) < 3 else 0
    tens, _, ones = word.partition("-")
    if ones:
        return numbers[tens] + numbers[ones] if numbers.get(tens, 0) > 9 and ones in numbers else 0
    return numbers.get(word, 0)


def figures(words: tuple[str, ...], folded: list[str], language: str) -> tuple[Figure, ...]:
    """Every number with a sign of its own (%, $...), where there are several; else none."""
    found = [
        as_figure(words, folded, at, language)
        for at, word in enumerate(folded)
        if SIGNS.match(word) and re.search(r"[$€£₹%]", word)
    ]
    return tuple(found) if len(found) > 1 else ()


def strikingness(word: str, following: str, language: str) -> int:
    """How much a number deserves to be shown: 0 (not) to 4."""
    number = _number(word, language)
    if following in lexicon.hints().magnitudes and (
        SIGNS.match(word) or number or word in ("one", "a", "ek")
    ):
        return 4 if word not in ("a",) else 1
    if following in lexicon.hints().units and number > 1:
        return 2
    if not SIGNS.match(word):
        return 0
    if re.search(r"[$€£₹%°]", word):
        return 4
    digits = sum(c.isdigit() for c in word)
    return 2 if _is_year(word) else 3 if digits > 2 else 1


def _is_year(word: str) -> bool:
    return bool(re.fullmatch(r"1\d{3}|20\d{2}", word))


def worth(word: str) -> float:
    """The number itself, 0 where it is none."""
    digits = re.sub(r"[^\d.]|\.(?=\d{3}\b)", "", word).strip(".")
    return float(digits) if re.fullmatch(r"\d+(\.\d+)?", digits, re.ASCII) else 0.0


#: The largest number before a hundred or a thousand that is written out with it as digits.
LARGEST_FACTOR = 1000


def as_figure(words: tuple[str, ...], folded: list[str], at: int, language: str) -> Figure:
    """The number at a word with its magnitude, share sign and unit."""
    said = words[at].strip(" .,;:!?…\"'()।")
    number, tens = _number(folded[at], language), lexicon.ROUND[language]
    shown = said if SIGNS.match(folded[at]) or not number else str(number)
    if folded[at] in ("a", "one"):
        shown = "1"
    if at > 1 and folded[at - 1] in SHARE_JOINTS and folded[at - 2].isdecimal():
        shown = f"{words[at - 2]} {words[at - 1]} {shown}"
    after = at + 1
    if shown.isdecimal() and int(shown) < LARGEST_FACTOR:
        while after < len(folded) and folded[after] in tens:
            shown = f"{int(shown.replace(',', '')) * tens[folded[after]]:,}"
            after += 1
    while after < len(folded) and folded[after] in lexicon.hints().magnitudes:
        shown = f"{shown} {words[after].strip(' .,;:!?…')}"
        after += 1
    shown = re.sub(r"\s(percent|prozent|pourcent)$", "%", shown, flags=re.IGNORECASE)
    ended = words[after - 1][-1:] in PAUSES or _is_year(shown)
    unit = words[after].strip(" .,;:!?…\"'()।") if after < len(words) and not ended else ""
    small = lexicon.hints().stopwords[language]
    is_unit = (
        bool(unit)
        and fold(unit) not in small
        and (shown.endswith("%") or _can_be_unit(fold(unit)))
        and all(unicodedata.category(c)[0] in "LM" or c in "/." for c in unit)
        and len(unit) < 14
    )
    return Figure(value=shown, unit=unit if is_unit else "", word=at)


def _can_be_unit(word: str) -> bool:
    hints = lexicon.hints()
    return word in hints.units or word not in hints.weak
