"""Motion as it reaches the encoder: where a textured picture really stands, against where it should."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from apps.contracts.story import Purpose
from apps.video import motion
from apps.video.laying import draw
from apps.video.motion import Camera
from apps.video.planes import Frame
from apps.video.sprites import cut_sprite, opaque_sprite

WIDTH, HEIGHT = 360, 640
PATCH = 20
Places = list[tuple[float, float, float]]


def texture(width: int, height: int) -> np.ndarray:
    """Soft noise: something to hold on to everywhere, without detail that interpolation loses."""
    noise = cv2.GaussianBlur(np.random.default_rng(5).standard_normal((height, width)), (0, 0), 2.5)
    grey = np.clip(noise / noise.std() * 40 + 128, 20, 235).astype(np.uint8)
    return np.dstack([grey] * 3)


def displacement(seen: np.ndarray, meant: np.ndarray) -> np.ndarray:
    """(x, y) by which `seen` lies off, pixels: least squares on the gradient (Lucas and Kanade 1981)."""
    across, down = (cv2.Sobel(meant, cv2.CV_32F, *d, ksize=3).ravel() / 8 for d in ((1, 0), (0, 1)))
    return np.linalg.lstsq(np.stack((across, down), 1), (meant - seen).ravel(), rcond=None)[0]


def errors(image: np.ndarray, places: Places, *, opaque: bool) -> np.ndarray:
    """[frame, patch, axis]: by how many pixels each of nine patches misses its place."""
    height, width = image.shape[:2]
    alpha = np.full((height, width), 255, np.uint8)
    sprite = opaque_sprite(image) if opaque else cut_sprite(np.dstack((image, alpha)))
    luma = image[..., 0].astype(np.float32) * (219 / 255) + 16
    ground = opaque_sprite(np.full((HEIGHT, WIDTH, 3), 128, np.uint8))
    found = []
    for x, y, scale in places:
        frame = Frame(WIDTH, HEIGHT)
        draw(frame, ground, 0, 0)
        draw(frame, sprite, x + sprite.left * scale, y + sprite.top * scale, scale)
        offset = [(0.5 - n) / scale - 0.5 for n in (x, y)]
        matrix = np.array([[1 / scale, 0, offset[0]], [0, 1 / scale, offset[1]]])
        kind = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        meant = cv2.warpAffine(luma, matrix, (WIDTH, HEIGHT), flags=kind, borderMode=cv2.BORDER_REPLICATE)
        seen = cv2.GaussianBlur(frame.y.astype(np.float32), (0, 0), 1)
        meant = cv2.GaussianBlur(meant, (0, 0), 1)
        found.append([displacement(seen[p], meant[p]) for p in patches(x, y, width * scale, height * scale)])
    return np.array(found)


def patches(x: float, y: float, width: float, height: float) -> list[tuple[slice, slice]]:
    """Nine squares spread over what of the picture is in the frame."""
    margin = PATCH + 6
    lefts = np.linspace(max(x + margin, margin), min(x + width, WIDTH) - margin, 3).astype(int)
    tops = np.linspace(max(y + margin, margin), min(y + height, HEIGHT) - margin, 3).astype(int)
    return [(slice(t - PATCH, t + PATCH), slice(left - PATCH, left + PATCH)) for t in tops for left in lefts]


def on_stage(camera: Camera, left: float, top: float, depth: float) -> Callable[[float], tuple]:
    """Where a layer's corner is painted, as scenery places it."""

    def at(t: float) -> tuple[float, float, float]:
        pose, focus = camera.at(t, depth), (motion.FOCUS[0] * WIDTH, motion.FOCUS[1] * HEIGHT)
        scale = pose.scale * camera.arrival(t)
        x = left + (pose.x + camera.glide(t, depth)) * WIDTH
        y = top + (pose.y + motion.bob(t, depth, 1, camera.energy)) * WIDTH
        return focus[0] + (x - focus[0]) * scale, focus[1] + (y - focus[1]) * scale, scale

    return at


@pytest.mark.parametrize("ordinal", [0, 1, 2, 3])
def test_layers_stand_where_the_camera_puts_them_to_a_fraction_of_a_pixel(ordinal):
    first = ordinal == 0
    camera = Camera(ordinal, 3.0, 1.0, Purpose.HOOK if first else Purpose.ESCALATE, first)
    times = np.arange(0, 80, 2) / 30
    for image, left, top, depth in (
        (texture(404, 718), (WIDTH - 404) / 2, (HEIGHT - 718) / 2, 0.0),
        (texture(240, 260), 70.0, 120.0, 0.9),
    ):
        places = [on_stage(camera, left, top, depth)(t) for t in times]
        missed = errors(image, places, opaque=depth == 0.0)
        assert np.sqrt((missed**2).mean()) < 0.1
        # Whole-pixel places give 0.29; frames that stand and then jump give it from one to the next.
        assert np.sqrt((np.diff(missed, axis=0) ** 2).mean()) < 0.12


def test_whole_pixels_would_be_noticed():
    places = [(40.0 + round(n * 0.4), 60.0, 1.0) for n in range(20)]
    meant = [(40.0 + n * 0.4, 60.0, 1.0) for n in range(20)]
    off = np.array(places)[:, 0] - np.array(meant)[:, 0]
    assert np.abs(errors(texture(240, 260), places, opaque=False)).max() < 0.1
    assert np.sqrt((np.diff(off) ** 2).mean()) > 0.25
