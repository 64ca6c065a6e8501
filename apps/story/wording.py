"""Sentences, clauses and words of a plain text. It reads; it never writes new words."""

import itertools
import re
import unicodedata
from dataclasses import dataclass

from apps.story.phrases import Phrasebook

#: What may surround a word and is no part of it.
EDGES = " \t\n.,!?;:…।“”„\"'’‘«»()[]{}<>¿¡—–-*_#|/\\~`"
_SPEAKABLE = re.compile(r"[^\W_]")
_BULLET = re.compile(r"^\s*[-*•·–—]\s+")
_NUMBERING = re.compile(r"^\s*\(?(\d{1,2})[.)]\s+")
_STOP = re.compile(r"(?<=[.!?…।])[\"”»’)]*\s+(?=\S)")
_CLAUSE = re.compile(r"(?<=[,;:])\s+|\s+[—–-]\s+")
_YEAR = re.compile(r"^\W*(?:1[1-9]|20)\d\d\W*$")
#: Spoken words beyond which even a short phrase may be cut off at a loose border.
FAR_TOO_LONG = 18.0
#: Controls that steer direction or hide; joiners stay, since Devanagari and emoji need them.
_JOINERS = "\u200c\u200d"
_ENDS = ".!?…।:"


def clean(text: str) -> str:
    """One line of NFC text: no control or direction characters, no bullet, single spaces."""
    text = unicodedata.normalize("NFC", text)
    kept = (
        " " if ch.isspace() else ch
        for ch in text
        if ch.isspace() or ch in _JOINERS or unicodedata.category(ch) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return " ".join(_BULLET.sub("", "".join(kept)).split())


def unnumbered(items: list[str]) -> list[str]:
    """The items without their list numbers; where they are not numbered 1, 2, 3... nothing is cut."""
    found = [_NUMBERING.match(item) for item in items]
    counted = [int(m[1]) if m else 0 for m in found] == list(range(1, len(items) + 1))
    return [_NUMBERING.sub("", item) for item in items] if counted else items


def words(text: str) -> list[str]:
    """The words of `text`, lower-cased, without punctuation; tokens without a letter or digit are none."""
    return [bare for token in text.split() if _SPEAKABLE.search(bare := token.strip(EDGES).casefold())]


def content_words(text: str, book: Phrasebook) -> list[str]:
    """The words that carry meaning: all but the language's function words."""
    return [w for w in words(text) if w not in book.stopwords and w not in book.lists["pronouns"]]


def stem(word: str) -> str:
    """A crude stem, for telling whether two words are about the same thing."""
    word = re.sub(r"['’]s?$", "", word)
    word = re.sub(r"(?:ies|y)$", "i", word) if len(word) > 4 else word
    word = re.sub(r"(?<=[^\Ws])(?:es|s)$", "", word) if len(word) > 3 else word
    return word[:7]


def stems(text: str, book: Phrasebook) -> frozenset[str]:
    """The stems of the content words of `text`."""
    return frozenset(stem(w) for w in content_words(text, book))


def spoken_length(text: str) -> float:
    """How long `text` is when read out, in words; figures count for the words they become."""
    return sum(_token_length(token) for token in text.split() if _SPEAKABLE.search(token))


def _token_length(token: str) -> float:
    digits = [ch for ch in token if ch.isdigit()]
    if not digits:
        return 1.0
    if _YEAR.search(token):
        return 3.0
    said = sum(ch != "0" for ch in digits) + (len(digits) >= 3)
    return max(1.0, said) + any(ch in "%$€£₹°" for ch in token)


def sentences(text: str, book: Phrasebook) -> list[str]:
    """The sentences of a text, cleaned and closed by a full stop, in order; lines end sentences."""
    found = [closed(s, book) for line in text.splitlines() for s in _split_line(clean(line), book)]
    return [s for s in found if words(s)]


def _split_line(line: str, book: Phrasebook) -> list[str]:
    parts: list[str] = []
    held = ""
    for piece in _STOP.split(line):
        held = f"{held} {piece}".strip()
        if not _unfinished(held, book):
            parts.append(held)
            held = ""
    return [*parts, held] if held else parts


def _unfinished(text: str, book: Phrasebook) -> bool:
    """Whether the full stop at the end belongs to an abbreviation or an initial."""
    if not text.endswith(".") or text.endswith("..."):
        return False
    last = text.split()[-1].strip("(\"'“«").rstrip(".").casefold()
    initial = len(last) == 1 and last.isalpha() and text.split()[-1][0].isupper()
    return initial or book.has("abbreviations", last) or (book.language == "de" and last.isdigit())


def closed(sentence: str, book: Phrasebook) -> str:
    """The sentence with a capital in front and a mark at the end."""
    sentence = sentence.strip().rstrip(",;: ")
    mark = "।" if book.language == "hi" else "."
    ended = sentence if sentence.rstrip('"”»’)')[-1:] in _ENDS else f"{sentence}{mark}"
    return capitalised(ended)


def capitalised(text: str) -> str:
    """The text with its first letter in upper case; words like "iPhone" stay."""
    first = text.split(" ", 1)[0]
    if any(ch.isupper() for ch in first[1:]):
        return text
    for i, ch in enumerate(text):
        if ch.isalpha():
            return text[:i] + ch.upper() + text[i + 1 :]
        if ch.isdigit():
            return text
    return text


def clauses(sentence: str, book: Phrasebook) -> list[str]:
    """The sentence cut at commas, colons, dashes and before conjunctions; joined by spaces they give it back
    but for the dashes. No clause has fewer than three words."""
    pieces = [p for part in _CLAUSE.split(sentence) for p in _at_conjunctions(part, book)]
    merged: list[str] = []
    for piece in pieces:
        if merged and (len(words(piece)) < 3 or len(words(merged[-1])) < 3):
            merged[-1] = f"{merged[-1]} {piece}"
        else:
            merged.append(piece)
    return merged


def _at_conjunctions(part: str, book: Phrasebook) -> list[str]:
    tokens = part.split()
    cuts = [i for i in range(4, len(tokens) - 3) if book.has("conjunctions", tokens[i].casefold())]
    edges = [0, *cuts, len(tokens)]
    return [" ".join(tokens[a:b]) for a, b in itertools.pairwise(edges) if a < b]


@dataclass(frozen=True)
class Border:
    """Where a sentence can be cut. A `loose` border stands inside a clause: the voice does not pause."""

    before: str
    after: str
    loose: bool


def borders(sentence: str, book: Phrasebook) -> list[Border]:
    """Every place where both parts are still understood; an apposition or a list is not cut off."""
    tokens = sentence.split()
    found: list[Border] = []
    for i in range(1, len(tokens)):
        kind = _border(tokens, i, book)
        if kind is None:
            continue
        before = " ".join(tokens[:i]).rstrip(" —–-")
        after = " ".join(tokens[i:]).lstrip(" —–-")
        least = 4 if kind and spoken_length(sentence) < FAR_TOO_LONG else 3
        if min(len(words(before)), len(words(after))) >= least:
            found.append(Border(before, after, loose=kind))
    return found


def _border(tokens: list[str], at: int, book: Phrasebook) -> bool | None:
    """False for a firm border before token `at`, True for a loose one, None for none."""
    last, word = tokens[at - 1], tokens[at].strip(EDGES).casefold()
    if any(book.has(kind, last.casefold()) for kind in ("articles", "number_words", "prepositions")):
        return None
    joins = any(book.has(kind, word) for kind in ("conjunctions", "subordinators", "contrasts"))
    if last[-1] in ";:" or tokens[at] in {"—", "–", "-"}:
        return False
    if last[-1] == ",":
        openers = ("subordinators", "prepositions", "sequence")
        opens = any(book.starts_with(kind, tokens[0]) for kind in openers)
        is_first = not any(t[-1] == "," for t in tokens[: at - 1])
        clause = joins or book.has("pronouns", word) or book.has("bound", word) or (opens and is_first)
        return False if clause else True if at >= 4 and len(tokens) - at >= 6 else None
    is_list = any(t[-1] == "," for t in tokens[max(0, at - 3) : at])
    if book.has("conjunctions", word) and at >= 4 and len(tokens) - at >= 4 and not is_list:
        return False
    return True if book.has("prepositions", word) and not joins else None


def shortened(sentence: str, most: float, book: Phrasebook) -> str:
    """The sentence without its last clauses, where that keeps its truth; else the sentence itself.

    A clause that restricts ("unless", "except", "not") is never dropped, and what is left is a main
    clause of at least four words.
    """
    parts = clauses(sentence, book)
    kept = list(parts)
    while len(kept) > 1 and spoken_length(" ".join(kept)) > most and _droppable(kept, book):
        kept.pop()
    text = " ".join(kept)
    return closed(text, book) if len(kept) < len(parts) and len(words(text)) >= 4 else sentence


def _droppable(parts: list[str], book: Phrasebook) -> bool:
    before, last = " ".join(parts[:-1]), parts[-1]
    cut_at_mark = before.rstrip()[-1:] in ",;:"
    main_stays = not (len(parts) == 2 and book.starts_with("subordinators", before))
    return cut_at_mark and main_stays and not any(book.has("restrictions", w) for w in words(last))
