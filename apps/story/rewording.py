"""Other first and last lines for a story that was measured, strongest first. No dice: the best is wanted.

Where one did not help, the next in the ranking is the other way of carrying the order out.
"""

from collections.abc import Iterator

from apps.contracts.decision import HookType
from apps.contracts.opening import opening_of
from apps.contracts.story import Purpose
from apps.story.assignment import Assignment
from apps.story.hooks import MOST_WORDS, Hook, candidates, filled, fits, strength
from apps.story.interest import Fact
from apps.story.loops import LONGEST
from apps.story.phrases import Phrasebook
from apps.story.timing import Beat
from apps.story.topic import Topic
from apps.story.wording import sentences, spoken_length, stems, words

#: Weights of what makes a first sentence take hold (field guide 2.1): negation has causal evidence, the rest
#: are design values.
NEGATION, OPEN, SHORT, ADDRESS, QUESTION, NUMBER, EXTREME = 0.18, 0.18, 0.12, 0.10, 0.10, 0.08, 0.06
#: How the writer speaks to the viewer, in every language there is a phrase book for.
ADDRESSES = frozenset((
    "you", "your", "yours", "tú", "tu", "tus", "te", "ti", "usted", "su", "vous", "votre", "vos",
    "toi", "du", "dein", "deine", "dich", "dir", "sie", "ihr", "tuo", "tua", "você", "seu", "sua",
    "aap", "tum", "tumhe", "aapka", "आप", "आपका", "आपके", "आपकी", "तुम", "तुम्हें",
))  # fmt: skip
#: Words that leave something open until it is told.
OPENERS = frozenset((
    "this", "these", "why", "how", "what", "something", "secret", "reason", "esto", "este", "esta",
    "cómo", "qué", "secreto", "razón", "pourquoi", "comment", "cela", "ceci", "secret", "raison",
    "warum", "wie", "was", "dieser", "diese", "dieses", "geheimnis", "grund", "perché", "come",
    "cosa", "questo", "questa", "segreto", "por", "como", "que", "isto", "este", "segredo", "kyun",
    "kaise", "kya", "raaz", "क्यों", "कैसे", "क्या", "यह", "राज़",
))  # fmt: skip
#: What the writer's own liking of a hook counts beside its features; each second over the hook window; a
#: form (question or not) that the tail does not read on into; and a tail that shares no word with it.
LIKING, OVERRUN, OTHER_FORM, NO_ECHO = 0.3, 0.15, 0.12, 0.15
#: What each letter of the average word counts over SHORT_WORD: few long words are said in a hook window.
LONG_WORDS, SHORT_WORD = 0.05, 4.0


def other_hooks(
    beats: tuple[Beat, ...], assignment: Assignment, topic: Topic, facts: list[Fact]
) -> list[Hook]:
    """First sentences of any type but the one there is, strongest first; none spends a fact told elsewhere,
    none gives the twist away. Those that open as the channel did of late come last."""
    book, before = assignment.book, beats[0].narration
    told = stems(" ".join(b.narration for b in beats[1:]), book)
    unsaid = [f for f in facts if len(stems(f.text, book) & told) <= 0.5 * len(stems(f.text, book))]
    twist = next((b.narration for b in beats if b.purpose is Purpose.TWIST), "")
    hidden = stems(twist, book) - stems(" ".join([*topic.slots.values(), topic.question]), book)
    found = {
        hook.text: hook
        for kind in HookType
        for hook in candidates(kind, topic, facts, unsaid, book)
        if hook.text != before and fits(hook) and not stems(hook.text, book) & hidden
    }
    tail = sentences(beats[-1].narration, book)[-1:]
    return sorted(
        found.values(),
        key=lambda h: (
            opening_of(h.text) in assignment.openings,
            -_worth(h, before, "".join(tail), assignment, topic),
            h.text,
        ),
    )


def _worth(hook: Hook, before: str, tail: str, assignment: Assignment, topic: Topic) -> float:
    book = assignment.book
    first = sentences(hook.text, book)[0]
    late = spoken_length(first) / assignment.speed - assignment.strategy.hook_window_seconds
    letters = [len(word) for word in words(first)]
    other_form = hook.is_question is not before.rstrip().endswith("?")
    echoes = bool(stems(hook.text, book) & stems(tail, book))
    return (
        grip(hook.text, book)
        + LIKING * strength(hook, topic, book)
        - OVERRUN * max(late, 0.0)
        - LONG_WORDS * max(sum(letters) / max(len(letters), 1) - SHORT_WORD, 0.0)
        - OTHER_FORM * other_form
        - NO_ECHO * (not echoes)
    )


def grip(text: str, book: Phrasebook) -> float:
    """How a sentence takes hold by its features, 0 to about 0.8."""
    found = [word.casefold() for word in words(text)]
    numbers = book.lists["number_words"]
    return (
        NEGATION * any(book.has("negations", word) for word in found)
        + OPEN * any(word in OPENERS for word in found)
        + SHORT * (len(found) <= MOST_WORDS)
        + ADDRESS * any(word in ADDRESSES for word in found)
        + QUESTION * text.rstrip().endswith("?")
        + NUMBER * any(word in numbers or any(ch.isdigit() for ch in word) for word in found)
        + EXTREME * any(book.has("extremes", word) or bool(book.superlative.search(word)) for word in found)
    )


def other_tails(hook: str, before: str, assignment: Assignment, topic: Topic) -> list[str]:
    """Last lines but the one there is, those first that lead back best: they share words with the hook, and
    stop where it begins. The strategy's technique before the others."""
    book, technique = assignment.book, assignment.strategy.loop_technique
    form = "question" if hook.rstrip().endswith("?") else "claim"
    said = stems(hook, book)

    def options() -> Iterator[tuple[bool, str]]:
        for name, frames in book.tails[form].items():
            for text in filled(frames, topic.slots):
                yield name == technique.value, text

    fresh = {text: own for own, text in options() if text not in before}
    return sorted(
        fresh,
        key=lambda text: (
            spoken_length(text) > LONGEST,
            -len(stems(text, book) & said),
            not fresh[text],
            text,
        ),
    )
