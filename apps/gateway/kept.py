"""Files that somebody looks at before anything is made of them: kept for a day, found by a signed token."""

import hashlib
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.core.files.storage import default_storage

from apps.foundation import blobs

SALT = "hookloop.kept"
#: Where they lie, in one folder for each day.
FOLDER = "kept"
#: How long a token is good for.
KEEP = timedelta(days=1)


class UnableToFindKept(LookupError):
    """The file is no longer kept. Choose it again."""


def keep(data: bytes) -> str:
    """Keep `data`, and forget what was kept the day before yesterday; the token that finds it."""
    _sweep()
    key = f"{FOLDER}/{datetime.now(UTC):%Y-%m-%d}/{hashlib.sha256(data).hexdigest()}"
    return signing.dumps(blobs.put_bytes(key, data), salt=SALT)


def kept(token: str) -> bytes:
    """What was kept. Raises UnableToFindKept."""
    try:
        return blobs.read_bytes(_key(token))
    except OSError as gone:
        raise UnableToFindKept(UnableToFindKept.__doc__) from gone


def forget(token: str) -> None:
    """Remove it. Raises UnableToFindKept for a token that was not given out here."""
    default_storage.delete(_key(token))


def _key(token: str) -> str:
    try:
        key: str = signing.loads(token, salt=SALT, max_age=KEEP)
    except signing.BadSignature as unknown:
        raise UnableToFindKept(UnableToFindKept.__doc__) from unknown
    return key


def _sweep() -> None:
    oldest = f"{datetime.now(UTC) - KEEP:%Y-%m-%d}"
    if not default_storage.exists(FOLDER):
        return
    for day in default_storage.listdir(FOLDER)[0]:
        if day < oldest:
            for name in default_storage.listdir(f"{FOLDER}/{day}")[1]:
                default_storage.delete(f"{FOLDER}/{day}/{name}")
