"""Contracts to JSON values and back, and the digest of any of them. No I/O."""

import hashlib
import json
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

T = TypeVar("T")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_json(value: Any) -> Any:
    """A contract (or any nesting of contracts, tuples and mappings) as plain JSON values."""
    return _adapter(Any).dump_python(value, mode="json")


def from_json(kind: type[T], data: Any) -> T:
    """The contract of type `kind` that `to_json` turned into `data`.

    Raises pydantic.ValidationError where `data` is not of that shape.
    """
    result: T = _adapter(cast(Any, kind)).validate_python(data)
    return result


def digest(value: Any) -> str:
    """SHA-256 (64 hex digits) of the canonical JSON of `value`: equal values, equal digests."""
    canonical = json.dumps(to_json(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
