"""Scenes, and the words spoken in them."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Purpose(StrEnum):
    """What a scene is for: story_scenes.purpose."""

    HOOK = "hook"
    ESCALATE = "escalate"
    TWIST = "twist"
    LOOP = "loop"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One micro-scene. Seconds are whole and contiguous: scene n+1 starts where n ends.

    `narration` is what is said, as a person would write it; `visual` describes the picture.
    """

    id: UUID
    ordinal: int
    start_sec: int
    end_sec: int
    purpose: Purpose
    narration: str
    visual: str
    unsourced: tuple[str, ...] = ()  # figures in the narration that stand in no fact and no source text
    unsourced_names: tuple[str, ...] = ()  # names, likewise; read from capitals, so less certain


@dataclass(frozen=True, kw_only=True)
class Story:
    """The scenes of one attempt: first hook, then escalate..., twist, last loop."""

    id: UUID
    total_duration: int
    scenes: tuple[Scene, ...]


@dataclass(frozen=True, kw_only=True)
class SceneEdit:
    """What a person changes in one scene; what is empty stays as it is."""

    ordinal: int
    narration: str = ""
    visual: str = ""


@dataclass(frozen=True, kw_only=True)
class Depiction:
    """What of a scene decides how it is shown: its visual, the display words of its narration, its
    purpose, and how often it was ordered to look different."""

    ordinal: int
    purpose: Purpose
    visual: str
    words: tuple[str, ...]
    variation: int = 0


@dataclass(frozen=True, kw_only=True)
class Word:
    """One caption token and how it is said: display "$1,200", spoken "twelve hundred dollars"."""

    display: str
    spoken: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """What is said in one scene, ready for a voice: no digits, symbols or abbreviations in `spoken`."""

    ordinal: int
    words: tuple[Word, ...]

    @property
    def spoken(self) -> str:
        """The whole line as the voice gets it."""
        return " ".join(word.spoken for word in self.words)


@dataclass(frozen=True, kw_only=True)
class Script:
    """The spoken text of a story; one line for each scene, in order."""

    id: UUID
    story_id: UUID
    language: str
    lines: tuple[Line, ...]
