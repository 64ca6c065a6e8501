"""Pixels: that what is drawn is whole, colourful, and where it should be."""

import time
from random import Random

import cv2
import numpy as np
import pytest

from apps.contracts.decision import Box, FrameSpec, Mood
from apps.image import drawing, layouts, palette, png, subjects, typesetting
from apps.image.composition import Area, Lettering, Tag
from apps.image.lexicon import curated
from apps.image.providers import Request
from apps.image.providers.drawn import Drawn
from apps.image.stickers import ink_of

ZONE = Area(left=120, top=288, right=888, bottom=1000)
SAFE = Box(left=120, top=288, right=888, bottom=1248)
#: One scene for every kind of reading, with the style that must be able to show it.
SCENES = {
    "stand": "Elephants mourn.",
    "stand-aside": "An elephant mourns.",
    "close-up": "The lion waits.",
    "crowd": "Five penguins wait.",
    "face-to-face": "A cat and a dog.",
    "thought": "The dog is angry.",
    "gathering": "A cat beneath the moon.",
    "hero-disc": "Her heart stopped.",
    "count-grid": "Three hearts beat inside one body.",
    "company": "An octopus has three hearts and nine hats.",
    "parts": "An octopus has three hearts and nine brains.",
    "versus": "Sharks are older than trees.",
    "scale": "An elephant is heavier than a car.",
    "before-after": "A caterpillar turns into a butterfly.",
    "list": "Bananas, lemons, apples and grapes.",
    "tiles": "Fire near a heart under the moon.",
    "figure-rows": "Split it: 50% needs, 30% wants, 20% savings.",
    "figure-bars": "You end with $122,000.",
    "figure-card": "The market crashed and banks lost 40 billion dollars.",
    "figure-tower": "The market crashed and banks lost 40 billion dollars.",
    "figure-dial": "Your brain uses 20% of your energy.",
    "word-card": "But nobody expected what came next.",
    "word-quote": "But nobody expected what came next.",
}


def compose(text, *, rng=None, **options):
    reading = subjects.read(words=tuple(text.split()), visual="")
    return reading, layouts.compose(reading, ZONE, rng=rng or Random(1), **options)


def drawn(text, *, emotion="curiosity", valence=0.3, arousal=0.5, frame=None, seed=3):
    mood = Mood(emotion=emotion, valence=valence, arousal=arousal)
    return Drawn().draw(
        Request(
            words=tuple(text.split()),
            visual="",
            mood=mood,
            visual_energy="medium",
            frame=frame or FrameSpec(width=540, height=960),
            safe_box=SAFE,
            seed=seed,
            ordinal=0,
            opening=True,
            variation=0,
        )
    )


def preview(rendering):
    return cv2.imdecode(np.frombuffer(rendering.preview, np.uint8), cv2.IMREAD_COLOR)[:, :, ::-1]


@pytest.mark.parametrize(("style", "text"), SCENES.items())
def test_every_kind_of_scene_has_a_layout_of_its_own(style, text):
    styles = {compose(text, rng=Random(n))[1].style for n in range(40)}

    assert style in styles


@pytest.mark.parametrize("text", SCENES.values())
def test_lettering_stays_inside_the_safe_box(text):
    for seed in range(12):
        _, composition = compose(text, rng=Random(seed), complete=seed % 3 == 0, pose=seed)
        for piece in (
            p for actor in composition.actors for p in actor.pieces if isinstance(p, Lettering | Tag)
        ):
            largest = piece.largest if isinstance(piece, Lettering) else 72
            setting = typesetting.fit(
                piece.text, width=piece.area.width, height=piece.area.height, largest=largest
            )
            x, y = piece.area.centre
            assert SAFE.left <= x - setting.width / 2
            assert x + setting.width / 2 <= SAFE.right
            assert SAFE.top <= y - setting.height / 2
            assert y + setting.height / 2 <= SAFE.bottom


@pytest.mark.parametrize("emotion", palette.FAMILIES)
def test_first_frames_are_colourful_and_have_contrast(emotion):
    valence, arousal = palette.ANCHORS[palette.FAMILIES[emotion]]
    pixels = preview(drawn("Honey never spoils.", emotion=emotion, valence=valence, arousal=arousal))
    luma = pixels @ np.array([0.2126, 0.7152, 0.0722]) / 255

    assert drawing.colourfulness(pixels) >= 33
    assert luma.std() >= 0.12
    assert luma.mean() > 0.08


def test_the_caption_band_is_dark_enough_for_white_text():
    for text in SCENES.values():
        pixels = preview(drawn(text)) / 255
        band = pixels[1050 // 4 : 1240 // 4]  # the preview is a quarter of 1920
        linear = np.where(band <= 0.04045, band / 12.92, ((band + 0.055) / 1.055) ** 2.4)
        luminance = linear @ np.array([0.2126, 0.7152, 0.0722])
        assert 1.05 / (np.median(luminance) + 0.05) >= 4.5


def test_arousal_is_seen_as_saturation_and_valence_as_lightness():
    def top(valence, arousal):
        mood = Mood(emotion="curiosity", valence=valence, arousal=arousal)
        return palette.channels(palette.choose(mood, rng=Random(1)).top)

    calm, wild = top(0.0, -0.8), top(0.0, 0.8)
    assert max(wild) - min(wild) > max(calm) - min(calm)
    assert sum(top(0.9, 0.0)) > sum(top(-0.9, 0.0))


def test_an_unknown_emotion_takes_the_nearest_on_the_circumplex():
    assert palette.family_of(Mood(emotion="dismay", valence=-0.7, arousal=-0.5)) == "sorrow"


def test_colours_survive_the_way_through_oklch():
    assert palette.oklch(1.0, 0.0, 0) == "#ffffff"
    assert palette.oklch(0.0, 0.0, 0) == "#000000"
    assert palette.oklch(0.6279, 0.2577, 29.23) == "#ff0000"


def test_every_picture_of_the_lexicon_can_be_drawn():
    assert [entry.emoji for entry in curated().values() if ink_of(entry.emoji) is None] == []


def test_devanagari_is_shaped_and_other_scripts_are_not_set_as_boxes():
    joined = typesetting.fit("क्षि", width=900, height=300, largest=200)
    apart = typesetting.fit("क ष ि", width=900, height=300, largest=200)

    assert joined.width < apart.width * 0.8
    assert typesetting.can_set("क्षत्रिय $4,500")
    assert not typesetting.can_set("مرحبا")
    assert not typesetting.can_set("你好")


def test_the_same_scene_is_the_same_bytes():
    assert drawn("Honey never spoils.") == drawn("Honey never spoils.")


def test_another_seed_is_another_look():
    assert len({drawn("Honey never spoils.", seed=n).palette for n in range(6)}) > 1


@pytest.mark.parametrize("channels", [3, 4])
def test_the_png_writer_is_read_back_exactly(channels):
    pixels = np.random.default_rng(1).integers(0, 256, (37, 23, channels), np.uint8)

    read = cv2.imdecode(np.frombuffer(png.encode(pixels), np.uint8), cv2.IMREAD_UNCHANGED)

    assert np.array_equal(read[:, :, [2, 1, 0, 3][:channels]], pixels)


def test_a_full_size_scene_takes_well_under_a_second_of_work():
    drawn("Honey never spoils.", frame=FrameSpec())
    began = time.process_time()

    drawn("An octopus has three hearts and nine brains.", frame=FrameSpec())

    assert time.process_time() - began < 1.0
