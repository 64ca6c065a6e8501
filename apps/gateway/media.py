"""Blobs over HTTP: byte ranges, validators and content types (RFC 9110 sections 8.8, 13, 14).

Works on any storage. Knows keys only; who may see which is the caller's business.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header, http_date, parse_http_date_safe

#: Bytes read and sent at a time; two of them are all the memory a download costs.
CHUNK = 256 * 1024
#: Seconds a browser may keep a blob; its key follows from its content, so it does not go stale.
KEEP_SECONDS = 3600
#: One range, from and/or to; several ranges in one request are answered with the whole (RFC 9110 14.2).
_RANGE = re.compile(r"bytes=\s*(\d{0,40})-(\d{0,40})[\s,]*", re.ASCII | re.IGNORECASE)
#: What is served under its own type. Everything else is a download without a type: a blob is never a page.
_TYPES = {
    ".mp4": "video/mp4",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".srt": "application/x-subrip",
    ".vtt": "text/vtt; charset=utf-8",
}


class UnableToFindBlob(LookupError):
    """There is nothing stored here (any more)."""


class _Unsatisfiable(Exception):
    """The range lies beyond the end."""


@dataclass(frozen=True)
class _Blob:
    handle: Any
    size: int
    etag: str
    modified: float


def serve(request: HttpRequest, key: str, *, filename: str = "") -> HttpResponseBase:
    """The blob under `key`, or the part of it that the request asks for: 200, 206, 304 or 416.

    With `filename` a browser saves rather than shows. Raises UnableToFindBlob.
    """
    blob = _open(key)
    if _unchanged(request, blob):
        blob.handle.close()
        return _described(HttpResponse(status=304), blob)
    try:
        part = _wanted_part(request, blob)
    except _Unsatisfiable:
        blob.handle.close()
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{blob.size}"
        return _described(refused, blob)
    response = _described(_body(request, blob, part), blob)
    response["Content-Type"] = _content_type(key)
    if filename:
        response["Content-Disposition"] = content_disposition_header(True, filename) or ""
    return response


def _open(key: str) -> _Blob:
    try:
        handle = default_storage.open(key)
        size = handle.size
        modified = default_storage.get_modified_time(key).timestamp()
    except (OSError, ValueError, SuspiciousOperation) as missing:
        raise UnableToFindBlob(UnableToFindBlob.__doc__) from missing
    mark = hashlib.sha256(f"{key}\0{size}\0{modified}".encode()).hexdigest()[:32]
    return _Blob(handle, size, f'"{mark}"', modified)


def _unchanged(request: HttpRequest, blob: _Blob) -> bool:
    known = request.headers.get("If-None-Match")
    if known is not None:
        return known.strip() == "*" or blob.etag in (
            tag.strip().removeprefix("W/") for tag in known.split(",")
        )
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and int(blob.modified) <= since


def _wanted_part(request: HttpRequest, blob: _Blob) -> tuple[int, int] | None:
    """First and last byte (both inclusive), or None for the whole."""
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked is None or not any(asked.groups()) or not _still_the_same(request, blob):
        return None
    first, last = asked.groups()
    if not first:  # the last so many bytes
        start, end = max(blob.size - int(last), 0), blob.size - 1
    else:
        start, end = int(first), min(int(last) if last else blob.size - 1, blob.size - 1)
        if last and int(last) < int(first):
            return None
    if start > end:
        raise _Unsatisfiable
    return start, end


def _still_the_same(request: HttpRequest, blob: _Blob) -> bool:
    condition = request.headers.get("If-Range", "").strip()
    return condition in ("", blob.etag, http_date(blob.modified))


def _body(
    request: HttpRequest, blob: _Blob, part: tuple[int, int] | None
) -> HttpResponse | StreamingHttpResponse:
    start, end = part or (0, blob.size - 1)
    if request.method == "HEAD":
        blob.handle.close()
        response: HttpResponse | StreamingHttpResponse = HttpResponse()
    else:
        response = StreamingHttpResponse(_Part(blob, start, end))
    response["Content-Length"] = str(end - start + 1)
    if part:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end}/{blob.size}"
    return response


def _stream(blob: _Blob, start: int, end: int) -> Iterator[bytes]:
    remote = getattr(blob.handle, "obj", None)  # django-storages' S3 file would fetch the whole object
    if remote is not None and blob.size:
        yield from remote.get(Range=f"bytes={start}-{end}")["Body"].iter_chunks(CHUNK)
        return
    blob.handle.seek(start)
    left = end - start + 1
    while left > 0 and (chunk := blob.handle.read(min(CHUNK, left))):
        left -= len(chunk)
        yield chunk


class _Part:
    """The bytes from `start` to `end`; closes the blob also where nobody reads them."""

    def __init__(self, blob: _Blob, start: int, end: int) -> None:
        self._blob, self._start, self._end = blob, start, end

    def __iter__(self) -> Iterator[bytes]:
        return _stream(self._blob, self._start, self._end)

    def close(self) -> None:
        self._blob.handle.close()


def _described(response: Any, blob: _Blob) -> Any:
    response["ETag"] = blob.etag
    response["Last-Modified"] = http_date(blob.modified)
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    # Signed and keyed URLs alike are one person's: no shared cache may keep what they show.
    patch_cache_control(response, private=True, max_age=KEEP_SECONDS)
    return response


def _content_type(key: str) -> str:
    extension = f".{key.rpartition('.')[2].lower()}"
    return _TYPES.get(extension, "application/octet-stream")
