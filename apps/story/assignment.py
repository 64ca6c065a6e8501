"""What a writer is given, and the door that every writer shares."""

import random
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from apps.contracts.brief import Brief
from apps.contracts.codec import digest
from apps.contracts.decision import Curve, HookType, Persona, Strategy
from apps.contracts.judgement import Directive, DirectiveKind
from apps.story.phrases import Phrasebook, by_name, phrasebook
from apps.story.sourcing import Sources, sources_of
from apps.story.timing import Beat, words_a_second
from apps.story.tongue import is_hinglish
from apps.story.topic import Topic, read_topic
from apps.story.visuals import subject_of
from apps.story.wording import clean, sentences, unnumbered

#: Signals that shorter lines do not mend, but quicker ones.
SAID_TOO_SLOWLY = frozenset({"speech_rate", "hook_words", "hook_end"})
#: What a model is told to write in, by phrase book.
LANGUAGE_NAMES = {
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "de": "German",
    "it": "Italian",
    "pt": "Brazilian Portuguese",
    "hi": "Hindi in Devanagari script",
    "hi-latn": "Hinglish, which is Hindi written in Latin letters",
}


def is_about_speed(order: Directive) -> bool:
    """Whether an order to tighten is about how fast the lines are said, so that no word of them changes."""
    return order.kind is DirectiveKind.TIGHTEN_PACING and order.signal in SAID_TOO_SLOWLY


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """Everything that is decided before a word is written. `previous` are the beats to mend, if any;
    `openings` the first words of the channel's newest shorts, with which another is not to begin; `edited`
    says that a person mends them."""

    brief: Brief
    strategy: Strategy
    persona: Persona
    curve: Curve
    hook_type: HookType
    attempt: int = 1
    directives: tuple[Directive, ...] = ()
    previous: tuple[Beat, ...] = ()
    openings: tuple[str, ...] = ()
    edited: bool = False

    @cached_property
    def book(self) -> Phrasebook:
        """The phrase book for the brief's language and script."""
        return phrasebook(self.brief.language, self._material)

    @property
    def tongue(self) -> str:
        """The language to be spoken, as a phrase book: material in English that asks for Hindi gets Hindi."""
        if self.book.language == "hi-latn" and not is_hinglish(self._material):
            return "hi"
        return self.book.language

    @property
    def language_name(self) -> str:
        """The tongue, as a model is told it."""
        return LANGUAGE_NAMES.get(self.tongue, self.tongue)

    @cached_property
    def sources(self) -> Sources | None:
        """What the brief supplies to hold a narration to; None where it gives a topic only."""
        if not (self.brief.facts or self.brief.source_text.strip()):
            return None
        return sources_of([self.brief.topic, *self.brief.facts, self.brief.source_text], by_name(self.tongue))

    @cached_property
    def topic(self) -> Topic:
        """The topic in the shape that the brief's own sentences give its words."""
        return read_topic(self.brief.topic, " ".join(self.statements), self.book)

    @cached_property
    def subject(self) -> str:
        """What everything is about, in words for a picture."""
        return subject_of(self.topic.noun or self.brief.topic, self.book)

    @property
    def _material(self) -> str:
        return " ".join([self.brief.topic, *self.brief.facts, self.brief.source_text])

    @property
    def speed(self) -> float:
        """Words a second of this persona in this language."""
        return words_a_second(self.persona.voice.rate, self.book.pace)

    @property
    def haste(self) -> float:
        """How much quicker than planned the critic wants the lines said, 0-1."""
        return min(sum(order.amount for order in self.directives if is_about_speed(order)), 1.0)

    @cached_property
    def statements(self) -> list[str]:
        """The sentences that the brief supplies, facts first, then source text."""
        facts = [clean(f) for f in unnumbered(list(self.brief.facts))]
        lines = "\n".join([*facts, *unnumbered(self.brief.source_text.splitlines())])
        return sentences(lines, self.book)

    def dice(self, purpose: str) -> random.Random:
        """Repeatable chance for one purpose: the same brief, seed and attempt give the same draws."""
        return random.Random(digest([self.brief.topic, self.brief.seed, self.attempt, purpose]))


class Writer(Protocol):
    """Turns an assignment into beats: first hook, then escalate..., twist, last loop.

    Raises ProviderUnavailable (trying again may help) or UnableToProvide (it will not), with a message
    that holds no text of the brief, of a prompt or of a reply.
    """

    def write(self, assignment: Assignment) -> tuple[Beat, ...]: ...
