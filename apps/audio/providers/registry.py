"""Which providers there are, by the names that settings and briefs use."""

from collections.abc import Callable

from apps.audio.providers import Music, Voice
from apps.audio.providers.composed import ComposedMusic
from apps.audio.providers.espeak import EspeakVoice
from apps.foundation.providers import UnableToProvide

VOICES: dict[str, Callable[[], Voice]] = {"espeak": EspeakVoice}
MUSIC: dict[str, Callable[[], Music]] = {"composed": ComposedMusic}


def voice(name: str) -> Voice:
    """The voice provider of that name. Raises UnableToProvide where there is none."""
    if name not in VOICES:
        raise UnableToProvide(f"There is no voice provider {name[:40]!r}; VOICE may be {_names(VOICES)}.")
    return VOICES[name]()


def music(name: str) -> Music:
    """The music provider of that name. Raises UnableToProvide where there is none."""
    if name not in MUSIC:
        raise UnableToProvide(f"There is no music provider {name[:40]!r}; MUSIC may be {_names(MUSIC)}.")
    return MUSIC[name]()


def _names(providers: dict) -> str:
    return ", ".join(sorted(providers))
