"""Answers held for the length of a block: thousands of briefs are checked against catalogues read once.

Nothing is held outside of a block, so a catalogue that a curator edits is never stale elsewhere.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

_held: ContextVar[dict[Any, Any] | None] = ContextVar("held", default=None)


@contextmanager
def holding() -> Iterator[None]:
    """Inside the block, this thread asks each `held` function once for the same arguments."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def held(function: F) -> F:
    """A function of hashable arguments whose frozen answer may be held by `holding`."""

    @wraps(function)
    def asked(*arguments: Any, **named: Any) -> Any:
        answers = _held.get()
        if answers is None:
            return function(*arguments, **named)
        key = (function, arguments, *sorted(named.items()))
        if key not in answers:
            answers[key] = function(*arguments, **named)
        return answers[key]

    return cast(F, asked)
