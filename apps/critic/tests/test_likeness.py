import cv2
import numpy as np
import pytest

from apps.contracts.decision import Box
from apps.critic.likeness import BITS, bits_apart, nearest, perceptual_hash, salient_share, ssim

RNG = np.random.default_rng(4)


def clouds() -> np.ndarray:
    soft = cv2.GaussianBlur(RNG.normal(0, 1, (160, 90)), (0, 0), 6)
    return cv2.normalize(soft, None, 20, 220, cv2.NORM_MINMAX).astype(np.uint8)


PICTURE, OTHER = clouds(), clouds()


def test_a_look_outlives_light_noise_and_scale_and_tells_pictures_apart() -> None:
    look = perceptual_hash(PICTURE)
    brighter = np.clip(PICTURE.astype(int) + 20, 0, 255).astype(np.uint8)
    noisy = np.clip(PICTURE + RNG.normal(0, 4, PICTURE.shape), 0, 255).astype(np.uint8)
    assert len(look) == 16
    assert max(bits_apart(look, perceptual_hash(p)) for p in (brighter, noisy, PICTURE[::2, ::2])) <= 10
    assert bits_apart(look, perceptual_hash(OTHER)) > 16
    assert nearest(look, [perceptual_hash(OTHER), look]) == 0
    assert nearest(look, []) == BITS


def test_likeness_falls_as_two_pictures_part() -> None:
    mixed = [cv2.addWeighted(PICTURE, 1 - share, OTHER, share, 0) for share in (0.0, 0.2, 0.5, 1.0)]
    likeness = [ssim(PICTURE, picture) for picture in mixed]
    assert likeness[0] == pytest.approx(1.0)
    assert likeness == sorted(likeness, reverse=True)
    assert likeness[-1] < 0.5


@pytest.mark.parametrize(("centre", "inside"), [((45, 60), True), ((45, 145), False)])
def test_the_eye_goes_to_what_stands_out(centre: tuple[int, int], inside: bool) -> None:
    picture = np.full((160, 90), 90, np.uint8)
    cv2.circle(picture, centre, 9, 240, -1)
    share = salient_share(picture, Box(left=48, top=288, right=888, bottom=1248), frame=(1080, 1920))
    assert (share > 0.8) if inside else (share < 0.3)


def test_a_picture_without_anything_in_it_draws_no_eye_and_breaks_nothing() -> None:
    blank = np.zeros((160, 90), np.uint8)
    assert 0 <= salient_share(blank, Box(left=0, top=0, right=1080, bottom=960), frame=(1080, 1920)) <= 1
    assert ssim(blank, blank) == pytest.approx(1.0)
