"""How a provider fails or rests, and what is asked instead. What providers do is their service's business."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import pairwise
from typing import TypeVar

from apps.foundation.notices import tell

T = TypeVar("T")
#: Names that nobody asks in this context, of the one kind that its stage uses.
_paused: ContextVar[frozenset[str]] = ContextVar("paused", default=frozenset())


class ProviderUnavailable(Exception):
    """The provider did not answer, or asked to be called later. Trying again may help."""


class ProviderPaused(ProviderUnavailable):
    """An operator has paused every provider that could be asked. It helps to wait until one is resumed."""


class UnableToProvide(Exception):
    """The provider cannot do this, and trying the same again will not help; the message says what to do."""


def names_in(setting: str) -> tuple[str, ...]:
    """The provider names of a setting or a brief: "pexels, drawn" asks pexels first."""
    return tuple(dict.fromkeys(name for part in setting.split(",") if (name := part.strip())))


@contextmanager
def paused(names: frozenset[str]) -> Iterator[None]:
    """Inside the block, `first_to_deliver` passes over the providers in `names`."""
    token = _paused.set(names)
    try:
        yield
    finally:
        _paused.reset(token)


def first_to_deliver(names: Sequence[str], ask: Callable[[str], T]) -> tuple[str, T]:
    """What the first of `names` (at least one) that delivers gave, and its name.

    Each one that fails or is paused is told as a notice; raises what the last one raised, and ProviderPaused
    where all are paused.
    """
    names = _unpaused(names)
    for name, following in pairwise(names):
        try:
            return name, ask(name)
        except (ProviderUnavailable, UnableToProvide) as error:
            tell("provider_fell_back", provider=name, to=following, reason=str(error))
    return names[-1], ask(names[-1])


def _unpaused(names: Sequence[str]) -> list[str]:
    resting = _paused.get()
    left = [name for name in names if name not in resting]
    if not left:
        raise ProviderPaused(f"{', '.join(names)}: paused by an operator.")
    for name in names[: names.index(left[0])]:
        tell("provider_fell_back", provider=name, to=left[0], reason="An operator has paused it.")
    return left
