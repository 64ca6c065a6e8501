"""Bodies, read strictly. JSON: bounded, UTF-8, no duplicate fields, no NaN. Forms: bounded by
what they say of their length. Whatever is wrong is a 4xx.
"""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.handlers.wsgi import LimitedStream
from django.http import HttpRequest
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, DataAndFiles, MultiPartParser

from apps.gateway import interface as gateway
from apps.gateway.briefs import shown_name
from apps.gateway.problems import BodyTooLarge
from apps.gateway.receiving import most_bytes

#: Characters of a number; longer ones cost quadratic time to read and mean nothing here.
NUMBER_LIMIT = 40


class StrictJSONParser(BaseParser):
    """application/json of at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise BodyTooLarge
        return _loads(body)


class BoundedFormParser(MultiPartParser):
    """multipart/form-data with files of at most UPLOAD_MAX_MB; a longer body is refused unread."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> DataAndFiles:
        length = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if int(length) > most_bytes() + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise upload_too_large()
        try:
            return super().parse(stream, media_type, parser_context)
        except RequestDataTooBig:
            raise BodyTooLarge("The fields beside the file are too large. Shorten credit.") from None
        except SuspiciousOperation:
            raise ParseError(
                "There are too many parts. Send one file, and a credit if there is one."
            ) from None


def gather(request: HttpRequest) -> None:
    """Take a body that comes in pieces (Transfer-Encoding: chunked) as one of a known length.

    Django reads as much as Content-Length says, and such a body does not say it. Raises BodyTooLarge beyond
    DATA_UPLOAD_MAX_MEMORY_SIZE: what is larger has to say how large.
    """
    told = request.META
    if told.get("CONTENT_LENGTH") or "chunked" not in told.get("HTTP_TRANSFER_ENCODING", "").lower():
        return
    if not told.get("wsgi.input_terminated"):  # then nobody says where it ends
        return
    body = told["wsgi.input"].read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise BodyTooLarge("A body this large has to say how large it is. Send Content-Length with it.")
    told["CONTENT_LENGTH"] = str(len(body))
    vars(request)["_stream"] = LimitedStream(BytesIO(body), len(body))


def upload_too_large() -> BodyTooLarge:
    """413, with what to do about it."""
    return BodyTooLarge(" ".join(gateway.too_large()))


def _loads(body: bytes) -> Any:
    try:
        return json.loads(
            body.decode("utf-8-sig"),  # some editors put a byte order mark; RFC 8259 lets us overlook it
            object_pairs_hook=_unique,
            parse_constant=_refuse,
            parse_int=_short_int,
        )
    except UnicodeDecodeError as broken:
        raise ParseError("The body is not UTF-8.") from broken
    except RecursionError as deep:
        raise ParseError("The body is nested too deeply.") from deep
    except ValueError as broken:
        raise ParseError(f"The body is not valid JSON: {broken}.") from broken


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"the field {shown_name(name)!r} stands there twice")
        found[name] = value
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not a JSON number")


def _short_int(digits: str) -> int:
    if len(digits) > NUMBER_LIMIT:
        raise ValueError("a number has too many digits")
    return int(digits)
