"""Cursors: where a page of jobs begins, as an opaque token. A place in an order, never an offset."""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Characters of a cursor; anything longer was not made here.
CURSOR_LIMIT = 100


class UnableToReadCursor(ValueError):
    """This cursor was not given out here. Start again without one."""


def cursor(created_at: datetime, job_id: UUID) -> str:
    """The token of the place right after a job."""
    micros = (created_at - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(f"{micros}.{job_id.hex}".encode()).decode().rstrip("=")


def after(rows: QuerySet[M], token: str) -> QuerySet[M]:
    """`rows`, newest first, from the place of `token` on; an empty token is the beginning."""
    ordered = rows.order_by("-created_at", "-id")
    if not token:
        return ordered
    created_at, job_id = _place(token)
    # The first condition alone bounds the index scan; the second settles ties in the same microsecond.
    return ordered.filter(created_at__lte=created_at).filter(Q(created_at__lt=created_at) | Q(id__lt=job_id))


def _place(token: str) -> tuple[datetime, UUID]:
    try:
        padded = token[:CURSOR_LIMIT] + "=" * (-len(token) % 4)
        micros, _, identity = base64.urlsafe_b64decode(padded).decode("ascii").partition(".")
        return _EPOCH + timedelta(microseconds=int(micros)), UUID(hex=identity)
    except (ValueError, OverflowError, binascii.Error) as broken:
        raise UnableToReadCursor(UnableToReadCursor.__doc__) from broken
