"""Files of a form, streamed into scratch: never whole in memory, never more of them than UPLOAD_MAX_MB.

What is too large is read to its end and thrown away, so that a form can say so beside everything typed.
Judges no content.
"""

from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from apps.foundation import blobs

#: How many times too large a form may be and still be read to its end, for the sake of what was typed.
FAR_TOO_LARGE = 5


class ReceivedFile(UploadedFile):
    """A file that lies at `path` until it is closed, which the end of its request does.

    `too_large`: only its beginning is there.
    """

    def __init__(self, path: Path, folder: ExitStack, *, too_large: bool, **about: Any) -> None:
        super().__init__(file=path.open("rb"), **about)
        self.path, self.too_large = path, too_large
        self._folder = folder

    def close(self) -> None:
        """Remove it."""
        super().close()
        self._folder.close()


class ScratchUploads(FileUploadHandler):
    """Django's upload handler for every form and call."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.received = 0

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Refuse to read what is far too large to be a mistake."""
        if content_length > FAR_TOO_LARGE * most_bytes():
            raise RequestDataTooBig("The files are far too large.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins."""
        super().new_file(*args, **kwargs)
        self.file = _Incoming()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece, as long as all files of the request together are not too large."""
        self.received += len(raw_data)
        if not self.too_large:
            self.file.handle.write(raw_data)

    def file_complete(self, file_size: int) -> ReceivedFile:
        """The file, ready to be read."""
        self.file.handle.close()
        return ReceivedFile(
            self.file.path,
            self.file.folder.pop_all(),
            too_large=self.too_large,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
        )

    def upload_interrupted(self) -> None:
        """Remove what has come so far."""
        self.file.close()

    @property
    def too_large(self) -> bool:
        """Whether more has come than may."""
        return self.received > most_bytes()


class _Incoming:
    """A file on its way in; Django closes it where the request breaks off."""

    def __init__(self) -> None:
        self.folder = ExitStack()
        self.path = self.folder.enter_context(blobs.scratch()) / "upload"
        self.handle: IO[bytes] = self.folder.enter_context(self.path.open("wb"))

    def close(self) -> None:
        """Remove it; once it is complete it is no longer ours."""
        self.folder.close()


def most_bytes() -> int:
    """Bytes of all files in one request at most."""
    return int(settings.UPLOAD_MAX_MB * 1_000_000)
