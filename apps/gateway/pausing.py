"""Providers as whoever operates the installation sees them: which are asked, in which order, which rest."""

from dataclasses import dataclass

from django.conf import settings

from apps.contracts.pausing import PROVIDER_KINDS, Pause
from apps.foundation.providers import names_in
from apps.orchestrator import interface as orchestrator


@dataclass(frozen=True, kw_only=True)
class Provider:
    """A provider and whether it rests. `place` is when this installation asks it, from 1; 0: only where a
    brief names it. `pause` is null while it is asked."""

    kind: str
    name: str
    place: int
    pause: Pause | None


class UnableToFindProvider(LookupError):
    """There is no such provider. List them to see which there are."""


class UnableToPause(RuntimeError):
    """The provider is paused already; the message names it."""


class UnableToResume(RuntimeError):
    """The provider is not paused."""


def providers_asked() -> tuple[Provider, ...]:
    """Every provider, by kind; first those that are asked, in that order."""
    known = orchestrator.providers()
    resting = {(pause.kind, pause.name): pause for pause in orchestrator.pauses()}
    return tuple(
        provider for kind in PROVIDER_KINDS for provider in _of_kind(kind, known.get(kind, ()), resting)
    )


def provider(kind: str, name: str) -> Provider:
    """One provider. Raises UnableToFindProvider."""
    for found in providers_asked():
        if (found.kind, found.name) == (kind, name):
            return found
    raise UnableToFindProvider(UnableToFindProvider.__doc__)


def pause_provider(kind: str, name: str, *, by: str, reason: str) -> Provider:
    """Have no stage ask it until it is resumed; `by` is who says so.

    Raises UnableToFindProvider, UnableToPause.
    """
    provider(kind, name)
    try:
        orchestrator.pause_provider(kind=kind, name=name, by=by, reason=reason)
    except orchestrator.UnableToPause as refused:
        raise UnableToPause(str(refused)) from refused
    return provider(kind, name)


def resume_provider(kind: str, name: str, *, by: str) -> Provider:
    """Have it asked again; what waited for it goes on. Raises UnableToFindProvider, UnableToResume."""
    provider(kind, name)
    if not orchestrator.resume_provider(kind=kind, name=name, by=by):
        raise UnableToResume(UnableToResume.__doc__)
    return provider(kind, name)


def _of_kind(kind: str, known: tuple[str, ...], resting: dict[tuple[str, str], Pause]) -> list[Provider]:
    asked = names_in(str(getattr(settings, kind.upper())))
    return [
        Provider(
            kind=kind,
            name=name,
            place=asked.index(name) + 1 if name in asked else 0,
            pause=resting.get((kind, name)),
        )
        for name in dict.fromkeys((*asked, *known))
    ]
