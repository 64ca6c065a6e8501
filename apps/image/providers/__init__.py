"""Who can supply a scene's picture. A provider gets a Request and returns a Rendering; it stores nothing."""

from dataclasses import dataclass
from typing import Protocol

from apps.contracts.decision import Box, FrameSpec, Mood
from apps.contracts.media import LayerKind
from apps.contracts.story import Depiction, Purpose


@dataclass(frozen=True, kw_only=True)
class Request:
    """One scene to be shown. `words` are its display tokens; `opening` asks for a complete first frame.

    A provider sees the fields in OPTIONAL only where its Source heeds them; else they hold their defaults,
    so that the same picture is not made again because of what nobody looked at.
    """

    words: tuple[str, ...]
    visual: str
    mood: Mood
    visual_energy: str
    frame: FrameSpec
    safe_box: Box
    seed: int
    ordinal: int
    opening: bool
    variation: int
    purpose: Purpose = Purpose.ESCALATE
    earlier: tuple[Depiction, ...] = ()
    seconds: float = 0.0
    media: tuple[str, ...] = ()
    language: str = "en"

    @property
    def depiction(self) -> Depiction:
        """What of this scene the later ones are told."""
        return Depiction(
            ordinal=self.ordinal,
            purpose=self.purpose,
            visual=self.visual,
            words=self.words,
            variation=self.variation,
        )


@dataclass(frozen=True, kw_only=True)
class RenderedLayer:
    """One layer's file (PNG, JPEG or MP4), with what contracts Layer says of it."""

    data: bytes
    depth: float
    act: str
    word: int | None
    left: int = 0
    top: int = 0
    kind: LayerKind = LayerKind.IMAGE


@dataclass(frozen=True, kw_only=True)
class Rendering:
    """A scene's layers back to front, and a JPEG of them all at rest."""

    layers: tuple[RenderedLayer, ...]
    preview: bytes
    overscan: float
    palette: tuple[str, ...]
    style: str
    subjects: tuple[str, ...]
    credit: str = ""


class Pictures(Protocol):
    """A source of pictures.

    Raises ProviderUnavailable where trying again may help, UnableToProvide where it will not.
    """

    def draw(self, request: Request) -> Rendering: ...


#: Fields of a Request that only some providers look at.
OPTIONAL = ("earlier", "seconds", "media", "language")
