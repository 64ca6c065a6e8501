"""The last line: it does not close, it leads back into the first."""

import random

from apps.contracts.decision import LoopTechnique
from apps.story.hooks import Hook, filled
from apps.story.phrases import Phrasebook
from apps.story.topic import Topic
from apps.story.wording import spoken_length

#: Spoken words of a tail; a longer one delays the loop that it is there for.
LONGEST = 9


def choose_tail(
    technique: LoopTechnique,
    hook: Hook,
    topic: Topic,
    *,
    book: Phrasebook,
    rng: random.Random,
    avoid: frozenset[str] = frozenset(),
) -> str:
    """A line that reads on into the hook; one that names the topic where there is one, for the echo."""
    form = "question" if hook.is_question else "statement" if hook.fact else "claim"
    options = list(filled(book.tails[form][technique.value], topic.slots))
    fresh = [t for t in options if t not in avoid] or options
    fresh = [t for t in fresh if spoken_length(t) <= LONGEST] or fresh
    naming = [t for t in fresh if topic.noun and topic.noun.casefold() in t.casefold()]
    return rng.choice(naming or fresh)
