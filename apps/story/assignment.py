"""What a writer is given, and the door that every writer shares."""

import random
from dataclasses import dataclass
from typing import Protocol

from apps.contracts.brief import Brief
from apps.contracts.codec import digest
from apps.contracts.decision import Curve, HookType, Persona, Strategy
from apps.contracts.judgement import Directive
from apps.story.phrases import Phrasebook, phrasebook
from apps.story.timing import Beat, words_a_second
from apps.story.wording import clean, sentences, unnumbered


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """Everything that is decided before a word is written. `previous` are the beats to mend, if any."""

    brief: Brief
    strategy: Strategy
    persona: Persona
    curve: Curve
    hook_type: HookType
    attempt: int = 1
    directives: tuple[Directive, ...] = ()
    previous: tuple[Beat, ...] = ()

    @property
    def book(self) -> Phrasebook:
        """The phrase book for the brief's language and script."""
        return phrasebook(
            self.brief.language, " ".join([self.brief.topic, *self.brief.facts, self.brief.source_text])
        )

    @property
    def speed(self) -> float:
        """Words a second of this persona in this language."""
        return words_a_second(self.persona.voice.rate, self.book.pace)

    @property
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
