"""Who can supply a scene's picture. A provider gets a Request and returns a Rendering; it stores nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from apps.contracts.decision import Box, FrameSpec, Mood


@dataclass(frozen=True, kw_only=True)
class Request:
    """One scene to be shown. `words` are its display tokens; `opening` asks for a complete first frame."""

    words: tuple[str, ...]
    visual: str
    mood: Mood
    visual_energy: str
    frame: FrameSpec
    safe_box: Box
    seed: int
    ordinal: int
    opening: bool
    previous_style: str
    variation: int


@dataclass(frozen=True, kw_only=True)
class RenderedLayer:
    """One layer's PNG, with what contracts Layer says of it."""

    png: bytes
    depth: float
    act: str
    word: int | None


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


def _drawn() -> Pictures:
    from apps.image.providers.drawn import Drawn

    return Drawn()


#: Provider name -> how to make it. Made when first asked for: skia takes a moment to load.
PROVIDERS: dict[str, Callable[[], Pictures]] = {"drawn": _drawn}
