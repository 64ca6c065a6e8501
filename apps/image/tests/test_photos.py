"""Image files of others, decoded or refused."""

import struct

import cv2
import numpy as np
import pytest

from apps.image.photos import UnableToReadImage, read
from apps.image.tests.media import encoded, scene

PICTURE = scene(120, 90, ((0.25, 0.4),))


@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp"])
def test_reads_what_people_have(ending):
    photo = read(encoded(PICTURE, ending))

    assert photo.alpha is None
    assert np.abs(photo.pixels.astype(int) - PICTURE).mean() < 14


def test_reads_sixteen_bits_grey_and_palette():
    deep = cv2.imencode(".png", PICTURE.astype(np.uint16) * 257)[1].tobytes()
    grey = encoded(cv2.cvtColor(PICTURE, cv2.COLOR_BGR2GRAY), ".png")

    assert (read(deep).pixels == PICTURE).mean() > 0.99
    assert read(grey).pixels.shape == PICTURE.shape


def test_turns_a_photo_upright():
    data = encoded(PICTURE)
    # An Exif segment with nothing but orientation 6: the camera was held upright.
    tiff = b"MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"
    segment = b"\xff\xe1" + struct.pack(">H", len(tiff) + 8) + b"Exif\x00\x00" + tiff

    assert read(data[:2] + segment + data[2:]).pixels.shape == (120, 90, 3)


def test_keeps_what_is_cut_out():
    alpha = np.zeros(PICTURE.shape[:2], np.uint8)
    alpha[20:60, 30:90] = 255

    photo = read(encoded(np.dstack((PICTURE, alpha)), ".png"))

    assert photo.alpha is not None
    assert photo.alpha[40, 50] == 255
    assert photo.alpha[5, 5] == 0


def test_takes_an_opaque_alpha_for_none():
    assert read(encoded(np.dstack((PICTURE, np.full((90, 120), 255, np.uint8))), ".png")).alpha is None


def test_shows_the_first_picture_of_an_animation():
    animation = cv2.Animation()
    animation.frames = [np.dstack((PICTURE, np.full((90, 120), 255, np.uint8)))] * 2
    animation.durations = [100, 100]
    done, data = cv2.imencodeanimation(".webp", animation)
    assert done

    assert read(data.tobytes()).pixels.shape == PICTURE.shape


def in_print_colours(data: bytes) -> bytes:
    at = data.index(b"\xff\xc0")
    return data[: at + 9] + b"\x04" + data[at + 10 :]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (encoded(PICTURE)[:-600], "incomplete"),
        (encoded(PICTURE, ".png")[:-600], "incomplete"),
        (encoded(PICTURE, ".webp")[:-600], "incomplete"),
        (in_print_colours(encoded(PICTURE)), "RGB"),
        (b"GIF89a" + bytes(200), "JPEG, PNG or WebP"),
        (b"<html>not found</html>", "JPEG, PNG or WebP"),
        (b"", "JPEG, PNG or WebP"),
        (b"\xff\xd8", "incomplete"),
        (encoded(scene(40, 40)), "too small"),
        (
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 60_000, 60_000) + b"\0IEND",
            "too large",
        ),
        (
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 600, 600) + bytes(90) + b"IEND",
            "damaged",
        ),
    ],
)
def test_refuses_with_words_that_say_what_to_do(data, words):
    with pytest.raises(UnableToReadImage, match=words):
        read(data)


def test_reads_a_large_photo_at_half_size():
    assert read(encoded(scene(4500, 4400))).pixels.shape == (2200, 2250, 3)
