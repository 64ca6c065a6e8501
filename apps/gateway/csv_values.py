"""One cell of an export, read: counts, shares, seconds and days as platforms and spreadsheets write them.

Text in, numbers out; UnableToReadCell says what a person should change. No I/O.
"""

import re
from datetime import date, datetime
from math import isfinite

from apps.gateway.csv_columns import Unit

#: What stands for "no number" in exports.
BLANK = frozenset({"", "-", "--", "–", "—", "n/a", "na", "null", "none", "nan", "#n/a"})
#: Characters of a cell that is read as a number or a day; longer ones are none.
CELL_LIMIT = 40
#: How exports shorten large counts.
SUFFIXES = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9}
#: Begins of a cell that spreadsheets would calculate.
FORMULA = ("=", "@", "+", "-")

_SPACES = re.compile(r"[\s\u00a0\u202f']+")
_THOUSANDS = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*")
_NUMBER = re.compile(r"(-?)(\d+(?:[.,]\d+)*|[.,]\d+)([kmb]?)", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2}(?:[.,]\d+)?)")
_SPOKEN = re.compile(
    r"(?:(\d+(?:[.,]\d+)?) ?(?:h|hr|hrs|hours?))?[ :,]*(?:(\d+(?:[.,]\d+)?) ?(?:m|min|mins|minutes?))?"
    r"[ :,]*(?:(\d+(?:[.,]\d+)?) ?(?:s|sec|secs|seconds?))?",
    re.IGNORECASE,
)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?")
_SLASHED = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[ ,].*)?")
_DAY_FORMATS = ("%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y", "%b-%d-%Y", "%Y%m%d")


class UnableToReadCell(ValueError):
    """The cell does not hold what its column should."""


def blank(cell: str) -> bool:
    """Whether a cell says nothing."""
    return cell.strip().lower() in BLANK


def number(cell: str, unit: Unit, *, decimal_comma: bool = False, percent: bool = False) -> float:
    """A cell's number in base units: counts as they are, shares 0-1, times in seconds.

    `decimal_comma`: the file writes "12,5" for twelve and a half. `percent`: a bare number of a SHARE column
    means per cent. Raises UnableToReadCell.
    """
    text = cell.strip()
    if len(text) > CELL_LIMIT:
        raise UnableToReadCell("is too long for a number")
    if text.startswith("=") or (text.startswith(FORMULA) and not text[1:2].isdigit()):
        raise UnableToReadCell("is a formula; save the file with values instead")
    if unit in (Unit.SECONDS, Unit.HOURS, Unit.MILLISECONDS):
        return _seconds(text, unit, decimal_comma)
    if unit is Unit.COUNT:
        return _plain(text, decimal_comma, whole=True)
    per_cent = text.endswith("%") or unit is Unit.PERCENT or percent
    value = _plain(text.rstrip("%").strip(), decimal_comma, whole=False)
    return round(value / 100, 6) if per_cent else value


def day(cell: str) -> date | None:
    """A day; None where the cell speaks of no one day ("Lifetime"). Raises UnableToReadCell."""
    text = cell.strip()
    if text.lower() in ("lifetime", "total"):
        return None
    try:
        if found := _ISO.fullmatch(text):
            return date(*(int(part) for part in found.groups()))
        if found := _SLASHED.fullmatch(text):
            return _slashed(int(found[1]), int(found[3]), int(found[4]), found[2])
    except ValueError:
        raise UnableToReadCell("is no day of the calendar") from None
    for form in _DAY_FORMATS:
        try:
            return datetime.strptime(text[:CELL_LIMIT], form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    raise UnableToReadCell("is no day; write it as 2026-01-31")


def _slashed(first: int, second: int, year: int, mark: str) -> date:
    """Month first, as American exports have it, unless dots or the numbers say otherwise."""
    day_first = mark == "." or first > 12
    return date(year, second, first) if day_first else date(year, first, second)


def _seconds(text: str, unit: Unit, decimal_comma: bool) -> float:
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in clock.groups())
        if minutes >= 60 or seconds >= 60:
            raise UnableToReadCell("is no time: minutes and seconds end at 59")
        return hours * 3600 + minutes * 60 + seconds
    spoken = _SPOKEN.fullmatch(text)
    if spoken and any(spoken.groups()):
        hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in spoken.groups())
        return hours * 3600 + minutes * 60 + seconds
    scale = {Unit.HOURS: 3600.0, Unit.MILLISECONDS: 0.001}.get(unit, 1.0)
    return _plain(text, decimal_comma, whole=False) * scale


def _plain(text: str, decimal_comma: bool, *, whole: bool) -> float:
    found = _NUMBER.fullmatch(_SPACES.sub("", text).lstrip("+"))
    if found is None:
        raise UnableToReadCell("is not a number")
    sign, digits, suffix = found.groups()
    value = _value(digits, decimal_comma, whole=whole and not suffix) * SUFFIXES[suffix.lower()]
    if not isfinite(value) or (whole and value != round(value)):
        raise UnableToReadCell("is not a whole number")
    return -value if sign else value


def _value(digits: str, decimal_comma: bool, *, whole: bool) -> float:
    """The value of digits with separators: "1,234", "1.234,5", "12,5", "1234.5"."""
    marks = [mark for mark in digits if mark in ".,"]
    grouped = _THOUSANDS.fullmatch(digits)
    if grouped and (whole or len(marks) > 1 or (grouped[1] == "," and not decimal_comma)):
        return float(digits.replace(grouped[1], ""))
    if len(set(marks)) == 2 and marks.count(marks[-1]) == 1:
        return float(digits.replace(marks[0], "").replace(marks[-1], "."))
    if len(marks) > 1:
        raise UnableToReadCell("is not a number")
    return float(digits.replace(",", "."))
