"""The curated stock of phrases for each language, read from `catalog/`. It invents nothing."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

CATALOG = Path(__file__).parent / "catalog"
_DEVANAGARI = re.compile(r"[\u0900-\u097F]")


class UnableToFindPhrases(LookupError):
    """There is no phrase book for this language; choose one of `phrases.languages()`."""


@dataclass(frozen=True)
class Phrasebook:
    """What a language lends to a story: word lists that read facts, and frames that join them.

    `pace` scales the persona's words a minute to this language's words (English: 1).
    `hooks` maps hook type to frame family (about, asking, fact, number, bare) to frames; `tails` maps
    a hook's form (statement: a fact; claim: a frame around the topic; question) to loop technique to frames;
    `tales` maps hook type (or "bare") to the hooks of a tale.
    """

    language: str
    pace: float
    lists: dict[str, frozenset[str]]
    stopwords: frozenset[str]
    superlative: re.Pattern[str]
    topic_leads: re.Pattern[str]
    past: re.Pattern[str]
    present: re.Pattern[str]
    steps: re.Pattern[str]
    hooks: dict[str, dict[str, list[str]]]
    tails: dict[str, dict[str, list[str]]]
    tales: dict[str, list[str]]
    frames: dict[str, list[str]]

    def has(self, kind: str, word: str) -> bool:
        """Whether the lower-cased `word` is on the list `kind` (negations, pronouns, ...)."""
        return word in self.lists[kind]

    def starts_with(self, kind: str, text: str) -> bool:
        """Whether `text` begins with a word or phrase of the list `kind`."""
        low = text.casefold()
        return any(low == entry or low.startswith((f"{entry} ", f"{entry},")) for entry in self.lists[kind])


_LISTS = [
    "articles",
    "question_leads",
    "auxiliaries",
    "negations",
    "contrasts",
    "extremes",
    "number_words",
    "bound",
    "pronouns",
    "sequence",
    "conjunctions",
    "restrictions",
    "subordinators",
    "abbreviations",
    "prepositions",
]
_FRAMES = ("bridges", "twists", "endings", "morals", "breaths")


def languages() -> frozenset[str]:
    """The BCP 47 primary tags that have a phrase book."""
    return frozenset(path.stem.partition("-")[0] for path in CATALOG.glob("*.yaml"))


def phrasebook(language: str, sample: str = "") -> Phrasebook:
    """The phrase book for `language`; Hindi in Latin letters (judged by `sample`) has its own.

    Raises UnableToFindPhrases.
    """
    if language == "hi" and sample and not _DEVANAGARI.search(sample):
        return _load("hi-latn")
    return _load(language)


def by_name(name: str) -> Phrasebook:
    """The phrase book that calls its language `name` ("hi-latn"). Raises UnableToFindPhrases."""
    return _load(name)


@cache
def _load(name: str) -> Phrasebook:
    path = CATALOG / f"{name}.yaml"
    if name not in {p.stem for p in CATALOG.glob("*.yaml")}:
        raise UnableToFindPhrases(f"no phrases for {name!r}; there are {', '.join(sorted(languages()))}")
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Phrasebook(
        language=name,
        pace=data["pace"],
        lists={kind: frozenset(str(w).casefold() for w in data[kind]) for kind in _LISTS},
        stopwords=frozenset(data["stopwords"].casefold().split()),
        superlative=re.compile(data["superlative"], re.IGNORECASE),
        topic_leads=re.compile(data["topic_leads"], re.IGNORECASE),
        past=re.compile(data["past"], re.IGNORECASE),
        present=re.compile(data["present"], re.IGNORECASE),
        steps=re.compile(data["steps"], re.IGNORECASE),
        hooks=data["hooks"],
        tails=data["tails"],
        tales=data["tales"],
        frames={kind: data[kind] for kind in _FRAMES},
    )


def stock(book: Phrasebook) -> list[str]:
    """Every frame of the book: the only words a narration may hold beside the brief's own."""
    hooks = [frame for family in book.hooks.values() for frames in family.values() for frame in frames]
    tails = [frame for family in book.tails.values() for frames in family.values() for frame in frames]
    tales = [frame for frames in book.tales.values() for frame in frames]
    return [*hooks, *tails, *tales, *(frame for frames in book.frames.values() for frame in frames)]
