"""Keeps signed links out of the logs: who reads a log must not see what such a link shows."""

import logging
import re
from typing import Any

#: What Django's TimestampSigner makes: value, time in base 62, HMAC in URL-safe base 64.
_SIGNED = re.compile(r"[\w.-]+:[0-9A-Za-z]{5,8}:[\w-]{40,}")


class SignedLinks(logging.Filter):
    """Cuts whatever is signed out of a log record's arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_cut(part) for part in record.args)
        return True


def _cut(part: Any) -> Any:
    return _SIGNED.sub("(signed)", part) if isinstance(part, str) else part
