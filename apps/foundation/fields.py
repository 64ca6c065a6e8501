"""The seed's TIMESTAMP column. No other fields."""

from datetime import UTC, datetime
from typing import Any

from django.db import models


class UtcTimestampField(models.DateTimeField):
    """`timestamp without time zone` holding UTC; Python sees aware datetimes.

    Django's own DateTimeField makes `timestamptz`, which is not what the schema specifies.
    Django sets every session's time zone to UTC, so the conversion is exact.
    """

    def db_type(self, connection: Any) -> str:
        return "timestamp"

    def from_db_value(self, value: datetime | None, expression: Any, connection: Any) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value
