"""A writer behind any OpenAI-compatible chat API, held to the brief: shape, language, figures, names."""

import json
from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel

from apps.contracts.judgement import DirectiveKind
from apps.contracts.story import Purpose
from apps.foundation.notices import tell
from apps.foundation.providers import ProviderUnavailable, UnableToProvide
from apps.story.assignment import Assignment
from apps.story.prompts import mending_prompt, repair_prompt, shorter_prompt, story_prompt
from apps.story.providers.chat import Chat, Messages, Model
from apps.story.providers.reply import Line, MendingReply, StoryReply, Unusable, parsed, schema_of
from apps.story.revise import from_the_end, rewrites, tightened
from apps.story.timing import Beat, natural_seconds
from apps.story.tongue import is_in
from apps.story.visuals import in_phrases, visual_of
from apps.story.wording import clean, words

#: Answers asked for before giving up: the first, and two repaired.
TRIES = 3
#: Words that a hook may have before the answer is sent back.
LONGEST_HOOK = 16

_UNCONFIGURED = "No language model is configured. Set LLM_MODEL, and LLM_BASE_URL or LLM_API_KEY."
_UNUSABLE = (
    "The language model's answer could not be used, also after asking again. "
    "Try another model, or choose the writer 'facts'."
)
#: Lines by the number of their scene.
Lines = dict[int, Beat]
R = TypeVar("R", bound=BaseModel)


class LlmWriter:
    """Asks, has what is wrong repaired within TRIES, and takes over only what it was asked for."""

    def __init__(self, model: Model, *, chat: Chat | None = None) -> None:
        self._model = model
        self._chat = chat or Chat(model)

    def write(self, assignment: Assignment) -> tuple[Beat, ...]:
        """Beats from the model; a retry takes over only what the directives name."""
        if not self._model.configured:
            raise UnableToProvide(_UNCONFIGURED)
        if assignment.previous:
            return self._mended(assignment)
        lines = self._asked(story_prompt(assignment), StoryReply, _story_lines, assignment)
        return _fitted(tuple(lines.values()), assignment)

    def _mended(self, assignment: Assignment) -> tuple[Beat, ...]:
        beats = assignment.previous
        wanted = rewrites(assignment)
        if wanted:
            prompt = mending_prompt(assignment, wanted)
            mended = self._asked(prompt, MendingReply, _mended_lines, assignment)
            beats = tuple(mended.get(n, beat) for n, beat in enumerate(beats))
        for directive in from_the_end(assignment.directives):
            if directive.kind is DirectiveKind.TIGHTEN_PACING:
                beats = tightened(beats, directive, assignment)
        return beats

    def _asked(
        self,
        begun: Messages,
        kind: type[R],
        read: Callable[[R, Assignment], Lines],
        assignment: Assignment,
    ) -> Lines:
        """Lines without fault, or, after one repair of what only the sources can tell, with that fault."""
        messages, kept, limited = begun, Lines(), False
        for tries in range(1, TRIES + 1):
            try:
                answer = self._chat.ask(messages, schema_of(kind), limited=limited)
            except (ProviderUnavailable, UnableToProvide):
                if kept:
                    break  # a story with a doubt is better than none
                raise
            try:
                lines = _checked(read(parsed(answer.text, kind), assignment), assignment)
                doubt = None if kept else _doubt(lines, assignment)
                if doubt is None:
                    return lines
                kept, wrong = lines, doubt
            except Unusable as error:
                wrong = Unusable("cut off", "it was cut off.") if answer.cut else error
            if tries == TRIES or (answer.cut and limited):
                break  # or it was already asked to be shorter, with our own limit
            tell("writer_repaired", problem=wrong.problem, tries=tries)
            limited = limited or answer.cut
            messages = shorter_prompt(begun) if answer.cut else repair_prompt(begun, answer.text, str(wrong))
        if kept:
            return kept
        raise UnableToProvide(_UNUSABLE)


def _story_lines(reply: StoryReply, assignment: Assignment) -> Lines:
    lines = [
        (Purpose.HOOK, reply.hook),
        *((Purpose.ESCALATE, line) for line in reply.escalate),
        (Purpose.TWIST, reply.twist),
        (Purpose.LOOP, reply.loop),
    ]
    return {n: _beat(purpose, line, assignment) for n, (purpose, line) in enumerate(lines)}


def _mended_lines(reply: MendingReply, assignment: Assignment) -> Lines:
    """The lines that were asked for; others that the model could not leave alone are not taken."""
    wanted, beats = rewrites(assignment), assignment.previous
    given = {line.scene: line for line in reply.lines if line.scene in wanted}
    if missing := [str(n) for n in wanted if n not in given]:
        raise Unusable("wrong shape", f"there is no line for scene {', '.join(missing)}.")
    return {n: _beat(beats[n].purpose, line, assignment) for n, line in given.items()}


def _beat(purpose: Purpose, line: Line, assignment: Assignment) -> Beat:
    said, subject = clean(line.say), assignment.subject
    shown = in_phrases(clean(line.show), subject) or visual_of(said, subject, assignment.book)
    return Beat(purpose=purpose, narration=said, visual=shown)


def _checked(lines: Lines, assignment: Assignment) -> Lines:
    """The lines, if they can be spoken as they are. Raises Unusable."""
    if any(not words(beat.narration) for beat in lines.values()):
        raise Unusable("empty line", "a line has no words.")
    if 0 in lines and len(words(lines[0].narration)) > LONGEST_HOOK:
        raise Unusable("long hook", "the hook is longer than 12 words.")
    if not is_in(" ".join(beat.narration for beat in lines.values()), assignment.tongue):
        raise Unusable("wrong language", f"it is not in {assignment.language_name}; every line must be.")
    return lines


def _doubt(lines: Lines, assignment: Assignment) -> Unusable | None:
    """What the lines claim and the brief does not; None where it supplies nothing to hold them to."""
    sources = assignment.sources
    if sources is None:
        return None
    said = " ".join(beat.narration for beat in lines.values())
    figures, names = sources.figures_beyond(said), sources.names_beyond(said)
    if not figures and not names:
        return None
    problem = "unsourced figures" if figures else "unsourced names"
    claimed = ", ".join(json.dumps(one, ensure_ascii=False) for one in (*figures, *names))
    return Unusable(problem, f"no fact and no source text states {claimed}. Say only what they state.")


def _fitted(beats: tuple[Beat, ...], assignment: Assignment) -> tuple[Beat, ...]:
    """Without the last escalating lines, where all of them would be longer than the platform allows."""
    speed, most = assignment.speed, assignment.strategy.max_length
    kept = list(beats)
    while sum(natural_seconds(b.narration, speed) for b in kept) > most and len(kept) > 4:
        del kept[-3]
    return tuple(kept)
