"""One picture in motion: its layers under a moving camera, painted into a frame. Arrays only."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from apps.video import motion
from apps.video.motion import Camera, Entrance
from apps.video.planes import (
    Frame,
    Plane,
    Sprite,
    cut_sprite,
    draw,
    enlarged,
    faded,
    opaque_sprite,
    read_picture,
)

#: Share of the frame above which a layer only slides, because resampling it costs as much as encoding.
WIDE = 0.4


@dataclass(frozen=True, kw_only=True)
class LayerFile:
    """A layer's image and behaviour. `begins`: second of the shot at which its word is spoken, or None."""

    path: Path
    depth: float
    act: str
    begins: float | None


@dataclass(frozen=True)
class Actor:
    """A layer cut to what is seen of it."""

    sprite: Sprite
    depth: float
    act: str
    begins: float | None
    phase: int
    wide: bool


class Scenery:
    """The layers of one picture, in a frame of width x height."""

    def __init__(self, layers: Sequence[LayerFile], width: int, height: int, overscan: float) -> None:
        self.width, self.height = width, height
        canvas = tuple(2 * round(n * (1 + overscan) / 2) for n in (width, height))
        self.origin = ((width - canvas[0]) / 2, (height - canvas[1]) / 2)
        self.backdrop = opaque_sprite(read_picture(layers[0].path, *canvas))
        self.actors = [a for n, f in enumerate(layers[1:]) if (a := self._actor(f, n, canvas)) is not None]
        self._enlarged: dict[tuple[int, float], Sprite] = {}

    def _actor(self, file: LayerFile, phase: int, canvas: tuple[int, ...]) -> Actor | None:
        sprite = cut_sprite(_with_alpha(read_picture(file.path, canvas[0], canvas[1])))
        if sprite is None:
            return None
        wide = sprite.width * sprite.height > WIDE * self.width * self.height
        return Actor(sprite, file.depth, file.act, file.begins, phase, wide)

    def paint(
        self, frame: Frame, t: float, camera: Camera, *, zoom: float = 1.0, framing: float = 1.0
    ) -> None:
        """Paint the picture as it is `t` seconds into its shot.

        `zoom` changes from frame to frame, `framing` stands for a while; both grow everything.
        """
        self._paint_backdrop(frame, t, camera, zoom, framing)
        for actor in self.actors:
            entrance = self._entrance(actor, t)
            if entrance is not None:
                self._paint_actor(frame, actor, entrance, t, camera, zoom, framing)

    def _entrance(self, actor: Actor, t: float) -> Entrance | None:
        if actor.begins is None:
            return Entrance()
        return motion.entrance(actor.act, t - actor.begins + motion.ANTICIPATION)

    def _paint_backdrop(self, frame: Frame, t: float, camera: Camera, zoom: float, framing: float) -> None:
        sprite = self._framed(self.backdrop, framing)
        # A picture of one layer has no parallax to show, so the whole of it draws near instead.
        pose = camera.at(t, 0.0 if self.actors else 0.35)
        scale = zoom * pose.scale
        x, y = self._corner(0, 0, pose.x, pose.y, scale * framing)
        width, height = sprite.width * scale, sprite.height * scale
        x = min(0.0, max(self.width - width, x))
        y = min(0.0, max(self.height - height, y))
        if scale < 1 and (width < self.width or height < self.height):
            scale, x, y = self.width / sprite.width, 0.0, min(0.0, y)
        draw(frame, sprite, x, y, scale)

    def _paint_actor(
        self,
        frame: Frame,
        actor: Actor,
        entrance: Entrance,
        t: float,
        camera: Camera,
        zoom: float,
        framing: float,
    ) -> None:
        pose = camera.at(t, actor.depth)
        grown = (1.0 if actor.wide else pose.scale) * zoom
        sprite, own = (self._framed(actor.sprite, framing), 1.0) if actor.wide else (actor.sprite, framing)
        lift = 0.0 if actor.wide else motion.bob(t, actor.depth, actor.phase, camera.energy)
        x, y = self._corner(
            actor.sprite.left,
            actor.sprite.top,
            pose.x + camera.glide(t, actor.depth),
            pose.y + lift,
            grown * framing,
        )
        scale = grown * own * entrance.scale
        spare = (1 - entrance.scale) / 2 * grown * own
        x += entrance.x * self.width + spare * sprite.width
        y += entrance.y * self.width + spare * sprite.height
        draw(frame, faded(sprite, entrance.alpha), x, y, scale)

    def _corner(self, left: float, top: float, dx: float, dy: float, scale: float) -> tuple[float, float]:
        """A layer point's place in the frame: moved, then grown about motion.FOCUS."""
        fx, fy = motion.FOCUS[0] * self.width, motion.FOCUS[1] * self.height
        x = self.origin[0] + left + dx * self.width
        y = self.origin[1] + top + dy * self.width
        return fx + (x - fx) * scale, fy + (y - fy) * scale

    def _framed(self, sprite: Sprite, framing: float) -> Sprite:
        """The sprite at a standing framing, resampled once instead of in every frame."""
        if framing == 1.0:
            return sprite
        key = (id(sprite), framing)
        if key not in self._enlarged:
            self._enlarged[key] = enlarged(sprite, framing)
        return self._enlarged[key]


def _with_alpha(image: Plane) -> Plane:
    if image.shape[2] == 4:
        return image
    return np.dstack((image, np.full(image.shape[:2], 255, np.uint8)))
