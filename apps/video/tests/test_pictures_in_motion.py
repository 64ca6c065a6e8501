"""The engines: planes, motion, captions on real pixels."""

import cv2
import numpy as np
import pytest

from apps.contracts.media import Cue, SpokenWord
from apps.contracts.story import Purpose
from apps.video import motion
from apps.video.caption_styles import STYLES, lay_card, letter_mask, paint
from apps.video.captions import Captions, contrast, relative_luminance
from apps.video.laying import draw
from apps.video.motion import Camera
from apps.video.planes import Frame, UnableToReadPicture, read_picture
from apps.video.sprites import cut_sprite, opaque_sprite
from apps.video.tests.examples import FRAME, SAFE

HOSTILE = ("{\\an8}", "<b>bold</b>", "🐙🔥", "مرحبا", "a\\Nb", "क्षत्रिय", "x" * 60, "a\nb\x00", "\ud800", "")


def disc(size=160, radius=50):
    image = np.zeros((size, size, 4), np.uint8)
    cv2.circle(image, (size // 2, size // 2), radius, (40, 90, 230, 255), -1, cv2.LINE_AA)
    return image


def test_colours_survive_the_way_through_video_planes():
    bgr = np.zeros((64, 64, 3), np.uint8)
    bgr[:] = (40, 90, 230)
    frame = Frame(64, 64)
    draw(frame, opaque_sprite(bgr), 0.0, 0.0)
    assert np.abs(frame.bgr().astype(int) - (40, 90, 230)).max() <= 4
    assert 16 <= frame.y.min() <= frame.y.max() <= 235


@pytest.mark.parametrize("scale", [1.0, 1.07])
def test_a_sprite_moves_by_fractions_of_a_pixel(scale):
    ground, sprite = np.full((400, 300, 3), 20, np.uint8), cut_sprite(disc())
    centres = []
    for n in range(40):
        frame = Frame(300, 400)
        draw(frame, opaque_sprite(ground), 0, 0)
        draw(frame, sprite, 60 + n * 0.13, 100 + n * 0.07, scale)
        weight = np.clip(frame.y.astype(float) - 40, 0, None)
        centres.append((weight.sum(0) * np.arange(300)).sum() / weight.sum())
    steps = np.diff(centres)
    assert steps.mean() == pytest.approx(0.13, abs=0.01)
    assert steps.std() < 0.02, "integer stutter would give steps of 0 and 1"


def test_what_cannot_be_seen_is_no_sprite():
    assert cut_sprite(np.zeros((20, 20, 4), np.uint8)) is None


def test_a_layer_that_is_no_image_is_refused(tmp_path):
    (tmp_path / "layer.png").write_bytes(b"<html>not found</html>")
    with pytest.raises(UnableToReadPicture):
        read_picture(tmp_path / "layer.png")


def test_near_layers_travel_further_than_far_ones():
    camera = Camera(1, 4.0, 1.0, Purpose.ESCALATE, False)

    def way(depth):
        return abs(camera.at(4.0, depth).x - camera.at(0.0, depth).x)

    assert way(1.0) > 1.5 * way(0.0) > 0


def test_motion_never_jumps_between_frames():
    for ordinal in range(6):
        camera = Camera(ordinal, 3.0, 1.0, Purpose.ESCALATE, ordinal == 0)
        poses = [camera.at(n / 30, 1.0) for n in range(90)]
        steps = np.diff([(p.x, p.y, p.scale) for p in poses], axis=0)
        assert np.abs(steps).max() < 0.006
        assert np.abs(np.diff(steps, axis=0)).max() < 0.001


@pytest.mark.parametrize("act", ["still", "pop", "rise", "slide_left", "slide_right", "shake", "count"])
def test_every_act_begins_unseen_and_ends_at_rest(act):
    assert motion.entrance(act, -0.01) is None
    rest = motion.entrance(act, 10.0)
    assert rest.x == pytest.approx(0, abs=1e-3)
    assert rest.y == pytest.approx(0, abs=1e-3)
    assert rest.scale == pytest.approx(1, abs=1e-3)
    assert rest.alpha == 1


@pytest.mark.parametrize("style", STYLES.values(), ids=lambda s: s.name)
def test_ink_stays_inside_the_card_and_the_card_inside_the_room(style):
    for texts in (("has", "three", "hearts?"), HOSTILE[:3], HOSTILE[3:6], HOSTILE[6:7], HOSTILE[7:]):
        card = lay_card(texts, style, 192, 0.25)
        assert card.width <= 192
        ink = paint(card, 0)[..., 3]
        edge = np.concatenate((ink[0], ink[-1], ink[:, 0], ink[:, -1]))
        assert edge.max() < 40, texts
        assert ink.max() == 255


def test_hostile_words_are_drawn_as_written():
    card = lay_card(("{\\an8}",), STYLES["clean_box"], 768, 1.0)
    without = lay_card(("an8",), STYLES["clean_box"], 768, 1.0)
    assert card.words[0].width > without.words[0].width * 1.3


def test_devanagari_is_shaped_not_spelled():
    joined = lay_card(("क्षत्रिय",), STYLES["karaoke_glow"], 768, 1.0).words[0].width
    spelled = sum(lay_card((c,), STYLES["karaoke_glow"], 768, 1.0).words[0].width for c in "क्षत्रिय")
    assert joined < 0.75 * spelled


def captions(style, *, start=1000):
    words = tuple(
        SpokenWord(text=t, start_ms=start + 200 * n, end_ms=start + 200 * n + 180)
        for n, t in enumerate(("has", "three", "hearts?"))
    )
    return Captions((Cue(start_ms=start, end_ms=start + 900, words=words),), STYLES[style], FRAME, SAFE)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("ground", [0, 128, 255])
def test_captions_read_well_on_any_ground(style, ground):
    shown, frame = captions(style), Frame(FRAME.width, FRAME.height)
    draw(frame, opaque_sprite(np.full((480, 270, 3), ground, np.uint8)), 0, 0)
    look = shown.at(1.5)
    shown.measure(frame, look)
    (box,) = shown.boxes()
    assert box.contrast >= 4.5
    assert SAFE.left * 0.25 <= box.left < box.right <= SAFE.right * 0.25
    assert SAFE.top * 0.25 <= box.top < box.bottom <= SAFE.bottom * 0.25


def test_the_highlight_follows_the_voice_within_a_frame():
    shown = captions("clean_box")
    for word in shown.cues[0].words:
        n = shown.cues[0].words.index(word)
        late = next(t for t in range(1000, 1900) if shown.at(t / 1000).active == n) - word.start_ms
        assert -34 <= late <= 34
    assert shown.at(0.9) is None
    assert shown.at(1.95) is None


def test_the_first_caption_of_all_is_complete_in_the_first_frame():
    assert captions("bold_pop", start=0).at(0.0).scale == 1.0
    assert captions("bold_pop", start=1000).at(1.0).scale < 1.0


def test_contrast_is_that_of_the_web_guidelines():
    grey = np.full((4, 4, 3), 118, np.uint8)
    grey[:2] = 255
    top = np.zeros((4, 4), bool)
    top[:2] = True
    assert contrast(relative_luminance(grey), top, ~top) == pytest.approx(4.6, abs=0.1)


def test_pictographs_do_not_count_as_letters():
    assert not letter_mask(lay_card(("🐙",), STYLES["bold_pop"], 700, 1.0), 0).any()
