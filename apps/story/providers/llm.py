"""A writer behind any OpenAI-compatible chat API. Prompt and reply go to the provider and nowhere else."""

import json
import re
from dataclasses import dataclass

import openai
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from apps.contracts.judgement import DirectiveKind
from apps.contracts.story import Purpose
from apps.foundation.providers import ProviderUnavailable, UnableToProvide
from apps.story.assignment import Assignment
from apps.story.prompts import Messages, repair_prompt, story_prompt
from apps.story.revise import tightened
from apps.story.timing import Beat, natural_seconds
from apps.story.wording import clean, words

#: Seconds one answer may take; the orchestrator tries again after that.
TIMEOUT = 60.0
#: Answers asked for before giving up: the first, and one repaired.
TRIES = 2
#: Characters of one spoken line; longer ones are no line of a short.
LONGEST_LINE = 400
#: Words that a hook may have before the answer is sent back.
LONGEST_HOOK = 16
_FENCE = re.compile(r"^```(?:json)?\s*|\s*```$")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_REFUSED = "The language model did not write this story. Reword the brief, or choose the writer 'facts'."
_UNUSABLE = (
    "The language model's answer could not be used, also after asking again. "
    "Try another model, or choose the writer 'facts'."
)


@dataclass(frozen=True, kw_only=True)
class Model:
    """Where the model is and what it is called; the key never appears in a repr."""

    base_url: str = ""
    key: str = ""
    name: str = ""

    @property
    def configured(self) -> bool:
        """Whether there is enough to call it: a name, and an address or a key."""
        return bool(self.name and (self.base_url or self.key))

    def __repr__(self) -> str:
        return f"Model(name={self.name!r})"


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    say: str = Field(min_length=2, max_length=LONGEST_LINE)
    show: str = Field(default="", max_length=200)


class _Reply(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    hook: _Line
    escalate: list[_Line] = Field(min_length=1, max_length=12)
    twist: _Line
    loop: _Line


class _Unusable(ValueError):
    """An answer that has to be asked for again; the message is for the model, without the answer's text."""


class LlmWriter:
    """Asks once, has the answer repaired once, and holds it to the brief's facts."""

    def __init__(self, model: Model, *, timeout: float = TIMEOUT) -> None:
        self._model = model
        self._timeout = timeout

    def write(self, assignment: Assignment) -> tuple[Beat, ...]:
        """Beats from the model; a retry takes over only what the directives name."""
        if not self._model.configured:
            raise UnableToProvide(
                "No language model is configured. Set LLM_BASE_URL, LLM_API_KEY and LLM_MODEL."
            )
        if not assignment.previous:
            return self._asked(assignment)
        return self._mended(assignment)

    def _mended(self, assignment: Assignment) -> tuple[Beat, ...]:
        beats = assignment.previous
        kinds = {d.kind for d in assignment.directives}
        if kinds & {DirectiveKind.REWRITE_HOOK, DirectiveKind.CLOSE_LOOP}:
            fresh = self._asked(assignment)
            beats = (fresh[0], *beats[1:]) if DirectiveKind.REWRITE_HOOK in kinds else beats
            beats = (*beats[:-1], fresh[-1]) if DirectiveKind.CLOSE_LOOP in kinds else beats
        for directive in assignment.directives:
            if directive.kind is DirectiveKind.TIGHTEN_PACING:
                beats = tightened(beats, directive, assignment)
        return beats

    def _asked(self, assignment: Assignment) -> tuple[Beat, ...]:
        messages = story_prompt(assignment)
        with openai.OpenAI(
            api_key=self._model.key or "none",
            base_url=self._model.base_url or None,
            timeout=self._timeout,
            max_retries=0,  # the orchestrator retries, with backoff and a record of it
        ) as client:
            for _ in range(TRIES):
                answer = self._answer(client, messages)
                try:
                    return _fitted(_beats(_parsed(answer), assignment), assignment)
                except _Unusable as wrong:
                    messages = repair_prompt(messages, answer, str(wrong))
        raise UnableToProvide(_UNUSABLE)

    def _answer(self, client: openai.OpenAI, messages: Messages) -> str:
        """The model's text. The causes of errors are dropped: they can hold prompt and reply."""
        try:
            reply = client.chat.completions.create(  # type: ignore[call-overload]
                model=self._model.name,
                messages=messages,
                response_format={"type": "json_object"},
            )
        except openai.APIStatusError as error:
            raise _failure(error.status_code) from None
        except (openai.APIError, json.JSONDecodeError, ValueError):
            raise ProviderUnavailable("The language model did not answer in time.") from None
        choice = reply.choices[0] if reply.choices else None
        if (
            choice is None
            or choice.finish_reason == "content_filter"
            or getattr(choice.message, "refusal", None)
        ):
            raise UnableToProvide(_REFUSED)
        return str(choice.message.content or "")


def _failure(status: int) -> Exception:
    if status in {408, 409, 425, 429} or status >= 500:
        return ProviderUnavailable(f"The language model answered with status {status}; trying again later.")
    if status in {401, 403}:
        return UnableToProvide("The language model refused the key. Check LLM_API_KEY and LLM_BASE_URL.")
    if status == 404:
        return UnableToProvide("The language model was not found. Check LLM_MODEL and LLM_BASE_URL.")
    return UnableToProvide(f"The language model refused the request with status {status}. Check LLM_MODEL.")


def _parsed(answer: str) -> _Reply:
    try:
        return _Reply.model_validate_json(_FENCE.sub("", answer.strip()))
    except ValidationError as wrong:
        where = {
            ".".join(map(str, e["loc"])) or "object": e["type"] for e in wrong.errors(include_input=False)
        }
        known = {
            loc: kind for loc, kind in where.items() if loc.split(".")[0] in (*_Reply.model_fields, "object")
        }
        raise _Unusable(f"the JSON is not of the wanted shape {known or 'at all'}.") from None


def _beats(reply: _Reply, assignment: Assignment) -> tuple[Beat, ...]:
    lines = [
        (Purpose.HOOK, reply.hook),
        *((Purpose.ESCALATE, line) for line in reply.escalate),
        (Purpose.TWIST, reply.twist),
        (Purpose.LOOP, reply.loop),
    ]
    beats = tuple(
        Beat(purpose=p, narration=clean(line.say), visual=clean(line.show) or clean(line.say))
        for p, line in lines
    )
    if any(not words(b.narration) for b in beats):
        raise _Unusable("a line has no words.")
    if len(words(beats[0].narration)) > LONGEST_HOOK:
        raise _Unusable("the hook is longer than 12 words.")
    _hold_to_facts(beats, assignment)
    return beats


def _hold_to_facts(beats: tuple[Beat, ...], assignment: Assignment) -> None:
    """Numbers are where invention shows: each must stand in the brief."""
    brief = assignment.brief
    known = set(_NUMBER.findall(" ".join([brief.topic, *brief.facts, brief.source_text])))
    supplied = bool(brief.facts or brief.source_text)
    if supplied and any(n not in known for b in beats for n in _NUMBER.findall(b.narration)):
        raise _Unusable("a number in it is in none of the facts.")


def _fitted(beats: tuple[Beat, ...], assignment: Assignment) -> tuple[Beat, ...]:
    """Without the last escalating lines, where all of them would be longer than the platform allows."""
    speed, most = assignment.speed, assignment.strategy.max_length
    kept = list(beats)
    while sum(natural_seconds(b.narration, speed) for b in kept) > most and len(kept) > 4:
        del kept[-3]
    return tuple(kept)
