"""What the making services return. Media live in storage; a `key` names them there."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from apps.contracts.story import Purpose


@dataclass(frozen=True, kw_only=True)
class SpokenWord:
    """One caption token with its time in its own narration (or timeline), milliseconds."""

    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, kw_only=True)
class Narration:
    """One scene's voice: mono WAV at `key`; words timed from the start of the file."""

    ordinal: int
    key: str
    duration_ms: int
    words: tuple[SpokenWord, ...]
    voice_id: str
    provider: str


class LayerKind(StrEnum):
    """What lies at a layer's key."""

    IMAGE = "image"  # a PNG or JPEG
    CLIP = "clip"  # H.264 at the frame rate and canvas size, silent, played from its start


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One layer of a picture; the canvas is the frame plus overscan.

    The backmost is opaque and covers the canvas. Others are RGBA and may be cut to what is seen of them:
    their top left corner then stands at (`left`, `top`), canvas pixels.
    `depth` 0 is the far background, 1 the nearest: nearer layers move more. `word` is the index of
    the narration word on which the layer acts (pops in); None: there from the start.
    """

    key: str
    depth: float
    act: str = "still"
    word: int | None = None
    left: int = 0
    top: int = 0
    kind: LayerKind = LayerKind.IMAGE


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One scene's picture. Layers back to front; colours as #rrggbb; `overscan` is the share by
    which each layer is larger than the frame, so that motion never shows an edge."""

    id: UUID
    ordinal: int
    width: int
    height: int
    overscan: float
    layers: tuple[Layer, ...]
    palette: tuple[str, ...]
    style: str
    subjects: tuple[str, ...]
    credit: str = ""
    preview_key: str = ""  # the layers flattened at rest, a JPEG at half size


@dataclass(frozen=True, kw_only=True)
class Cue:
    """One caption on screen: 2-5 words, word-timed on the timeline, milliseconds."""

    start_ms: int
    end_ms: int
    words: tuple[SpokenWord, ...]


class Transition(StrEnum):
    """How one shot gives way to the next; each half lies inside its own shot."""

    CUT = "cut"
    WHIP = "whip"  # the camera is torn aside
    ZOOM = "zoom"  # into the picture, and out of the next
    DIP = "dip"  # darker, and light again; never to black


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One scene's place on the timeline. All in milliseconds from the start of the video.

    [start_ms, end_ms) is the shot; its narration starts at `voice_ms`. Shots are contiguous and
    begin and end on whole frames. `arousal` in [-1, 1] sets the energy of the motion. `reframes`: moments
    from the shot's start at which the same picture is cut to in another framing.
    """

    ordinal: int
    purpose: Purpose
    start_ms: int
    end_ms: int
    voice_ms: int
    arousal: float
    valence: float
    emotion: str
    cues: tuple[Cue, ...]
    enters: Transition = Transition.CUT  # how it begins
    leaves: Transition = Transition.CUT  # how it ends: as the next one begins
    reframes: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The one truth for captions, cuts, critic and Studio.

    `total_ms` is a whole number of bars at `bpm` (4/4) and a whole number of frames.
    """

    total_ms: int
    fps: int
    bpm: float
    bars: int
    shots: tuple[Shot, ...]

    @property
    def cues(self) -> tuple[Cue, ...]:
        """Every caption, in order."""
        return tuple(cue for shot in self.shots for cue in shot.cues)


@dataclass(frozen=True, kw_only=True)
class Mix:
    """The finished sound: 48 kHz stereo WAV at `key`, as long as the timeline.

    `integrated_lufs` and `true_peak_dbtp` are measured on the file; `voice_key` and `bed_key` are
    the stems (48 kHz), kept for the critic.
    """

    id: UUID
    key: str
    voice_key: str
    bed_key: str
    duration_ms: int
    integrated_lufs: float
    true_peak_dbtp: float
    voice_id: str
    credit: str = ""  # who made the music, and under which licence; empty for our own


@dataclass(frozen=True, kw_only=True)
class CaptionBox:
    """Where a caption was drawn, pixels of the rendered frame, and its measured contrast ratio."""

    start_ms: int
    end_ms: int
    left: int
    top: int
    right: int
    bottom: int
    contrast: float


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One scene's rendered, caption-burnt video: H.264 at `key`, closed GOP, `frames` long.

    The times of its `captions` are counted from its own first frame.
    """

    ordinal: int
    key: str
    frames: int
    captions: tuple[CaptionBox, ...]


@dataclass(frozen=True, kw_only=True)
class Take:
    """One attempt's finished files in storage."""

    id: UUID
    attempt: int
    key: str
    poster_key: str
    sheet_key: str
    srt_key: str
    vtt_key: str
    duration_ms: int
    width: int
    height: int
    size_bytes: int
    captions: tuple[CaptionBox, ...]
    credits: tuple[str, ...] = ()  # one line for each work of others in it, licence included


@dataclass(frozen=True, kw_only=True)
class Upload:
    """An image or a clip of the user's own, kept at `key` for a brief's `media`.

    Upright size in pixels; `seconds` is 0 for an image. `name` is how it is called in storage.
    """

    key: str
    kind: LayerKind
    name: str
    width: int
    height: int
    seconds: float
    bytes: int


class UnableToKeepUpload(ValueError):
    """The file is no image or clip that a short can show: why, and what to do about it."""

    def __init__(self, reason: str, remedy: str) -> None:
        self.reason, self.remedy = reason, remedy
        super().__init__(f"{reason} {remedy}")
