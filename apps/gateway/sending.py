"""One POST to an address that a stranger chose: public hosts alone, one deadline, a bounded answer.

The name is resolved once, every address that it has is judged, and the connection goes to an address that was
judged, so that a name cannot change its mind in between. Redirects are answers, not orders. Proxies of the
environment are not used. Knows no rows and no Django.
"""

import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

#: Seconds for everything from the name to the last byte that is read; the specification wants 15 to 30.
TIMEOUT = 15.0
#: Seconds of those that the name may take.
RESOLVE_TIMEOUT = 5.0
#: Bytes of an answer's body that are read and kept.
KEPT_BYTES = 1000
#: Characters of an address; the column is this wide.
URL_LIMIT = 2000
#: Ports below this belong to services of other kinds, which must not be sent text that we did not choose.
PORTS_FROM = 1024
#: IPv4 addresses that live inside these IPv6 ones are judged as what they are (RFC 6052).
NAT64 = ipaddress.ip_network("64:ff9b::/96")
#: Where clouds answer with credentials; refused even where private addresses are allowed.
METADATA = frozenset(
    ipaddress.ip_address(text)
    for text in (
        "169.254.169.254",
        "100.100.100.200",  # Alibaba
        "192.0.0.192",  # Oracle
        "168.63.129.16",  # Azure
        "fd00:ec2::254",  # Amazon
        "fd20:ce::254",  # Google
    )
)
#: Networks that lead to nobody's public host, though `is_global` may say so: it knows what its Python's year
#: knew. Site-local (RFC 3879), protocol assignments (6890), 6to4 relays (7526), documentation (9637).
NOT_GLOBAL = tuple(
    ipaddress.ip_network(text) for text in ("fec0::/10", "192.0.0.0/24", "192.88.99.0/24", "3fff::/20")
)

#: Printable ASCII but for what RFC 3986 has no place for.
_PLAIN = re.compile(r"[!#-;=?-\[\]_a-z~]+")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]


class UnableToUseAddress(ValueError):
    """Nothing may or can be sent there; says why, and what to do about it."""

    def __init__(self, code: str, reason: str, remedy: str) -> None:
        self.code, self.reason, self.remedy = code, reason, remedy
        super().__init__(f"{reason} {remedy}")


class UnableToSend(RuntimeError):
    """No answer came: refused, timed out, or not HTTP. It may come the next time."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back. `body` is its first KEPT_BYTES as text; `retry_after` is in seconds."""

    code: int
    body: str
    seconds: float
    retry_after: float | None = None


@dataclass(frozen=True, kw_only=True)
class Target:
    """An address taken apart: where to connect, and what to ask for there."""

    secure: bool
    host: str
    port: int
    path: str


def target_of(url: str) -> Target:
    """`url` taken apart. Raises UnableToUseAddress where it is no plain http or https address."""
    if (
        len(url) > URL_LIMIT
        or not url.isascii()
        or not url.isprintable()
        or any(c in url for c in ' "<>\\^`{|}')
    ):
        raise _unusable("This is no web address.", "Write it as https://host/path, escaped where need be.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as broken:
        raise _unusable("This is no web address.", "Write it as https://host/path.") from broken
    if parts.scheme not in ("http", "https") or not host:
        raise _unusable("This is no web address.", "Begin it with https:// (or http://) and a host.")
    if "@" in parts.netloc:
        raise _unusable("A name and password stand in it.", "Leave them out: the signature is the proof.")
    secure = parts.scheme == "https"
    port = port if port is not None else 443 if secure else 80
    if port not in (80, 443) and port < PORTS_FROM:
        raise _unusable(f"Port {port} is not for web servers.", f"Use 80, 443 or one from {PORTS_FROM} on.")
    query = f"?{parts.query}" if parts.query else ""
    return Target(secure=secure, host=host, port=port, path=(parts.path or "/") + query)


def addresses_of(
    target: Target, *, allow_private: bool, resolve: Resolve | None = None
) -> tuple[Address, ...]:
    """The addresses of the target's host, every one of them allowed. Raises UnableToUseAddress."""
    found = _looked_up(target, resolve or _ask_system)
    addresses = tuple(ipaddress.ip_address(text.partition("%")[0]) for text in found)
    if not addresses:
        raise _unresolved()
    if not all(allowed(address, allow_private=allow_private) for address in addresses):
        raise UnableToUseAddress(
            "private_address",
            "This leads to a private, local or reserved address.",
            "Use a public host, or set WEBHOOK_ALLOW_PRIVATE=1 where receivers live in your own network.",
        )
    return addresses


def allowed(address: Address, *, allow_private: bool) -> bool:
    """Whether anything may be sent to `address`. Link-local, multicast and reserved ones never are."""
    address = _inner(address)
    never = (
        address.is_link_local
        or address.is_multicast
        or address.is_unspecified
        or (address.is_reserved and not address.is_loopback)  # ::1 is both
        or address in METADATA
    )
    public = address.is_global and not any(address in network for network in NOT_GLOBAL)
    return not never and (public or allow_private)


def post(
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    allow_private: bool,
    timeout: float = TIMEOUT,
    resolve: Resolve | None = None,
) -> Answer:
    """POST `body` to `url` and read the beginning of the answer, all within `timeout` seconds.

    Raises UnableToUseAddress and UnableToSend.
    """
    began = time.monotonic()
    target = target_of(url)
    addresses = addresses_of(target, allow_private=allow_private, resolve=resolve)
    deadline = began + timeout
    try:
        with _connected(target, addresses, deadline) as line, _cut_off(line, deadline):
            code, text, retry_after = _exchange(target, line, body, headers)
        if time.monotonic() >= deadline:
            raise TimeoutError  # cut off: what looks like a short answer is the beginning of a long one
    except ssl.SSLCertVerificationError as untrusted:
        raise UnableToSend("The certificate cannot be verified.") from untrusted
    except (OSError, HTTPException, ValueError) as failed:
        late = isinstance(failed, TimeoutError) or time.monotonic() >= deadline
        why = f"No answer within {timeout:g} s." if late else f"The connection failed: {_named(failed)}."
        raise UnableToSend(why) from failed
    return Answer(code=code, body=text, seconds=time.monotonic() - began, retry_after=retry_after)


def _exchange(
    target: Target, line: socket.socket, body: bytes, headers: Mapping[str, str]
) -> tuple[int, str, float | None]:
    connection = HTTPConnection(target.host, target.port)
    connection.sock = line
    if target.port == (443 if target.secure else 80):
        connection.default_port = target.port  # then Host names no port, as browsers have it
    connection.request("POST", target.path, body=body, headers=dict(headers))
    with connection.getresponse() as response:
        text = response.read(KEPT_BYTES).decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
        return response.status, text, _seconds(response.headers.get("Retry-After", ""))


def _connected(target: Target, addresses: Sequence[Address], deadline: float) -> socket.socket:
    """A connection to the first address that takes one, with TLS for the host's own name."""
    failed: OSError = OSError("no address")
    for address in addresses:
        try:
            line = socket.create_connection((str(address), target.port), timeout=_left(deadline))
        except OSError as refused:
            failed = refused
            continue
        return _secured(line, target.host) if target.secure else line
    raise failed


def _secured(line: socket.socket, host: str) -> socket.socket:
    try:
        return ssl.create_default_context().wrap_socket(line, server_hostname=host)
    except BaseException:
        line.close()
        raise


class _cut_off:  # noqa: N801 (reads as a verb)
    """Ends the connection at the deadline, however slowly the other side drips."""

    def __init__(self, line: socket.socket, deadline: float) -> None:
        self._timer = threading.Timer(_left(deadline), self._cut, [line])

    def __enter__(self) -> None:
        self._timer.daemon = True
        self._timer.start()

    def __exit__(self, *why: object) -> None:
        self._timer.cancel()

    @staticmethod
    def _cut(line: socket.socket) -> None:
        try:
            socket.socket.shutdown(line, socket.SHUT_RDWR)  # SSLSocket's own would forget that it is one
        except OSError:
            return


def _left(deadline: float) -> float:
    return max(deadline - time.monotonic(), 0.001)


def _looked_up(target: Target, resolve: Resolve) -> Sequence[str]:
    """What the name stands for; a resolver that hangs is left behind."""
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="resolve")
    try:
        return pool.submit(resolve, target.host, target.port).result(timeout=RESOLVE_TIMEOUT)
    except (OSError, UnicodeError, TookTooLong) as unknown:
        raise _unresolved() from unknown
    finally:
        pool.shutdown(wait=False)


def _ask_system(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def _inner(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one, where it holds one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)


def _seconds(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 8 else None


def _named(failed: Exception) -> str:
    """What went wrong, without what the other side made it say."""
    return (failed.strerror if isinstance(failed, OSError) and failed.strerror else "") or type(
        failed
    ).__name__


def _unusable(reason: str, remedy: str) -> UnableToUseAddress:
    return UnableToUseAddress("bad_address", reason, remedy)


def _unresolved() -> UnableToUseAddress:
    return UnableToUseAddress("unknown_host", "No such host can be found.", "Check the name.")
