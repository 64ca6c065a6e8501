"""What a scene's picture shows, in the brief's own words: nouns and counts. Never a style."""

import re

from apps.story.phrases import Phrasebook
from apps.story.wording import EDGES, words

#: Phrases a picture can hold before it becomes a list; and words a phrase can hold.
MOST_PHRASES = 4
MOST_WORDS = 3
_GROUPED = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")


def visual_of(sentence: str, subject: str, book: Phrasebook) -> str:
    """The concrete words of a sentence as phrases, then the topic's own ("three hearts; octopus").

    `subject` is the topic's own words. It lets a sentence of pronouns still have a picture; whoever draws
    shows it where the phrases cannot be drawn.
    """
    phrases = [p for p in _runs(sentence, book) if p and p.casefold() not in book.lists["number_words"]]
    kept = sorted(sorted(phrases, key=lambda p: -_weight(p, book))[:MOST_PHRASES], key=phrases.index)
    shown = ", ".join(dict.fromkeys(kept))
    return f"{shown}; {subject}" if shown and subject and shown != subject else shown or subject


def in_phrases(shown: str, subject: str) -> str:
    """What somebody else wants shown, in the same form; empty where there is nothing in it."""
    scene = shown.split(";")[0].strip().rstrip(".")
    phrases = [" ".join(p.split()[: MOST_WORDS + 2]) for p in scene.split(",")]
    kept = ", ".join(dict.fromkeys(p for p in phrases[:MOST_PHRASES] if words(p)))
    return f"{kept}; {subject}" if kept and subject and kept != subject else kept


def subject_of(topic: str, book: Phrasebook) -> str:
    """The topic's content words, for a picture of what everything is about."""
    return " ".join([p for p in _runs(topic, book) if p][:3]) or " ".join(words(topic)[:MOST_WORDS])


def _runs(sentence: str, book: Phrasebook) -> list[str]:
    """Neighbouring content words; a function word or a mark ends a run, a count begins one."""
    runs: list[list[str]] = [[]]
    tokens = _GROUPED.sub("", sentence).split()
    for i, token in enumerate(tokens):
        bare = token.strip(EDGES)
        low = bare.casefold()
        if not bare or low in book.stopwords or low in book.lists["pronouns"]:
            runs.append([])
            continue
        counted = bool(runs[-1]) and all(_is_count(w.casefold(), book) for w in runs[-1])
        if (_is_count(low, book) and not counted) or len(runs[-1]) >= MOST_WORDS:
            runs.append([])
        runs[-1].append(bare.lower() if i == 0 and _is_plain(bare, tokens[1:2], book) else bare)
        if token[-1] in ",.;:!?।":
            runs.append([])
    return [" ".join(run) for run in runs]


def _is_plain(first: str, after: list[str], book: Phrasebook) -> bool:
    """Whether the first word has its capital from the sentence, and not from being a name."""
    return book.language != "de" and first.istitle() and not (after and after[0][:1].isupper())


def _is_count(word: str, book: Phrasebook) -> bool:
    return word[:1].isdigit() or word in book.lists["number_words"]


def _weight(phrase: str, book: Phrasebook) -> float:
    return 2.0 * any(_is_count(w, book) for w in phrase.split()) + 0.1 * len(phrase)
