"""Which providers there are, by the names that settings and briefs use."""

from collections.abc import Callable
from typing import Any

from apps.audio.providers import Music, Voice
from apps.audio.providers.composed import ComposedMusic
from apps.audio.providers.elevenlabs import ElevenLabsVoice
from apps.audio.providers.espeak import EspeakVoice
from apps.audio.providers.openai_speech import SpeechApi
from apps.audio.providers.own_music import OwnMusic
from apps.audio.providers.piper import PiperVoice
from apps.foundation.providers import UnableToProvide

#: How each voice is made from the installation's settings.
VOICES: dict[str, Callable[[Any], Voice]] = {
    "espeak": lambda given: EspeakVoice(),
    "piper": lambda given: PiperVoice(path=given.PIPER_VOICE, command=given.PIPER_COMMAND),
    "openai": lambda given: SpeechApi(
        base_url=given.SPEECH_BASE_URL,
        key=given.SPEECH_API_KEY,
        model=given.SPEECH_MODEL,
        voice=given.SPEECH_VOICE,
        usd_per_million=given.SPEECH_PRICE,
        spoken=tuple(given.SPEECH_LANGUAGES),
    ),
    "elevenlabs": lambda given: ElevenLabsVoice(
        base_url=given.ELEVENLABS_BASE_URL,
        key=given.ELEVENLABS_API_KEY,
        voice=given.ELEVENLABS_VOICE,
        model=given.ELEVENLABS_MODEL,
        usd_per_million=given.ELEVENLABS_PRICE,
    ),
}
#: The same for music.
MUSIC: dict[str, Callable[[Any], Music]] = {
    "composed": lambda given: ComposedMusic(),
    "own": lambda given: OwnMusic(folder=given.MUSIC_FOLDER),
}


def voice(name: str, given: Any) -> Voice:
    """The voice provider of that name, as the settings `given` configure it. Raises UnableToProvide."""
    if name not in VOICES:
        raise UnableToProvide(f"There is no voice provider {name[:40]!r}; VOICE may be {_names(VOICES)}.")
    return VOICES[name](given)


def music(name: str, given: Any) -> Music:
    """The music provider of that name, as the settings `given` configure it. Raises UnableToProvide."""
    if name not in MUSIC:
        raise UnableToProvide(f"There is no music provider {name[:40]!r}; MUSIC may be {_names(MUSIC)}.")
    return MUSIC[name](given)


def _names(providers: dict) -> str:
    return ", ".join(sorted(providers))
