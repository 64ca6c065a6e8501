"""The figures a text states, in digits or in words, as values that can be compared. It judges none."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from num2words import num2words

from apps.story.wording import EDGES

CATALOG = Path(__file__).parent / "catalog" / "figures"
#: A share of a whole is kept apart from a plain number: half is not 50 metres, but it is 50 percent.
SHARE = "share"
PLAIN = "plain"
#: "Thousands" says no number, only that it is not a small one.
AT_LEAST = "at least"
#: "The 1930s" holds ten years.
DECADE = "decade"
#: Decimal places that still tell two values apart.
PLACES = 6
#: How far a rounded figure ("almost 40 percent") may lie from the true one.
ROUNDING = 0.06
Value = tuple[str, float]

_DIGITS = re.compile(r"[$€£₹~≈]?(\d+(?:[.,'’]\d+)*)([^\W\d_]{0,2}|%|°|[ºª])\.?")
_SPACED = re.compile(r"(?<![\w.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)")
_JOINED = re.compile(r"(?<=[^\W\d_])[-–—/](?=[^\W_])|(?<=\d)[-–—/:](?=\d)|(?<=\d)-(?=[^\W\d_])|[–—]")
_VULGAR = {"½": 1 / 2, "⅓": 1 / 3, "⅔": 2 / 3, "¼": 1 / 4, "¾": 3 / 4, "⅕": 1 / 5, "⅛": 1 / 8}


@dataclass(frozen=True)
class Figure:
    """One figure as it stands in a text, and every value it can be read as.

    `small`: so common a word (two) that only its noun, `after`, makes it a figure. `about`: said to be
    rounded.
    """

    text: str
    values: frozenset[Value]
    small: bool = False
    about: bool = False
    after: str = ""


@dataclass(frozen=True)
class Lexicon:
    """How one language says figures (catalog/figures)."""

    units: dict[str, float]
    scales: dict[str, float]
    vague: dict[str, float]
    ordinals: dict[str, float]
    fractions: dict[str, float]
    times: dict[str, float]
    joints: frozenset[str]
    homographs: frozenset[str]
    names: frozenset[str]
    percent: frozenset[str]
    out_of: frozenset[str]
    points: frozenset[str]
    about: frozenset[str]
    idle: re.Pattern[str]
    compound: re.Pattern[str] | None
    pairs: bool
    twenties: bool


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a phrase book's language; raises FileNotFoundError where there is none."""
    data: dict[str, Any] = yaml.safe_load((CATALOG / f"{language}.yaml").read_text(encoding="utf-8"))
    units = {**_converted(data["converter"]), **data["words"]}
    parts = sorted([*units, *data.get("compounds", ())], key=len, reverse=True)
    return Lexicon(
        units={word: float(value) for word, value in units.items() if word not in data["scales"]},
        scales=data["scales"],
        vague=data["vague"],
        ordinals=data["ordinals"],
        fractions=data["fractions"],
        times=data["times"],
        joints=frozenset(data["joints"]),
        homographs=frozenset(data["homographs"]),
        names=frozenset(data["names"]),
        percent=frozenset(data["percent"]),
        out_of=frozenset(data["out_of"]),
        points=frozenset(data["points"]),
        about=frozenset(data["about"]),
        idle=_any_of(data["idle"]),
        compound=re.compile("|".join(parts)) if "compounds" in data else None,
        pairs=bool(data.get("pairs")),
        twenties=bool(data.get("twenties")),
    )


def _any_of(turns: list[str]) -> re.Pattern[str]:
    """A pattern for any of the turns of speech, also where they are hyphenated."""
    whole = "|".join(rf"(?<!\w)(?:{turn})(?!\w)" for turn in turns)
    return re.compile(whole.replace(" ", "[ -]"), re.IGNORECASE)


def _converted(converter: str) -> dict[str, float]:
    """The words for 0 to 99 that are one word."""
    said = ((str(num2words(n, lang=converter)).casefold(), n) for n in range(100)) if converter else ()
    return {phrase: float(n) for phrase, n in said if re.fullmatch(r"[^\W\d_]+", phrase)}


def figures(text: str, language: str) -> list[Figure]:
    """Every figure that `text` could state, in order."""
    whole = _SPACED.sub(lambda m: re.sub(r"\D", "", m[0]), text)
    return list(_Reader(whole, lexicon(language)).read())


def claimed_figures(text: str, language: str) -> list[Figure]:
    """The figures without those in turns of speech that claim nothing ("two sides", "three things")."""
    found = figures(lexicon(language).idle.sub(" · ", text), language)
    return [f for f in found if f.text.casefold() not in lexicon(language).homographs]


def rounds(figure: Figure, known: frozenset[Value]) -> bool:
    """Whether a figure that is said to be rounded is near one of the known values."""
    return figure.about and any(
        kind == other and abs(value - exact) <= ROUNDING * abs(exact)
        for (kind, value), (other, exact) in itertools.product(figure.values, known)
    )


def _value(kind: str, number: float) -> Value:
    return kind, round(number, PLACES)


class _Reader:
    """Reads tokens from left to right, the longest figure at each place."""

    def __init__(self, text: str, book: Lexicon) -> None:
        self.book = book
        self.tokens = [t for part in text.split() for t in _JOINED.sub(" ", part).split()]
        self.low = [t.strip(EDGES + "$€£₹").casefold() for t in self.tokens]

    def read(self) -> Iterator[Figure]:
        at = 0
        while at < len(self.tokens):
            figure, after = self._figure(at)
            if figure:
                yield figure
            at = max(after, at + 1)

    def _figure(self, at: int) -> tuple[Figure | None, int]:
        low, book = self.low[at], self.book
        if share := next((v for sign, v in _VULGAR.items() if sign in self.tokens[at]), 0.0):
            return self._made(at, at + 1, {_value(SHARE, share), _value(PLAIN, share)}), at + 1
        numbers, after, small = self._number(at)
        if not numbers:
            for kind, size in ((SHARE, book.fractions), (PLAIN, book.times), (PLAIN, book.ordinals)):
                found, end = self._listed(at, size)
                if found and kind == SHARE and (whole := self._scale(end)):
                    return self._made(at, whole[1], {_value(PLAIN, whole[0] / found)}), whole[1]
                if found:
                    return self._made(at, end, self._alone(kind, found, at, end)), end
            if low in book.vague:
                return self._made(at, at + 1, {_value(AT_LEAST, book.vague[low])}), at + 1
            return None, at + 1
        return self._finished(at, after, numbers, small)

    def _finished(self, at: int, after: int, numbers: set[float], small: bool) -> tuple[Figure | None, int]:
        """A number with what follows it: a share's name, a percent sign, the whole it is out of."""
        if self._ends(after - 1):
            return self._plain(at, after, numbers, small)
        parts, end = self._listed(after, self.book.fractions)
        if parts and self.low[after] in self.book.ordinals and numbers != {1.0}:
            return self._made(at, end, {_value(PLAIN, n + parts) for n in numbers}), end  # twenty-third
        if parts and (whole := self._scale(end)):
            return self._made(at, whole[1], {_value(PLAIN, whole[0] * n / parts) for n in numbers}), whole[1]
        if parts:
            shares = {n / parts for n in numbers}
            return self._made(at, end, {_value(k, s) for s in shares for k in (SHARE, PLAIN)}), end
        percent = self._after(after, self.book.percent)
        if percent:
            return self._percentage(at, after + percent, numbers)
        wholes, end, _ = self._number(after + (self._after(after, self.book.out_of) or len(self.low)))
        if wholes and 0 not in wholes:
            return self._made(at, end, {_value(SHARE, n / w) for n in numbers for w in wholes}), end
        return self._plain(at, after, numbers, small)

    def _percentage(self, at: int, end: int, numbers: set[float]) -> tuple[Figure, int]:
        values = {_value(kind, n / by) for n in numbers for kind, by in ((PLAIN, 1), (SHARE, 100))}
        return self._made(at, end, values), end

    def _plain(self, at: int, end: int, numbers: set[float], small: bool) -> tuple[Figure | None, int]:
        """A number alone; one, and zero in words, are hardly ever meant as such."""
        if self.tokens[at].rstrip(EDGES).endswith("%"):
            return self._percentage(at, end, numbers)
        if numbers == {1.0} or (small and numbers == {0.0}):
            return None, end
        kind = DECADE if re.search(r"\d{3}0['’]?s", self.tokens[at]) else PLAIN
        return self._made(at, end, {_value(kind, n) for n in numbers}, small=small), end

    def _after(self, at: int, phrases: frozenset[str]) -> int:
        """How many tokens of a place are the longest of `phrases` that stands there; 0 for none."""
        stands = (self.low[at : at + size] for size in (3, 2, 1))  # fewer than asked for, near the end
        return next((len(words) for words in stands if " ".join(words) in phrases), 0)

    def _scale(self, at: int) -> tuple[float, int] | None:
        """The scale word at a place, or after "a" there: half a million; and where it ends."""
        skip = 1 if self.low[at : at + 1] == ["a"] else 0
        word = "".join(self.low[at + skip : at + skip + 1])
        known = len(word) > 1 and word in self.book.scales
        return (float(self.book.scales[word]), at + skip + 1) if known else None

    def _alone(self, kind: str, size: float, at: int, end: int) -> set[Value]:
        """A share or an ordinal without a number before it: "half", "the third", "a tenth"."""
        low, before = self.low[at], self.low[max(0, at - 1) : at]
        if kind == PLAIN:
            return {_value(PLAIN, size), *([_value(SHARE, size)] if low in self.book.times else [])}
        values = {_value(SHARE, 1 / size), _value(PLAIN, 1 / size)}
        of_all = before == ["a"] and self.low[end : end + 1] == ["of"]
        return values | {_value(PLAIN, size)} if low in self.book.ordinals and not of_all else values

    def _listed(self, at: int, listed: dict[str, float]) -> tuple[float, int]:
        """What the one or two words at a place are on a list for, and where they end; 0 for nothing."""
        for size in (2, 1):
            phrase = " ".join(self.low[at : at + size])
            if phrase in listed and at + size <= len(self.low):
                return float(listed[phrase]), at + size
        return 0.0, at

    def _made(self, at: int, end: int, values: set[Value], *, small: bool = False) -> Figure:
        text = " ".join(self.tokens[at:end]).strip(EDGES)
        before = (" ".join(self.low[max(0, at - n) : at]) for n in (1, 2))
        after = "" if self._ends(end - 1) else "".join(self.low[end : end + 1])
        return Figure(text, frozenset(values), small, any(b in self.book.about for b in before), after)

    def _number(self, at: int) -> tuple[set[float], int, bool]:
        """The values of the number at a place, where it ends, and whether it is a word of one or two."""
        if at >= len(self.tokens):
            return set(), at, False
        digits = _DIGITS.fullmatch(self.tokens[at].strip(EDGES.replace("-", "")))
        if digits:
            return self._in_digits(at, digits)
        if not self._parts(at):
            return set(), at, False
        value, used = self._composed(at)
        decimals = self._decimals(at + used)
        if decimals:
            return {float(f"{value:.0f}.{''.join(decimals)}")}, at + used + 1 + len(decimals), False
        return {value}, at + used, used == 1 and value <= 2

    def _decimals(self, at: int) -> list[str]:
        """The decimals that are said from a place on ("point five eight"); none where there is no point."""
        if "".join(self.low[at : at + 1]) not in self.book.points:
            return []
        said = itertools.takewhile(lambda word: word in self.book.units, self.low[at + 1 :])
        return [f"{self.book.units[word]:.0f}" for word in said]

    def _in_digits(self, at: int, found: re.Match[str]) -> tuple[set[float], int, bool]:
        numbers, mark, end = _read_digits(found[1]), found[2].casefold(), at + 1
        if found[2] == "D":
            return set(), end, False
        numbers |= {n * self.book.scales.get(mark, 1) for n in numbers}
        while end < len(self.low) and self.low[end] in self.book.scales and len(self.low[end]) > 1:
            numbers = {n * self.book.scales[self.low[end]] for n in numbers}
            end += 1
        return numbers, end, False

    def _parts(self, at: int) -> list[str]:
        """The number words that a token is made of; German and Italian write them as one."""
        low, book = "".join(self.low[at : at + 1]), self.book
        if low in book.units or (low in book.scales and len(low) > 1):  # "b" is a letter, "5b" a billion
            return [low]
        if book.compound and low:
            found = book.compound.findall(low)
            if "".join(found) == low and any(f in book.units or f in book.scales for f in found):
                return [f for f in found if f not in book.joints]
        return []

    def _composed(self, at: int) -> tuple[float, int]:
        """The value of the number words from a place on, and how many tokens they take."""
        total, current, used = 0.0, -1.0, 0
        for i in range(at, len(self.low)):
            if current >= 0 and self.low[i] in self.book.joints and self._parts(i + 1):
                continue
            parts = self._parts(i)
            if not parts or (i > at and self._ends(i - 1)):
                break
            for part in parts:
                step = self._step(part, current)
                if step is None:
                    return total + max(current, 0.0), used
                if part in self.book.scales and self.book.scales[part] >= 1000:
                    total, current = total + step, 0.0
                else:
                    current = step
            used = i + 1 - at
        return total + max(current, 0.0), used

    def _step(self, part: str, current: float) -> float | None:
        """The number after one more word, or None where that word begins another number."""
        if part in self.book.scales:
            return (current if current > 0 else 1.0) * self.book.scales[part]
        value = self.book.units[part]
        if current <= 0:
            return value
        if self.book.twenties and (current, value) == (4, 20):
            return current * value
        if self.book.twenties and current in {60, 80} and 10 <= value < 20:
            return current + value
        if current % 100 == 0 and value < 100:
            return current + value
        if value < 10 and current % 10 == 0 and current % 100 >= 20:
            return current + value
        if self.book.pairs and 10 <= current <= 99 and value >= 10:
            return 100 * current + value
        return None

    def _ends(self, at: int) -> bool:
        return self.tokens[at][-1] in ",;:.!?।…"


def _read_digits(text: str) -> set[float]:
    """Every number that digits with marks can mean: "1.200" is 1200 or 1.2, depending on who writes."""
    marks = re.findall(r"[.,'’]", text)
    whole = float(re.sub(r"[.,'’]", "", text))
    if not marks:
        return {whole}
    *front, last = re.split(r"[.,'’]", text)
    grouped = all(len(g) in {2, 3} for g in front[1:]) and len(last) == 3 and len(front[0]) <= 3
    decimal = float("".join(front) + "." + last)
    if len(marks) == 1:
        return {whole, decimal} if grouped else {decimal}
    return {whole} if grouped else {decimal} if len(set(marks)) > 1 else {float(p) for p in (*front, last)}
