"""What every table has in common. No behaviour."""

from typing import ClassVar
from uuid import uuid4

from django.db import models

from apps.foundation.fields import UtcTimestampField


class Record(models.Model):
    """A row with a UUID key and the time it was made."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    created_at = UtcTimestampField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["-created_at"]


def one_of(column: str, values: list[str], name: str) -> models.CheckConstraint:
    """A check that `column` holds one of the listed values."""
    return models.CheckConstraint(condition=models.Q(**{f"{column}__in": values}), name=name)
