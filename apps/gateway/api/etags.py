"""Entity tags for JSON answers: the same content has the same tag, though its links were signed anew."""

import hashlib
import re
import time

from django.utils.http import parse_etags

#: What differs each time a link is signed: our own's time and HMAC, the whole query of an object store's.
_SIGNATURES = re.compile(
    rb"(?<=[\w-]):[0-9A-Za-z]{5,8}:[\w-]{40,}|\?[^\"\s]*[?&](?:X-Amz-)?Signature=[^\"\s]*"
)
#: Seconds after which an answer with links counts as new, so that nobody keeps links until they expire.
LINKS_FRESH = 1800


def etag_of(content: bytes) -> str:
    """A weak tag (RFC 9110 8.8.1): equal for equal content, however its links are signed."""
    plain, links = _SIGNATURES.subn(b"", content)
    period = str(int(time.time() // LINKS_FRESH)) if links else ""
    return f'W/"{hashlib.sha256(plain + period.encode()).hexdigest()[:32]}"'


def matches(header: str | None, etag: str) -> bool:
    """Whether If-None-Match names this tag, or any (RFC 9110 13.1.2: compared weakly)."""
    if header is None:
        return False
    known = {tag.removeprefix("W/") for tag in parse_etags(header)}
    return "*" in known or etag.removeprefix("W/") in known
