"""One call to a speech service over HTTP: bounded in time, tries and size. Neither text nor key is repeated.

A redirect is not followed: the key is for the host that was named.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from apps.foundation.providers import ProviderUnavailable, UnableToProvide

#: Seconds one try may take, and all tries of a call together; a stage that narrates has 180.
TRY_SECONDS, CALL_SECONDS = 30.0, 60.0
#: Seconds waited before the second and the third try.
PAUSES = (0.5, 2.0)
#: Seconds of Retry-After that are still waited for; later is the orchestrator's business.
PATIENCE = 10.0
#: Bytes of an answer; a minute of 48 kHz WAV in base64 fits.
MAX_BYTES = 32_000_000
#: Answers after which the same call may succeed.
PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
#: Words services use where an account has nothing left to spend; waiting does not help then.
SPENT = ("quota_exceeded", "insufficient_quota", "insufficient_credits", "billing")


@dataclass(frozen=True, kw_only=True)
class Service:
    """A service as its owner knows it: our name for it and the settings that lead to it."""

    name: str
    address_setting: str
    key_setting: str
    voice_settings: str


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A whole answer; `kind` is its media type without parameters."""

    content: bytes
    kind: str


class _Passing(Exception):
    """This try failed in a way that another may not; `wait` in seconds if the service named one."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


def post(service: Service, url: str, *, headers: Mapping[str, str], body: Mapping[str, Any]) -> Reply:
    """The answer to `body` as JSON. Raises ProviderUnavailable or UnableToProvide."""
    until = time.monotonic() + CALL_SECONDS
    reason = ""
    for pause in (*PAUSES, None):
        try:
            return _try(service, url, headers, body, until)
        except _Passing as failure:
            reason, wait = str(failure), failure.wait
        if pause is None or (wait or 0.0) > PATIENCE or time.monotonic() + (wait or pause) >= until:
            break
        time.sleep(wait or pause)
    raise ProviderUnavailable(f"{service.name} {reason}")


def _try(
    service: Service, url: str, headers: Mapping[str, str], body: Mapping[str, Any], until: float
) -> Reply:
    seconds = min(TRY_SECONDS, until - time.monotonic())
    end = time.monotonic() + seconds
    try:
        with httpx.stream("POST", url, headers=dict(headers), json=dict(body), timeout=seconds) as response:
            content = _read(response, end)
    except httpx.TimeoutException:
        raise _Passing("did not answer in time") from None
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        raise UnableToProvide(
            f"{service.name} has no usable address; check {service.address_setting}."
        ) from None
    except httpx.HTTPError as broken:
        raise _Passing(f"could not be reached or broke off ({type(broken).__name__})") from None
    if response.status_code != httpx.codes.OK:
        raise _meaning(service, response, content)
    return Reply(
        content=content, kind=response.headers.get("content-type", "").partition(";")[0].strip().lower()
    )


def _read(response: httpx.Response, end: float) -> bytes:
    content = bytearray()
    for piece in response.iter_bytes():
        content += piece
        if len(content) > MAX_BYTES:
            raise UnableToProvide("The speech service sent more than a line of speech; check its address.")
        if time.monotonic() > end:
            raise _Passing("was too slow")
    return bytes(content)


def _meaning(service: Service, response: httpx.Response, content: bytes) -> Exception:
    """What an answer other than 200 says, in our words: it may quote what it was sent."""
    status = response.status_code
    if _nothing_left(status, content):
        return UnableToProvide(f"The account at {service.name} has nothing left to spend; add credit to it.")
    if status in PASSING:
        return _Passing(f"answered {status}", _seconds(response.headers.get("retry-after", "")))
    if status in (401, 403):
        return UnableToProvide(f"{service.name} refused the key ({status}); check {service.key_setting}.")
    if status < 400:
        return UnableToProvide(
            f"{service.name} answered {status} and sent us elsewhere; put its final address into "
            f"{service.address_setting}."
        )
    return UnableToProvide(
        f"{service.name} refused the line ({status}); check {service.voice_settings}, and "
        f"{service.address_setting}."
    )


def _nothing_left(status: int, content: bytes) -> bool:
    if status not in (401, 402, 403, 429):
        return False
    try:
        said = json.dumps(json.loads(content)).lower()
    except ValueError:
        return status == 402
    return status == 402 or any(word in said for word in SPENT)


def _seconds(retry_after: str) -> float | None:
    try:
        return max(float(retry_after), 0.0)
    except ValueError:  # a date, or nothing
        return None
