"""A short's real numbers, checked: what can be true of a video, and what cannot. No database, no HTTP."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from math import isfinite
from typing import Any

from apps.contracts.brief import BriefProblem
from apps.contracts.performance import Performance
from apps.gateway.briefs import shown_name, storable

#: The largest count taken; no video has had a thousandth of it, and sums of it fit a bigint.
COUNT_LIMIT = 10**12
#: Seconds watched on average at most: a day. A short that loops may be watched far beyond its length.
SECONDS_LIMIT = 86_400.0
#: No platform of short video is older than this.
EARLIEST = date(2005, 1, 1)
#: Days that a platform's calendar may be ahead of UTC's.
AHEAD = timedelta(days=1)
#: Days in one report at most: more than four years of daily numbers.
DAYS_LIMIT = 1500
#: Characters of where numbers come from.
SOURCE_LIMIT = 30

COUNTS = ("views", "engaged_views", "replays", "shares", "reach")
SHARES = ("completion", "skip_rate")
SECONDS = ("average_watch_seconds",)
FIELDS = ("day", *COUNTS, *SECONDS, *SHARES, "source")

Refusal = tuple[str, str, str]
"""Code, reason and remedy."""


def read_performance(
    data: object, *, today: date, prefix: str = ""
) -> tuple[Performance | None, tuple[BriefProblem, ...]]:
    """One day's numbers out of a mapping of field names, or None and every field that is wrong.

    `day` may be left out: it is then `today` (UTC). `prefix` leads each field's name in a problem.
    """
    if not isinstance(data, Mapping):
        reason = "This must be an object."
        return None, (_problem(prefix.rstrip("."), "wrong_type", reason, 'Send at least {"views": 1200}.'),)
    problems = [_unknown(prefix, name) for name in list(data)[: len(FIELDS) * 2] if name not in FIELDS]
    values: dict[str, Any] = {}
    for name in FIELDS:
        refusal = None
        if data.get(name) is not None:
            values[name], refusal = _read(name, data[name])
        elif name == "views":
            refusal = ("missing", "This field is required.", "Give the views so far, 0 if there are none.")
        if refusal:
            problems.append(_problem(prefix + name, *refusal))
    if not problems:
        values.setdefault("day", today)
        problems = [_problem(prefix + name, *refusal) for name, refusal in impossible(values, today=today)]
    return (None, tuple(problems)) if problems else (Performance(**values), ())


def impossible(values: Mapping[str, Any], *, today: date) -> list[tuple[str, Refusal]]:
    """Fields of right type whose values cannot be, each with why and what to do about it."""
    found = [(name, refusal) for name in COUNTS if (refusal := _count_refusal(values.get(name)))]
    found += [(name, refusal) for name in SHARES if (refusal := _share_refusal(values.get(name)))]
    found += [(name, refusal) for name in SECONDS if (refusal := _seconds_refusal(values.get(name)))]
    if refusal := _day_refusal(values["day"], today):
        found.append(("day", refusal))
    views, engaged = values.get("views"), values.get("engaged_views")
    if not found and views is not None and engaged is not None and engaged > views:
        reason = f"There cannot be more engaged views ({engaged:,}) than views ({views:,})."
        found.append(("engaged_views", ("out_of_range", reason, "See whether the two were swapped.")))
    return found


def _read(name: str, value: Any) -> tuple[Any, Refusal | None]:
    reader: Callable[[Any], tuple[Any, Refusal | None]]
    if name in COUNTS:
        reader = _read_count
    elif name == "day":
        reader = _read_day
    elif name == "source":
        reader = _read_source
    else:
        reader = _read_number
    return reader(value)


def _read_count(value: Any) -> tuple[Any, Refusal | None]:
    if isinstance(value, bool) or not isinstance(value, int):
        return None, ("wrong_type", "This must be a whole number.", "Write it in digits, for example 1200.")
    return value, None


def _read_number(value: Any) -> tuple[Any, Refusal | None]:
    number = not isinstance(value, bool) and isinstance(value, int | float)
    if not number or (isinstance(value, float) and not isfinite(value)):
        return None, ("wrong_type", "This must be a finite number.", "Write it in digits, for example 0.62.")
    # An integer too large for a float would raise; no measure is near it.
    return float(max(min(value, COUNT_LIMIT), -COUNT_LIMIT)), None


def _read_day(value: Any) -> tuple[Any, Refusal | None]:
    if isinstance(value, date):
        return value, None
    try:
        # Only the ten characters of a day: fromisoformat takes weeks and bare digits too.
        if isinstance(value, str) and len(value) == 10 and value.isascii():
            return date.fromisoformat(value), None
    except ValueError:
        pass
    return None, ("wrong_type", "This is not a day of the calendar.", "Write it as 2026-01-31.")


def _read_source(value: Any) -> tuple[Any, Refusal | None]:
    if isinstance(value, str) and 0 < len(value) <= SOURCE_LIMIT and value.isprintable() and storable(value):
        return value, None
    return None, (
        "wrong_type",
        f"This must be a name of 1 to {SOURCE_LIMIT} printable characters.",
        "Say where the numbers come from, for example youtube_studio; or leave it out.",
    )


def _count_refusal(value: int | None) -> Refusal | None:
    if value is None or 0 <= value <= COUNT_LIMIT:
        return None
    return (
        "out_of_range",
        "This must lie between 0 and a million millions.",
        "Send the platform's own number.",
    )


def _share_refusal(value: float | None) -> Refusal | None:
    if value is None or 0 <= value <= 1:
        return None
    return (
        "out_of_range",
        "This is a share of views, from 0 to 1.",
        "Divide per cent by 100: 62.5 % is 0.625.",
    )


def _seconds_refusal(value: float | None) -> Refusal | None:
    if value is None or 0 <= value <= SECONDS_LIMIT:
        return None
    return "out_of_range", f"This must lie between 0 and {SECONDS_LIMIT:,.0f} seconds.", "Send it in seconds."


def _day_refusal(day: date, today: date) -> Refusal | None:
    if EARLIEST <= day <= today + AHEAD:
        return None
    reason = "This day has not come yet." if day > today else f"This day is before {EARLIEST.year}."
    return "out_of_range", reason, "Send the last day that the numbers cover, as 2026-01-31."


def _unknown(prefix: str, name: object) -> BriefProblem:
    remedy = f"Remove it, or use one of: {', '.join(FIELDS)}."
    return _problem(f"{prefix}{shown_name(name)}", "unknown_field", "There is no such number.", remedy)


def _problem(field: str, code: str, reason: str, remedy: str) -> BriefProblem:
    return BriefProblem(field=field or "body", code=code, reason=reason, remedy=remedy)
