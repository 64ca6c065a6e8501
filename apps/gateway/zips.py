"""Many files as one zip, written while it is read: never whole in memory, never on disk."""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO

#: Bytes read from a file at a time.
CHUNK = 256 * 1024
#: A moment that every zip reader can hold; the files' own times say nothing.
MOMENT = (2020, 1, 1, 0, 0, 0)

#: A name inside the zip, and what opens its content.
Entry = tuple[str, Callable[[], IO[bytes]]]


def zipped(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The bytes of a zip of `entries`, stored as they are: videos do not get smaller.

    An entry that cannot be opened (OSError) is left out. A file that breaks off breaks the download off.
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name, opened in entries:
            try:
                source = opened()
            except OSError:
                continue
            with source, archive.open(zipfile.ZipInfo(name, MOMENT), "w", force_zip64=True) as target:
                while chunk := source.read(CHUNK):
                    target.write(chunk)
                    yield from sink.taken()
            yield from sink.taken()
    yield from sink.taken()


class _Sink(io.RawIOBase):
    """Keeps what is written until it is taken; it cannot seek, so sizes are written after each file."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> list[bytes]:
        parts, self._parts = self._parts, []
        return parts
