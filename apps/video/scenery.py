"""One picture in motion: its layers under a moving camera, painted into a frame. Arrays only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from apps.video import motion
from apps.video.clips import Clip
from apps.video.laying import covered_from, draw
from apps.video.motion import Camera, Entrance
from apps.video.planes import Frame, Plane, covering, read_picture
from apps.video.resampling import Place
from apps.video.sprites import PAD, Sprite, cut_sprite, enlarged, faded, opaque_sprite, stepped
from apps.video.workspace import Workspace

#: Share of the frame above which a layer only slides, because resampling it costs as much as encoding.
WIDE = 0.4
#: Pixels of a sprite's sides that a layer from side to side keeps out of the frame.
EDGE = 2 * PAD
#: Shares of the width and of the height between which actors stay whole as they drift.
WHOLE_X, WHOLE_Y = (0.03, 0.97), (0.07, 0.97)
#: Shares of the width or height by which an actor may rest beyond them and still be kept from going further.
SPILL = 0.1
#: Act of what belongs to the stage: it slides with the camera, and neither grows nor bobs.
STANDING = "still"


@dataclass(frozen=True, kw_only=True)
class LayerFile:
    """A layer's file and behaviour. `begins`: second of the shot at which its word is spoken, or None.

    `left`, `top`: where its corner stands on the canvas. Only the backmost may be a clip.
    """

    path: Path
    depth: float
    act: str
    begins: float | None
    left: int = 0
    top: int = 0
    clip: bool = False


@dataclass(frozen=True)
class Actor:
    """A layer cut to what is seen of it.

    `slides`: part of the stage, which neither grows nor bobs. `spans`: from side to side, so that its
    ends must never be seen.
    """

    sprite: Sprite
    depth: float
    act: str
    begins: float | None
    phase: int
    slides: bool
    spans: bool


@dataclass(frozen=True)
class _View:
    """How a picture is looked at in one frame: second of the shot, camera, and growth of everything."""

    t: float
    camera: Camera
    zoom: float
    framing: float


class Scenery:
    """The layers of one picture, in a frame of `size` (width, height); steps are made in `workspace`."""

    def __init__(
        self,
        layers: Sequence[LayerFile],
        size: tuple[int, int],
        overscan: float,
        fps: int,
        workspace: Workspace,
    ) -> None:
        (self.width, self.height), self.fps, self.workspace = size, fps, workspace
        width, height = size
        canvas_width, canvas_height = (2 * round(n * (1 + overscan) / 2) for n in (width, height))
        self.origin = ((width - canvas_width) / 2, (height - canvas_height) / 2)
        self.actors = [a for n, file in enumerate(layers[1:]) if (a := self._actor(file, n)) is not None]
        back = layers[0].path
        self.clip = Clip(back, canvas_width, canvas_height) if layers[0].clip else None
        self.backdrop = (
            self.clip.frame(0)
            if self.clip is not None
            else self._stepped(opaque_sprite(covering(read_picture(back), canvas_width, canvas_height)))
        )
        self._enlarged: dict[tuple[int, float], Sprite] = {}
        self._framing = 1.0

    def close(self) -> None:
        """End what a clip still has running."""
        if self.clip is not None:
            self.clip.close()

    def _stepped(self, sprite: Sprite) -> Sprite:
        return stepped(sprite, self.workspace)

    def _actor(self, file: LayerFile, phase: int) -> Actor | None:
        sprite = cut_sprite(_with_alpha(read_picture(file.path)), file.left, file.top)
        if sprite is None:
            return None
        share = sprite.width * sprite.height / (self.width * self.height)
        spans = sprite.width - 2 * EDGE >= self.width
        slides = file.act == STANDING or share > WIDE or spans
        return Actor(self._stepped(sprite), file.depth, file.act, file.begins, phase, slides, spans)

    def paint(
        self, frame: Frame, t: float, camera: Camera, *, zoom: float = 1.0, framing: float = 1.0
    ) -> None:
        """Paint the picture as it is `t` seconds into its shot.

        `zoom` changes from frame to frame, `framing` stands for a while; both grow everything.
        """
        if self.clip is not None:
            self.backdrop = self.clip.frame(round(t * self.fps))
        stage = _View(t, camera, zoom, framing)
        placed = [self._placed_backdrop(stage), *self._placed_actors(stage)]
        shown = [self.height] * len(placed)
        for n in range(len(placed) - 1, 0, -1):
            shown[n - 1] = min(shown[n], covered_from(frame, *placed[n]))
        for (sprite, place), bottom in zip(placed, shown, strict=True):
            draw(frame, sprite, place.x, place.y, place.scale, bottom=bottom)

    def _placed_actors(self, view: _View) -> Iterator[tuple[Sprite, Place]]:
        for actor in self.actors:
            entrance = self._entrance(actor, view.t)
            if entrance is not None:
                yield self._placed_actor(actor, entrance, view)

    def _entrance(self, actor: Actor, t: float) -> Entrance | None:
        if actor.begins is None:
            return Entrance()
        middle = actor.sprite.left + actor.sprite.width / 2 + self.origin[0]
        side = 1 if middle >= self.width / 2 else -1
        return motion.entrance(actor.act, t - actor.begins + motion.ANTICIPATION, side)

    def _placed_backdrop(self, view: _View) -> tuple[Sprite, Place]:
        if self.clip is not None:
            sprite, own = self.backdrop, view.framing
        else:
            sprite, own = self._framed(self.backdrop, view.framing), 1.0
        # A picture of one layer has no parallax to show, so the whole of it draws near instead.
        pose = view.camera.at(view.t, 0.0 if self.actors or self.clip is not None else 0.35)
        scale = view.zoom * pose.scale * own
        x, y = self._corner(self.backdrop, pose.x, pose.y, view.zoom * pose.scale * view.framing)
        width, height = sprite.width * scale, sprite.height * scale
        x = min(0.0, max(self.width - width, x))
        y = min(0.0, max(self.height - height, y))
        if scale < 1 and (width < self.width or height < self.height):
            scale, x, y = self.width / sprite.width, 0.0, min(0.0, y)
        return sprite, Place(x, y, scale)

    def _placed_actor(self, actor: Actor, entrance: Entrance, view: _View) -> tuple[Sprite, Place]:
        sprite = self._framed(actor.sprite, view.framing)
        x, y, scale = self._drifted(actor, sprite, view)
        aside = view.camera.passage(view.t).x + view.camera.glide(view.t, actor.depth)
        x, y = self._grown(x + aside * self.width * scale * view.framing, y, view.zoom)
        zoom = scale * view.zoom
        if actor.spans:
            x = min(-EDGE * zoom, max(self.width - (sprite.width - EDGE) * zoom, x))
        spare = (1 - entrance.scale) / 2 * zoom
        x += entrance.x * self.width + spare * sprite.width
        y += entrance.y * self.width + spare * sprite.height
        return faded(sprite, entrance.alpha), Place(x, y, zoom * entrance.scale)

    def _drifted(self, actor: Actor, sprite: Sprite, view: _View) -> tuple[float, float, float]:
        """Where an actor has drifted to under the camera: its corner, and its scale.

        What is whole at rest stays whole: letters that leave the frame cannot be read.
        """
        pose, scale, lift = view.camera.at(view.t, actor.depth), 1.0, 0.0
        if not actor.slides:
            scale = pose.scale
            lift = motion.bob(view.t, actor.depth, actor.phase, view.camera.energy)
        dx = pose.x - view.camera.passage(view.t).x
        x, y = self._corner(actor.sprite, dx, pose.y + lift, scale * view.framing)
        if actor.slides:
            return x, y, scale
        rest = self._corner(actor.sprite, 0.0, 0.0, 1.0)
        wide, high = (actor.sprite.width, sprite.width * scale), (actor.sprite.height, sprite.height * scale)
        x = self._kept(x, rest[0], *wide, self.width, WHOLE_X)
        y = self._kept(y, rest[1], *high, self.height, WHOLE_Y)
        return x, y, scale

    @staticmethod
    def _kept(
        x: float, rest: float, length: float, grown: float, side: int, whole: tuple[float, float]
    ) -> float:
        low, high, spill = (share * side for share in (*whole, SPILL))
        return motion.kept(x + grown / 2, rest + length / 2, length, grown, low, high, spill) - grown / 2

    def _corner(self, sprite: Sprite, dx: float, dy: float, scale: float) -> tuple[float, float]:
        """A sprite's corner in the frame: moved, then grown about motion.FOCUS."""
        x = self.origin[0] + sprite.left + dx * self.width
        y = self.origin[1] + sprite.top + dy * self.width
        return self._grown(x, y, scale)

    def _grown(self, x: float, y: float, scale: float) -> tuple[float, float]:
        fx, fy = motion.FOCUS[0] * self.width, motion.FOCUS[1] * self.height
        return fx + (x - fx) * scale, fy + (y - fy) * scale

    def _framed(self, sprite: Sprite, framing: float) -> Sprite:
        """The sprite at a standing framing, resampled once instead of in every frame."""
        if framing != self._framing:
            self._framing = framing
            self.workspace.clear()
        if framing == 1.0:
            return sprite
        key = (id(sprite), framing)
        if key not in self._enlarged:
            self._enlarged[key] = self._stepped(enlarged(sprite, framing))
        return self._enlarged[key]


def _with_alpha(image: Plane) -> Plane:
    if image.shape[2] == 4:
        return image
    return np.dstack((image, np.full(image.shape[:2], 255, np.uint8)))
