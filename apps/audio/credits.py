"""Who made a track, and under which licence, in one line: read from what its owner put beside it.

Looked for, in this order: `track.txt` beside `track.mp3`; its line in a CREDITS.txt or LICENSES.txt of its
folder or of one above; the tags in the file; its name. Whatever these say is cut to one plain line.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

#: Files with a line for each track, in small letters.
LISTS = ("credits.txt", "licenses.txt", "licences.txt", "license.txt", "licence.txt", "attribution.txt")
#: Bytes read of a note at most, and characters kept of a credit.
NOTE_BYTES, CREDIT_CHARACTERS = 100_000, 220
#: What may stand between a file's name and its note.
_SEPARATOR = re.compile(r"^\s*(?:[:|=,;\t]|[-–—]\s)\s*")
_FIELD = re.compile(
    r"^\s*(title|track|artist|author|composer|by|licen[cs]e|copyright|source|url)\s*[:=]\s*(.+)$", re.I
)
_MEANING = {
    "track": "title", "author": "artist", "composer": "artist", "by": "artist",
    "license": "licence", "copyright": "licence", "url": "source",
}  # fmt: skip


def credit(track: Path, folder: Path, tags: Mapping[str, str]) -> str:
    """The credit of `track`, found in `folder`: "Music: TITLE by ARTIST, LICENCE"."""
    note = _own_note(track) or _listed(track, folder)
    return plain(f"Music: {_from_note(note, tags) or _from_fields(tags) or _from_name(track)}")


def plain(text: str) -> str:
    """`text` as one line without control or direction characters."""
    kept = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return " ".join(kept.split())[:CREDIT_CHARACTERS].strip(" ,;")


def _own_note(track: Path) -> str:
    return _read(track.with_suffix(".txt")) or _read(track.with_name(f"{track.name}.txt"))


def _listed(track: Path, folder: Path) -> str:
    """The note that a list in the track's folder, or one above it, gives for its name."""
    place = track.parent
    while True:
        for list_file in _lists(place):
            for line in _read(list_file).splitlines():
                note = _note_for(track, folder, line)
                if note:
                    return note
        if place == folder or folder not in place.parents:
            return ""
        place = place.parent


def _lists(place: Path) -> Iterator[Path]:
    yield from (file for file in sorted(place.iterdir()) if file.name.lower() in LISTS)


def _note_for(track: Path, folder: Path, line: str) -> str:
    names = (track.relative_to(folder).as_posix(), track.name, track.stem)
    for name in names:
        rest = line.strip().lstrip("*- ")
        if rest.lower().startswith(name.lower()) and _SEPARATOR.match(rest[len(name) :]):
            return _SEPARATOR.sub("", rest[len(name) :])
    return ""


def _read(file: Path) -> str:
    try:
        with file.open("rb") as handle:
            return handle.read(NOTE_BYTES).decode("utf-8-sig", errors="replace")
    except OSError:
        return ""


def _from_note(note: str, tags: Mapping[str, str]) -> str:
    """A note of "artist: ..." lines is put together; any other is taken as it is written."""
    lines = [line for line in note.splitlines() if line.strip()]
    matched = [found for line in lines if (found := _FIELD.match(line))]
    if not matched:
        return " ".join(lines)
    stated = {_MEANING.get(m[1].lower(), m[1].lower()): m[2].strip() for m in matched}
    return _from_fields({**{k: tags[k] for k in ("title", "artist") if k in tags}, **stated})


def _from_fields(fields: Mapping[str, str]) -> str:
    if not fields.get("title") and not fields.get("artist"):
        return ""
    by = f" by {fields['artist']}" if fields.get("artist") else ""
    ends = [fields[name] for name in ("licence", "source") if fields.get(name)]
    return ", ".join([f"{fields.get('title') or 'untitled'}{by}", *ends])


def _from_name(track: Path) -> str:
    return track.stem.replace("_", " ")
