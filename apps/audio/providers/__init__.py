"""Who can speak and who can make music. Each provider is one module that offers one of these protocols."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from apps.audio.alignment import Mark
from apps.audio.delivery import PLAIN, Delivery
from apps.contracts.decision import VoiceProfile
from apps.contracts.media import Timeline


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """Speech as a provider gave it: mono, +-1, untrimmed. No marks: the words are found by ear.

    `reference`: from a synthesiser, the same voice with another text, at the same rate; its colour is mended
    by it. None from a voice that sounds like a person.
    """

    samples: NDArray[np.float32]
    sample_rate: int
    marks: tuple[Mark, ...] = ()
    reference: NDArray[np.float32] | None = None


class Voice(Protocol):
    """Turns text into speech."""

    @property
    def natural(self) -> bool:
        """Whether it sounds like a person already; if not, the voice chain does what it can."""

    @property
    def takes(self) -> int:
        """Times at most that one line is asked of it: paid-for and slow voices are asked twice."""

    def missing(self) -> str:
        """What has to be configured before it can speak, as a sentence; empty when nothing."""

    def languages(self) -> frozenset[str]:
        """BCP 47 primary tags it speaks acceptably and can be timed in."""

    def voice_id(self, language: str, voice: VoiceProfile) -> str:
        """The name under which the provider knows the voice that this profile asks for."""

    def speak(
        self,
        text: str,
        *,
        language: str,
        voice: VoiceProfile,
        delivery: Delivery = PLAIN,
        speed: float = 1.0,
    ) -> Utterance:
        """`text` at `speed` times the rate of profile and delivery; marks count characters of `text` from 0.

        Raises UnableToProvide or ProviderUnavailable. Silence is an utterance without samples.
        """


@dataclass(frozen=True, kw_only=True)
class Bed:
    """Music for a timeline: stereo, 48 kHz, shaped (2, samples); the last sample leads into the first.

    `credit` names who made it and the licence; empty for our own.
    """

    samples: NDArray[np.float32]
    credit: str = ""


class Music(Protocol):
    """Makes a bed that follows a timeline, whose beats it counts from the timeline's first sample."""

    def missing(self) -> str:
        """What has to be configured before it can play, as a sentence; empty when nothing."""

    def bed(self, timeline: Timeline, *, samples: int, seed: int) -> Bed:
        """`samples` samples of music. Raises UnableToProvide or ProviderUnavailable."""
