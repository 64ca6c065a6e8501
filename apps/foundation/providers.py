"""How a provider fails, and what is asked instead. What providers do is their service's business."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

from apps.foundation.notices import tell

T = TypeVar("T")


class ProviderUnavailable(Exception):
    """The provider did not answer, or asked to be called later. Trying again may help."""


class UnableToProvide(Exception):
    """The provider cannot do this, and trying the same again will not help; the message says what to do."""


def names_in(setting: str) -> tuple[str, ...]:
    """The provider names of a setting or a brief: "pexels, drawn" asks pexels first."""
    return tuple(dict.fromkeys(name for part in setting.split(",") if (name := part.strip())))


def first_to_deliver(names: Sequence[str], ask: Callable[[str], T]) -> tuple[str, T]:
    """What the first of `names` (at least one) that delivers gave, and its name.

    Each one that fails is told as a notice; raises what the last one raised.
    """
    for name, following in pairwise(names):
        try:
            return name, ask(name)
        except (ProviderUnavailable, UnableToProvide) as error:
            tell("provider_fell_back", provider=name, to=following, reason=str(error))
    return names[-1], ask(names[-1])
