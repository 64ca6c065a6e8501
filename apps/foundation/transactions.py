"""Transactions that name their alias. Without a name Django guards `default` only."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.db import connections, transaction


class NoTransactionOpen(RuntimeError):
    """after_commit was called outside a transaction on that alias; Django would run it at once."""


def in_transaction(alias: str) -> AbstractContextManager[None]:
    """One transaction on one service's alias; nested use joins the outer one."""
    return transaction.atomic(using=alias, savepoint=False)


def after_commit(alias: str, callback: Callable[[], object]) -> None:
    """Run `callback` once the open transaction on `alias` has committed.

    Raises NoTransactionOpen where there is none.
    """
    if not connections[alias].in_atomic_block:
        raise NoTransactionOpen(alias)
    transaction.on_commit(callback, using=alias)
