"""The first sentence: candidates out of frames and facts, and which takes hold best. No payoff in it."""

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from apps.contracts.decision import HookType
from apps.story.interest import Fact, hookable
from apps.story.phrases import Phrasebook
from apps.story.topic import Topic
from apps.story.wording import EDGES, content_words, stems, words

#: Words of the first sentence; more are not spoken inside any platform's hook window (field guide 2.1).
MOST_WORDS = 12
#: How many of the best candidates the seed chooses from.
BEST = 3
_FIGURE = re.compile(r"[$€£₹]?\d[\d.,]*%?")
_YEAR = re.compile(r"1[1-9]\d\d|20\d\d")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Hook:
    """What is said first. `fact` is the brief's fact that it spends, `anchor` the one that lends a figure."""

    text: str
    fact: Fact | None = None
    anchor: Fact | None = None

    @property
    def is_question(self) -> bool:
        """Whether it ends in a question, so that the tail leads into one."""
        return self.text.rstrip().endswith("?")


def choose_hook(
    hook_type: HookType,
    *,
    topic: Topic,
    facts: list[Fact],
    spendable: list[Fact],
    payoff: str,
    book: Phrasebook,
    rng: random.Random,
    avoid: frozenset[str] = frozenset(),
) -> Hook:
    """One of the best hooks of that type (of the others where it has none that fits).

    `spendable` facts may be used up by the hook; the words of `payoff` must stay unsaid.
    """
    hidden = stems(payoff, book) - stems(" ".join(topic.slots.values()) + topic.question, book)
    order = [hook_type, *(t for t in HookType if t is not hook_type)]
    for kind in order:
        fitting = [h for h in candidates(kind, topic, facts, spendable, book) if h.text not in avoid]
        kept = [h for h in fitting if _fits(h) and not stems(h.text, book) & hidden]
        if kept:
            ranked = sorted(kept, key=lambda h: (-strength(h, topic, book), h.text))
            return rng.choice(ranked[:BEST])
    bare = book.hooks[hook_type.value]["bare"]
    return Hook(rng.choice([b for b in bare if b not in avoid] or bare))


def candidates(
    kind: HookType, topic: Topic, facts: list[Fact], spendable: list[Fact], book: Phrasebook
) -> Iterator[Hook]:
    """Every hook of one type that topic and facts can fill."""
    frames = book.hooks[kind.value]
    if kind is HookType.QUESTION and topic.question:
        yield Hook(topic.question)
    for family in ("about", "asking", "bare"):
        for text in filled(frames.get(family, ()), topic.slots):
            yield Hook(text)
    for fact in spendable:
        if hookable(fact, book) and (kind is not HookType.NUMBER or figure(fact.text, book)):
            yield from (Hook(t, fact=fact) for t in filled(frames["fact"], {"fact": fact.text}))
    for fact in facts:
        if number := figure(fact.text, book):
            yield from (Hook(t, anchor=fact) for t in filled(frames.get("number", ()), {"number": number}))


def filled(frames: Iterable[str], slots: dict[str, str]) -> Iterator[str]:
    """The frames whose slots are all there, filled. What is filled in is never read as a frame."""
    for frame in frames:
        if all(name in slots for name in _SLOT.findall(frame)):
            yield _SLOT.sub(lambda m: slots[m[1]], frame)


def figure(text: str, book: Phrasebook) -> str:
    """The most striking figure of a statement as it is written there, without its noun; "" if none."""
    tokens = [t.strip(EDGES) for t in text.split()]
    found = [t for t in tokens if _FIGURE.fullmatch(t) and not _YEAR.fullmatch(t)]
    if found:
        return max(found, key=lambda t: (sum(ch.isdigit() for ch in t), len(t)))
    spelt = [t for t in tokens[1:] if t.casefold() in book.lists["number_words"] and len(t) > 2]
    return spelt[0].capitalize() if spelt else ""


def _fits(hook: Hook) -> bool:
    first = hook.text
    for mark in "?!.।":
        first = first.split(f"{mark} ")[0]
    return len(words(first)) <= MOST_WORDS and len(words(hook.text)) <= MOST_WORDS + 5


def strength(hook: Hook, topic: Topic, book: Phrasebook) -> float:
    """How well a hook takes hold, 0-1: the weighted features of field guide 2.1 that text can show."""
    found = words(hook.text)
    head = found[:3]
    score = 0.18 * any(book.has("negations", w) for w in found)
    score += 0.10 * hook.is_question
    score += 0.08 * any(ch.isdigit() for ch in hook.text)
    score += 0.12 * (len(found) <= MOST_WORDS)
    score += 0.06 * any(w not in book.stopwords for w in head)
    score += 0.06 * any(book.has("extremes", w) or book.superlative.search(w) for w in found)
    if hook.fact:
        # A concrete fact beats any frame around a topic, the more surprising the better.
        return score + 0.25 + 0.1 * hook.fact.surprise
    if hook.anchor:
        return score + 0.3 + 0.05 * hook.anchor.surprise
    named = set(content_words(" ".join([*topic.slots.values(), topic.question]), book))
    return score + 0.25 * bool(named & set(found))
