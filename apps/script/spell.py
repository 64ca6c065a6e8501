"""Written words to spoken ones, token by token. What the viewer reads stays; what the voice says changes."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from apps.contracts.story import Word
from apps.script.language import Language
from apps.script.numbers import Number, by_digit, cardinal, in_words, is_year, ordinal, read_number, year

#: Joins digit groups that are written apart ("10 100"), so that they stay one token.
GROUP = "\u202f"
_JOINERS = "\u200c\u200d"
_OPENERS = "\"'“”„‘’«‹([{<¿¡*_`|\\/"
_CLOSERS = "\"'“”’»›)]}>.,!?;:…।॥*_~`|\\/"
_NUMBER = r"\d(?:[\d.,\u202f]*\d)?"
_PROSODY = {".": ".", "!": "!", "?": "?", "…": ".", "।": ".", "॥": ".", ",": ",", ";": ";", ":": ":"}
_DASHES = "—–-−"
_ROMAN = re.compile(r"(?=..)X{0,3}(?:IX|IV|V?I{0,3})")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
#: What follows a clock time and says "o'clock" already.
_CLOCK = frozenset({"uhr", "बजे", "heures", "horas", "ore", "baje"})
_URL = re.compile(r"\w+(?:\.\w+)*\.[a-z]{2,6}(?:/\S*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Token:
    """One written word between spaces: what opens it, its core, what closes it, and its neighbours' cores."""

    display: str
    core: str
    closing: str
    before: str = ""
    after: str = ""
    dotted: bool = False

    @property
    def pause(self) -> str:
        """The mark the voice needs after this word: the first of the closing ones that it knows.

        The full stop of an abbreviation is no pause, unless the text ends with it.
        """
        marks = self.closing[1:] if self.dotted and self.after else self.closing
        return next((_PROSODY[ch] for ch in marks if ch in _PROSODY), "")


def visible(text: str) -> str:
    """NFC text of what can be shown: no control or direction characters, no emoji; one kind of space."""
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"(?<=\d)[ \u00a0\u2009\u202f](?=\d{3}(?!\d))", GROUP, text) if _grouped(text) else text
    kept = "".join(ch if _is_shown(ch) else " " if ch.isspace() else "" for ch in text)
    return re.sub(r"[^\S\u202f]+", " ", kept).strip()


def _grouped(text: str) -> bool:
    return bool(re.search(r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?![\d])", text))


def _is_shown(ch: str) -> bool:
    if ch == GROUP or ch in _JOINERS:
        return True
    kind = unicodedata.category(ch)
    return not (
        ch.isspace() or kind[0] == "C" or kind in {"Sk", "Me"} or (kind == "So" and ch not in "°©®™№")
    ) and (not "\ufe00" <= ch <= "\ufe0f")


def spell(text: str, language: Language) -> tuple[Word, ...]:
    """The caption tokens of a text and how each is said; tokens that have no sound are left out.

    `spoken` holds letters, apostrophes, hyphens inside words and the marks .,!?;: only.
    """
    tokens = _tokens(_with_signs_joined(visible(text), language))
    shouting = sum(t.core.isupper() and len(t.core) > 1 for t in tokens) > 0.6 * len(tokens)
    speller = _Speller(language, shouting=shouting)
    return tuple(speller.words(tokens))


def _with_signs_joined(text: str, language: Language) -> str:
    """A currency sign written apart from its number ("R$ 500") joins it in one token."""
    signs = "|".join(re.escape(s) for s in language.pairs["currencies"] if not s.isalpha() or s == "Rs")
    return re.sub(rf"(?<!\S)({signs}) (?=\d)", rf"\1{GROUP}", text)


def _tokens(text: str) -> list[Token]:
    text = re.sub(r"(?<=[^\W\d_])\s*[—–]\s*(?=[^\W\d_])", " — ", text)
    pieces = [p for p in text.split(" ") if p]
    parts = [_taken_apart(p) for p in pieces]
    cores = ["", *(core for core, _ in parts), ""]
    return [
        Token(piece, core, closing, cores[i], cores[i + 2])
        for i, (piece, (core, closing)) in enumerate(zip(pieces, parts, strict=True))
    ]


def _taken_apart(piece: str) -> tuple[str, str]:
    """The core of a token and the marks behind it; tags like <b> are marks."""
    bare = re.sub(r"</?[a-zA-Z][^<>]*>", "", piece)
    start = bare.lstrip(_OPENERS)
    core = start.rstrip(_CLOSERS)
    return core, start[len(core) :]


class _Speller:
    """Reads tokens in order; remembers a currency until its "million" has been said."""

    def __init__(self, language: Language, *, shouting: bool) -> None:
        self.language = language
        self.shouting = shouting
        self.owed = ""
        self.rules: tuple[Callable[[Token], str | None], ...] = (
            self._abbreviation,
            self._owed_currency,
            self._currency,
            self._unit_after_number,
            self._fraction,
            self._time,
            self._range,
            self._ordinal,
            self._decade,
            self._number,
            self._number_with_unit,
            self._half_of_day,
            self._letters,
        )

    def words(self, tokens: list[Token]) -> list[Word]:
        done: list[Word] = []
        for token in tokens:
            if not token.core or all(ch in _DASHES for ch in token.core):
                self._rest(token, done)
                continue
            said = _cleaned(self._say(token))
            if said:
                told = replace(token, dotted=self._owns_its_dot(token))
                done.append(Word(display=_shown(token.display), spoken=said + told.pause))
        return done

    def _rest(self, token: Token, done: list[Word]) -> None:
        """A token without a sound becomes a short rest after the word before it."""
        if done and (set(token.display) <= set(_DASHES) or token.pause):
            last = done[-1]
            if token.before[-1:].isdigit() and token.after[:1].isdigit() and token.core:
                done[-1] = replace(
                    last, display=f"{last.display}–", spoken=f"{last.spoken} {self.language.words['to']}"
                )
            elif last.spoken[-1] not in ".,!?;:":
                gap = "\u00a0" if self.language.code == "fr" and token.pause not in {".", ","} else ""
                shown = f"{last.display}{gap}{token.display}" if token.pause else last.display
                done[-1] = replace(last, display=shown, spoken=last.spoken + (token.pause or ","))

    def _say(self, token: Token) -> str:
        for rule in self.rules:
            said = rule(token)
            if said is not None:
                return said
        return self._mixed(token.core)

    def _owns_its_dot(self, token: Token) -> bool:
        """Whether the full stop behind the token is a part of it, not the end of a sentence."""
        if not token.closing.startswith("."):
            return False
        known = f"{token.core}.".casefold() in self.language.maps["abbreviations"]
        day = self.language.code == "de" and token.core.isdigit() and len(token.core) < 3
        return known or bool(_INITIALS.fullmatch(token.core)) or (day and token.after[:1].isalpha())

    # --- words -----------------------------------------------------------------------------------

    def _abbreviation(self, token: Token) -> str | None:
        known = self.language.maps["abbreviations"]
        dotted = f"{token.core}.".casefold() if token.closing.startswith(".") else ""
        said = known.get(dotted, known.get(token.core.casefold()))
        return said if said and (dotted or token.core.casefold() in known) else None

    def _letters(self, token: Token) -> str | None:
        core = token.core
        if _INITIALS.fullmatch(core):
            return " ".join(core.replace(".", "").upper())
        if _URL.fullmatch(core) and "." in core:
            return self._mixed(core.replace(".", f" {self.language.words['dot']} ").replace("/", " "))
        if core.isalpha() and core.isupper() and len(core) > 1:
            return self._capitals(token)
        stem, mark, ending = core.partition("'" if "'" in core else "’")
        if mark and stem.isupper() and len(stem) > 1 and ending == "s":
            return f"{self._capitals(replace(token, core=stem))}'s"
        plain = re.fullmatch(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*['’]?", core)
        return core.lower() if plain and core.isupper() and self.shouting else core if plain else None

    def _capitals(self, token: Token) -> str:
        """Capitals are letters to be named, unless they are a known word, a shout or a number."""
        core, language = token.core, self.language
        if _ROMAN.fullmatch(core) and token.before[:1].isupper():
            return cardinal(_roman(core), language)
        if not core.isascii() and language.code == "hi":
            return core
        if self.shouting or core in language.lists["plain"] or core in language.lists["said"]:
            return core.lower() if core not in language.lists["said"] else core.capitalize()
        vowels = sum(ch in "AEIOUYÁÉÍÓÚÄÖÜÀÈÌÒÙÂÊÎÔÛÃÕ" for ch in core)
        if len(core) <= 3 or not vowels:
            return " ".join(core)
        return core.lower()

    # --- numbers ---------------------------------------------------------------------------------

    def _number(self, token: Token) -> str | None:
        number = read_number(token.core, self.language)
        if number is None:
            return None
        if is_year(number) and token.after not in self.language.pairs["units"]:
            return year(number.whole, self.language)
        if self._is_day(token, number):
            day = ordinal(number.whole, self.language)
            before_month = (
                self.language.code == "en" and token.after.casefold() in self.language.lists["months"]
            )
            return f"the {day} of" if before_month else day
        return self._before_noun(in_words(number, self.language), number, token.after)

    def _is_day(self, token: Token, number: Number) -> bool:
        months = self.language.lists["months"]
        near = token.after.casefold() in months or (
            self.language.code == "en" and token.before.casefold() in months
        )
        dotted = self.language.code != "de" or token.closing.startswith(".")
        return self.language.day_is_ordinal and near and dotted and number.plain and 1 <= number.whole <= 31

    def _before_noun(self, said: str, number: Number, after: str) -> str:
        """The short form of "one" before what is counted, where the language has one."""
        if number.fraction or not after[:1].isalpha():
            return said
        head, _, last = said.rpartition(" ")
        short = self.language.maps["one_before"].get(last, last)
        if self.language.code == "de" and after.casefold() in {"million", "milliarde"} and last == "eins":
            short = "eine"
        return f"{head} {short}".strip()

    def _currency(self, token: Token) -> str | None:
        signs = "|".join(
            re.escape(s) for s in sorted(self.language.pairs["currencies"], key=len, reverse=True)
        )
        leading = rf"({signs}){GROUP}?({_NUMBER})([^\W\d_]{{0,3}}\.?)\+?"
        found = re.fullmatch(leading, token.core) or re.fullmatch(rf"({_NUMBER})()({signs})", token.core)
        if not found:
            return None
        first, second, third = found.groups()
        sign, figure, size = (third, first, "") if not second else (first, second, third)
        number = read_number(figure, self.language)
        if number is None:
            return None
        return self._money(number, self.language.pairs["currencies"][sign], size, token)

    def _money(self, number: Number, names: tuple[str, str], size: str, token: Token) -> str:
        language = self.language
        if size:
            magnitude = language.maps["short_magnitudes"].get(size, size)
            return f"{in_words(number, language)} {self._joined(magnitude, names[1])}"
        if token.after.casefold() in language.lists["magnitudes"] and not token.closing:
            self.owed = names[1]
            return self._before_noun(in_words(number, language), number, token.after)
        if len(number.fraction) == 2:
            whole = _counted(replace(number, fraction=""), names, language)
            cents = cardinal(int(number.fraction), language)
            return f"{whole} {language.words['cents'].format(c=cents)}" if int(number.fraction) else whole
        return _counted(number, names, language)

    def _owed_currency(self, token: Token) -> str | None:
        if not self.owed:
            return None
        owed, self.owed = self.owed, ""
        return self._joined(token.core, owed)

    def _joined(self, magnitude: str, name: str) -> str:
        link = (
            self.language.words["of"] if magnitude.casefold() in self.language.lists["magnitudes_of"] else ""
        )
        if link == "de" and self.language.code == "fr" and name[:1] in "aeiouéèh":
            return f"{magnitude} d'{name}"
        return " ".join(part for part in (magnitude, link, name) if part)

    def _unit_after_number(self, token: Token) -> str | None:
        number = read_number(token.before, self.language)
        names = self._unit(token.core) if number else None
        if number is None or names is None:
            currencies = self.language.pairs["currencies"]
            return currencies[token.core][1] if number and token.core in currencies else None
        return names[0] if number.whole == 1 and not number.fraction else names[1]

    def _unit(self, text: str) -> tuple[str, str] | None:
        return self.language.pairs["units"].get(text)

    def _number_with_unit(self, token: Token) -> str | None:
        found = re.fullmatch(rf"([-−+~≈<>]?)({_NUMBER})(\D{{1,5}})", token.core)
        if not found:
            return None
        sign, figure, unit = found.groups()
        number, names = read_number(figure, self.language), self._unit(unit)
        magnitude = self.language.maps["short_magnitudes"].get(unit)
        if number is None or (names is None and magnitude is None):
            return None
        said = (
            _counted(number, names, self.language)
            if names
            else f"{in_words(number, self.language)} {magnitude}"
        )
        spoken_sign = (
            self.language.words["minus"]
            if sign in {"-", "−"}
            else self.language.maps["symbols"].get(sign, "")
        )
        return f"{spoken_sign} {said}".strip()

    def _fraction(self, token: Token) -> str | None:
        if said := self.language.maps["fractions"].get(token.core):
            return said
        if not re.fullmatch(r"\d{1,4}(?:/\d{1,4})+", token.core, re.ASCII):
            return None
        parts = [cardinal(int(p), self.language) for p in token.core.split("/")]
        return f" {self.language.words['over']} ".join(parts) if len(parts) == 2 else " ".join(parts)

    def _time(self, token: Token) -> str | None:
        found = re.fullmatch(
            r"([01]?\d|2[0-4])[:h]([0-5]\d)\s?([ap]\.?m\.?)?", token.core, re.ASCII | re.IGNORECASE
        )
        if not found:
            return None
        hours, minutes = int(found[1]), int(found[2])
        words = self.language.words
        said_minutes = cardinal(minutes, self.language)
        if minutes < 10:
            said_minutes = words["small_minute"].format(m=said_minutes)
        half = words["am" if found[3].lower().startswith("a") else "pm"] if found[3] else ""
        bare_hour = "{h}" if half or token.after.casefold() in {"am", "pm"} else words["hour"]
        template = words["time"] if minutes else bare_hour
        if token.after.casefold() in _CLOCK:
            template = "{h} {m}" if minutes else "{h}"
        return f"{template.format(h=cardinal(hours, self.language), m=said_minutes)} {half}".strip()

    def _half_of_day(self, token: Token) -> str | None:
        found = re.fullmatch(r"(\d{0,2})(am|pm)", token.core, re.IGNORECASE)
        after_figure = token.before[-1:].isdigit()
        if not found or not (found[1] or after_figure):
            return None
        half = self.language.words[found[2].lower()]
        return f"{cardinal(int(found[1]), self.language)} {half}" if found[1] else half

    def _range(self, token: Token) -> str | None:
        found = re.fullmatch(rf"(\D{{0,3}})({_NUMBER})[-–—−]({_NUMBER})(\D{{0,5}})", token.core)
        if not found:
            return None
        sign, low, high, unit = found.groups()
        ends = [self._say(Token("", f"{sign}{low}", "")), self._say(Token("", f"{sign}{high}{unit}", ""))]
        if sign and sign in self.language.pairs["currencies"]:
            number = read_number(low, self.language)
            ends[0] = in_words(number, self.language) if number else ends[0]
        return f" {self.language.words['to']} ".join(ends)

    def _ordinal(self, token: Token) -> str | None:
        found = re.fullmatch(rf"(\d{{1,4}})({self.language.ordinal_marks.pattern})", token.core)
        return ordinal(int(found[1]), self.language, found[2]) if found else None

    def _decade(self, token: Token) -> str | None:
        found = re.fullmatch(r"['’]?(\d{3}0|\d0)['’]?s", token.core, re.ASCII)
        if not found or self.language.code != "en":
            return None
        said = (
            year(int(found[1]), self.language)
            if len(found[1]) == 4
            else cardinal(int(found[1]), self.language)
        )
        return f"{said[:-1]}ies" if said.endswith("y") else f"{said}s"

    # --- anything else ---------------------------------------------------------------------------

    def _mixed(self, core: str) -> str:
        """Runs of letters, digits and signs, each said on its own; what has no sound is a gap."""
        if re.fullmatch(r"#\d{1,4}", core, re.ASCII):
            return f"{self.language.words['number']} {cardinal(int(core[1:]), self.language)}"
        runs = [part for part in re.split(rf"({_NUMBER})", core) if part]
        return " ".join(self._run(kind, run) for part in runs for kind, run in _kinds(part))

    def _run(self, kind: str, run: str) -> str:
        if kind == "digit":
            number = read_number(run, self.language)
            return in_words(number, self.language) if number else by_digit(run, self.language)
        if kind == "letter":
            return " ".join(run) if run.isascii() and run.isupper() and len(run) <= 3 else run
        return " ".join(self.language.maps["symbols"].get(ch, "") for ch in run)


def _kinds(part: str) -> Iterator[tuple[str, str]]:
    """A number whole, anything else in runs of letters and of signs."""
    if part[0].isdecimal():
        yield "digit", part
    else:
        yield from ((kind, "".join(run)) for kind, run in groupby(part, key=_kind))


def _kind(ch: str) -> str:
    if unicodedata.category(ch)[0] in "LM" or ch in "'’" or ch in _JOINERS or ch == " ":
        return "sign" if unicodedata.name(ch, "").startswith("GREEK") else "letter"
    return "sign"


def _counted(number: Number, names: tuple[str, str], language: Language) -> str:
    one = number.whole == 1 and not number.fraction
    said = in_words(number, language)
    if (
        language.code == "en"
        and not number.fraction
        and 1100 <= number.whole < 10_000
        and number.whole % 1000
    ):
        said = _hundreds(number, said, language)
    head, _, last = said.rpartition(" ")
    short = language.maps["one_before"].get(last, last) if not number.fraction else last
    return f"{head} {short} {names[0] if one else names[1]}".strip()


def _hundreds(number: Number, said: str, language: Language) -> str:
    """English says "twelve hundred dollars", not "one thousand two hundred"."""
    if number.whole % 100:
        return said
    return f"{cardinal(number.whole // 100, language)} hundred"


def _roman(text: str) -> int:
    values = {"I": 1, "V": 5, "X": 10}
    found = [values[ch] for ch in text]
    return sum(-a if a < b else a for a, b in zip(found, [*found[1:], 0], strict=True))


def _cleaned(said: str) -> str:
    """Letters, joiners inside words and single spaces; anything else is a gap."""
    kept = "".join(ch if _is_sound(ch) else " " for ch in said.replace("’", "'"))
    trimmed = (part.strip("'-") for part in kept.split())
    return " ".join(part for part in trimmed if part)


def _is_sound(ch: str) -> bool:
    return unicodedata.category(ch)[0] in "LM" or ch in "'- " or ch in _JOINERS


def _shown(display: str) -> str:
    return display.replace(GROUP, "\u00a0")
