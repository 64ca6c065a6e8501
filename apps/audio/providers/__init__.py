"""Who can speak and who can make music. Each provider is one module that offers one of these protocols."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from apps.audio.alignment import Mark
from apps.contracts.decision import VoiceProfile
from apps.contracts.media import Timeline


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """Speech as a provider gave it: mono, +-1, untrimmed. No marks: the words are timed by syllables."""

    samples: NDArray[np.float32]
    sample_rate: int
    marks: tuple[Mark, ...] = ()


class Voice(Protocol):
    """Turns text into speech."""

    def languages(self) -> frozenset[str]:
        """BCP 47 primary tags it speaks acceptably and can be timed in."""

    def voice_id(self, language: str, voice: VoiceProfile) -> str:
        """The name under which the provider knows the voice that this profile asks for."""

    def speak(self, text: str, *, language: str, voice: VoiceProfile, speed: float = 1.0) -> Utterance:
        """`text` at `speed` times the profile's rate; marks count characters of `text` from 0.

        Raises UnableToProvide or ProviderUnavailable. Silence is an utterance without samples.
        """


class Music(Protocol):
    """Makes a bed that follows a timeline."""

    def bed(self, timeline: Timeline, *, samples: int, seed: int) -> NDArray[np.float32]:
        """Stereo, 48 kHz, shaped (2, samples); the last sample leads into the first."""
