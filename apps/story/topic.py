"""The brief's topic as a part of speech: what can be said *about*, what is asked, what is whole already."""

import re
from dataclasses import dataclass

from apps.story.phrases import Phrasebook
from apps.story.wording import EDGES, capitalised, clean, closed, words

#: Words of a topic that still fit into a frame; longer ones would push the hook over its limit.
LONGEST_NOUN = 8
LONGEST_CLAUSE = 8
#: Words of a topic that is a question as it stands; it is the hook then.
MOST_ASKED = 12
#: Words from which an English topic may be a sentence without an auxiliary.
FEWEST_IN_SENTENCE = 4


@dataclass(frozen=True)
class Topic:
    """`noun`, `asking`, `question` and `statement` are empty where the topic is not of that shape."""

    noun: str = ""
    asking: str = ""
    question: str = ""
    statement: str = ""

    @property
    def slots(self) -> dict[str, str]:
        """The frame slots that this topic can fill."""
        filled = {"topic": self.noun, "Topic": capitalised(self.noun), "asking": self.asking}
        return {name: value for name, value in filled.items() if value}


def read_topic(text: str, facts_text: str, book: Phrasebook) -> Topic:
    """What shape the topic has. `facts_text` shows how its words are written within sentences."""
    plain = clean(text).strip("\"“”«»'.!। ")
    if plain.rstrip().endswith("?"):
        return Topic(question=capitalised(plain) if len(words(plain)) <= 12 else "")
    # What stands before a colon names the thing; what follows explains it.
    plain = re.split(r"\s*[:|]\s+|\s+[–—]\s+", plain)[0]
    plain = book.topic_leads.sub("", plain).strip(EDGES.replace("(", "").replace(")", ""))
    count = len(words(plain))
    if _asks_plainly(plain, count, book):
        return Topic(question=f"{capitalised(plain)}{' ?' if book.language == 'fr' else '?'}")
    if book.starts_with("question_leads", plain):
        return Topic(asking=_lowered(plain, facts_text) if 2 <= count <= LONGEST_CLAUSE else "")
    if not count or count > LONGEST_NOUN:
        return Topic()
    if _is_sentence(plain, book):
        return Topic(statement=closed(plain, book))
    return Topic(noun=_with_article(_lowered(plain, facts_text), facts_text, book))


def _asks_plainly(text: str, count: int, book: Phrasebook) -> bool:
    """Whether a question mark alone makes a question of the topic; Hindi asks anywhere in the sentence,
    English and German turn the words round."""
    if book.language in {"hi", "hi-latn"}:
        return count <= MOST_ASKED and any(book.has("question_leads", w) for w in words(text))
    turned = book.language in {"en", "de"}
    return not turned and LONGEST_CLAUSE < count <= MOST_ASKED and book.starts_with("question_leads", text)


def _is_sentence(text: str, book: Phrasebook) -> bool:
    if any(book.has("auxiliaries", w) for w in words(text)[1:]):
        return True
    # "Trees talk to each other": no article, a plural, and a small word after it that carries meaning.
    first, second = [*text.split(), ""][:2]
    bare = book.language == "en" and len(words(text)) >= FEWEST_IN_SENTENCE
    return bare and first.endswith("s") and second.islower() and second not in book.stopwords


def _lowered(text: str, facts_text: str) -> str:
    """The text as it would stand inside a sentence: a capital stays only where it is part of the word."""
    first, _, rest = text.partition(" ")
    small = first[:1].lower() + first[1:]
    if any(ch.isupper() for ch in first[1:]):
        return text
    stands_small = re.search(rf"(?<!\w){re.escape(small)}", facts_text)
    stands_tall = re.search(rf"[\w,] {re.escape(first)}", facts_text)
    titled = rest and all(w[:1].isupper() or len(w) < 4 for w in rest.split())
    if stands_small and not stands_tall:
        return f"{small} {_lower_title(rest, facts_text)}".strip()
    if stands_tall or titled:
        return text
    return f"{small} {rest}".strip() if rest else text


def _lower_title(rest: str, facts_text: str) -> str:
    """Title Case is undone where the facts write all of its words small; a name keeps its capitals."""
    tall = [w for w in rest.split() if w[:1].isupper()]
    if all(re.search(rf"(?<!\w){re.escape(w.lower())}", facts_text) for w in tall):
        return " ".join(w.lower() if w in tall else w for w in rest.split())
    return rest


def _with_article(noun: str, facts_text: str, book: Phrasebook) -> str:
    """The noun with the definite article that the facts give it, if it came without."""
    if book.starts_with("articles", noun):
        return noun
    for article in sorted(
        book.lists["articles"], key=lambda a: (a in {"un", "una", "ein", "eine", "a", "an"}, a)
    ):
        joint = "" if article.endswith("'") else " "
        found = re.search(rf"(?<!\w){article}{joint}{re.escape(noun)}(?!\w)", facts_text, re.IGNORECASE)
        if found and " " not in noun:
            chosen = "the" if article in {"a", "an"} and book.language == "en" else article
            return f"{chosen}{joint}{noun}"
    return noun
