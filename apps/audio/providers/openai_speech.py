"""Any service with an OpenAI-compatible speech API: OpenAI itself, or a server of one's own.

It gives no word times; words are found by ear. Text goes to the service and nowhere else.
"""

from dataclasses import dataclass, field
from typing import Any

from apps.audio.delivery import PLAIN, Delivery
from apps.audio.providers import Utterance, decoding, web
from apps.contracts.decision import VoiceProfile
from apps.foundation.notices import tell_usage
from apps.foundation.providers import UnableToProvide

#: Where the API lives if only a key is configured.
OFFICIAL = "https://api.openai.com/v1"
#: Characters the API takes in one request; a line of a short has a tenth.
MOST_CHARACTERS = 4096
#: Words a minute of a profile that speed 1 stands for, and the speeds that still sound like a person.
NATURAL_RATE, SLOWEST, FASTEST = 170, 0.75, 1.3
#: Hertz of headerless samples, which only OpenAI's own rate describes.
PCM_RATE = 24_000
#: What OpenAI's documentation lists for its voices (those of Whisper that it marks as supported).
LANGUAGES = frozenset(
    [
        "af",
        "ar",
        "hy",
        "az",
        "be",
        "bs",
        "bg",
        "ca",
        "zh",
        "hr",
        "cs",
        "da",
        "nl",
        "en",
        "et",
        "fi",
        "fr",
        "gl",
        "de",
        "el",
        "he",
        "hi",
        "hu",
        "is",
        "id",
        "it",
        "ja",
        "kn",
        "kk",
        "ko",
        "lv",
        "lt",
        "mk",
        "ms",
        "mr",
        "mi",
        "ne",
        "no",
        "fa",
        "pl",
        "pt",
        "ro",
        "ru",
        "sr",
        "sk",
        "sl",
        "es",
        "sw",
        "sv",
        "tl",
        "ta",
        "th",
        "tr",
        "uk",
        "ur",
        "vi",
        "cy",
    ]
)
_SERVICE = web.Service(
    name="The speech API",
    address_setting="SPEECH_BASE_URL",
    key_setting="SPEECH_API_KEY",
    voice_settings="SPEECH_MODEL and SPEECH_VOICE",
)


@dataclass(frozen=True, kw_only=True)
class SpeechApi:
    """A persona names its voice as "en@openai"; `usd_per_million` characters for the job's costs."""

    base_url: str
    key: str = field(default="", repr=False)
    model: str
    voice: str
    usd_per_million: float = 0.0
    spoken: tuple[str, ...] = ()

    natural = True
    takes = 2

    def missing(self) -> str:
        return "" if self.base_url or self.key else "Set SPEECH_BASE_URL or SPEECH_API_KEY."

    def languages(self) -> frozenset[str]:
        return frozenset(self.spoken) or LANGUAGES

    def voice_id(self, language: str, voice: VoiceProfile) -> str:
        return (voice.voices.get(f"{language}@openai") or self.voice)[:50]

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
        if language not in self.languages() or len(text) > MOST_CHARACTERS:
            raise UnableToProvide(
                f"The speech API does not speak this line ({language}, {len(text)} letters)."
            )
        pace = speed * delivery.rate * voice.rate / NATURAL_RATE
        reply = web.post(
            _SERVICE,
            f"{(self.base_url or OFFICIAL).rstrip('/')}/audio/speech",
            headers={"Authorization": f"Bearer {self.key}"} if self.key else {},
            body=self._request(text, self.voice_id(language, voice), delivery, pace),
        )
        tell_usage(provider="openai", cost_usd=len(text) * self.usd_per_million / 1e6)
        if reply.kind in ("audio/pcm", "audio/l16"):
            return decoding.from_pcm(reply.content, PCM_RATE)
        return decoding.utterance(reply, address_setting="SPEECH_BASE_URL")

    def _request(self, text: str, named: str, delivery: Delivery, pace: float) -> dict[str, Any]:
        asked: dict[str, Any] = {
            "model": self.model,
            "input": text,
            "voice": named,
            "response_format": "wav",
            "speed": round(min(max(pace, SLOWEST), FASTEST), 3),
        }
        if "gpt" in self.model:  # only these models take them, and others' servers may refuse them
            asked["instructions"] = _manner(delivery)
        return asked


def _manner(delivery: Delivery) -> str:
    """A delivery in the words such a model wants."""
    calm, excited = delivery.arousal <= -0.3, delivery.arousal >= 0.4
    tone = "calm, close and unhurried" if calm else "bright and excited" if excited else "warm and lively"
    pace = "fast" if delivery.rate > 1.03 else "slow" if delivery.rate < 0.97 else "steady"
    return f"Narrator of a short video. Tone: {tone}. Pace: {pace}. Pauses: short. Do not add words."
