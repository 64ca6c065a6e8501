"""Photos in an upright frame."""

from random import Random

import cv2
import numpy as np
import pytest

from apps.contracts.decision import FrameSpec, Mood
from apps.image import grading, palette
from apps.image.framing import canvas_size, frame_photo
from apps.image.photos import Photo
from apps.image.saliency import best_window, saliency, standing
from apps.image.tests.media import scene

FRAME = FrameSpec(width=270, height=480)
COLOURS = palette.choose(Mood(emotion="awe", valence=0.4, arousal=0.5), rng=Random(7))


def decoded(data: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)


def reds(picture: np.ndarray) -> np.ndarray:
    """Where the disc's red ring is."""
    blue, _, red = (picture[:, :, n].astype(int) for n in range(3))
    return red - blue > 90


@pytest.mark.parametrize("place", [0.2, 0.5, 0.85])
def test_crops_a_landscape_photo_about_its_subject(place):
    photo = Photo(scene(960, 540, ((place, 0.45),)))

    framed = frame_photo(photo, FRAME, COLOURS)

    (layer,) = framed.layers
    picture = decoded(layer.data)
    found = reds(picture)
    assert layer.data[:2] == b"\xff\xd8"
    assert picture.shape == (538, 302, 3)
    assert 0.25 < np.nonzero(found)[1].mean() / 302 < 0.75
    assert found.sum() / found.size > 0.6 * reds(photo.pixels).sum() / reds(photo.pixels).size / 0.316
    assert decoded(framed.preview).shape == (240, 135, 3)


def test_shows_a_photo_whole_where_a_crop_would_leave_a_subject_out():
    framed = frame_photo(Photo(scene(960, 540, ((0.15, 0.45), (0.85, 0.45)))), FRAME, COLOURS)

    backdrop, card = framed.layers
    shown = decoded(card.data)
    assert framed.style == "card"
    assert decoded(backdrop.data).shape == (538, 302, 3)
    assert shown.shape[2] == 4
    assert card.depth > backdrop.depth
    assert card.left % 2 == card.top % 2 == 0
    across = np.nonzero(reds(shown).any(axis=0))[0] / shown.shape[1]
    assert across.min() < 0.3
    assert across.max() > 0.7


def test_crops_a_wide_view_but_not_one_of_the_users_own():
    view = Photo(scene(960, 540))

    assert frame_photo(view, FRAME, COLOURS).style == "photo"
    assert frame_photo(view, FRAME, COLOURS, precious=True).style == "card"


def test_never_cuts_words_off_a_chart_of_the_users_own():
    page = np.full((540, 960, 3), 250, np.uint8)
    for line in range(6):
        at = (30, 60 + 80 * line)
        cv2.putText(page, "The rate has doubled every year since"[line:], at, 0, 1.4, (30, 30, 30), 3)

    assert frame_photo(Photo(page), FRAME, COLOURS, precious=True).style == "card"


def test_does_not_enlarge_a_small_photo_until_it_is_soft():
    small = Photo(scene(320, 180, ((0.5, 0.45),)))

    assert frame_photo(small, FRAME, COLOURS).style == "card"
    assert frame_photo(small, FRAME, COLOURS, always_fill=True).style == "photo"


def test_a_tall_photo_loses_height_and_keeps_its_subject():
    framed = frame_photo(Photo(scene(300, 1200, ((0.5, 0.3),))), FRAME, COLOURS)

    found = reds(decoded(framed.layers[0].data))
    assert 0.2 < np.nonzero(found)[0].mean() / 538 < 0.65


def test_a_cut_out_picture_stands_before_the_palettes_colours():
    alpha = np.zeros((400, 400), np.uint8)
    cv2.circle(alpha, (200, 200), 150, 255, -1)

    ground, card = frame_photo(Photo(scene(400, 400), alpha), FRAME, COLOURS).layers

    shown = decoded(card.data)[:, :, 3]
    assert shown[shown.shape[0] // 2, shown.shape[1] // 2] == 255
    assert shown[2, 2] == 0
    assert decoded(ground.data).std(axis=(0, 1)).max() > 5


def test_the_same_photo_gives_the_same_bytes():
    photo = Photo(scene(960, 540, ((0.3, 0.4),)))

    assert frame_photo(photo, FRAME, COLOURS) == frame_photo(photo, FRAME, COLOURS)


def test_the_window_follows_the_subject():
    places = []
    for place in (0.15, 0.5, 0.85):
        window = best_window(standing(saliency(scene(960, 540, ((place, 0.45),)))), 0.32, 1.0)
        places.append((window.left + window.right) / 2)
        assert window.kept > 0.68
    assert places == sorted(places)
    assert 0 <= places[0] - 0.15 < 0.05


@pytest.mark.parametrize("level", [30, 120, 220])
def test_grading_draws_towards_a_mood_but_only_lightly(level):
    rng = np.random.default_rng(3)
    photo = np.clip(rng.normal(level, 30, (64, 64, 3)), 0, 255).astype(np.uint8)
    fearful = palette.choose(Mood(emotion="fear", valence=-0.6, arousal=0.7), rng=Random(1))

    graded = grading.apply(grading.grade_for(photo, fearful), photo).astype(int)

    change = graded.mean(axis=(0, 1)) - photo.mean(axis=(0, 1))
    assert 0.5 < np.abs(change).max() < 22
    assert abs(graded.mean() - 112) <= abs(photo.mean() - 112) + 2


def test_the_foot_is_darker_so_that_captions_are_read():
    alpha = grading.shade(302, 538)

    assert alpha[380, 151] > 0.25
    assert alpha[150, 151] < 0.02
    assert np.abs(np.diff(alpha[:, 151])).max() < 0.01


def test_the_canvas_is_the_frame_and_its_overscan():
    assert canvas_size(FrameSpec()) == (1210, 2150)
