"""One line of script as finished speech with the time of every word. Knows no tables and no storage."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from apps.audio.alignment import Span, align, spans, speech_bounds, syllables
from apps.audio.delivery import PLAIN, Delivery, stressed
from apps.audio.hearing import heard_starts
from apps.audio.loudness import SAMPLE_RATE
from apps.audio.providers import Utterance, Voice
from apps.audio.stretching import stretch
from apps.audio.trimming import trim
from apps.audio.voice_chain import polish
from apps.contracts.decision import VoiceProfile
from apps.contracts.media import SpokenWord
from apps.contracts.story import Line
from apps.foundation.providers import ProviderUnavailable

#: How far a line may be sped up or slowed down to meet its place; more is heard as haste or drawl (15 % is
#: allowed; the rest is for what fitting misses).
MAX_STRETCH = 0.14
#: The same for a voice whose pace nobody knows; only beyond MAX_STRETCH is it asked, and paid, a second time.
PAID_REACH = 0.25
#: Share of the wanted length that is close enough; the ear and the timeline both forgive it.
TOLERANCE = 0.015
#: How far finished speech is stretched rather than spoken again; more is heard as a machine.
MAX_WARP = 0.08
#: Syllables a second that nobody says (the fastest of languages has 8), and the seconds a syllable never
#: lasts with those a line may take on top: outside, a service sent something else than the line.
IMPOSSIBLY_FAST, IMPOSSIBLY_SLOW = 12.0, (1.0, 3.0)
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
    line: Line,
    *,
    speaker: Voice,
    language: str,
    voice: VoiceProfile,
    delivery: Delivery = PLAIN,
    target_ms: int | None = None,
) -> Speech:
    """`line` spoken at the profile's rate, or as near to `target_ms` as MAX_STRETCH allows.

    Raises UnableToProvide, ProviderUnavailable.
    """
    tokens = [speakable(word.spoken) for word in line.words]
    if not any(tokens):
        return _silence(line, voice, target_ms)
    said = replace(delivery, stressed=stressed(tokens, [word.display for word in line.words]))
    spoken = _Reading(" ".join(tokens), speaker, language, voice, said).fitted(target_ms)
    if not spoken.samples.size:
        return _silence(line, voice, target_ms)
    timed = _timed(tokens, spoken)
    return Speech(
        samples=polish(spoken.samples, spoken.sample_rate, gain_db=voice.gain_db, reference=spoken.reference),
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


@dataclass(frozen=True)
class _Reading:
    """One text, and who reads it how."""

    text: str
    speaker: Voice
    language: str
    voice: VoiceProfile
    delivery: Delivery

    def fitted(self, target_ms: int | None) -> Utterance:
        """The text at its natural speed; again at speeds that bring its length to the target; stretched."""
        best = spoken = self.take(1.0)
        if target_ms is None or not best.samples.size:
            return best
        reach, enough = (PAID_REACH, MAX_STRETCH) if self.speaker.natural else (MAX_STRETCH, TOLERANCE)
        wanted = _reachable(target_ms / self.delivery.rate, _length_ms(best) * self.delivery.rate, reach)
        speed = 1.0
        for _ in range(self.speaker.takes - 1):
            if _off(best, wanted) <= enough:
                break
            speed *= _length_ms(spoken) / wanted
            spoken = self.take(speed)
            best = min(best, spoken, key=lambda tried: _off(tried, wanted))
        return _warped(best, wanted)

    def take(self, speed: float) -> Utterance:
        """The text spoken once, without air around it. Raises what the speaker raises."""
        said = self.speaker.speak(
            self.text, language=self.language, voice=self.voice, delivery=self.delivery, speed=speed
        )
        spoken = trim(said)
        if self.speaker.natural:
            _believe(spoken, syllables(self.text))
        return spoken


def _reachable(target_ms: float, calm_ms: float, reach: float) -> float:
    """The target as far as it lies within `reach` of what the speaker takes when calm."""
    return float(np.clip(target_ms, calm_ms * (1 - reach), calm_ms * (1 + reach)))


def _off(spoken: Utterance, wanted_ms: float) -> float:
    return abs(_length_ms(spoken) / max(wanted_ms, 1.0) - 1.0) if spoken.samples.size else np.inf


def _warped(spoken: Utterance, wanted_ms: float) -> Utterance:
    """What speaking again did not reach, as far as it can be stretched unheard."""
    if _off(spoken, wanted_ms) <= TOLERANCE:
        return spoken
    return stretch(spoken, float(np.clip(wanted_ms / _length_ms(spoken), 1 - MAX_WARP, 1 + MAX_WARP)))


def _believe(spoken: Utterance, said: float) -> None:
    """Refuse sound that cannot be a line of `said` syllables: cut off, empty, or something else."""
    seconds = _length_ms(spoken) / 1000.0
    slow, more = IMPOSSIBLY_SLOW
    if seconds * IMPOSSIBLY_FAST < said or seconds > said * slow + more:
        raise ProviderUnavailable(f"The voice sent {seconds:.1f} s of sound for {said:.0f} syllables.")


def _length_ms(spoken: Utterance) -> float:
    return len(spoken.samples) * 1000.0 / spoken.sample_rate


def _timed(tokens: Sequence[str], spoken: Utterance) -> tuple[Span, ...]:
    onset, end = speech_bounds(spoken.samples, spoken.sample_rate)
    if spoken.marks:
        starts, end = align(tokens, spoken.marks, onset_ms=onset, end_ms=end)
    else:
        starts = heard_starts(tokens, spoken.samples, spoken.sample_rate)
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
