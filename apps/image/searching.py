"""What to look for in a library of photos and clips, for a scene. Text in, short queries out."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import chain

import emoji

from apps.contracts.story import Depiction, Purpose
from apps.image import lexicon, subjects

#: Words of a query, and its characters: Pixabay takes 100.
MOST_WORDS, MOST_LETTERS = 4, 90
#: Queries for one scene; each may be a call.
MOST_QUERIES = 5
#: Marks that are no part of a word.
EDGES = ",;:.!?…।¿¡\"'“”‘’«»()[]{}<>\\/|*_~`#@$%^&+=-–—"
#: What parts a description's scene from the topic that it belongs to.
TOPIC_MARK = ";"
#: Words of a description that are about the picture and not in it, and ordinals.
_IDLE = (
    "close closeup up shot view scene image picture photo video showing shows show slowly very first second "
    "third fourth fifth"
)
#: Doings that are seen better moving.
MOVING = re.compile(
    r"\b(run|ran|fly|flies|flew|swim|swam|jump|rac|explod|crash|danc|fall|fell|fight|fought|throw|threw|chas"
    r"|spin|spun|burst|attack|escap|climb|erupt|pour|surf|skat|gallop|sprint|melt|flow)"
    r"(s|e|es|ed|ing|ning|ming)?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Query:
    """What to search for; `english` where it is not in the brief's language."""

    text: str
    english: bool = False


def queries_of(shown: Depiction, *, spoken: bool = True, language: str = "") -> tuple[Query, ...]:
    """Queries, narrowest first: scene and topic, topic, scene; then the things in it, named in English.

    `spoken`: whether the library can be searched in the brief's `language`; else English comes first.
    """
    scene, _, topic = (shown.visual or " ".join(shown.words)).partition(TOPIC_MARK)
    phrases = [words for phrase in scene.split(",") if (words := _words(phrase))]
    about = _words(topic)
    first = max(phrases, key=len, default=[])
    native = [first + about, about, first, *phrases]
    texts = [Query(_text(words)) for words in native if words]
    named = [Query(name, english=True) for name in _named(shown, language)]
    if not spoken:
        return tuple(dict.fromkeys([*named, *texts]))[:MOST_QUERIES]
    return tuple(dict.fromkeys([*texts[:3], *named, *texts[3:]]))[:MOST_QUERIES]


def wants_motion(shown: Depiction, visual_energy: str) -> bool:
    """Whether a clip suits the scene better than a photo."""
    if visual_energy == "high":
        return True
    told = f"{shown.visual} {' '.join(shown.words)}"
    return shown.purpose in {Purpose.HOOK, Purpose.TWIST} or bool(MOVING.search(told))


def _words(text: str) -> list[str]:
    """The words of a text that narrow a search; figures do not."""
    bare = [word.strip(EDGES) for word in text.split()]
    telling = [w for w in bare if len(w) > 1 and any(map(str.isalpha, w)) and not any(map(str.isdigit, w))]
    return [word for word in telling if lexicon.fold(word) not in _idle()] or telling


@cache
def _idle() -> frozenset[str]:
    """Words that narrow no search: function words, numbers, and those too general to be a picture."""
    known = lexicon.hints()
    return frozenset((*_IDLE.split(), *known.numbers, *known.weak, *chain(*known.stopwords.values())))


def _text(words: list[str]) -> str:
    kept = list(dict.fromkeys(words))[:MOST_WORDS]
    while len(" ".join(kept)) > MOST_LETTERS and len(kept) > 1:
        kept.pop()
    return " ".join(kept)[:MOST_LETTERS]


def _named(shown: Depiction, language: str) -> list[str]:
    """The scene's things by their English names: all of the first two, then the first alone."""
    found = subjects.read(words=shown.words, visual=shown.visual, language=language).subjects
    names = [_english(subject.emoji) for subject in found[:2]]
    names = [name for name in dict.fromkeys(names) if name]
    return [" ".join(names), *names[:1]] if names else []


def _english(picture: str) -> str:
    name = emoji.demojize(picture, language="en").strip(":").replace("_", " ")
    return (
        re.sub(r"\b(face|button|symbol|sign)\b", "", name.replace("-", " ")).strip() if name.isascii() else ""
    )
