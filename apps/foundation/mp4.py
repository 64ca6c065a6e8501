"""The boxes of an MP4 file (ISO 14496-12), read without decoding anything. It writes nothing."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

#: Boxes that hold boxes, and the bytes of their own that come first.
_CONTAINERS = {
    b"moov": 0,
    b"trak": 0,
    b"edts": 0,
    b"mdia": 0,
    b"minf": 0,
    b"stbl": 0,
    b"stsd": 8,
    b"avc1": 78,
    b"mp4a": 28,
}


class UnableToReadMp4(ValueError):
    """The file is not an MP4, or is cut short; render it again."""


@dataclass(frozen=True)
class Atom:
    """One box: its path ("moov/trak/mdia"), where its payload starts, and the payload's length, bytes."""

    path: str
    offset: int
    size: int

    @property
    def kind(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, kw_only=True)
class Track:
    """One track. `duration` in seconds; `codec` is the sample entry ("avc1", "mp4a").

    `profile` and `level` are of H.264's avcC (100, 42: High@4.2), else 0. `colour` is
    (primaries, transfer, matrix) of an nclx colr box. `first_offset` is the first sample's composition
    offset in seconds: what a player without edit lists starts late by. `size` is (width, height) in pixels,
    (0, 0) of what is no picture.
    """

    handler: str
    codec: str
    duration: float
    samples: int
    profile: int = 0
    level: int = 0
    colour: tuple[int, int, int] | None = None
    first_offset: float = 0.0
    size: tuple[int, int] = (0, 0)


@dataclass(frozen=True, kw_only=True)
class Mp4:
    """What the boxes say of a file. `order` lists the top-level boxes."""

    order: tuple[str, ...]
    duration: float
    edit_lists: int
    tracks: tuple[Track, ...]

    @property
    def index_first(self) -> bool:
        """Whether playback can start before the whole file is there: moov before mdat."""
        return (
            "moov" in self.order
            and "mdat" in self.order
            and (self.order.index("moov") < self.order.index("mdat"))
        )

    def track(self, handler: str) -> Track | None:
        """The first track of a handler: "vide" or "soun"."""
        return next((t for t in self.tracks if t.handler == handler), None)


def read(path: Path) -> Mp4:
    """Walk the boxes of the file at `path`. Raises UnableToReadMp4."""
    with path.open("rb") as file:
        try:
            atoms = list(_walk(file, 0, path.stat().st_size, ""))
            return _describe(file, atoms)
        except (struct.error, StopIteration, IndexError) as cut:
            raise UnableToReadMp4("the file is not a whole MP4; render it again") from cut


def _walk(file: BinaryIO, start: int, end: int, parent: str) -> Iterator[Atom]:
    while start + 8 <= end:
        file.seek(start)
        size, kind = struct.unpack(">I4s", file.read(8))
        head = 8
        if size == 1:
            size, head = struct.unpack(">Q", file.read(8))[0], 16
        size = size or end - start
        if size < head or start + size > end:
            raise UnableToReadMp4("a box reaches past the end of the file; render it again")
        path = f"{parent}/{kind.decode('latin-1')}".lstrip("/")
        yield Atom(path, start + head, size - head)
        if kind in _CONTAINERS:
            yield from _walk(file, start + head + _CONTAINERS[kind], start + size, path)
        start += size


def _describe(file: BinaryIO, atoms: list[Atom]) -> Mp4:
    top = tuple(a.kind for a in atoms if "/" not in a.path)
    if not top or top[0] != "ftyp":
        raise UnableToReadMp4("the file does not begin as an MP4 does")
    scale, length = _clock(file, next(a for a in atoms if a.path == "moov/mvhd"))
    starts = [n for n, a in enumerate(atoms) if a.path == "moov/trak"]
    parts = [atoms[a:b] for a, b in zip(starts, [*starts[1:], len(atoms)], strict=True)]
    return Mp4(
        order=top,
        duration=length / scale,
        edit_lists=sum(a.kind in ("edts", "elst") for a in atoms),
        tracks=tuple(_track(file, part) for part in parts),
    )


def _track(file: BinaryIO, atoms: list[Atom]) -> Track:
    by_kind = {a.kind: a for a in atoms if a.path.startswith("moov/trak/")}
    scale, length = _clock(file, by_kind["mdhd"])
    entry = next(a for a in atoms if a.path.rpartition("/")[0].endswith("/stsd"))
    profile, _, level = _bytes(file, by_kind["avcC"], 1, 3) if "avcC" in by_kind else (0, 0, 0)
    return Track(
        handler=_bytes(file, by_kind["hdlr"], 8, 4).decode("latin-1"),
        codec=entry.kind,
        duration=length / scale,
        samples=struct.unpack(">I", _bytes(file, by_kind["stsz"], 8, 4))[0],
        profile=profile,
        level=level,
        colour=_colour(file, by_kind.get("colr")),
        first_offset=_first_offset(file, by_kind.get("ctts")) / scale,
        size=_size(file, by_kind["hdlr"], entry),
    )


def _clock(file: BinaryIO, atom: Atom) -> tuple[int, int]:
    """Timescale and duration of an mvhd or mdhd box."""
    if _bytes(file, atom, 0, 1)[0] == 1:
        scale, length = struct.unpack(">IQ", _bytes(file, atom, 20, 12))
    else:
        scale, length = struct.unpack(">II", _bytes(file, atom, 12, 8))
    return max(scale, 1), length


def _colour(file: BinaryIO, atom: Atom | None) -> tuple[int, int, int] | None:
    if atom is None or _bytes(file, atom, 0, 4) not in (b"nclx", b"nclc"):
        return None
    primaries, transfer, matrix = struct.unpack(">HHH", _bytes(file, atom, 4, 6))
    return primaries, transfer, matrix


def _size(file: BinaryIO, handler: Atom, entry: Atom) -> tuple[int, int]:
    """Width and height in a visual sample entry."""
    if _bytes(file, handler, 8, 4) != b"vide":
        return 0, 0
    width, height = struct.unpack(">HH", _bytes(file, entry, 24, 4))
    return width, height


def _first_offset(file: BinaryIO, atom: Atom | None) -> int:
    if atom is None or struct.unpack(">I", _bytes(file, atom, 4, 4))[0] == 0:
        return 0
    offset: int = struct.unpack(">i", _bytes(file, atom, 12, 4))[0]
    return offset


def _bytes(file: BinaryIO, atom: Atom, offset: int, count: int) -> bytes:
    file.seek(atom.offset + offset)
    return file.read(count)
