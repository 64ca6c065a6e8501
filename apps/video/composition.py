"""One shot rendered: scenery under a camera, captions on top, frame after frame into the encoder.

Paths and contracts in, an MP4 and a strip of small stills out; knows no storage and no database.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from apps.contracts.decision import Box, FrameSpec
from apps.contracts.media import CaptionBox, LayerKind, Picture, Shot
from apps.contracts.story import Purpose
from apps.video import motion
from apps.video.caption_styles import CaptionStyle
from apps.video.captions import Captions
from apps.video.encoder import Encoder
from apps.video.motion import Camera
from apps.video.planes import Frame, Plane, dim, smear
from apps.video.scenery import LayerFile, Scenery
from apps.video.workspace import Workspace

#: Part of every segment's digest; raise it when the same inputs are to give other pixels.
VERSION = 4
#: Small stills kept of each shot, and their width in pixels, for the contact sheet.
STILLS, STILL_WIDTH = 4, 270
#: Frames before the end on which the video's first caption already stands, so that the loop has no seam.
SEAM_FRAMES = 2
#: Moments of a cue's life at which its contrast with the picture is measured.
MEASURED = (0.5,)


@dataclass(frozen=True, kw_only=True)
class ShotPlan:
    """Everything that decides the pixels of one shot.

    `picture` and `layers` are the shot's own; `opening_layers`, `opening` and `opening_picture` those
    of the video's first shot, given where the loop returns to it. `more` in [0, 1] adds motion, `seam` in
    [0, 1] makes the return longer and calmer.
    """

    shot: Shot
    picture: Picture
    frame: FrameSpec
    safe_box: Box
    style: CaptionStyle
    visual_energy: str
    more: float = 0.0
    opening: Shot | None = None
    opening_picture: Picture | None = None
    layers: Sequence[Path] = ()
    opening_layers: Sequence[Path] = ()
    seam: float = 0.0


@dataclass(frozen=True)
class Rendered:
    """What a rendered shot is, beside its file."""

    frames: int
    captions: tuple[CaptionBox, ...]
    stills: Plane  # BGR, STILLS side by side


def render(plan: ShotPlan, target: Path, preset: str) -> Rendered:
    """Encode the shot to `target`. Raises UnableToRunFfmpeg, UnableToReadPicture."""
    stills: list[Plane] = []
    # The encoder first: it starts up while the pictures are read.
    with Encoder(plan.frame, preset, target) as encoder, closing(Performance(plan)) as performance:
        wanted = {round((k + 0.5) / STILLS * performance.frames - 0.5) for k in range(STILLS)}
        for n in range(performance.frames):
            frame = encoder.next_frame()
            performance.paint(frame, n)
            if n in wanted:
                stills.append(frame.thumbnail(STILL_WIDTH))
            encoder.send()
    stills += stills[-1:] * (STILLS - len(stills))
    return Rendered(performance.frames, performance.captions.boxes(), np.hstack(stills))


def frame_count(shot: Shot, fps: int) -> int:
    """Whole frames of a shot, at least one."""
    return max(1, round(shot.end_ms * fps / 1000) - round(shot.start_ms * fps / 1000))


class Performance:
    """A shot that can be painted frame by frame, in order."""

    def __init__(self, plan: ShotPlan) -> None:
        shot, frame = plan.shot, plan.frame
        self.workspace = Workspace()
        self.fps, self.frames = frame.fps, frame_count(shot, frame.fps)
        self.start = shot.start_ms / 1000
        self.captions = Captions(shot.cues, plan.style, frame, plan.safe_box)
        self.camera = _camera(shot, plan, first=shot.start_ms == 0)
        self.opening: Scenery | None = None
        self.opening_captions: Captions | None = None
        self.scenery = _scenery(plan.picture, plan.layers, shot, frame, self.workspace)
        begins = [_second(cue.start_ms, shot) for cue in shot.cues]
        self.framings = motion.framings(self.camera.seconds, begins)
        self.closer = motion.PUNCH
        if shot.reframes:
            self.framings = tuple(ms / 1000 for ms in shot.reframes)
            self.closer = motion.REFRAME
        self.returns_for = motion.return_seconds(plan.seam)
        self._prepare_return(plan)
        self._moments = {
            int((cue.start_ms + share * (cue.end_ms - cue.start_ms) - shot.start_ms) * self.fps / 1000)
            for cue in self.captions.cues
            for share in MEASURED
        }

    def _prepare_return(self, plan: ShotPlan) -> None:
        self._plan = plan
        if plan.opening_picture is None:
            return
        first = plan.opening or plan.shot
        seconds = (first.end_ms - first.start_ms) / 1000
        strength = motion.energy(first.arousal, plan.visual_energy, plan.more)
        self.opening_camera = Camera(
            plan.opening_picture.ordinal, seconds, strength, Purpose.HOOK, True, more=plan.more
        )
        if plan.opening is not None:
            self.opening_captions = Captions(plan.opening.cues[:1], plan.style, plan.frame, plan.safe_box)

    def close(self) -> None:
        """End what clips still have running, and leave the memory to the next shot."""
        for scenery in (self.scenery, self.opening):
            if scenery is not None:
                scenery.close()
        self.workspace.close()

    def paint(self, frame: Frame, n: int) -> None:
        """Paint frame `n` (from 0), captions and all."""
        remaining = (self.frames - 1 - n) / self.fps
        if self._plan.opening_picture is not None and remaining < self.returns_for:
            zoom = motion.returning(remaining, self.returns_for) * self.opening_camera.arrival(0.0)
            self._opening(self._plan.opening_picture).paint(frame, -remaining, self.opening_camera, zoom=zoom)
        else:
            self._paint_scene(frame, n / self.fps)
        self._caption(frame, n)

    def _opening(self, picture: Picture) -> Scenery:
        """The video's first picture, read when it is needed: by then this shot's own holds no memory."""
        if self.opening is None:
            self.workspace.clear()
            first = self._plan.opening or self._plan.shot
            self.opening = _scenery(
                picture, self._plan.opening_layers, first, self._plan.frame, self.workspace
            )
        return self.opening

    def _paint_scene(self, frame: Frame, t: float) -> None:
        framing = motion.framing_at(t, self.framings, self.closer)
        self.scenery.paint(frame, t, self.camera, zoom=self.camera.arrival(t), framing=framing)
        passage = self.camera.passage(t)
        if passage.smear:
            smear(frame, passage.smear * frame.width)
        if passage.light < 1:
            dim(frame, passage.light)

    def _caption(self, frame: Frame, n: int) -> None:
        if self.opening_captions is not None and n >= self.frames - SEAM_FRAMES:
            captions, t = self.opening_captions, 0.0
        else:
            captions, t = self.captions, self.start + n / self.fps
        look = captions.at(t)
        if look is None:
            return
        if captions is self.captions and n in self._moments:
            captions.measure(frame, look)
        captions.draw(frame, look)


def _camera(shot: Shot, plan: ShotPlan, *, first: bool) -> Camera:
    seconds = (shot.end_ms - shot.start_ms) / 1000
    strength = motion.energy(shot.arousal, plan.visual_energy, plan.more)
    return Camera(shot.ordinal, seconds, strength, shot.purpose, first, shot.enters, shot.leaves, plan.more)


def _scenery(
    picture: Picture, files: Sequence[Path], shot: Shot, frame: FrameSpec, workspace: Workspace
) -> Scenery:
    words = [word for cue in shot.cues for word in cue.words]
    layers = [
        LayerFile(
            path=file,
            depth=max(0.0, min(1.0, layer.depth)),
            act=layer.act,
            left=layer.left,
            top=layer.top,
            clip=layer.kind is LayerKind.CLIP,
            begins=_second(words[layer.word].start_ms, shot)
            if layer.word is not None and 0 <= layer.word < len(words)
            else None,
        )
        for layer, file in zip(picture.layers, files, strict=True)
    ]
    overscan = max(0.0, min(0.5, picture.overscan))
    return Scenery(layers, (frame.width, frame.height), overscan, frame.fps, workspace)


def _second(ms: int, shot: Shot) -> float:
    return (ms - shot.start_ms) / 1000
