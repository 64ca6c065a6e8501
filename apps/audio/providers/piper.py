"""Piper, where the owner has installed it: a program of its own, one run for each line.

Piper is GPL and its voices have licences of their own: neither is part of this project, and nothing is
downloaded. It gives no word times; words are found by ear.
"""

import json
import re
import shlex
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from apps.audio.delivery import PLAIN, Delivery
from apps.audio.providers import Utterance, decoding, process
from apps.contracts.decision import VoiceProfile
from apps.foundation.providers import ProviderUnavailable, UnableToProvide

#: Seconds one line may take: loading a voice takes one or two, speaking a tenth of what is heard.
TIMEOUT = 60.0
#: Seconds of silence between the sentences of a line.
SENTENCE_SILENCE = "0.18"
#: Words a minute of a profile at which Piper speaks as its voice was trained.
NATURAL_RATE = 170
#: The length scales that still sound like a person.
SHORTEST, LONGEST = 0.7, 1.4

_VOICE_NAME = re.compile(r"[\w.-]{1,80}(#\d{1,4})?")
#: In double brackets Piper takes phonemes; a text has none.
_NO_PHONEMES = str.maketrans("[]", "()")


@dataclass(frozen=True, kw_only=True)
class PiperVoice:
    """`path`: a voice (.onnx, its .onnx.json beside it) or a folder of voices. `command`: how Piper is run.

    A persona names a voice of the folder, and a speaker in it, as "en@piper": "en_US-libritts-high#12".
    """

    path: str
    command: str = "piper"

    natural = True
    takes = 3

    def missing(self) -> str:
        if not self.path:
            return "Set PIPER_VOICE to a Piper voice (.onnx) or to a folder of voices."
        return "" if _voices(self.path) else "PIPER_VOICE holds no voice: an .onnx file with its .onnx.json."

    def languages(self) -> frozenset[str]:
        return frozenset(found.language for found in _voices(self.path)) if self.path else frozenset()

    def voice_id(self, language: str, voice: VoiceProfile) -> str:
        found, speaker = self._chosen(language, voice)
        return f"{found.name}#{speaker}" if speaker else found.name

    def speak(
        self,
        text: str,
        *,
        language: str,
        voice: VoiceProfile,
        delivery: Delivery = PLAIN,
        speed: float = 1.0,
    ) -> Utterance:
        found, speaker = self._chosen(language, voice)
        pace = speed * delivery.rate * voice.rate / NATURAL_RATE
        scale = min(max(found.length_scale / pace, SHORTEST), LONGEST)
        line = [*shlex.split(self.command), "--model", str(found.path), "--output-raw"]
        line += ["--length-scale", f"{scale:.3f}", "--sentence-silence", SENTENCE_SILENCE]
        line += ["--speaker", str(speaker)] if speaker else []
        raw = _run(line, text.translate(_NO_PHONEMES))
        return decoding.from_pcm(raw, found.sample_rate)

    def _chosen(self, language: str, voice: VoiceProfile) -> "tuple[_Installed, int]":
        """The voice file and the speaker in it. Raises UnableToProvide."""
        if self.missing():
            raise UnableToProvide(self.missing())
        named, _, speaker = voice.voices.get(f"{language}@piper", "").partition("#")
        fitting = [v for v in _voices(self.path) if v.language == language and named in ("", v.name)]
        if named and not _VOICE_NAME.fullmatch(named):
            fitting = []
        if not fitting:
            raise UnableToProvide(
                f"Piper has no voice {named[:40]!r} that speaks {language!r}; put it into PIPER_VOICE."
            )
        return fitting[0], int(speaker) if speaker.isdigit() else 0


@dataclass(frozen=True, kw_only=True)
class _Installed:
    """What a voice's .onnx.json says of it."""

    path: Path
    language: str
    sample_rate: int
    length_scale: float

    @property
    def name(self) -> str:
        return self.path.name.removesuffix(".onnx")[:40]


@lru_cache(maxsize=8)
def _voices(path: str) -> tuple[_Installed, ...]:
    """Every voice at `path` whose description can be read, by name."""
    given = Path(path)
    files = sorted(given.rglob("*.onnx")) if given.is_dir() else [given]
    return tuple(found for file in files if (found := _described(file)))


def _described(file: Path) -> _Installed | None:
    try:
        told = json.loads(file.with_name(f"{file.name}.json").read_text(encoding="utf-8"))
        tag = (told.get("language") or {}).get("code") or told["espeak"]["voice"]
        return _Installed(
            path=file,
            language=re.split(r"[-_]", tag)[0].lower(),
            sample_rate=int(told["audio"]["sample_rate"]),
            length_scale=float((told.get("inference") or {}).get("length_scale", 1.0)),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _run(line: list[str], text: str) -> bytes:
    try:
        return process.run(line, text.encode() + b"\n", timeout=TIMEOUT)
    except process.TooSlow as late:
        raise ProviderUnavailable(f"Piper {late}.") from None
    except process.ProcessFailed as failure:
        raise UnableToProvide(f"Piper {failure}; check PIPER_COMMAND and PIPER_VOICE.") from None
