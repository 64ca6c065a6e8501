"""What a service has to tell about its work beside the result: a provider that fell back, tokens spent.

Whoever calls a door listens with `heard()`; nobody has to. Facts are names, counts and reasons in our own
words: never a prompt, a reply, a key or an address.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

Fact = str | int | float | bool


@dataclass(frozen=True)
class Notice:
    """One thing told. `kind` becomes the type of an event."""

    kind: str
    facts: dict[str, Fact]


_heard: ContextVar[list[Notice] | None] = ContextVar("notices", default=None)


@contextmanager
def heard() -> Iterator[list[Notice]]:
    """Inside the block, everything told by this thread is put into the list."""
    told: list[Notice] = []
    token = _heard.set(told)
    try:
        yield told
    finally:
        _heard.reset(token)


def tell(kind: str, **facts: Fact) -> None:
    """Tell whoever listens; lost where nobody does."""
    told = _heard.get()
    if told is not None:
        told.append(Notice(kind, facts))


def tell_usage(
    *, provider: str, calls: int = 1, tokens_in: int = 0, tokens_out: int = 0, cost_usd: float = 0.0
) -> None:
    """Tell what a call to a paid-for provider took; the job's usage is the sum of these."""
    tell(
        "provider_used",
        provider=provider,
        calls=calls,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        cost_usd=cost_usd,
    )
