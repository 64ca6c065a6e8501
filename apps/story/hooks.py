"""The first sentence: candidates out of frames and facts, and which takes hold best. No payoff in it."""

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from apps.contracts.decision import HookType
from apps.contracts.opening import opening_of
from apps.story.interest import Fact, hookable
from apps.story.phrases import Phrasebook
from apps.story.topic import Topic
from apps.story.wording import EDGES, capitalised, content_words, stems, words

#: Words of the first sentence; more are not spoken inside any platform's hook window (field guide 2.1).
MOST_WORDS = 12
#: How many of the best candidates the seed chooses from.
BEST = 3
#: Strength within which two hooks are taken to hold equally well.
AS_GOOD = 0.15
#: Numbers that surprise nobody: one is an article in disguise, most things come in twos, and a half needs
#: its whole.
ORDINARY = frozenset(
    ("one", "un", "una", "une", "uno", "ein", "eine", "um", "uma", "ek", "एक",
     "two", "dos", "deux", "zwei", "due", "dois", "duas", "do", "दो",
     "half", "twice", "double", "mitad", "doble", "moitié", "hälfte", "doppelt", "metà", "doppio", "metade",
     "dobro", "aadha", "आधा")
)  # fmt: skip
#: Words that turn a figure into another one; without them it would be false.
SIGNED = [["minus"], ["menos"], ["moins"], ["meno"], ["माइनस"]]
#: Surprise of a fact that is worth no more than a frame around the topic.
PLAIN = 0.5
#: Letters of the average content word above which a first sentence is decoded, not heard.
HARD_LETTERS = 7.5
_FIGURE = re.compile(r"[$€£₹]?\d[\d.,_]*%?")
_GROUPED = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
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
    tale: bool = False,
    avoid: frozenset[str] = frozenset(),
    stale: frozenset[str] = frozenset(),
) -> Hook:
    """One of the best hooks of that type (of the others where it has none that fits).

    `spendable` facts may be used up by the hook; the words of `payoff` must stay unsaid. A `tale` opens on
    its end, which is what one stays for. `avoid` are whole hooks that are out; `stale` openings (their
    first words, as `opening_of` says them) are taken only where nothing else fits.
    """
    if tale:
        frames = book.tales.get(hook_type.value, book.tales["mystery"])
        told = [Hook(t) for t in filled(frames, topic.slots) if t not in avoid]
        options = [h for h in told if fits(h)] or [Hook(t) for t in book.tales["bare"]]
        others = [Hook(t) for kind in book.tales.values() for t in filled(kind, topic.slots)]
        fresh = _fresh(options, stale) or _fresh(filter(fits, others), stale)
        return rng.choice(fresh or options)
    named = " ".join([*topic.slots.values(), topic.question, topic.statement])
    hidden = stems(payoff, book) - stems(named, book)
    order = [hook_type, *(t for t in HookType if t is not hook_type)]
    fitting = [
        [
            h
            for h in candidates(kind, topic, facts, spendable, book)
            if h.text not in avoid and fits(h) and not stems(h.text, book) & hidden
        ]
        for kind in order
    ]
    for kept in (*(_fresh(hooks, stale) for hooks in fitting), *fitting):
        if kept:
            ranked = sorted(kept, key=lambda h: (-strength(h, topic, book), h.text))
            enough = strength(ranked[0], topic, book) - AS_GOOD
            return rng.choice([h for h in ranked[:BEST] if strength(h, topic, book) >= enough])
    bare = book.hooks[hook_type.value]["bare"]
    return Hook(rng.choice([b for b in bare if b not in avoid] or bare))


def _fresh(hooks: Iterable[Hook], stale: frozenset[str]) -> list[Hook]:
    """The hooks that do not begin as others did of late."""
    return [hook for hook in hooks if opening_of(hook.text) not in stale]


def candidates(
    kind: HookType, topic: Topic, facts: list[Fact], spendable: list[Fact], book: Phrasebook
) -> Iterator[Hook]:
    """Every hook of one type that topic and facts can fill."""
    frames = book.hooks[kind.value]
    if topic.question and kind is not HookType.NUMBER:
        yield Hook(topic.question)
    if topic.statement and kind is not HookType.NUMBER:
        yield from (Hook(text) for text in filled(frames["fact"], {"fact": topic.statement}))
    # A number hook says its number; another frame would promise one that may never come.
    for family in () if kind is HookType.NUMBER else ("about", "asking", "bare"):
        for text in filled(frames.get(family, ()), topic.slots):
            yield Hook(text)
    for fact in spendable:
        if hookable(fact, book) and (kind is not HookType.NUMBER or figure(fact.text, book)):
            yield from (Hook(t, fact=fact) for t in filled(frames["fact"], {"fact": fact.text}))
    for fact in facts:
        if number := figure(fact.text, book):
            slots = {**topic.slots, "number": number, "Number": capitalised(number)}
            told = any(part in topic.noun for part in re.findall(r"\d+", number))
            fresh = (f for f in frames.get("number", ()) if not (told and "{Topic}" in f))
            yield from (Hook(t, anchor=fact) for t in filled(fresh, slots))


def filled(frames: Iterable[str], slots: dict[str, str]) -> Iterator[str]:
    """The frames whose slots are all there, filled. What is filled in is never read as a frame."""
    for frame in frames:
        if all(name in slots for name in _SLOT.findall(frame)):
            yield _SLOT.sub(lambda m: slots[m[1]], frame)


def figure(text: str, book: Phrasebook) -> str:
    """The most striking figure of a statement with what it counts ("nine brains", "$1,300"); "" if none.

    A number alone says nothing to a stranger; only money and shares stand without a noun.
    """
    tokens = _GROUPED.sub("_", text).split()
    found = [
        f
        for i in range(len(tokens))
        if tokens[i - 1 : i] not in SIGNED
        and not _is_share(tokens[max(0, i - 2) : i], book)
        and (f := _counted(tokens[i : i + 3], book))
    ]
    return max(found, key=lambda f: sum(ch.isdigit() for ch in f), default="").replace("_", " ")


def _is_share(before: list[str], book: Phrasebook) -> bool:
    """Whether a figure after these tokens is the whole of a share: "28 of 40 jumpers" are not 40."""
    number, joint = before if len(before) == 2 else ("", "")
    return bool(_FIGURE.fullmatch(number)) and not _YEAR.fullmatch(number) and joint in book.stopwords


def _counted(tokens: list[str], book: Phrasebook) -> str:
    """The figure that `tokens` begin with, up to its noun."""
    number, *after = tokens
    if book.starts_with("sequence", " ".join(after)):
        return ""  # "four years later" tells when, not what
    bare = number.strip(EDGES)
    spelt = bare.casefold() in book.lists["number_words"] - ORDINARY and len(bare) > 2
    if _YEAR.fullmatch(bare) or not (spelt or _FIGURE.fullmatch(bare)):
        return ""
    if any(ch in bare for ch in "$€£₹%"):
        return bare
    for i, token in enumerate(after):
        noun = token.strip(EDGES)
        low = noun.casefold()
        if number[-1] in ",;:." or not noun.isalpha() or low in book.stopwords:
            return ""
        if low not in book.lists["number_words"]:
            return " ".join([bare, *(t.strip(EDGES) for t in after[: i + 1])])
        number = token
    return ""


def fits(hook: Hook) -> bool:
    """Whether the first sentence is short enough to be heard within a hook window."""
    first = hook.text
    for mark in "?!.।":
        first = first.split(f"{mark} ")[0]
    return len(words(first)) <= MOST_WORDS and len(words(hook.text)) <= MOST_WORDS + 5


def _is_hard(text: str, book: Phrasebook) -> bool:
    """Whether a stranger has to decode the words: long ones on average."""
    found = content_words(text, book)
    return sum(map(len, found)) > HARD_LETTERS * len(found)


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
    if (topic.asking and topic.asking in hook.text) or topic.question == hook.text:
        # The question that the brief itself asks is what the viewer stays for.
        return score + 0.7
    if hook.fact:
        # A concrete fact beats any frame around a topic, the more surprising the better.
        return score + 0.25 + 0.2 * (hook.fact.surprise - PLAIN) - 0.1 * _is_hard(hook.fact.text, book)
    if hook.anchor:
        return score + 0.3 + 0.2 * hook.anchor.surprise
    if topic.statement and topic.statement in hook.text:
        return score + 0.5
    named = set(content_words(" ".join([*topic.slots.values(), topic.question]), book))
    return score + (0.25 if named & set(found) else -0.2)
