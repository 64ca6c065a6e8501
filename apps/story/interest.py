"""How surprising a fact is, and in which order facts can be told. It changes no fact."""

import re
from collections import Counter
from dataclasses import dataclass

from apps.story.phrases import Phrasebook
from apps.story.wording import content_words, spoken_length, stem, stems, words

_FIGURE = re.compile(r"\d")
_YEAR = re.compile(r"\b(1[0-9]{3}|20[0-9]{2})\b")
#: Weights of what makes a statement surprising; after the causal features of headline tests
#: (negation and stakes before size and contrast), scaled so that a plain statement scores 0.
NEGATION, EXTREME, SUPERLATIVE, FIGURE, MONEY, CONTRAST, ECHO = 0.9, 0.6, 0.8, 0.5, 0.3, 0.5, 0.5
#: What words shared with the topic cost, and what they are worth in answer to a topic that asks.
REPEATS, ANSWERS = 0.8, 0.8
#: What the last place in the brief is worth for a twist.
LATER = 0.6
#: Sentences from which a tale can be told from a list, and shares of them that tell, name the same actor,
#: instruct, or reckon.
FEWEST_TOLD = 4
TELLING, RECURRING, INSTRUCTING, RECKONING = 0.6, 0.3, 0.4, 0.5
#: Spoken words of a fact that lands in one breath; further away from it costs.
IDEAL_WORDS = 11.0
#: Spoken words of a twist; each one more costs TOO_LONG of surprise, since a punch line is short.
LONGEST_TWIST = 16.0
TOO_LONG = 0.08


@dataclass(frozen=True)
class Fact:
    """One statement of the brief. `order` is its place there; `surprise` compares within a brief."""

    order: int
    text: str
    surprise: float
    tied: bool = False  # makes no sense unless the fact before it was just told

    @property
    def length(self) -> float:
        """Words when read out."""
        return spoken_length(self.text)


def surprise(text: str, book: Phrasebook) -> float:
    """How much a statement goes against expectation, 0 to about 3, from its words alone."""
    found = words(text)
    score = NEGATION * min(1, sum(book.has("negations", w) for w in found))
    score += EXTREME * min(2, sum(book.has("extremes", w) for w in found))
    score += SUPERLATIVE * any(book.superlative.search(w) for w in found)
    score += CONTRAST * any(book.has("contrasts", w) for w in found)
    score += ECHO * _echoes(text, book)
    score += MONEY * any(ch in "$€£₹%" for ch in text)
    score += FIGURE * any(_FIGURE.search(w) or book.has("number_words", w) for w in found)
    length = spoken_length(text)
    return score - 0.04 * abs(length - IDEAL_WORDS) - TOO_LONG * max(0.0, length - LONGEST_TWIST)


def _echoes(text: str, book: Phrasebook) -> bool:
    """Whether a content word comes twice, as in a saying; in a long sentence that is nothing special."""
    found = [stem(w) for w in content_words(text, book)]
    return len(set(found)) < len(found) and spoken_length(text) <= IDEAL_WORDS + 1


def facts_from(sentences: list[str], topic: str, book: Phrasebook) -> list[Fact]:
    """Scored facts in their order; what says the same as an earlier one is left out.

    A fact that only says what the topic says is not a surprise, so shared words cost a little; where the
    topic asks, a fact that goes into the question is what the viewer waits for.
    """
    about, asks = stems(topic, book), book.starts_with("question_leads", topic)
    # A stem that most sentences have tells nothing of whether they answer.
    named = Counter(one for text in sentences for one in stems(text, book))
    common = {one for one, times in named.items() if times > len(sentences) / 2}
    seen: list[frozenset[str]] = []
    facts: list[Fact] = []
    for text in sentences:
        own = stems(text, book)
        if any(_same(own, other) for other in seen):
            continue
        seen.append(own)
        score = surprise(text, book) - REPEATS * len(own & about) / max(1, len(own))
        if asks and own & (about - common) and not own <= about:
            score += ANSWERS
        facts.append(
            Fact(len(facts), text, score, bool(facts) and _is_tied(text, facts[-1].text, about, book))
        )
    return facts


def _is_tied(text: str, before: str, about: frozenset[str], book: Phrasebook) -> bool:
    """Whether a statement points back: plainly, or by a pronoun that is not for the topic itself."""
    opens_on_topic = bool(stems(" ".join(before.split()[:3]), book) & about)
    stands_for_topic = opens_on_topic or leans(before, book)
    return (
        follows(text, book)
        or book.starts_with("contrasts", text)
        or (book.starts_with("pronouns", text) and not stands_for_topic)
    )


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one) and len(one & other) / len(one | other) >= 0.8


def is_sequence(facts: list[Fact], book: Phrasebook) -> bool:
    """Whether the facts tell something in order: a tale, a history, steps. Then order is kept."""
    years = [int(m.group()) for f in facts if (m := _YEAR.search(f.text))]
    ascending = len(years) >= 3 and years == sorted(years) and len(set(years)) > 1
    told = sum(_has_its_time(f.text, book) for f in facts)
    leaning = sum(leans(f.text, book) for f in facts)
    leant = told >= 2 or (told >= 1 and leaning >= 2) or leaning > 0.4 * len(facts) > 1
    return ascending or leant or is_tale(facts, book) or _reckons(facts) or _instructs(facts, book)


def is_tale(facts: list[Fact], book: Phrasebook) -> bool:
    """Whether most sentences tell what happened, and to the same ones."""
    if len(facts) < FEWEST_TOLD or sum(tells(f.text, book) for f in facts) < TELLING * len(facts):
        return False
    named = Counter(stem for f in facts for stem in stems(f.text, book))
    leaning = sum(leans(f.text, book) for f in facts)
    return max([leaning, *named.values()]) >= RECURRING * len(facts)


def tells(text: str, book: Phrasebook) -> bool:
    """Whether a sentence tells what happened."""
    return bool(book.past.search(text)) and not book.present.search(text)


def _reckons(facts: list[Fact]) -> bool:
    """Whether money or shares run through the facts: each sum is understood from those before it."""
    sums = sum(any(ch in "$€£₹%" for ch in f.text) or "percent" in f.text for f in facts)
    return sums >= 3 and sums >= RECKONING * len(facts)


def _instructs(facts: list[Fact], book: Phrasebook) -> bool:
    """Whether the facts are steps of something to do."""
    steps = sum(bool(book.steps.search(f.text)) for f in facts)
    return steps >= 3 and steps >= INSTRUCTING * len(facts)


def _has_its_time(text: str, book: Phrasebook) -> bool:
    """Whether the statement opens on when it happened ("Then...", "In 1932...", "Four years later...")."""
    opening = text.split(",")[0].split()[:4]
    rests = (" ".join(opening[i:]) for i in range(min(3, len(opening))))
    return bool(_YEAR.search(" ".join(opening[:2]))) or any(book.starts_with("sequence", r) for r in rests)


def leans(text: str, book: Phrasebook) -> bool:
    """Whether the statement needs the one before it to be understood."""
    return book.starts_with("bound", text) or book.starts_with("pronouns", text)


def follows(text: str, book: Phrasebook) -> bool:
    """Whether the statement makes no sense unless the one before it was just told.

    "Two of them..." and "... reached that bottom" point back.
    """
    found = words(text)
    end = found[-2:] if len(found) > 3 else []
    ends_pointing = any(book.has("bound", w) for w in end) or any(book.has("pronouns", w) for w in end[1:])
    points = any(book.has("pronouns", w) for w in found[2:3])
    return book.starts_with("bound", text) or points or ends_pointing


def strongest(facts: list[Fact], book: Phrasebook, *, sequence: bool, most: float = LONGEST_TWIST) -> Fact:
    """The fact to keep for the twist; in a sequence its end. Longer than `most` words costs.

    Lists build up too: what stands later in the brief is worth a little more.
    """
    if sequence:
        return facts[-1]
    free = [f for f in facts if not f.tied] or facts
    later = LATER / max(1, len(facts) - 1)
    return max(
        free, key=lambda f: (f.surprise + later * f.order - TOO_LONG * max(0.0, f.length - most), f.order)
    )


def hookable(fact: Fact, book: Phrasebook) -> bool:
    """Whether a stranger understands the fact at second 0: short, whole, and about something named."""
    return (
        3 <= len(words(fact.text)) <= 11
        and fact.length <= 12
        and not (leans(fact.text, book) or follows(fact.text, book))
        and len(content_words(fact.text, book)) >= 2
        and not fact.text.endswith(("?", ":"))
    )
