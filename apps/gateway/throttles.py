"""How often one API key may call. Reads and writes are counted apart."""

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from apps.foundation.logs import get_logger

if TYPE_CHECKING:  # DRF's views read this class from the settings while they are being imported
    from rest_framework.views import APIView

log = get_logger(__name__)


class KeyThrottle(SimpleRateThrottle):
    """The key's own calls a minute, else `read` and `write` of DEFAULT_THROTTLE_RATES; each key by itself."""

    scope = "read"

    def allow_request(self, request: Request, view: "APIView") -> bool:
        self.scope = "read" if request.method in SAFE_METHODS else "write"
        own = getattr(request.user, f"{self.scope}s_per_minute", None)
        self.rate = f"{own}/min" if own else self.get_rate()
        self.num_requests, self.duration = self.parse_rate(self.rate)
        try:
            allowed: bool = super().allow_request(request, view)
        except Exception:  # whatever the cache's client raises: counting must not stop the work
            log.exception("throttle_unavailable")
            return True
        return allowed

    def get_cache_key(self, request: Request, view: "APIView") -> str:
        who = getattr(request.user, "pk", None) or self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": who}
