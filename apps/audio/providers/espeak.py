"""The embedded voice: espeak-ng from its wheel, one process for each utterance. Needs no network."""

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

import espeakng_loader
import numpy as np
import yaml
from numpy.typing import NDArray

from apps.audio.alignment import Mark
from apps.audio.delivery import PLAIN, Delivery, Range
from apps.audio.providers import Utterance, process
from apps.audio.trimming import LEAD_MS, TAIL_MS, trim
from apps.contracts.decision import VoiceProfile
from apps.foundation.providers import ProviderUnavailable, UnableToProvide

#: Seconds one utterance may take; it needs a twentieth of one.
TIMEOUT = 20.0
#: The synthesiser's own limits for its rate knob.
SLOWEST, FASTEST = 80, 450
#: Words a minute of the catalogue's samples, relative to the lines of real scripts, whose words are shorter
#: (measured over eleven lines: 175 for 201).
SAMPLE_PACE = 0.9
#: Steps of the pitch setting in a semitone: its table grows by 1.33 % a step.
PITCH_STEPS = 4.35
#: What a stressed word gets: pitch settings up, share slower, loudness settings up (100 is plain).
STRESS_PITCH, STRESS_SLOWER, STRESS_LOUDER = 9, 0.08, 8
#: Pitch settings that the last word is raised by: left alone it drops by 8 semitones, like a door that shuts.
END_LIFT = 8
#: Rounds of speak-and-measure that bring the knob to a rate in words a minute; the third changes < 1 %.
CALIBRATION_ROUNDS = 3

_VOICE_NAME = re.compile(r"[A-Za-z0-9-]{2,24}(\+[A-Za-z0-9]{1,20})?")
_LANGUAGE_LINE = re.compile(r"^language\s+(\S+)(?:\s+(\d+))?", re.MULTILINE)
_SPEAKER = Path(__file__).with_name("espeak_speaker.py")
_CATALOG = Path(__file__).parent.parent / "catalog" / "languages.yaml"


class EspeakVoice:
    """espeak-ng behind the Voice protocol."""

    natural = False
    takes = 4  # it is free, and needs a fiftieth of a second

    def missing(self) -> str:
        return ""

    def languages(self) -> frozenset[str]:
        return frozenset(_catalog())

    def voice_id(self, language: str, voice: VoiceProfile) -> str:
        """The profile's voice for this language, else the language's own voice in the profile's variant."""
        named = voice.voices.get(language) or _borrowed(_entry(language)["voice"], voice)
        _installed(named)
        return named

    def speak(
        self,
        text: str,
        *,
        language: str,
        voice: VoiceProfile,
        delivery: Delivery = PLAIN,
        speed: float = 1.0,
    ) -> Utterance:
        named = _installed(self.voice_id(language, voice))
        natural, reference = _calibrated(named, language, voice.rate, voice.pitch, voice.pitch_range)
        knob = natural * speed * delivery.rate
        pitch = voice.pitch + delivery.semitones * PITCH_STEPS
        marked, origin = _with_stress(text, delivery.stressed, knob)
        spoken = _speak(marked, named, knob, pitch, voice.pitch_range * delivery.liveliness)
        marks = (_unmarked(mark, origin) for mark in spoken.marks)
        # Before a quotation mark, a command alone is told as a word of no length.
        return replace(spoken, marks=tuple(m for m in marks if m.length), reference=reference)


def _with_stress(text: str, stressed: Sequence[Range], knob: float) -> tuple[str, list[int]]:
    """`text` with espeak-ng's commands around what is stressed, and for each character where it came from."""
    slower = round(knob * STRESS_SLOWER)
    up, down = (
        f"\x01{a}{STRESS_PITCH}P\x01{b}{slower}S\x01{a}{STRESS_LOUDER}A" for a, b in (("+", "-"), ("-", "+"))
    )
    # What ends a stress stands before the next word: inside one, it would end the word.
    commands = {last + 1: down for _, last in stressed if last < len(text)}
    for first, _ in stressed:
        commands[first] = commands.get(first, "") + up
    final = text.rfind(" ") + 1
    if text.endswith((".", "।")) and final and commands.get(final, down) == down:
        commands[final] = commands.get(final, "") + f"\x01+{END_LIFT}P"
    marked, origin = "", []
    for at, character in enumerate(text):
        piece = commands.get(at, "") + character
        marked += piece
        origin += [at] * len(piece)
    return marked, [*origin, len(text)]


def _unmarked(mark: Mark, origin: Sequence[int]) -> Mark:
    """`mark` on the text without commands."""
    first, last = (origin[min(at, len(origin) - 1)] for at in (mark.first, mark.first + mark.length))
    return replace(mark, first=first, length=last - first)


@cache
def _catalog() -> dict[str, dict]:
    entries = yaml.safe_load(_CATALOG.read_text(encoding="utf-8"))
    return {entry["tag"]: entry for entry in entries}


def _entry(language: str) -> dict:
    try:
        return _catalog()[language]
    except KeyError:
        raise UnableToProvide(
            f"The embedded voice does not speak {language!r}; it speaks {', '.join(sorted(_catalog()))}."
        ) from None


def _borrowed(own: str, voice: VoiceProfile) -> str:
    """A language's own voice, in the variant that the profile uses for any other language."""
    own_kind = [name for tag, name in sorted(voice.voices.items()) if "@" not in tag]
    variants = [name.partition("+")[2] for name in own_kind]
    return "+".join([own, *[v for v in variants if v][:1]])


def _installed(named: str) -> str:
    """The espeak-ng voice that a name like en-gb or en-us+f3 means, as its files spell it.

    Asked for by a language tag and a variant at once, espeak-ng finds nothing; and a variant it does not have
    it leaves out without a word. Raises UnableToProvide for either.
    """
    base, _, variant = named.partition("+")
    voice, kind = _voice_files().get(base.lower()), _variants().get(variant.lower(), "")
    if not _VOICE_NAME.fullmatch(named) or voice is None or (variant and not kind):
        raise UnableToProvide(f"There is no espeak-ng voice {named[:40]!r}; use one like en-us or en-gb+f3.")
    return f"{voice}+{kind}" if kind else voice


@cache
def _voice_files() -> dict[str, str]:
    """File names of voices, by themselves and by the language tags they speak (best priority first)."""
    files = [f for f in sorted(Path(espeakng_loader.get_data_path(), "lang").rglob("*")) if f.is_file()]
    tags = [
        (int(priority or 5), tag.lower(), file.name)
        for file in files
        for tag, priority in _LANGUAGE_LINE.findall(file.read_text(encoding="utf-8", errors="replace"))
    ]
    by_tag = {tag: name for _, tag, name in sorted(tags, reverse=True)}
    return by_tag | {file.name.lower(): file.name for file in files}


@cache
def _variants() -> dict[str, str]:
    """Spelling of the voice variants by their names in small letters."""
    folder = Path(espeakng_loader.get_data_path(), "voices", "!v")
    return {file.name.lower(): file.name for file in folder.iterdir()}


@lru_cache(maxsize=64)
def _calibrated(
    named: str, language: str, rate: int, pitch: int, pitch_range: int
) -> tuple[float, NDArray[np.float32]]:
    """The rate setting at which the language's sample is spoken at `rate` words a minute, and that sample.

    The setting is no promise: the same 175 gives 120 words a minute in one language and 259 in another.
    """
    entry = _entry(language)
    words, wanted = len(entry["sample"].split()), rate * entry["pace"] * SAMPLE_PACE
    knob = float(rate)
    for _ in range(CALIBRATION_ROUNDS):
        spoken = trim(_speak(entry["sample"], named, knob, pitch, pitch_range))
        seconds = len(spoken.samples) / spoken.sample_rate - (LEAD_MS + TAIL_MS) / 1000.0
        knob = float(np.clip(knob * wanted * seconds / (words * 60.0), SLOWEST, FASTEST))
    return knob, spoken.samples


def _speak(text: str, named: str, knob: float, pitch: float, pitch_range: float) -> Utterance:
    """One run of the speaker process."""
    request = {
        "library": espeakng_loader.get_library_path(),
        "data": espeakng_loader.get_data_path(),
        "voice": named,
        "rate": round(float(np.clip(knob, SLOWEST, FASTEST))),
        "pitch": round(float(np.clip(pitch, 0, 99))),
        "pitch_range": round(float(np.clip(pitch_range, 0, 99))),
        "text": text,
    }
    return _utterance(_run(json.dumps(request).encode()))


def _run(request: bytes) -> bytes:
    """The speaker's answer. -I -S: nothing of the caller's environment, and a quick start."""
    try:
        return process.run([sys.executable, "-I", "-S", str(_SPEAKER)], request, timeout=TIMEOUT)
    except process.TooSlow as late:
        raise ProviderUnavailable(f"espeak-ng {late}") from None
    except process.ProcessFailed as failure:
        raise UnableToProvide(f"espeak-ng {failure}; check the persona's voice name.") from None


def _utterance(answer: bytes) -> Utterance:
    header, _, pcm = answer.partition(b"\n")
    told = json.loads(header)
    rate = told["sample_rate"]
    return Utterance(
        samples=np.frombuffer(pcm, np.int16).astype(np.float32) / 32768.0,
        sample_rate=rate,
        marks=tuple(
            Mark(first=first, length=length, ms=sample * 1000.0 / rate)
            for first, length, sample in told["events"]
        ),
    )
