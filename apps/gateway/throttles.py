"""How often one API key may call, over REST and over MCP alike. Reads and writes are counted apart.

Calls are counted in PARTS buckets of the period, each by one atomic increment, so that a hundred calls at
once count as a hundred, and a count costs the same at ten calls a minute and at ten thousand.
"""

import math
import time
from typing import TYPE_CHECKING

from django.core.cache import cache
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from apps.foundation.logs import get_logger
from apps.gateway.shapes import KeyHolder

if TYPE_CHECKING:  # DRF's views read this class from the settings while they are being imported
    from rest_framework.views import APIView

log = get_logger(__name__)
#: Buckets in a period: a place may be free again this share of the period too early, a second of a minute.
PARTS = 60


def count_call(holder: KeyHolder, *, reads: bool) -> int:
    """Count a call with this key. 0: it may be made; else the seconds to wait, and it counts for nothing."""
    kind = "read" if reads else "write"
    return _counted(str(holder.id), kind, _own(holder, kind))


class KeyThrottle(SimpleRateThrottle):
    """The key's own calls a minute, else `read` and `write` of DEFAULT_THROTTLE_RATES; each key by itself."""

    scope = "read"

    def __init__(self) -> None:
        self._wait = 0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        kind = "read" if request.method in SAFE_METHODS else "write"
        who = getattr(request.user, "pk", None) or self.get_ident(request)
        self._wait = _counted(str(who), kind, _own(request.user, kind))
        return not self._wait

    def wait(self) -> float:
        """Seconds until a call will be taken."""
        return self._wait


def _own(user: object, kind: str) -> int | None:
    """The calls a minute that a key was given; None: the usual."""
    rate: int | None = getattr(user, f"{kind}s_per_minute", None)
    return rate


def _counted(who: str, kind: str, per_minute: int | None) -> int:
    most, period = (per_minute, 60) if per_minute else _usual(kind)
    try:
        return _count(f"calls:{kind}:{who}", most, period)
    except Exception:  # whatever the cache's client raises: counting must not stop the work
        log.exception("throttle_unavailable")
        return 0


def _usual(kind: str) -> tuple[int, int]:
    """Calls and seconds of DEFAULT_THROTTLE_RATES."""
    throttle = KeyThrottle()
    most, period = throttle.parse_rate(throttle.THROTTLE_RATES[kind])
    return most or 0, period or 0


def _count(name: str, most: int, period: int) -> int:
    if not period:  # no rate: no limit
        return 0
    width = max(period / PARTS, 1.0)
    now = time.time()
    bucket, parts = int(now // width), math.ceil(period / width)
    mine = f"{name}:{bucket}"
    cache.add(mine, 0, timeout=int(period + 2 * width))
    place = cache.incr(mine)
    # The next one too: whoever counts there at this very moment may not have seen this call.
    others = [n for n in range(bucket - parts + 1, bucket + 2) if n != bucket]
    found = cache.get_many([f"{name}:{n}" for n in others])
    counts = {int(key.rpartition(":")[2]): count for key, count in found.items()}
    if sum(counts.values()) + place <= most:
        return 0
    cache.decr(mine)
    freed = _freed_by({**counts, bucket: place - 1}, most)
    return max(1, math.ceil((freed + parts) * width - now))


def _freed_by(counts: dict[int, int], most: int) -> int:
    """The bucket with whose end of counting there is a place again."""
    left = sum(counts.values())
    for bucket in sorted(counts):
        left -= counts[bucket]
        if left < most:
            return bucket
    return max(counts)
