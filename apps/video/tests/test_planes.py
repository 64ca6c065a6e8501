"""What makes rendering quick changes no picture: bands, steps, covered rows, shared pages, clips."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from apps.foundation import ffmpeg
from apps.video.clips import Clip, UnableToReadClip
from apps.video.encoder import Encoder
from apps.video.laying import covered_from, draw
from apps.video.planes import Frame
from apps.video.resampling import Place
from apps.video.sprites import Band, Sprite, cut_sprite, opaque_sprite, sprite_of, stepped
from apps.video.tests.examples import FRAME
from apps.video.workspace import Workspace

WIDTH, HEIGHT = 540, 960


def textured(width: int, height: int, seed: int) -> np.ndarray:
    coarse = np.random.default_rng(seed).integers(20, 230, (height // 24, width // 24, 3), dtype=np.uint8)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)


def landscape(seed: int = 2) -> np.ndarray:
    """A layer as drawn ones are: clear sky with something in it, a rough skyline, solid ground."""
    image = np.dstack((textured(620, 1080, seed), np.zeros((1080, 620), np.uint8)))
    skyline = (700 + 30 * np.sin(np.arange(620) / 40)).astype(int)
    for x, y in enumerate(skyline):
        image[y:, x, 3] = 255
    cv2.circle(image, (300, 250), 90, (40, 220, 240, 160), -1, cv2.LINE_AA)
    return image


def without_bands(sprite: Sprite) -> Sprite:
    return replace(sprite, bands=(Band(0, 0, sprite.width, sprite.height, False),))


def painted(sprite: Sprite, x: float, y: float, scale: float = 1.0) -> Frame:
    frame = Frame(WIDTH, HEIGHT)
    draw(frame, opaque_sprite(textured(WIDTH, HEIGHT, 1)), 0, 0)
    draw(frame, sprite, x + sprite.left * scale, y + sprite.top * scale, scale)
    return frame


def planes_of(frame: Frame) -> np.ndarray:
    return frame.data.astype(int)


@pytest.mark.parametrize(
    ("x", "y", "scale"), [(-20.0, -30.0, 1.0), (-33.3, -51.7, 1.0), (-40.2, -60.4, 1.07)]
)
def test_a_layer_in_bands_looks_like_the_layer_blended_whole(x: float, y: float, scale: float) -> None:
    sprite = cut_sprite(landscape())
    assert sprite is not None
    assert {band.opaque for band in sprite.bands} == {True, False}

    difference = np.abs(
        planes_of(painted(sprite, x, y, scale)) - planes_of(painted(without_bands(sprite), x, y, scale))
    )
    assert np.percentile(difference, 99.9) <= 5  # two bands of a scaled layer may round differently


@pytest.mark.parametrize(("x", "y", "scale"), [(12.0, 20.0, 1.0), (12.4, 20.3, 1.0), (12.4, 20.3, 0.83)])
def test_a_card_keeps_its_straight_sides(x: float, y: float, scale: float) -> None:
    image = np.dstack((textured(600, 720, 3), np.zeros((720, 600), np.uint8)))
    image[20:700, 50:550, 3] = 255
    card = cut_sprite(image)
    assert card is not None
    quick, plain = (painted(one, x - 50, y, scale) for one in (card, without_bands(card)))
    assert any(band.opaque for band in card.bands)
    # Parts that are scaled apart stand up to an eighth of a pixel apart; a missing side differs by 96.
    assert np.percentile(np.abs(planes_of(quick) - planes_of(plain)), 99.9) <= (5 if scale == 1 else 15)

    stepping = np.abs(
        planes_of(painted(stepped(card, Workspace()), x - 50, y)) - planes_of(painted(card, x - 50, y))
    )
    assert np.percentile(stepping, 99) <= 12  # it may stand a sixth of a pixel off


def test_a_layer_may_shrink_to_nothing_and_stand_anywhere() -> None:
    rng = np.random.default_rng(11)
    for n in range(2000):
        image = np.full((*rng.integers(2, 90, 2) * 2, 4), 255, np.uint8)
        sprite = cut_sprite(image) if n % 2 else sprite_of(image, 0, 0)
        assert sprite is not None
        scale = float(rng.choice((0.001, 0.01, 0.02254, 0.1, 0.22216, 0.5, 0.9796, 1.0, 1.003, 1.4)))
        frame = Frame(90, 160)
        frame.y[:] = 100
        draw(frame, sprite, *(float(at) for at in rng.uniform(-100, 180, 2)), scale)
        assert frame.y.min() >= 98, "nothing is darker than the ground and the layer"


def test_rows_behind_solid_ground_need_not_be_painted() -> None:
    sprite = cut_sprite(landscape())
    assert sprite is not None
    frame = painted(sprite, -33.3, -51.7)
    place = Place(sprite.left - 33.3, sprite.top - 51.7)
    hidden = covered_from(frame, sprite, place)
    assert 650 < hidden < 720

    spared = Frame(WIDTH, HEIGHT)
    draw(spared, opaque_sprite(textured(WIDTH, HEIGHT, 1)), 0, 0, bottom=hidden)
    draw(spared, sprite, place.x, place.y)
    assert np.array_equal(frame.data, spared.data)


def test_what_does_not_reach_both_sides_hides_no_row() -> None:
    sprite = cut_sprite(landscape())
    assert sprite is not None
    assert covered_from(Frame(WIDTH, HEIGHT), sprite, Place(8.0, -51.7)) == HEIGHT


def centre(frame: Frame) -> float:
    weight = np.clip(frame.y.astype(float) - 40, 0, None)
    return float((weight.sum(0) * np.arange(frame.width)).sum() / weight.sum())


def test_a_sliding_layer_is_never_further_than_a_sixth_of_a_pixel_from_its_place() -> None:
    image = np.zeros((200, 200, 4), np.uint8)
    cv2.circle(image, (100, 100), 60, (40, 90, 230, 255), -1, cv2.LINE_AA)
    sprite = cut_sprite(image)
    assert sprite is not None
    slider, centres = stepped(sprite, Workspace()), []
    for n in range(60):
        frame = Frame(300, 300)
        draw(frame, opaque_sprite(np.full((300, 300, 3), 20, np.uint8)), 0, 0)
        draw(frame, slider, 40 + n * 0.37, 50 + n * 0.21)
        centres.append(centre(frame))
    errors = np.array(centres) - (centres[0] + 0.37 * np.arange(60))
    assert np.abs(errors).max() < 0.18
    assert errors.std() < 0.11


def test_ffmpeg_gets_every_frame_as_it_was_painted(tmp_path: Path) -> None:
    shades = [30 + 3 * n for n in range(60)]
    with Encoder(FRAME, "ultrafast", tmp_path / "shades.mp4") as encoder:
        for shade in shades:
            frame = encoder.next_frame()
            frame.y[:], frame.u[:], frame.v[:] = shade, 128, 128
            encoder.send()
    raw, _ = ffmpeg.run(
        [
            "-i",
            str(tmp_path / "shades.mp4"),
            "-f",
            "rawvideo",
            "-pix_fmt",
            "gray",
            "-color_range",
            "tv",
            "pipe:1",
        ]
    )
    means = np.frombuffer(raw, np.uint8).reshape(len(shades), -1).mean(axis=1)
    assert np.all(np.diff(means) > 1), "a frame was overwritten before ffmpeg had read it"


def make_clip(path: Path, frames: int = 12) -> Path:
    with Encoder(FRAME, "ultrafast", path) as encoder:
        for n in range(frames):
            frame = encoder.next_frame()
            frame.y[:], frame.u[:], frame.v[:] = 40 + 10 * n, 128, 128
            encoder.send()
    return path


def test_a_clip_plays_frame_by_frame_and_then_stands(tmp_path: Path) -> None:
    clip = Clip(make_clip(tmp_path / "clip.mp4"), 302, 538)
    try:
        shades = [float(clip.frame(n).y.mean()) for n in (-3, 0, 1, 5, 11, 40)]
    finally:
        clip.close()
    assert shades == pytest.approx([40, 40, 50, 90, 150, 150], abs=2)


def test_a_clip_without_frames_is_refused(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"not a film")
    with pytest.raises(UnableToReadClip):
        Clip(tmp_path / "clip.mp4", 302, 538)
