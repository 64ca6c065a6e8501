"""A model's answer as typed lines: the JSON found in it, checked, and what is wrong said back.

It reads and refuses; it repairs nothing. Complaints go to the model alone, `problem` may be told.
"""

import json
import re
from collections.abc import Iterator
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

#: Characters of one spoken line; longer ones are no line of a short.
LONGEST_LINE = 400
#: Characters of one line's picture.
LONGEST_SHOW = 300
#: Escalating lines of one story; more are no short.
MOST_LINES = 12
#: Braces at which an object may begin: prose with more of them holds no answer.
MOST_BRACES = 60

_THOUGHT = re.compile(r"<(think|thinking|thought|reasoning)>.*?</\1>", re.DOTALL | re.IGNORECASE)
_THOUGHT_END = re.compile(r"\A.*</(?:think|thinking|thought|reasoning)>", re.DOTALL | re.IGNORECASE)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
T = TypeVar("T", bound=BaseModel)


class Unusable(ValueError):
    """An answer to be asked for again. The message is for the model alone, `problem` our word for it."""

    def __init__(self, problem: str, complaint: str) -> None:
        self.problem = problem
        super().__init__(complaint)


class Line(BaseModel):
    """One spoken line and what is to be seen with it."""

    model_config = ConfigDict(hide_input_in_errors=True)

    say: str = Field(min_length=2, max_length=LONGEST_LINE)
    show: str = Field(default="", max_length=LONGEST_SHOW)


class MendedLine(Line):
    """A line that takes the place of scene number `scene`."""

    scene: int


def _line(value: Any) -> Any:
    return {"say": value} if isinstance(value, str) else value


_AnyLine = Annotated[Line, BeforeValidator(_line)]


class StoryReply(BaseModel):
    """A whole story."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    hook: _AnyLine
    escalate: list[_AnyLine] = Field(min_length=1, max_length=MOST_LINES)
    twist: _AnyLine
    loop: _AnyLine


class MendingReply(BaseModel):
    """Some lines, rewritten."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    lines: list[MendedLine] = Field(min_length=1, max_length=2 * MOST_LINES)


def parsed(answer: str, kind: type[T]) -> T:
    """The first object in `answer` that is a `kind`, whatever is around it. Raises Unusable."""
    wrong: ValidationError | None = None
    for found in _objects(_without_thoughts(answer), kind):
        try:
            return kind.model_validate(found)
        except ValidationError as error:
            wrong = wrong or error
    if wrong is None:
        raise Unusable("no JSON", "there is no JSON object of the wanted shape in it.")
    raise Unusable("wrong shape", f"the JSON is not of the wanted shape {_where(wrong, kind)}.")


def schema_of(kind: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema that servers are asked to hold the model to, in the part of JSON Schema all know."""
    text: dict[str, Any] = {"type": "string"}
    line = {"say": text, "show": text}
    if kind is MendingReply:
        return _object({"lines": {"type": "array", "items": _object({"scene": {"type": "integer"}, **line})}})
    one = _object(line)
    return _object({"hook": one, "escalate": {"type": "array", "items": one}, "twist": one, "loop": one})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _without_thoughts(answer: str) -> str:
    return _THOUGHT_END.sub("", _THOUGHT.sub("", answer))


def _objects(text: str, kind: type[BaseModel]) -> Iterator[dict[str, Any]]:
    """The JSON objects in a text that have a key of `kind`, also inside one that only wraps them."""
    decoder = json.JSONDecoder(strict=False)
    at, tries = text.find("{"), 0
    while at >= 0 and tries < MOST_BRACES:
        value, end = _decoded(decoder, text, at)
        yield from _with_keys(value, kind)
        at, tries = text.find("{", end), tries + 1


def _decoded(decoder: json.JSONDecoder, text: str, at: int) -> tuple[Any, int]:
    for candidate in (text[at:], _TRAILING_COMMA.sub(r"\1", text[at:])):
        try:
            value, size = decoder.raw_decode(candidate)
        except (json.JSONDecodeError, RecursionError):
            continue
        return value, at + size
    return None, at + 1


def _with_keys(value: Any, kind: type[BaseModel]) -> Iterator[dict[str, Any]]:
    if not isinstance(value, dict):
        return
    if value.keys() & kind.model_fields.keys():
        yield value
    for inner in value.values():
        if isinstance(inner, dict) and inner.keys() & kind.model_fields.keys():
            yield inner


def _where(wrong: ValidationError, kind: type[BaseModel]) -> str:
    """Places and kinds of what is wrong, with names of ours only: a reply's own keys are not repeated."""
    places = {
        ".".join(map(str, e["loc"])) or "object": e["type"]
        for e in wrong.errors(include_input=False, include_url=False)
    }
    known = {p: t for p, t in places.items() if p.split(".")[0] in (*kind.model_fields, "object")}
    return (
        f"({', '.join(f'{place}: {what}' for place, what in known.items())})" if known else "(unknown keys)"
    )
