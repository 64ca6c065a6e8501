"""A short's performance as somebody types it: fields of a form, text to numbers, problems back to fields.

Judges nothing itself: what is no number goes to the door as it is, and is refused there by name.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from apps.contracts.brief import BriefProblem
from apps.contracts.performance import Performance

#: Characters of a typed number; what is longer is handed over as text and refused by name.
LENGTH_LIMIT = 24
#: What platforms write behind rounded counts.
SUFFIXES = {"": 1, "k": 1_000, "m": 1_000_000}
#: 12400, 12,400, 12 400, 12.4K; and 17,5 as much of the world writes 17.5.
_THOUSANDS = re.compile(r"\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"(\d+)(?:[.,](\d+))?")
#: 0:17 and 1:02:17, as platforms write a watch time.
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?:\.\d+)?")


@dataclass(frozen=True)
class NumberField:
    """One number of the form. `share`: typed in per cent, handed over as 0-1; `seconds`: m:ss will do."""

    name: str
    label: str
    unit: str = ""
    example: str = ""
    help: str = ""
    share: bool = False
    seconds: bool = False
    required: bool = False
    value: str = ""
    problems: tuple[BriefProblem, ...] = field(default=())


NUMBERS = (
    NumberField("views", "Views", example="12,400", required=True),
    NumberField("engaged_views", "Engaged views", example="9,100", help="Of those who did not swipe on."),
    NumberField(
        "average_watch_seconds",
        "Average watch",
        unit="s",
        example="17.5 or 0:17",
        help="Replays included.",
        seconds=True,
    ),
    NumberField("completion", "Watched to the end", unit="%", example="62", help="Of the views.", share=True),
    NumberField(
        "skip_rate", "Left in the first 3 s", unit="%", example="28", help="Of the views.", share=True
    ),
    NumberField("replays", "Replays", example="640"),
    NumberField("shares", "Shares", example="85"),
    NumberField("reach", "Reach", example="11,800", help="People, not views."),
)
NAMES = tuple(number.name for number in NUMBERS)


def typed(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed into the day and each number."""
    return {name: form.get(name, "").strip() for name in ("day", *NAMES)}


def shown(known: Performance) -> dict[str, str]:
    """Numbers as the form shows them, to be changed where they have grown."""
    given = {number: getattr(known, number.name) for number in NUMBERS}
    return {
        number.name: f"{round(value * 100, 4):g}" if number.share else f"{value:,}"
        for number, value in given.items()
        if value is not None
    }


def values(texts: Mapping[str, str]) -> dict[str, Any]:
    """What the door is given: numbers where they are some, per cent as shares; what is empty is left out."""
    read = {number.name: _value(number, texts[number.name]) for number in NUMBERS if texts.get(number.name)}
    return {"day": texts["day"], **read} if texts.get("day") else read


def fields(texts: Mapping[str, str], problems: Iterable[BriefProblem] = ()) -> list[NumberField]:
    """The form's fields with what was typed and what is wrong with it, in the form's own unit."""
    found = list(problems)
    return [
        replace(
            number,
            value=texts.get(number.name, ""),
            problems=tuple(_worded(number, p) for p in found if p.field == number.name),
        )
        for number in NUMBERS
    ]


def _worded(number: NumberField, problem: BriefProblem) -> BriefProblem:
    """The problem in the words of the form, where that asks for per cent and the door for a share."""
    if not number.share:
        return problem
    return replace(
        problem, reason="This is no share of the views.", remedy="Write it in per cent, from 0 to 100."
    )


def _value(number: NumberField, text: str) -> float | int | str:
    plain = " ".join(text.split()).lower()
    if len(plain) > LENGTH_LIMIT or not plain.isascii():
        return text
    if number.seconds and (clock := _CLOCK.fullmatch(plain)):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return hours * 3600 + minutes * 60 + seconds
    value = _number(plain.removesuffix("s" if number.seconds else "%").rstrip())
    if value is None:
        return text
    return round(value / 100, 6) if number.share else value


def _number(plain: str) -> float | int | None:
    suffix = plain[-1:] if plain[-1:] in SUFFIXES and plain[-1:] else ""
    digits = plain.removesuffix(suffix).rstrip()
    if _THOUSANDS.fullmatch(digits):
        digits = digits.replace(",", "").replace(" ", "")
    elif found := _PLAIN.fullmatch(digits):
        digits = ".".join(part for part in found.groups() if part is not None)
    else:
        return None
    if suffix:
        return round(float(digits) * SUFFIXES[suffix])
    return float(digits) if "." in digits else int(digits)
