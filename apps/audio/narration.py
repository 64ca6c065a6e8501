"""One line of script as finished speech with the time of every word. Knows no tables and no storage."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from apps.audio.alignment import Span, align, spans, speech_bounds, syllables
from apps.audio.loudness import SAMPLE_RATE
from apps.audio.providers import Utterance, Voice
from apps.audio.trimming import trim
from apps.audio.voice_chain import polish
from apps.contracts.decision import VoiceProfile
from apps.contracts.media import SpokenWord
from apps.contracts.story import Line

#: How far a line may be sped up or slowed down to meet its place; more is heard as haste or drawl (15 % is
#: allowed; the rest is for what fitting misses).
MAX_STRETCH = 0.14
#: Share of the wanted length that is close enough; the ear and the timeline both forgive it.
TOLERANCE = 0.015
#: Times a line is spoken again to meet its length.
FIT_ROUNDS = 3
#: Milliseconds of silence at least, where a line has nothing that can be said.
MIN_SILENCE_MS = 300


@dataclass(frozen=True, kw_only=True)
class Speech:
    """Mono at 48 kHz; one word for each token of the line, timed from the first sample."""

    samples: NDArray[np.float32]
    words: tuple[SpokenWord, ...]

    @property
    def duration_ms(self) -> int:
        """Whole milliseconds, rounded down."""
        return len(self.samples) * 1000 // SAMPLE_RATE


def record(
    line: Line, *, speaker: Voice, language: str, voice: VoiceProfile, target_ms: int | None = None
) -> Speech:
    """`line` spoken at the profile's rate, or as near to `target_ms` as MAX_STRETCH allows."""
    tokens = [speakable(word.spoken) for word in line.words]
    text = " ".join(tokens)
    spoken = _fitted(text, speaker, language, voice, target_ms) if any(tokens) else None
    if spoken is None or not spoken.samples.size:
        return _silence(line, voice, target_ms)
    timed = _timed(tokens, spoken)
    return Speech(
        samples=polish(spoken.samples, spoken.sample_rate, gain_db=voice.gain_db),
        words=_words(line, timed),
    )


def speakable(text: str) -> str:
    """`text` without what a voice would spell out or obey: emoji, symbols, control characters."""
    kept = "".join(c if _can_be_said(c) else " " for c in text)
    return " ".join(kept.split())


def _can_be_said(character: str) -> bool:
    kind = unicodedata.category(character)
    return character in "\u200c\u200d" or (
        kind[0] in "LMNPZ" and not "\ufe00" <= character <= "\ufe0f" and kind not in ("Zl", "Zp")
    )


def _fitted(
    text: str, speaker: Voice, language: str, voice: VoiceProfile, target_ms: int | None
) -> Utterance:
    """The text at its natural speed, then again at speeds that bring its length to the target."""
    natural = best = spoken = trim(speaker.speak(text, language=language, voice=voice))
    natural_ms = _length_ms(natural)
    if target_ms is None or natural_ms <= 0:
        return natural
    wanted = float(np.clip(target_ms, natural_ms * (1 - MAX_STRETCH), natural_ms * (1 + MAX_STRETCH)))
    speed = 1.0
    for _ in range(FIT_ROUNDS):
        if abs(_length_ms(best) / wanted - 1.0) <= TOLERANCE:
            break
        speed *= _length_ms(spoken) / wanted
        spoken = trim(speaker.speak(text, language=language, voice=voice, speed=speed))
        best = min(best, spoken, key=lambda tried: abs(_length_ms(tried) - wanted))
    return best


def _length_ms(spoken: Utterance) -> float:
    return len(spoken.samples) * 1000.0 / spoken.sample_rate


def _timed(tokens: Sequence[str], spoken: Utterance) -> tuple[Span, ...]:
    onset, end = speech_bounds(spoken.samples, spoken.sample_rate)
    starts, end = align(tokens, spoken.marks, onset_ms=onset, end_ms=end)
    return spans(starts, end, spoken.samples, spoken.sample_rate)


def _words(line: Line, timed: Sequence[Span]) -> tuple[SpokenWord, ...]:
    return tuple(
        SpokenWord(text=word.display, start_ms=span.start_ms, end_ms=span.end_ms)
        for word, span in zip(line.words, timed, strict=True)
    )


def _silence(line: Line, voice: VoiceProfile, target_ms: int | None) -> Speech:
    """A pause as long as the words would take, shared among them by syllables."""
    said_ms = round(len(line.words) * 60_000 / voice.rate)
    length_ms = max(said_ms if target_ms is None else min(said_ms, target_ms), MIN_SILENCE_MS)
    ends = np.cumsum([0.0, *(syllables(word.display) for word in line.words)])
    bounds = np.round(ends / max(ends[-1], 1.0) * length_ms).astype(int).tolist()
    timed = [Span(start_ms=a, end_ms=b) for a, b in pairwise(bounds)]
    return Speech(samples=np.zeros(length_ms * SAMPLE_RATE // 1000, np.float32), words=_words(line, timed))
