"""The door, with real storage and a real database."""

from dataclasses import replace
from uuid import uuid4

import cv2
import numpy as np
import pytest

from apps.contracts.brief import Brief, Providers
from apps.contracts.decision import Box, FrameSpec, Mood
from apps.contracts.media import Picture
from apps.contracts.story import Depiction, Purpose, Scene
from apps.foundation import blobs
from apps.foundation.providers import UnableToProvide
from apps.image import interface
from apps.image.models import Image

pytestmark = pytest.mark.django_db(databases=["image"])

FRAME = FrameSpec(width=270, height=480, fps=30)
SAFE = Box(left=120, top=288, right=888, bottom=1248)


def scene(narration: str, *, ordinal: int = 1, purpose: Purpose = Purpose.ESCALATE) -> Scene:
    return Scene(
        id=uuid4(),
        ordinal=ordinal,
        start_sec=0,
        end_sec=4,
        purpose=purpose,
        narration=narration,
        visual="",
    )


def draw(shown: Scene, **changes: object) -> Picture:
    arguments = {
        "job_id": uuid4(),
        "attempt": 1,
        "scene": shown,
        "words": tuple(shown.narration.split()),
        "mood": Mood(emotion="curiosity", valence=0.3, arousal=0.5),
        "visual_energy": "medium",
        "frame": FRAME,
        "safe_box": SAFE,
        "seed": 7,
    }
    return interface.draw(**{**arguments, **changes})


def pixels(key: str) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(blobs.read_bytes(key), np.uint8), cv2.IMREAD_UNCHANGED)


def test_stores_an_opaque_ground_of_the_size_that_overscan_says_and_transparent_layers_upon_it():
    picture = draw(scene("An octopus has three hearts and nine brains."))

    ground, *others = [pixels(layer.key) for layer in picture.layers]

    assert ground.shape == (538, 302, 3)
    for layer, shown in zip(picture.layers[1:], others, strict=True):
        assert shown.shape[2] == 4
        assert 0 < (shown[:, :, 3] > 0).mean() <= 1
        assert layer.left % 2 == layer.top % 2 == 0 <= min(layer.left, layer.top)
        assert layer.left + shown.shape[1] <= 302
        assert layer.top + shown.shape[0] <= 538
    assert [layer.depth for layer in picture.layers] == sorted(layer.depth for layer in picture.layers)
    assert pixels(picture.preview_key).shape == (240, 135, 3)


def test_drawing_twice_is_drawing_once():
    job, shown = uuid4(), scene("Honey never spoils.")
    first = draw(shown, job_id=job)
    made = {layer.key: blobs.read_bytes(layer.key) for layer in first.layers}

    assert draw(shown, job_id=job) == first
    assert {key: blobs.read_bytes(key) for key in made} == made
    assert Image.objects.using("image").filter(job_id=job).count() == 1


def test_a_later_attempt_reuses_the_files_under_a_row_of_its_own():
    job, shown = uuid4(), scene("Honey never spoils.")
    first, second = (draw(shown, job_id=job, attempt=n) for n in (1, 2))

    assert second.layers == first.layers
    assert second.id != first.id


def test_draws_again_what_was_lost_from_storage():
    job, shown = uuid4(), scene("Honey never spoils.")
    first = draw(shown, job_id=job)
    with blobs.local(first.layers[1].key) as path:
        path.unlink()

    assert draw(shown, job_id=job) == first
    assert blobs.exists(first.layers[1].key)


def test_never_uses_the_style_of_the_scene_before():
    shown, earlier, style = scene("Honey never spoils."), (), ""
    for ordinal in range(8):
        picture = draw(replace(shown, ordinal=ordinal), earlier=earlier)
        assert picture.style != style
        style = picture.style
        earlier += (
            Depiction(
                ordinal=ordinal, purpose=shown.purpose, visual="", words=tuple(shown.narration.split())
            ),
        )


def test_the_hook_is_complete_from_its_first_frame():
    picture = draw(scene("An octopus has three hearts.", purpose=Purpose.HOOK, ordinal=0))

    assert all(layer.word is None for layer in picture.layers)


def test_an_acting_layer_names_the_word_that_it_waits_for():
    words = ("An", "octopus", "has", "three", "hearts.")
    picture = draw(scene(" ".join(words)))

    assert {layer.word for layer in picture.layers} - {None} <= set(range(len(words)))
    assert 4 in {layer.word for layer in picture.layers}


def test_another_variation_is_another_picture():
    shown, job = scene("Honey never spoils."), uuid4()

    assert draw(shown, job_id=job).style != draw(shown, job_id=job, variation=1).style


@pytest.mark.parametrize(
    "text",
    [
        "{\\an8} <b>bold</b> %s $(rm -rf /) `x`",
        "‮مرحبا بالعالم",
        "你好世界",
        "🐙🐙🐙",
        "\\x00 \u200d\ufe0f \u0903",
        "a" * 300,
        "…",
        "9" * 80 + "%",
    ],
)
def test_hostile_text_is_drawn_literally_or_not_at_all(text):
    picture = draw(scene(text))

    assert len(picture.layers) >= 3
    assert pixels(picture.layers[2].key)[:, :, 3].any()


def test_a_scene_without_words_still_has_a_subject():
    picture = draw(scene(""), words=())

    assert pixels(picture.layers[-1].key)[:, :, 3].any()


def test_names_the_known_providers_to_a_brief_that_asks_for_another():
    brief = Brief(topic="octopuses", providers=Providers(pictures="crayons"))

    (problem,) = interface.problems_with(brief)

    assert problem.field == "providers.pictures"
    assert "drawn" in problem.remedy
    assert interface.problems_with(Brief(topic="octopuses")) == ()


def test_refuses_to_draw_with_an_unknown_provider():
    with pytest.raises(UnableToProvide, match="drawn"):
        draw(scene("Honey never spoils."), provider="crayons")
