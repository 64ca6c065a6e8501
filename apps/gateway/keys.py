"""API keys: issued once, stored as digests, compared in constant time."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from apps.gateway.models import ApiKey
from apps.gateway.shapes import IssuedKey, KeyHolder

#: Leads every key, so that secret scanners and people recognise one.
MARK = "hl"
#: Bytes of randomness in a key's secret part; guessing is hopeless, so a fast digest is enough.
SECRET_BYTES = 32
#: Seconds between two writes of last_used_at; a busy key costs one write a minute.
TOUCH_EVERY = timedelta(seconds=60)
#: Characters a presented key may have; longer ones are not looked at.
PRESENTED_LIMIT = 200
#: Characters of a key's name; the column is this wide.
NAME_LIMIT = 100


class UnableToIssueKey(ValueError):
    """A key needs a name of 1 to 100 printable characters, so that you know whom you revoke."""


def issue(name: str) -> IssuedKey:
    """Make and store a new key under `name`. Raises UnableToIssueKey."""
    if not name.strip() or len(name) > NAME_LIMIT or not name.isprintable():
        raise UnableToIssueKey(UnableToIssueKey.__doc__)
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(SECRET_BYTES)
    key = f"{MARK}_{prefix}_{secret}"
    row = ApiKey.objects.create(name=name, prefix=prefix, digest=_digest(key))
    return IssuedKey(id=row.id, name=row.name, key=key)


def holder(key: str) -> KeyHolder | None:
    """Who `key` belongs to, or None where it is unknown, malformed or revoked."""
    mark, _, rest = key[:PRESENTED_LIMIT].partition("_")
    prefix = rest.partition("_")[0]
    row = _row(prefix) if mark == MARK and prefix.isascii() and prefix.isalnum() else None
    # An unknown prefix is compared too, with nothing, so that timing does not tell it apart.
    if not hmac.compare_digest(_digest(key), row.digest if row else "") or row is None:
        return None
    _touch(row)
    return KeyHolder(id=row.id, name=row.name)


def revoke(key_id: UUID) -> bool:
    """Refuse the key from now on; False where it is unknown or already revoked."""
    rows = ApiKey.objects.filter(id=key_id, revoked_at=None)
    return rows.update(revoked_at=timezone.now()) == 1


def _row(prefix: str) -> ApiKey | None:
    return ApiKey.objects.filter(prefix=prefix, revoked_at=None).first()


def _touch(row: ApiKey) -> None:
    now = timezone.now()
    if row.last_used_at is None or row.last_used_at < now - TOUCH_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - TOUCH_EVERY)
        ApiKey.objects.filter(stale, id=row.id).update(last_used_at=now)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
