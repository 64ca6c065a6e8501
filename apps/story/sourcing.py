"""What a narration states that its sources do not: figures, and names. It marks; it never rewrites."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from apps.story.figures import (
    AT_LEAST,
    DECADE,
    PLAIN,
    Figure,
    Value,
    claimed_figures,
    figures,
    lexicon,
    rounds,
)
from apps.story.phrases import Phrasebook
from apps.story.wording import EDGES

#: Languages that write names, and hardly anything else, with a capital. German writes every noun so.
WITH_NAMES = frozenset({"en", "es", "fr", "it", "pt", "hi-latn"})
#: Numbers that can be years.
YEARS = range(1000, 2100)
#: Words from which a sentence that has only capitalised ones is in Title Case, where capitals say nothing.
TITLE_WORDS = 3
#: Letters from which one word that begins with another is a form of it ("Egypt", "Egyptian").
ROOT = 4
#: Where a word may have its capital from its place: after an end, and after an opening mark.
_SENTENCES = re.compile(r"(?<=[.!?:…।—–])[\"”»’)]*\s+|(?<=[.!?…][\"”»’)])\s+|\s+(?=[\"“«‘'¿¡(])")


@dataclass(frozen=True)
class Sources:
    """Everything that a brief supplies, read once."""

    book: Phrasebook
    values: frozenset[Value]
    words: frozenset[str]

    def beyond(self, text: str) -> tuple[str, ...]:
        """The figures and names of `text` that no source holds."""
        return (*self.figures_beyond(text), *self.names_beyond(text))

    def figures_beyond(self, text: str) -> tuple[str, ...]:
        """The figures of `text` that no source states; equal values are equal however they are written."""
        return tuple(f.text for f in claimed_figures(text, self.book.language) if not self._holds(f))

    def names_beyond(self, text: str) -> tuple[str, ...]:
        """The names of `text` that no source holds; none where the language does not mark names."""
        found = _names(text, self.book) if self.book.language in WITH_NAMES else ()
        return tuple(name for name in found if not self._knows_all(name.split()))

    def _holds(self, figure: Figure) -> bool:
        if figure.small and (not figure.after.isalpha() or figure.after in self.book.stopwords):
            return True
        largest = max((value for kind, value in self.values if kind == PLAIN), default=0.0)
        vague = any(kind == AT_LEAST and largest >= value for kind, value in figure.values)
        return vague or bool(figure.values & self.values) or rounds(figure, self.values)

    def _knows_all(self, name: list[str]) -> bool:
        """The first of several words may owe its capital to the sentence ("Ask Mom")."""
        return all(self._knows(word) for word in name[1:] or name)

    def _knows(self, word: str) -> bool:
        low = word.casefold()
        if low in lexicon(self.book.language).names or low in self.book.stopwords or low in self.words:
            return True
        return any(len(w) >= ROOT and (low.startswith(w) or w.startswith(low)) for w in self.words)


def sources_of(texts: Iterable[str], book: Phrasebook) -> Sources | None:
    """What `texts` state; None where they are empty: then there is nothing to hold a narration to."""
    whole = "\n".join(texts)
    if not whole.strip():
        return None
    # Facts may be in English where the narration is not.
    readings = (figures(line, tongue) for line in whole.splitlines() for tongue in {book.language, "en"})
    values = {value for found in readings for figure in found for value in figure.values}
    values |= {(DECADE, year - year % 10) for kind, year in values if kind == PLAIN and year in YEARS}
    said = {re.sub(r"['’]s$", "", token.strip(EDGES).casefold()) for token in re.split(r"[\s\-–—/]+", whole)}
    return Sources(book, frozenset(values), frozenset(said - {""}))


def _names(text: str, book: Phrasebook) -> list[str]:
    """Runs of capitalised words that do not owe the capital to a sentence, a title or an emphasis."""
    return [name for sentence in _SENTENCES.split(text) for name in _names_in(sentence.split(), book)]


def _names_in(sentence: list[str], book: Phrasebook) -> list[str]:
    bare = [re.sub(r"['’]s$", "", token.strip(EDGES)) for token in sentence]
    tall = [word[:1].isupper() and any(ch.islower() for ch in word) for word in bare]
    if all(tall) and (len(tall) >= TITLE_WORDS or any(w.casefold() in book.stopwords for w in bare)):
        return []
    runs: list[list[str]] = [[]]
    for at, token in enumerate(sentence):
        if tall[at] and (at > 0 or (tall[1:2] == [True] and bare[0].casefold() not in book.stopwords)):
            runs[-1].append(bare[at])
        elif runs[-1]:
            runs.append([])
        if token[-1] in ",;":
            runs.append([])
    return [" ".join(run) for run in runs if run]
