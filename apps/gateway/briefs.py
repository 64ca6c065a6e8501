"""Whatever somebody sent, read as a Brief: every field that cannot be read is named. No database, no HTTP.

Only the shape is judged here; whether a readable brief can be made into a short is the orchestrator's to say.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import fields
from itertools import islice
from typing import Any

from apps.contracts.brief import Brief, BriefProblem, Providers

#: Characters. A topic is a title, not an article; what is longer belongs in source_text.
TOPIC_LIMIT = 120
#: Characters of one fact; a fact is a sentence that a voice can say.
FACT_LIMIT = 400
#: Facts in one brief; three minutes of narration hold fewer.
FACTS_LIMIT = 40
#: Characters of source text: about twenty pages. The four limits above are the story's own, for the schema.
SOURCE_LIMIT = 20_000
#: Characters of a name that points to a catalogue entry; the columns are this wide.
NAME_LIMIT = 50
#: Files of the user's own in one brief; a short has fewer scenes.
MEDIA_LIMIT = 20
#: Points of a drawn emotion curve; more cannot be heard in a short.
POINTS_LIMIT = 24
#: Characters of an upload's key.
KEY_LIMIT = 300
#: Characters of a platform's name; jobs.platform is this wide.
PLATFORM_LIMIT = 30
#: Characters of a language tag.
LANGUAGE_LIMIT = 10
#: Whole seconds; the platform's own bounds are narrower and are checked with the platform.
DURATION_LIMIT = 3600
#: Seeds fit the integer of every library that takes one.
SEED_LIMIT = 2**31 - 1
#: Characters of a name that the client invented, in an error; longer ones are cut.
ECHO_LIMIT = 60
#: Unknown fields named in one refusal: a body of nothing else must not make an answer many times its size.
UNKNOWN_LIMIT = 20

#: The limits a form shows, by the name of what they bound.
LIMITS = {
    "topic": TOPIC_LIMIT,
    "fact": FACT_LIMIT,
    "facts": FACTS_LIMIT,
    "source_text": SOURCE_LIMIT,
    "media": MEDIA_LIMIT,
    "curve_points": POINTS_LIMIT,
}

#: Problems of shape: the request itself is wrong (400), whatever the catalogues say.
SHAPE_CODES = frozenset({"missing", "unknown_field", "wrong_type", "bad_characters"})

Reader = Callable[[str, Any], Any]


class _Unreadable(Exception):
    def __init__(self, *problems: BriefProblem) -> None:
        self.problems = problems


def read_brief(data: object) -> tuple[Brief, tuple[BriefProblem, ...]]:
    """The brief in `data`, and what is wrong with the fields that could not be read.

    Those keep their defaults in the brief, so that the readable rest can be checked all the same.
    """
    if not isinstance(data, Mapping):
        return Brief(topic=""), (_wrong_type("brief", "an object", 'Send at least {"topic": "..."}.'),)
    problems = [_unknown(name) for name in _invented(data, READERS)]
    if "topic" not in data:
        problems.append(_missing("topic"))
    values, unreadable = _read_each(data, READERS)
    return Brief(**{"topic": "", **values}), (*problems, *unreadable)


def _read_each(
    data: Mapping[str, Any], readers: Mapping[str, Reader], prefix: str = ""
) -> tuple[dict[str, Any], list[BriefProblem]]:
    values: dict[str, Any] = {}
    problems: list[BriefProblem] = []
    for name, read in readers.items():
        if name not in data:
            continue
        try:
            values[name] = read(prefix + name, data[name])
        except _Unreadable as unreadable:
            problems.extend(unreadable.problems)
    return values, problems


def _invented(data: Mapping[str, Any], known: Container[str]) -> list[str]:
    return list(islice((name for name in data if name not in known), UNKNOWN_LIMIT))


def _text(limit: int) -> Reader:
    def read(field: str, value: Any) -> str:
        if not isinstance(value, str):
            raise _Unreadable(_wrong_type(field, "text", "Put it in quotes."))
        text = value.strip()
        if any(_unprintable(character) for character in text):
            raise _Unreadable(_bad_characters(field))
        if len(text) > limit:
            raise _Unreadable(_too_long(field, len(text), limit))
        return text

    return read


def _texts(most: int, limit: int) -> Reader:
    read_one = _text(limit)

    def read(field: str, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list | tuple):
            raise _Unreadable(_wrong_type(field, "a list of texts", 'For example ["One fact.", "Another."].'))
        if len(value) > most:
            raise _Unreadable(_too_many(field, len(value), most))
        names = [f"{field}.{n}" for n in range(len(value))]
        texts, problems = _read_each(dict(zip(names, value, strict=True)), dict.fromkeys(names, read_one))
        if problems:
            raise _Unreadable(*problems)
        return tuple(text for text in texts.values() if text)

    return read


def _named(limit: int) -> Reader:
    read_text = _text(limit)

    def read(field: str, value: Any) -> str:
        name = read_text(field, value)
        if not name:
            raise _Unreadable(_empty(field))
        return name

    return read


def _whole(low: int, high: int, *, optional: bool = False) -> Reader:
    def read(field: str, value: Any) -> int | None:
        if value is None and optional:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            raise _Unreadable(_wrong_type(field, "a whole number", "Write it in digits, for example 25."))
        if not low <= value <= high:
            raise _Unreadable(_out_of_range(field, low, high))
        return value

    return read


def _points(field: str, value: Any) -> tuple[tuple[float, str], ...]:
    """[[0, "curiosity"], [0.7, "awe"], ...]: share of the length, emotion."""
    if not isinstance(value, list | tuple) or not all(_is_point(point) for point in value):
        wanted, remedy = (
            "a list of pairs of a number and a word",
            'For example [[0, "curiosity"], [0.7, "awe"]].',
        )
        raise _Unreadable(_wrong_type(field, wanted, remedy))
    if len(value) > POINTS_LIMIT:
        raise _Unreadable(_too_many(field, len(value), POINTS_LIMIT))
    read_word = _text(NAME_LIMIT)
    return tuple((float(share), read_word(field, word).lower()) for share, word in value)


def _is_point(point: Any) -> bool:
    if not isinstance(point, list | tuple) or len(point) != 2:
        return False
    share, word = point
    return (
        isinstance(share, int | float)
        and not isinstance(share, bool)
        and isinstance(word, str)
        and abs(share) <= 1e6
    )


def _providers(field: str, value: Any) -> Providers:
    names = [known.name for known in fields(Providers)]
    if not isinstance(value, Mapping):
        raise _Unreadable(_wrong_type(field, "an object", f"It may name {', '.join(names)}."))
    problems = [_unknown(f"{field}.{name}", names) for name in _invented(value, names)]
    values, unreadable = _read_each(value, dict.fromkeys(names, _text(NAME_LIMIT)), f"{field}.")
    if problems or unreadable:
        raise _Unreadable(*problems, *unreadable)
    return Providers(**values)


READERS: Mapping[str, Reader] = {
    "topic": _text(TOPIC_LIMIT),
    "facts": _texts(FACTS_LIMIT, FACT_LIMIT),
    "source_text": _text(SOURCE_LIMIT),
    "platform": _text(PLATFORM_LIMIT),
    "audience": _text(NAME_LIMIT),
    "persona": _text(NAME_LIMIT),
    "curve": _text(NAME_LIMIT),
    "hook_type": _text(NAME_LIMIT),
    "caption_style": _text(NAME_LIMIT),
    "cut_rate_band": _text(NAME_LIMIT),
    "loop_technique": _text(NAME_LIMIT),
    "language": _text(LANGUAGE_LIMIT),
    "duration": _whole(1, DURATION_LIMIT, optional=True),
    "channel": _named(NAME_LIMIT),
    "seed": _whole(0, SEED_LIMIT),
    "media": _texts(MEDIA_LIMIT, KEY_LIMIT),
    "providers": _providers,
    "curve_points": _points,
}


def storable(text: str) -> bool:
    """Whether Postgres can hold `text` and a page can show it: no control characters, no half surrogates."""
    return not any(_unprintable(character) for character in text)


def shown_name(name: object) -> str:
    """What a client called something, short enough and fit to be said back to it."""
    return "".join("\N{REPLACEMENT CHARACTER}" if _unprintable(c) else c for c in str(name)[:ECHO_LIMIT])


def _unprintable(character: str) -> bool:
    code = ord(character)
    return (code < 32 and character not in "\t\n\r") or code == 127 or 0xD800 <= code <= 0xDFFF


def _unknown(name: object, known: list[str] | None = None) -> BriefProblem:
    return BriefProblem(
        field=shown_name(name),
        code="unknown_field",
        reason="There is no such field in a brief.",
        remedy=f"Remove it, or use one of: {', '.join(known or READERS)}.",
    )


def _missing(field: str) -> BriefProblem:
    return BriefProblem(
        field=field,
        code="missing",
        reason="This field is required.",
        remedy="Say in a few words what the short is about.",
    )


def _empty(field: str) -> BriefProblem:
    return BriefProblem(
        field=field,
        code="empty",
        reason="This name is empty.",
        remedy="Give it a name, or leave the field out.",
    )


def _wrong_type(field: str, wanted: str, remedy: str) -> BriefProblem:
    return BriefProblem(field=field, code="wrong_type", reason=f"This must be {wanted}.", remedy=remedy)


def _bad_characters(field: str) -> BriefProblem:
    return BriefProblem(
        field=field,
        code="bad_characters",
        reason="This holds control characters or broken Unicode that nobody could read or hear.",
        remedy="Remove them; line breaks, emoji and every script are fine.",
    )


def _too_long(field: str, length: int, limit: int) -> BriefProblem:
    return BriefProblem(
        field=field,
        code="too_long",
        reason=f"This has {length:,} characters; at most {limit:,} fit.",
        remedy="Shorten it; put background into source_text.",
    )


def _too_many(field: str, count: int, most: int) -> BriefProblem:
    return BriefProblem(
        field=field,
        code="too_many",
        reason=f"There are {count:,} entries; at most {most} fit.",
        remedy="Keep the strongest ones.",
    )


def _out_of_range(field: str, low: int, high: int) -> BriefProblem:
    return BriefProblem(
        field=field,
        code="out_of_range",
        reason=f"This must lie between {low} and {high}.",
        remedy=f"Choose a whole number from {low} to {high}.",
    )
