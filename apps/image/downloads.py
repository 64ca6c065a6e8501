"""Calls to the world's picture services: bounded in time, size and tries. No Django, nothing stored.

Addresses and keys stay out of every message: a search's address holds the scene's words.
"""

import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from apps.foundation.providers import ProviderUnavailable, UnableToProvide

T = TypeVar("T")

#: Tries of one call, the seconds between them where the service names none, and the longest it may name:
#: who has to wait longer gives the work back.
TRIES, PAUSE, LONGEST_PAUSE = 3, 0.4, 10.0
#: Bytes of a reply that is JSON, and of one that has pictures in it.
MOST_JSON, MOST_ENCODED = 4_000_000, 60_000_000
#: Seconds until a server has to answer, and until a whole file has to be there.
TIMEOUT, DOWNLOAD_TIMEOUT = 20.0, 120.0
#: Redirections that a download may take.
REDIRECTIONS = 4
_PASSING = frozenset((408, 425, 429))
_CHUNK = 1 << 16

# httpx logs every address it calls, and Pixabay's addresses hold the key and the search.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)


class UnableToDownload(Exception):
    """A file could not be had; another may be."""


class _Passing(Exception):
    """A failure that may be gone in a moment; `pause` in seconds, None where nothing is said of it."""

    def __init__(self, what: str, pause: float | None = None) -> None:
        self.pause = pause
        super().__init__(what)


@dataclass(frozen=True, kw_only=True)
class Service:
    """Who is called: its name for people, its address, what goes with every call to it, and the settings
    to look at where it refuses."""

    name: str
    base_url: str
    remedy: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout: float = TIMEOUT

    def get(self, path: str, parameters: Mapping[str, str | int]) -> Any:
        """The JSON that the service answers with.

        Raises ProviderUnavailable where it does not answer as it should, UnableToProvide where it refuses.
        """
        query = {**self.parameters, **parameters}
        return self._asked(
            lambda client: client.build_request("GET", self._at(path), params=query), MOST_JSON
        )

    def post(self, path: str, body: Mapping[str, object]) -> Any:
        """The same for what is asked with a JSON body; the reply may have pictures in it."""
        return self._asked(
            lambda client: client.build_request("POST", self._at(path), json=dict(body)), MOST_ENCODED
        )

    def final(self, reply: Any) -> Exception | None:
        """The error that a reply means whatever its status, where waiting would not help."""
        return None

    def refused(self, status: int) -> Exception:
        """The error that a refusal means."""
        if status in {401, 403}:
            return UnableToProvide(f"{self.name} refused the key. {self.remedy}")
        return UnableToProvide(f"{self.name} refused the request with status {status}. {self.remedy}")

    def _at(self, path: str) -> str:
        return f"{self.base_url.rstrip('/')}/{path.lstrip('/')}" if path else self.base_url

    def _asked(self, build: Callable[[httpx.Client], httpx.Request], most: int) -> Any:
        # A redirection is no answer: followed, it would take the key along.
        with httpx.Client(timeout=self.timeout, headers=dict(self.headers), follow_redirects=False) as client:
            return _tried(self.name, lambda: self._answer(client, build(client), most))

    def _answer(self, client: httpx.Client, request: httpx.Request, most: int) -> Any:
        with _sent(client, request) as response:
            status, pause = response.status_code, _pause_named(response)
            try:
                body = b"".join(_chunks(response, most, self.timeout + TIMEOUT))
            except UnableToDownload:
                raise ProviderUnavailable(f"{self.name} answered with more than can be true.") from None
        reply = _parsed(body)
        if status != 200 and (refusal := self.final(reply)):
            raise refusal
        if status in _PASSING or status >= 500:
            raise _Passing(f"it answered with status {status}", pause)
        if status != 200:
            raise self.refused(status)
        if reply is None:
            raise _Passing("its answer was not JSON")
        return reply


def download(name: str, address: str, target: Path, *, most: int, beside: str) -> str:
    """Fetch a file to `target`; returns its SHA-256. No key goes along.

    `beside` is the address of the service that named it: only where that is plain HTTP may this be.
    Raises UnableToDownload for a file that is not there, too large or oddly addressed, ProviderUnavailable
    where trying later may help.
    """
    if urlsplit(address).scheme not in {"https", urlsplit(beside).scheme}:
        raise UnableToDownload(f"{name} named a file with an address that is not used.")
    with httpx.Client(timeout=TIMEOUT, follow_redirects=True, max_redirects=REDIRECTIONS) as client:
        return _tried(name, lambda: _fetched(client, client.build_request("GET", address), target, most))


def _fetched(client: httpx.Client, request: httpx.Request, target: Path, most: int) -> str:
    content = hashlib.sha256()
    with _sent(client, request) as response, target.open("wb") as out:
        status = response.status_code
        if status in _PASSING or status >= 500:
            raise _Passing(f"it answered with status {status}", _pause_named(response))
        if status != 200:
            raise UnableToDownload(f"A file was refused with status {status}.")
        for chunk in _chunks(response, most, DOWNLOAD_TIMEOUT):
            content.update(chunk)
            out.write(chunk)
    return content.hexdigest()


def _tried(name: str, call: Callable[[], T]) -> T:
    """What `call` gives, tried TRIES times as long as its failures may pass."""
    what = ""
    for left in reversed(range(TRIES)):
        try:
            return call()
        except _Passing as failed:
            what, pause = str(failed), failed.pause if failed.pause is not None else PAUSE * (TRIES - left)
            if not left or pause > LONGEST_PAUSE:
                break
            time.sleep(pause)
    raise ProviderUnavailable(f"{name} cannot be used right now: {what}.")


@contextmanager
def _sent(client: httpx.Client, request: httpx.Request) -> Iterator[httpx.Response]:
    """The open response; a broken line is a passing failure."""
    try:
        response = client.send(request, stream=True)
        try:
            yield response
        finally:
            response.close()
    except httpx.TimeoutException:
        raise _Passing("it did not answer in time") from None
    except httpx.TooManyRedirects:
        raise UnableToDownload("A file was redirected too often.") from None
    except (httpx.HTTPError, httpx.InvalidURL):
        raise _Passing("the connection failed") from None


def _chunks(response: httpx.Response, most: int, seconds: float) -> Iterator[bytes]:
    """The body piece by piece, as long as it is neither too large nor too slow."""
    ends, size = time.monotonic() + seconds, 0
    for chunk in response.iter_bytes(_CHUNK):
        size += len(chunk)
        if size > most:
            raise UnableToDownload("A file is larger than is allowed.")
        if time.monotonic() > ends:
            raise _Passing("it answered too slowly")
        yield chunk


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _pause_named(response: httpx.Response) -> float | None:
    """Seconds that the service asks to wait: Retry-After, or the end of the rate limit's window, which
    Pixabay gives as seconds and Pexels as a time."""
    for header in ("retry-after", "x-ratelimit-reset"):
        try:
            named = float(response.headers.get(header, ""))
        except ValueError:
            continue
        return max(0.0, named if named < 1e8 else named - time.time())
    return None
