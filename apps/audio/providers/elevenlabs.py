"""ElevenLabs: speech with the time of every character. Text goes to the service and nowhere else."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, ValidationError

from apps.audio.alignment import Mark
from apps.audio.delivery import PLAIN, Delivery
from apps.audio.providers import Utterance, decoding, web
from apps.contracts.decision import VoiceProfile
from apps.foundation.notices import tell_usage
from apps.foundation.providers import ProviderUnavailable, UnableToProvide

#: Where the API lives.
OFFICIAL = "https://api.elevenlabs.io"
#: Hertz of the samples asked for: the highest rate that every kind of account may have. Samples have no
#: codec's delay, so the times hold exactly.
SAMPLE_RATE = 24_000
#: Words a minute of a profile that speed 1 stands for, and the speeds that the API takes.
NATURAL_RATE, SLOWEST, FASTEST = 170, 0.7, 1.2
#: The setting "stability" at arousal 0, and by how much arousal +1 lowers it: less of it is more emotion.
STABILITY, STABILITY_SPAN = 0.5, 0.2
#: The setting "style" (exaggeration) at arousal +1; none at 0 and below.
STYLE_SPAN = 0.3
#: Languages of the multilingual models.
LANGUAGES = frozenset(
    [
        "en",
        "ja",
        "zh",
        "de",
        "hi",
        "fr",
        "ko",
        "pt",
        "it",
        "es",
        "id",
        "nl",
        "tr",
        "tl",
        "pl",
        "sv",
        "bg",
        "ro",
        "ar",
        "cs",
        "el",
        "fi",
        "hr",
        "ms",
        "sk",
        "da",
        "ta",
        "uk",
        "ru",
    ]
)
#: Models that also accept to be told the language; others refuse a request that names one.
TOLD_LANGUAGE = ("v2_5", "v3")
_SERVICE = web.Service(
    name="ElevenLabs",
    address_setting="ELEVENLABS_BASE_URL",
    key_setting="ELEVENLABS_API_KEY",
    voice_settings="ELEVENLABS_VOICE and ELEVENLABS_MODEL",
)


class _Alignment(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    characters: list[str]
    character_start_times_seconds: list[float]


class _Reply(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    audio_base64: str
    alignment: _Alignment | None = None


@dataclass(frozen=True, kw_only=True)
class ElevenLabsVoice:
    """A persona names its voice as "en@elevenlabs"; `usd_per_million` characters for the job's costs."""

    key: str = field(repr=False)
    voice: str
    model: str
    base_url: str = OFFICIAL
    usd_per_million: float = 0.0

    natural = True
    takes = 2

    def missing(self) -> str:
        if not self.key:
            return "Set ELEVENLABS_API_KEY."
        return "" if self.voice else "Set ELEVENLABS_VOICE to the id of a voice."

    def languages(self) -> frozenset[str]:
        return LANGUAGES

    def voice_id(self, language: str, voice: VoiceProfile) -> str:
        return (voice.voices.get(f"{language}@elevenlabs") or self.voice)[:50]

    def speak(
        self,
        text: str,
        *,
        language: str,
        voice: VoiceProfile,
        delivery: Delivery = PLAIN,
        speed: float = 1.0,
    ) -> Utterance:
        if self.missing():
            raise UnableToProvide(self.missing())
        if language not in LANGUAGES:
            raise UnableToProvide(f"ElevenLabs does not speak {language!r}.")
        named = quote(self.voice_id(language, voice), safe="")
        reply = web.post(
            _SERVICE,
            f"{(self.base_url or OFFICIAL).rstrip('/')}/v1/text-to-speech/{named}/with-timestamps"
            f"?output_format=pcm_{SAMPLE_RATE}",
            headers={"xi-api-key": self.key},
            body=self._request(text, language, delivery, speed * delivery.rate * voice.rate / NATURAL_RATE),
        )
        tell_usage(provider="elevenlabs", cost_usd=len(text) * self.usd_per_million / 1e6)
        return _utterance(reply, text)

    def _request(self, text: str, language: str, delivery: Delivery, pace: float) -> dict[str, Any]:
        asked: dict[str, Any] = {
            "text": text,
            "model_id": self.model,
            "voice_settings": {
                "stability": round(STABILITY - STABILITY_SPAN * delivery.arousal, 2),
                "similarity_boost": 0.75,
                "style": round(max(STYLE_SPAN * delivery.arousal, 0.0), 2),
                "use_speaker_boost": True,
                "speed": round(min(max(pace, SLOWEST), FASTEST), 3),
            },
        }
        if any(kind in self.model for kind in TOLD_LANGUAGE):
            asked["language_code"] = language
        return asked


def _utterance(reply: web.Reply, text: str) -> Utterance:
    if reply.kind.startswith("text/"):
        raise UnableToProvide("ElevenLabs answered with a page; check ELEVENLABS_BASE_URL.")
    try:
        told = _Reply.model_validate_json(reply.content)
        spoken = decoding.from_pcm(base64.b64decode(told.audio_base64, validate=True), SAMPLE_RATE)
    except (ValidationError, binascii.Error):
        raise ProviderUnavailable("ElevenLabs sent an answer that cannot be read.") from None
    return replace(spoken, marks=_marks(told.alignment, text)) if told.alignment else spoken


def _marks(told: _Alignment, text: str) -> tuple[Mark, ...]:
    """One mark for each word of `text`; none where the times belong to another text or make no sense."""
    starts = told.character_start_times_seconds
    if "".join(told.characters) != text or len(starts) != len(told.characters):
        return ()
    positions = [0, *accumulate(len(c) for c in told.characters)][:-1]
    seconds = dict(zip(positions, starts, strict=True))
    marks, first = [], 0
    for word in text.split(" "):
        if word and first in seconds:
            marks.append(Mark(first=first, length=len(word), ms=seconds[first] * 1000.0))
        first += len(word) + 1
    return tuple(marks) if _run_forward([mark.ms for mark in marks]) else ()


def _run_forward(times: Sequence[float]) -> bool:
    """Whether the times grow; long inputs have come back with all of them the same."""
    return all(a < b for a, b in pairwise(times)) and bool(times)
