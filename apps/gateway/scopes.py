"""What an API key may be allowed to do: a short list, each entry worth telling apart."""

from collections.abc import Iterable

#: Scope by what it allows, in words. Catalogues (platforms, personas ...) can be read with any key.
SCOPES: dict[str, str] = {
    "jobs:read": "read jobs, batches, their events, streams and media",
    "jobs:write": "make, change, cancel and retry jobs and batches; upload files",
    "performance:read": "read performance numbers, leaderboards and experiments",
    "performance:write": "report performance numbers; make experiments",
    "webhooks:admin": "make, change, remove and replay webhooks",
    "providers:admin": "pause and resume providers",
    "keys:admin": "make and revoke API keys with no more rights than its own",
}
EVERY_SCOPE: tuple[str, ...] = tuple(SCOPES)


def every_scope() -> list[str]:
    """All of them: what a key may do unless it is made for less."""
    return list(EVERY_SCOPE)


def in_order(scopes: Iterable[str]) -> tuple[str, ...]:
    """The known ones among `scopes`, each once, in the list's own order."""
    named = set(scopes)
    return tuple(scope for scope in EVERY_SCOPE if scope in named)


def wanted_scope(view: object, method: str) -> str:
    """The scope that `method` of a view needs: its `reads` for what changes nothing, else its `writes`."""
    scope: str = getattr(view, "reads" if method in ("GET", "HEAD", "OPTIONS") else "writes", "")
    return scope
