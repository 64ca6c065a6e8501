"""Keeps a persona's sentence limits: long sentences are parted at clause borders, no word is changed."""

import re

from apps.script.language import Language

#: Words a sentence may have for each persona.sentence_length (field guide 2.1: mean of 10 or less).
MOST_WORDS = {"short": 10, "medium": 14, "long": 20}
#: Words that each part of a parted sentence has at least; shorter ones are fragments.
FEWEST_WORDS = 3
_SENTENCE = re.compile(r"(?<=[.!?…।])\s+")


def within_limits(text: str, sentence_length: str, language: Language) -> str:
    """The text with its long sentences parted where a clause ends; one without such a border stays."""
    most = MOST_WORDS.get(sentence_length, MOST_WORDS["medium"])
    return " ".join(_parted(sentence, most, language) for sentence in _SENTENCE.split(text.strip()))


def _parted(sentence: str, most: int, language: Language) -> str:
    tokens = sentence.split()
    borders = [
        i for i in range(FEWEST_WORDS, len(tokens) - FEWEST_WORDS + 1) if _is_border(tokens, i, language)
    ]
    if len(tokens) <= most or not borders:
        return sentence
    at = min(borders, key=lambda i: abs(2 * i - len(tokens)))
    head, tail = tokens[:at], tokens[at:]
    if set(head[-1]) <= set("—–-"):
        head.pop()
    stop = "।" if re.search(r"[\u0900-\u097f]", sentence) else "."
    head[-1] = head[-1].rstrip(",;:—–-") + stop
    tail[0] = tail[0][:1].upper() + tail[0][1:]
    return f"{_parted(' '.join(head), most, language)} {_parted(' '.join(tail), most, language)}"


def _is_border(tokens: list[str], at: int, language: Language) -> bool:
    before, word = tokens[at - 1], tokens[at].casefold()
    if not before.strip("—–-") or before[-1] in ";:":
        return True
    if before[-1] == ",":
        return word in language.lists["breaks_after_comma"]
    return word in language.lists["breaks"] and before.casefold() not in language.lists["clings"]
