"""API keys: issued once, stored as digests, compared in constant time, with what each may do."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from apps.gateway.briefs import NAME_LIMIT as CHANNEL_LIMIT
from apps.gateway.briefs import storable
from apps.gateway.models import ApiKey
from apps.gateway.scopes import EVERY_SCOPE, SCOPES, in_order
from apps.gateway.shapes import IssuedKey, KeyHolder, KeySummary

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
#: Channels that one key may be held to; beyond that a key for all is meant.
CHANNELS_LIMIT = 100
#: Calls a minute that a key may be given at most; the time of each is kept while it counts.
RATE_LIMIT = 10_000


class UnableToIssueKey(ValueError):
    """A key needs a name of 1 to 100 printable characters, so that you know whom you revoke."""


def issue(
    name: str,
    *,
    scopes: Iterable[str] | None = None,
    channels: Sequence[str] = (),
    reads_per_minute: int | None = None,
    writes_per_minute: int | None = None,
) -> IssuedKey:
    """A new API key under `name`; its `key` is readable this once. Raises UnableToIssueKey.

    No `scopes`: every one (see `scopes`). No `channels`: it sees and makes jobs of all.
    """
    if not name.strip() or len(name) > NAME_LIMIT or not name.isprintable():
        raise UnableToIssueKey(UnableToIssueKey.__doc__)
    wanted = EVERY_SCOPE if scopes is None else tuple(scopes)
    _check(wanted, channels, (reads_per_minute, writes_per_minute))
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(SECRET_BYTES)
    key = f"{MARK}_{prefix}_{secret}"
    row = ApiKey.objects.create(
        name=name,
        prefix=prefix,
        digest=_digest(key),
        scopes=list(in_order(wanted)),
        channels=list(dict.fromkeys(channels)),
        reads_per_minute=reads_per_minute,
        writes_per_minute=writes_per_minute,
    )
    return IssuedKey(id=row.id, name=row.name, key=key)


def _check(scopes: Sequence[str], channels: Sequence[str], rates: Sequence[int | None]) -> None:
    if not scopes or set(scopes) - set(EVERY_SCOPE):
        raise UnableToIssueKey(f"A key needs at least one of these scopes: {', '.join(EVERY_SCOPE)}.")
    if len(channels) > CHANNELS_LIMIT or not all(_is_channel(channel) for channel in channels):
        raise UnableToIssueKey(
            f"Name at most {CHANNELS_LIMIT} channels of 1 to {CHANNEL_LIMIT} printable characters; "
            "or none, for a key that sees all."
        )
    if not all(rate is None or 1 <= rate <= RATE_LIMIT for rate in rates):
        raise UnableToIssueKey(
            f"Calls a minute lie between 1 and {RATE_LIMIT:,}; leave them out for the usual."
        )


def _is_channel(text: str) -> bool:
    return bool(text.strip()) and len(text) <= CHANNEL_LIMIT and storable(text)


def holder(key: str) -> KeyHolder | None:
    """Who `key` belongs to, or None where it is unknown, malformed or revoked."""
    mark, _, rest = key[:PRESENTED_LIMIT].partition("_")
    prefix = rest.partition("_")[0]
    row = _row(prefix) if mark == MARK and prefix.isascii() and prefix.isalnum() else None
    # An unknown prefix is compared too, with nothing, so that timing does not tell it apart.
    if not hmac.compare_digest(_digest(key), row.digest if row else "") or row is None:
        return None
    _touch(row)
    return KeyHolder(
        id=row.id,
        name=row.name,
        scopes=in_order(row.scopes),
        channels=tuple(row.channels),
        reads_per_minute=row.reads_per_minute,
        writes_per_minute=row.writes_per_minute,
    )


def scopes() -> dict[str, str]:
    """What a key may be allowed: scope by its meaning in words."""
    return dict(SCOPES)


def revoke(key_id: UUID) -> bool:
    """Refuse the key from now on; False where it is unknown or already revoked."""
    rows = ApiKey.objects.filter(id=key_id, revoked_at=None)
    return rows.update(revoked_at=timezone.now()) == 1


def every_key() -> tuple[KeySummary, ...]:
    """All keys, newest first, revoked ones too."""
    return tuple(_summary(row) for row in ApiKey.objects.order_by("-created_at", "-id"))


def _summary(row: ApiKey) -> KeySummary:
    return KeySummary(
        id=row.id,
        name=row.name,
        begins=f"{MARK}_{row.prefix}_",
        scopes=in_order(row.scopes),
        channels=tuple(row.channels),
        reads_per_minute=row.reads_per_minute,
        writes_per_minute=row.writes_per_minute,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )


def _row(prefix: str) -> ApiKey | None:
    return ApiKey.objects.filter(prefix=prefix, revoked_at=None).first()


def _touch(row: ApiKey) -> None:
    now = timezone.now()
    if row.last_used_at is None or row.last_used_at < now - TOUCH_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - TOUCH_EVERY)
        ApiKey.objects.filter(stale, id=row.id).update(last_used_at=now)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
