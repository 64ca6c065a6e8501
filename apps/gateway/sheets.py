"""Files of many briefs, read row by row: CSV (comma, semicolon or tab) and JSON Lines. No Django, no rules
of the domain: whether a row makes a brief is for others to say.
"""

import csv
import difflib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

#: Bytes of one file: ten thousand briefs of two thousand characters.
BYTES_LIMIT = 20_000_000
#: Briefs in one file; more come in several.
ROWS_LIMIT = 10_000
#: Columns of a CSV, or fields of a JSON line, that are looked at.
COLUMNS_LIMIT = 60
#: Characters of one cell; the longest field of a brief (source_text) fits. What is longer is cut to be shown.
CELL_LIMIT = 25_000
#: Characters of a name that the file invented, in an answer.
ECHO_LIMIT = 60
#: Rows, or columns, that one message names.
ROWS_NAMED = 8
#: Characters of a reference; the column is this wide.
REFERENCE_LIMIT = 100

#: Each column, what it holds, and how the template fills it.
COLUMNS: dict[str, tuple[str, str]] = {
    "reference": ("Your own name for the row. The same one is never made twice.", "octopus-01"),
    "topic": ("What it is about, at most 120 characters. The only column that must be there.",
              "Why an octopus has three hearts"),
    "facts": ("What is true: one on each line of the cell, or with | between.",
              "An octopus has three hearts. | Two of them pump blood through the gills. | "
              "The third one stops beating when the octopus swims."),
    "source_text": ("An article or notes, instead of facts or beside them.", ""),
    "platform": ("youtube_shorts, instagram_reels, tiktok", "youtube_shorts"),
    "audience": ("An audience's key", "genz_us"),
    "persona": ("A persona's id; empty: what works best", ""),
    "curve": ("An emotion curve's name; empty: what works best", ""),
    "hook_type": ("question, contradiction, number, stakes, mystery or challenge; empty: any", ""),
    "caption_style": ("A caption style's name; empty: the persona's own", ""),
    "cut_rate_band": ("How fast it cuts; empty: what works best", ""),
    "loop_technique": ("open_sentence, return or answer_last; empty: what works best", ""),
    "language": ("en, de, hi, ...", "en"),
    "duration": ("Whole seconds; empty: strategy chooses", "24"),
    "channel": ("Whose videos these are; empty: default", "default"),
    "seed": ("A whole number; another one makes other choices", ""),
    "media": ("Keys of uploaded files, with | between", ""),
    "writer": ("Provider names, as in a brief's `providers`", ""),
    "pictures": ("", ""),
    "voice": ("", ""),
    "music": ("", ""),
}  # fmt: skip
PROVIDERS = ("writer", "pictures", "voice", "music")
_LISTS = ("facts", "media")
_NUMBERS = ("duration", "seed")
_DELIMITERS = (",", ";", "\t")
#: What a row without anything in it is made of.
_BLANK = "".join(_DELIMITERS) + ' \r\n"'
_SEPARATOR = re.compile(r"sep=([,;\t])", re.IGNORECASE)
#: A single fact's own column: fact, fact_1, fact 2, ...
_FACT = re.compile(r"fact_?\d{0,2}")
#: Digits of a number; what is longer stays text and is refused by name.
_DIGITS = 10


class UnableToReadSheet(ValueError):
    """The file is no table of briefs: why, and what to do about it."""

    def __init__(self, reason: str, remedy: str) -> None:
        self.reason, self.remedy = reason, remedy
        super().__init__(f"{reason} {remedy}")


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """One row. `line` is the number a spreadsheet or an editor shows; `sent` the fields as text, safe to keep
    and to show; `data` what a brief is read from. `fault` says why there is none."""

    line: int
    reference: str
    sent: dict[str, str]
    data: Mapping[str, Any]
    fault: str = ""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A file's rows, and what of it was not looked at, in words."""

    rows: tuple[SheetRow, ...]
    notes: tuple[str, ...] = field(default=())


def read(content: bytes, filename: str = "") -> Sheet:
    """The rows of a file. Raises UnableToReadSheet where it is none that can be read."""
    if len(content) > BYTES_LIMIT:
        raise UnableToReadSheet(
            f"The file is larger than {BYTES_LIMIT // 1_000_000} MB.", "Split it into several."
        )
    text = _decoded(content).rstrip()
    if not text:
        raise UnableToReadSheet("The file is empty.", "Download the template to see what belongs into it.")
    as_json = text.lstrip()[0] in "{[" and not filename.lower().endswith((".csv", ".tsv"))
    sheet = _json_sheet(text) if as_json else _csv_sheet(text)
    if not sheet.rows:
        raise UnableToReadSheet("There are no rows below the header.", "Add one row for each short.")
    return replace(sheet, notes=(*sheet.notes, *_repeated(sheet.rows)))


def template() -> str:
    """A CSV with every column and one row that can be made as it is."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerow(example for _, example in COLUMNS.values())
    return target.getvalue()


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as broken:
        raise UnableToReadSheet(
            "The file is not UTF-8 text.",
            "Save it as CSV UTF-8 (in Excel: Save As, CSV UTF-8), or send JSON Lines.",
        ) from broken
    if "\x00" in text:
        raise UnableToReadSheet("The file is not text.", "Send a CSV or JSON Lines file, not a workbook.")
    return text


def _repeated(rows: Iterable[SheetRow]) -> Iterator[str]:
    """A word on rows that say what an earlier one says: perhaps variants are wanted, perhaps it is a slip."""
    seen: set[str] = set()
    again = []
    for row in rows:
        said = json.dumps(sorted(row.sent.items()))
        if said in seen and not (row.reference or row.fault):
            again.append(str(row.line))
        seen.add(said)
    if again:
        named = ", ".join(again[:ROWS_NAMED]) + (", …" if len(again) > ROWS_NAMED else "")
        yield f"{len(again):,} rows say the same as one before ({named}); each makes a short of its own."


# CSV ---------------------------------------------------------------------------------------------


def _csv_sheet(text: str) -> Sheet:
    records = (record for record in _records(text) if any(cell.strip() for cell in record.cells))
    header = next(records).cells
    names, notes = _columns(header)
    rows: list[SheetRow] = []
    for record in records:
        if len(rows) == ROWS_LIMIT:
            raise _too_many()
        rows.append(_csv_row(record, names, len(header)))
    return Sheet(rows=tuple(rows), notes=notes)


@dataclass(frozen=True, kw_only=True)
class _Record:
    """One row of cells; `closed` is False where its last quotation mark opens a cell that never ends."""

    number: int
    cells: list[str]
    closed: bool = True


def _records(text: str) -> Iterator[_Record]:
    lines = io.StringIO(text, newline="").readlines()
    asked = _SEPARATOR.fullmatch(lines[0].strip())  # how Excel is told the delimiter
    header = next((line for line in lines[bool(asked) :] if line.strip(_BLANK)), "")
    delimiter = asked[1] if asked else max(_DELIMITERS, key=header.count)
    csv.field_size_limit(BYTES_LIMIT)  # a cell that is too long is a fault of its row, not of the file
    reader, begins, number = csv.reader(lines, delimiter=delimiter), 0, 0
    try:
        for number, cells in enumerate(reader, 1):
            if not (number == 1 and asked):
                closed = reader.line_num < len(lines) or _closed(lines[begins:], delimiter)
                yield _Record(number=number, cells=cells, closed=closed)
            begins = reader.line_num
    except csv.Error as broken:
        reason = f"Row {number + 1} cannot be read ({broken})."
        raise UnableToReadSheet(reason, "Look for a quotation mark that is never closed.") from broken


def _closed(lines: Sequence[str], delimiter: str) -> bool:
    """Whether the file's last row ends before the file does."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as broken:
        return "unexpected end" not in str(broken)
    return True


def _columns(header: list[str]) -> tuple[dict[str, list[int]], tuple[str, ...]]:
    """Which cells make which field; and what was not understood of the header."""
    places: dict[str, list[int]] = {}
    notes = []
    for place, raw in enumerate(header[:COLUMNS_LIMIT]):
        name = re.sub(r"[\s-]+", "_", raw.strip().lower())
        name = "facts" if _FACT.fullmatch(name) else name
        if name in COLUMNS:
            places.setdefault(name, []).append(place)
        elif name:
            notes.append(_ignored(raw, name))
    twice = [name for name, found in places.items() if len(found) > 1 and name not in _LISTS]
    if twice:
        raise UnableToReadSheet(f"The column {twice[0]} is there twice.", "Keep one of them.")
    if "topic" not in places:
        raise UnableToReadSheet(
            f"There is no column topic; the first row says {_named(header)}.",
            "The first row names the columns; download the template to see which there are.",
        )
    return places, tuple(notes)


def _named(header: Sequence[str]) -> str:
    named = [f"“{_printable(cell.strip())[:ECHO_LIMIT]}”" for cell in header if cell.strip()]
    return ", ".join(named[:ROWS_NAMED]) + (", …" if len(named) > ROWS_NAMED else "")


def _ignored(raw: str, name: str) -> str:
    close = difflib.get_close_matches(name, COLUMNS, n=1, cutoff=0.75)
    hint = f" Did you mean {close[0]}?" if close else ""
    return f"The column “{_printable(raw)[:ECHO_LIMIT]}” is not used.{hint}"


def _csv_row(record: _Record, places: Mapping[str, list[int]], columns: int) -> SheetRow:
    cells = record.cells
    sent = {
        name: "\n".join(cells[p].strip() for p in found if p < len(cells)) for name, found in places.items()
    }
    filled = {name: text for name, text in sent.items() if text.strip()}
    data: dict[str, Any] = {"topic": filled.get("topic", "")}
    data.update({name: _value(name, text) for name, text in filled.items() if name in COLUMNS})
    providers = {name: data.pop(name) for name in PROVIDERS if name in data}
    if providers:
        data["providers"] = providers
    reference = str(data.pop("reference", "")).strip()
    fault = _fault_of(record, columns)
    return SheetRow(line=record.number, reference=reference, sent=_kept(sent), data=data, fault=fault)


def _fault_of(record: _Record, columns: int) -> str:
    if not record.closed:
        return "A quotation mark here is never closed, so all that follows is a part of one cell"
    if any(cell.strip() for cell in record.cells[columns:]):
        count = len(record.cells)
        return (
            f"It has {count} cells and the header {columns}: a cell with a comma in it needs quotation marks"
        )
    return ""


def _value(name: str, text: str) -> Any:
    if name in _LISTS:
        return [part.strip() for part in re.split(r"[\r\n|]+", text) if part.strip()]
    if name in _NUMBERS:
        digits = text.strip()
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS else text
    # Spreadsheets break lines inside of cells; only longer texts have lines.
    return text if name == "source_text" else re.sub(r"[\r\n]+", " ", text)


# JSON --------------------------------------------------------------------------------------------


def _json_sheet(text: str) -> Sheet:
    whole = _loaded(text)
    if isinstance(whole, dict):  # one brief, on one line or several; or a request as the API takes it
        whole = whole["briefs"] if isinstance(whole.get("briefs"), list) else [whole]
    objects: list[tuple[int, Any]]
    if isinstance(whole, list):
        objects = list(enumerate(whole, 1))
    elif text.lstrip().startswith("["):
        raise UnableToReadSheet(f"{whole}.", "Send one object on each line.")
    else:
        lines = ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())
        objects = [(number, _loaded(line)) for number, line in lines]
    if len(objects) > ROWS_LIMIT:
        raise _too_many()
    return Sheet(rows=tuple(_json_row(number, value) for number, value in objects))


def _json_row(number: int, value: Any) -> SheetRow:
    if not isinstance(value, dict):
        fault = str(value) if isinstance(value, _Fault) else "It is not an object with a topic"
        return SheetRow(line=number, reference="", sent={}, data={}, fault=fault)
    sent = {str(name): _as_text(cell) for name, cell in list(value.items())[:COLUMNS_LIMIT]}
    reference = value.get("reference", "")
    data = {name: cell for name, cell in value.items() if name != "reference"}
    if not isinstance(reference, str | int):
        return SheetRow(line=number, reference="", sent=_kept(sent), data=data, fault="reference is not text")
    return SheetRow(line=number, reference=str(reference).strip(), sent=_kept(sent), data=data)


class _Fault(str):
    """Why a line is no JSON."""

    __slots__ = ()


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse, parse_int=_short)
    except RecursionError:
        return _Fault("It is nested too deeply")
    except json.JSONDecodeError as broken:
        where = (
            f"line {broken.lineno}, character {broken.colno}" if "\n" in text else f"character {broken.colno}"
        )
        return _Fault(f"It is not JSON: {broken.msg} at {where}")
    except ValueError as broken:
        return _Fault(f"It is not JSON: {str(broken)[:ECHO_LIMIT]}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a field stands there twice")
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not a JSON number")


def _short(digits: str) -> int:
    if len(digits) > 2 * _DIGITS:
        raise ValueError("a number has too many digits")
    return int(digits)


def _as_text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, list) and all(isinstance(part, str) for part in cell):
        return "\n".join(cell)
    return json.dumps(cell, ensure_ascii=False)


def _too_many() -> UnableToReadSheet:
    return UnableToReadSheet(f"There are more than {ROWS_LIMIT:,} rows.", "Split the file into several.")


def _kept(sent: Mapping[str, str]) -> dict[str, str]:
    return {_printable(name)[:ECHO_LIMIT]: _printable(text)[:CELL_LIMIT] for name, text in sent.items()}


def _printable(text: str) -> str:
    """The text as Postgres can hold it and a page can show it."""
    if text.isprintable():
        return text
    return "".join("\N{REPLACEMENT CHARACTER}" if _unprintable(c) else c for c in text)


def _unprintable(character: str) -> bool:
    code = ord(character)
    return (code < 32 and character not in "\t\n\r") or code == 127 or 0xD800 <= code <= 0xDFFF
