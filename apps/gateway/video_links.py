"""What platforms call a published video: ids out of addresses, so that both find the same short. No I/O."""

import re
from urllib.parse import parse_qs, urlsplit

#: Characters of an id; every platform's are far shorter.
ID_LIMIT = 100
#: Characters of an address.
URL_LIMIT = 500

_ID = re.compile(r"[A-Za-z0-9_.:-]{1,100}")
#: Paths that end with a video's id, by the end of a host's name.
_PATHS = {
    "youtube.com": re.compile(r"/(?:shorts|embed|live|v|video)/([\w-]{5,20})"),
    "youtu.be": re.compile(r"/([\w-]{5,20})"),
    "tiktok.com": re.compile(r"/(?:@[^/]*/)?(?:video|v|photo)/(\d{5,25})"),
    "instagram.com": re.compile(r"/(?:[^/]+/)?(?:reels?|p|tv)/([\w-]{5,40})"),
    "facebook.com": re.compile(r"/(?:reel|watch|[^/]+/videos)/(\d{5,25})"),
}


def video_ids(external_id: str, url: str) -> tuple[str, ...]:
    """Every name that an id and an address give a video, the id first; empty where they say nothing."""
    given = external_id.strip()
    names = [id_in(given) if "/" in given else given, id_in(url)]
    return tuple(dict.fromkeys(name for name in names if _ID.fullmatch(name)))


def id_in(url: str) -> str:
    """The video's id in a platform's address, or ""."""
    try:
        parts = urlsplit(url.strip()[:URL_LIMIT])
        if not parts.netloc and not parts.scheme:
            parts = urlsplit(f"https://{url.strip()[:URL_LIMIT]}")
        host = (parts.hostname or "").lower()
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https"):
        return ""
    for end, pattern in _PATHS.items():
        if host == end or host.endswith(f".{end}"):
            found = pattern.match(parts.path)
            return found[1] if found else _query_id(parts.query)
    return ""


def _query_id(query: str) -> str:
    """The v of youtube.com/watch?v=..."""
    values = parse_qs(query, max_num_fields=20).get("v", [""])
    return values[0] if re.fullmatch(r"[\w-]{5,20}", values[0]) else ""
