"""A platform's CSV export, read: whose numbers, of which video, of which day. No database, no HTTP.

What cannot be read is named row by row; a file that is no export is refused with words. Cells are never
calculated, never followed and never shown as anything but text. csv_columns.py says what each header means.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from apps.contracts.performance import Performance
from apps.gateway.csv_columns import COLUMNS, MARKS, SOURCES, Meaning, Unit
from apps.gateway.csv_values import UnableToReadCell, blank, day, number
from apps.gateway.measures import impossible
from apps.gateway.video_links import video_ids

#: Bytes of a file at most: some 200,000 rows of what a platform writes.
FILE_LIMIT = 50_000_000
#: Rows read at most.
ROWS_LIMIT = 200_000
#: Characters of one cell; a caption has at most 5,000.
CELL_LIMIT = 20_000
#: Characters of one line; beyond it a file is no table.
LINE_LIMIT = 400_000
#: Columns of a table at most.
COLUMNS_LIMIT = 300
#: Lines looked at for the header; some exports put a title or "sep=;" above it.
HEADER_LINES = 6
#: Headers said back at most, and characters of each.
NAMED_LIMIT, NAME_CHARACTERS = 60, 60
#: Characters of a title that is compared and shown.
TITLE_LIMIT = 200

_DAYS_IN_NAME = re.compile(r"(20\d\d)-(\d\d)-(\d\d)|([A-Z][a-z]{2})-(\d\d)-(20\d\d)")
_KEPT = (Meaning.VIEWS, Meaning.ENGAGED, Meaning.REPLAYS, Meaning.SHARES, Meaning.REACH)


class UnableToReadExport(ValueError):
    """The file is no export that can be read: why, and what to do about it."""

    def __init__(self, reason: str, remedy: str) -> None:
        self.reason, self.remedy = reason, remedy
        super().__init__(f"{reason} {remedy}")


@dataclass(frozen=True, kw_only=True)
class ExportRow:
    """One line of the file. `ids`: all names the platform has for the video. `problems`: field and words.

    `dated`: the line itself says its day.
    """

    line: int
    ids: tuple[str, ...]
    job_id: str
    title: str
    performance: Performance | None
    dated: bool = False
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Export:
    """A whole file. `columns` maps each header that is used to its meaning, `ignored` names the others."""

    source: str
    rows: tuple[ExportRow, ...]
    columns: Mapping[str, str]
    ignored: tuple[str, ...]
    totals: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Table:
    """The header by meaning (position and unit), and the lines below it with their numbers in the file."""

    places: Mapping[Meaning, tuple[int, Unit]]
    header: list[str]
    lines: list[tuple[int, list[str]]]
    decimal_comma: bool
    percent: frozenset[Meaning] = field(default_factory=frozenset)

    def cell(self, line: list[str], meaning: Meaning) -> str:
        """The cell of a meaning, or "" where the file has no such column."""
        place = self.places.get(meaning)
        return line[place[0]].strip() if place and place[0] < len(line) else ""


def read_export(data: bytes, *, today: date, filename: str = "", source: str = "") -> Export:
    """What a CSV export says. `source` is one of SOURCES, or "" to find out from the header.

    `today` (UTC) is the day of numbers that say none, unless the file's name ends a period. Raises
    UnableToReadExport.
    """
    if source and source not in SOURCES:
        raise UnableToReadExport(f"There is no source {source[:40]!r}.", f"Use one of: {', '.join(SOURCES)}.")
    table = _table(_text(data))
    found = source or _source(table.header)
    until, whence = _until(filename, today)
    rows, totals = _rows(table, found, until, today)
    notes = [] if all(row.dated for row in rows) else [whence]
    if found == "youtube_studio" and Meaning.DAY in table.places:
        rows = _summed(rows)
        notes.append("YouTube counts each day by itself; the days were added up, oldest first.")
    return Export(
        source=found,
        rows=tuple(rows),
        columns=_used(table),
        ignored=_ignored(table),
        totals=totals,
        notes=tuple(notes),
    )


# The file -------------------------------------------------------------------------------------------


def _text(data: bytes) -> str:
    if not data.strip():
        raise UnableToReadExport("The file is empty.", "Export it again.")
    if len(data) > FILE_LIMIT:
        most = f"{FILE_LIMIT // 1_000_000} MB"
        raise UnableToReadExport(f"The file is larger than {most}.", "Export a shorter period.")
    if data.startswith(b"PK\x03\x04"):
        raise UnableToReadExport(
            "This is a ZIP archive or an Excel workbook.",
            "Unpack it and take the CSV inside (YouTube: Table data.csv), or save the workbook as CSV.",
        )
    text = _decoded(data).lstrip("\ufeff")
    if "\x00" in text or sum(unicodedata.category(c) == "Cc" and c not in "\t\r\n" for c in text[:4000]) > 2:
        raise UnableToReadExport("This is no text file.", "Choose the CSV that the platform exported.")
    return text


def _decoded(data: bytes) -> str:
    """UTF-8 or UTF-16, with or without a mark; else Windows' Latin, which old spreadsheets write."""
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16")
        halves = data[:2000:2].count(0), data[1:2000:2].count(0)
        if max(halves) > 400 or (len(data) < 2000 and max(halves) > len(data) / 5):
            return data.decode("utf-16-be" if halves[0] > halves[1] else "utf-16-le")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _table(text: str) -> _Table:
    lines = text[:200_000].splitlines()[:HEADER_LINES]
    best = max(
        ((_known(_split(line, mark)), -n, mark) for n, line in enumerate(lines) for mark in ",;\t"),
        default=(0, 0, ","),
    )
    if not best[0]:
        raise UnableToReadExport(
            "No column of this file is known.",
            "The first line must name the columns in English: for example Content, Views, Shares.",
        )
    mark, header_at = best[2], -best[1]
    cells = _cells(text, mark)
    header: list[str] = []
    for _ in range(header_at + 1):
        _, header = next(cells)
    places = _places(header)
    _refuse_useless(places)
    lines_below = list(cells)
    bare = _Table(places, header, lines_below, _decimal_comma(mark, places, lines_below))
    return _Table(places, header, lines_below, bare.decimal_comma, frozenset(_in_per_cent(bare)))


def _cells(text: str, mark: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(_lines(text), delimiter=mark)
    try:
        for n, line in enumerate(reader):
            if n > ROWS_LIMIT:
                raise UnableToReadExport(f"There are more than {ROWS_LIMIT:,} rows.", "Split the file.")
            if any(len(cell) > CELL_LIMIT for cell in line) or len(line) > COLUMNS_LIMIT:
                raise UnableToReadExport(
                    f"Line {reader.line_num} is far too long for an export.",
                    "See whether a quotation mark is never closed there.",
                )
            yield reader.line_num, line
    except csv.Error:
        raise UnableToReadExport(
            f"Line {reader.line_num} is no CSV.", "See whether a quotation mark is never closed there."
        ) from None


def _lines(text: str) -> Iterator[str]:
    for n, line in enumerate(io.StringIO(text, newline=""), 1):
        if len(line) > LINE_LIMIT:
            raise UnableToReadExport(f"Line {n} is far too long for an export.", "Export the file again.")
        yield line


def _split(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line[:CELL_LIMIT]], delimiter=mark), [])
    except csv.Error:
        return []


def _known(header: list[str]) -> int:
    return sum(_plain(name) in COLUMNS for name in header)


def _plain(header: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", header).replace("\ufeff", "").split()).lower()


def _places(header: list[str]) -> dict[Meaning, tuple[int, Unit]]:
    """Where each meaning stands; of two columns with one meaning the first."""
    places: dict[Meaning, tuple[int, Unit]] = {}
    for n, name in enumerate(header):
        column = COLUMNS.get(_plain(name))
        if column:
            places.setdefault(column.meaning, (n, column.unit))
    return places


def _refuse_useless(places: Mapping[Meaning, Any]) -> None:
    if Meaning.VIEWS not in places:
        raise UnableToReadExport("No column says how many views there were.", "Add Views to the export.")
    if not {Meaning.ID, Meaning.LINK, Meaning.JOB, Meaning.TITLE} & set(places):
        raise UnableToReadExport(
            "No column says which video a row is about; this looks like a whole channel's numbers.",
            "Export the table of single videos (YouTube: Content, TikTok: Content, Meta: Content).",
        )


def _decimal_comma(
    mark: str, places: Mapping[Meaning, tuple[int, Unit]], lines: list[tuple[int, list[str]]]
) -> bool:
    """Whether the file writes "12,5": its cells are not parted by commas, and one such number is there."""
    if mark == ",":
        return False
    spots = [n for n, unit in places.values() if unit in (Unit.PERCENT, Unit.SHARE, Unit.SECONDS, Unit.HOURS)]
    cells = (line[n] for _, line in lines[:5000] for n in spots if n < len(line))
    return any(re.fullmatch(r"\s*\d+,\d+\s*%?\s*", cell) for cell in cells)


def _in_per_cent(table: _Table) -> Iterator[Meaning]:
    """SHARE columns in which some bare number is beyond 1: then all of them mean per cent."""
    for meaning, (n, unit) in table.places.items():
        if unit is not Unit.SHARE:
            continue
        cells = (line[n] for _, line in table.lines if n < len(line) and not blank(line[n]))
        if any(_beyond_one(cell, table.decimal_comma) for cell in cells if "%" not in cell):
            yield meaning


def _beyond_one(cell: str, decimal_comma: bool) -> bool:
    try:
        return number(cell, Unit.SHARE, decimal_comma=decimal_comma) > 1
    except UnableToReadCell:
        return False


def _source(header: list[str]) -> str:
    names = {_plain(name) for name in header}
    return next((source for source, marks in MARKS if names.issuperset(marks)), "csv")


def _used(table: _Table) -> dict[str, str]:
    return {
        _shown(table.header[n]): meaning.value for meaning, (n, _) in sorted(table.places.items(), key=_place)
    }


def _place(item: tuple[Meaning, tuple[int, Unit]]) -> int:
    return item[1][0]


def _ignored(table: _Table) -> tuple[str, ...]:
    used = {n for n, _ in table.places.values()}
    names = [_shown(name) for n, name in enumerate(table.header) if n not in used and name.strip()]
    return tuple(names[:NAMED_LIMIT])


def _shown(text: str) -> str:
    return "".join(
        c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text.strip()[:NAME_CHARACTERS]
    )


def _until(filename: str, today: date) -> tuple[date, str]:
    """The last day that the file's name speaks of, else today; and how that is to be said."""
    days = [found for match in _DAYS_IN_NAME.finditer(filename) if (found := _named_day(match[0], today))]
    if days:
        last = max(days)
        return last, f"The file's name ends with {last}: numbers without a day are taken as of then."
    return today, f"Neither a column nor the file's name says a day: numbers are taken as of {today}."


def _named_day(text: str, today: date) -> date | None:
    try:
        found = day(text)
    except UnableToReadCell:
        return None
    return found if found and found <= today else None


# Rows -----------------------------------------------------------------------------------------------


def _rows(table: _Table, source: str, until: date, today: date) -> tuple[list[ExportRow], int]:
    rows: list[ExportRow] = []
    totals = 0
    for line, cells in table.lines:
        if all(blank(cell) for cell in cells):
            continue
        if _is_total(table, cells):
            totals += 1
        else:
            rows.append(_row(table, line, cells, source, until, today))
    return rows, totals


def _is_total(table: _Table, cells: list[str]) -> bool:
    names = [
        table.cell(cells, m) for m in (Meaning.ID, Meaning.LINK, Meaning.JOB, Meaning.TITLE, Meaning.DAY)
    ]
    said = [name.lower() for name in names if name]
    return bool(said) and said[0] in ("total", "totals", "grand total") and len(set(said)) == 1


def _row(table: _Table, line: int, cells: list[str], source: str, until: date, today: date) -> ExportRow:
    numbers, problems = _numbers(table, cells)
    reported, wrong_day = _day(table, cells)
    problems += wrong_day
    values = {**_measures(numbers), "day": reported or until}
    if not problems and values.get("views") is None:
        problems.append(("views", "There are no views in this row."))
    if not problems:
        problems = [(name, f"{reason} {cure}") for name, (_, reason, cure) in impossible(values, today=today)]
    return ExportRow(
        line=line,
        ids=video_ids(table.cell(cells, Meaning.ID), table.cell(cells, Meaning.LINK)),
        job_id=_shown(table.cell(cells, Meaning.JOB)),
        title=unicodedata.normalize("NFC", table.cell(cells, Meaning.TITLE))[:TITLE_LIMIT],
        performance=None if problems else Performance(**values, source=source),
        dated=reported is not None,
        problems=tuple(problems),
    )


def _numbers(table: _Table, cells: list[str]) -> tuple[dict[Meaning, float], list[tuple[str, str]]]:
    numbers: dict[Meaning, float] = {}
    problems: list[tuple[str, str]] = []
    for meaning, (_, unit) in table.places.items():
        cell = table.cell(cells, meaning)
        if unit in (Unit.TEXT, Unit.DATE) or blank(cell):
            continue
        try:
            numbers[meaning] = number(
                cell, unit, decimal_comma=table.decimal_comma, percent=meaning in table.percent
            )
        except UnableToReadCell as unreadable:
            problems.append((meaning.value, f"“{_shown(cell)}” {unreadable}."))
    return numbers, problems


def _day(table: _Table, cells: list[str]) -> tuple[date | None, list[tuple[str, str]]]:
    cell = table.cell(cells, Meaning.DAY)
    try:
        return (None if blank(cell) else day(cell)), []
    except UnableToReadCell as unreadable:
        return None, [("day", f"“{_shown(cell)}” {unreadable}.")]


def _measures(numbers: Mapping[Meaning, float]) -> dict[str, Any]:
    """What is reported, from what is written; an average is worked out where only its parts are there."""
    values: dict[str, Any] = {m.value: int(numbers[m]) for m in _KEPT if m in numbers}
    values["completion"] = numbers.get(Meaning.COMPLETION)
    values["skip_rate"] = numbers.get(Meaning.SKIPPED)
    if Meaning.STAYED in numbers and values["skip_rate"] is None:
        values["skip_rate"] = round(1 - numbers[Meaning.STAYED], 6)
    values["average_watch_seconds"] = _average_watch(numbers)
    return values


def _average_watch(numbers: Mapping[Meaning, float]) -> float | None:
    if Meaning.WATCH in numbers:
        return numbers[Meaning.WATCH]
    if Meaning.WATCH_SHARE in numbers and numbers.get(Meaning.LENGTH):
        return round(numbers[Meaning.WATCH_SHARE] * numbers[Meaning.LENGTH], 3)
    if Meaning.WATCH_TOTAL in numbers and numbers.get(Meaning.VIEWS):
        return round(numbers[Meaning.WATCH_TOTAL] / numbers[Meaning.VIEWS], 3)
    return None


# Days that count by themselves ----------------------------------------------------------------------


def _summed(rows: list[ExportRow]) -> list[ExportRow]:
    """The rows with totals up to their day instead of that day's own; averages are weighted by views."""
    so_far: dict[tuple[str, ...], Performance] = {}
    out: list[ExportRow] = []
    ordered = sorted(rows, key=lambda row: row.performance.day if row.performance else date.max)
    for row in ordered:
        if row.performance is None:
            out.append(row)
            continue
        video = row.ids or (row.job_id, row.title)
        before = so_far.get(video)
        total = _added(before, row.performance) if before else row.performance
        so_far[video] = total
        out.append(replace(row, performance=total))
    return sorted(out, key=lambda row: row.line)


def _added(before: Performance, newer: Performance) -> Performance:
    views = before.views + newer.views

    def count(name: str) -> int | None:
        old, new = getattr(before, name), getattr(newer, name)
        return old if new is None else new if old is None else old + new

    def average(name: str) -> float | None:
        old, new = getattr(before, name), getattr(newer, name)
        if old is None or new is None or not views:
            return old if new is None else new
        return float(round((old * before.views + new * newer.views) / views, 6))

    counts = {name: count(name) for name in ("engaged_views", "replays", "shares", "reach")}
    averages = {name: average(name) for name in ("average_watch_seconds", "completion", "skip_rate")}
    rest: dict[str, Any] = {**counts, **averages}
    return Performance(day=newer.day, views=views, source=newer.source, **rest)
