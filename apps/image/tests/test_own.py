"""The user's own images and clips."""

from uuid import uuid4

import numpy as np
import pytest

from apps.contracts.brief import Brief, Providers
from apps.contracts.decision import Box, FrameSpec, Mood
from apps.contracts.media import LayerKind, Picture
from apps.contracts.story import Depiction, Purpose, Scene
from apps.foundation import blobs
from apps.foundation.notices import heard
from apps.foundation.providers import UnableToProvide
from apps.image import interface
from apps.image.tests.media import clip, encoded, scene

pytestmark = pytest.mark.django_db(databases=["image"])

UPLOAD, GONE = f"uploads/{'0' * 32}/beach.jpg", f"uploads/{'1' * 32}/gone.jpg"
TEXTS = ("The octopus hides.", "A crab walks by.", "Nothing happens.", "Two octopuses meet.")


@pytest.fixture
def folder(tmp_path, settings):
    made = tmp_path / "mine"
    made.mkdir()
    settings.PICTURES, settings.PICTURES_FOLDER = "own", str(made)
    return made


def add(folder, *names: str) -> None:
    for seed, name in enumerate(names):
        (folder / name).write_bytes(
            encoded(scene(300, 500, ((0.5, 0.4),), seed), f".{name.rpartition('.')[2]}")
        )


def draw(text: str, ordinal: int = 0, **changes: object) -> Picture:
    shown = Scene(
        id=uuid4(),
        ordinal=ordinal,
        start_sec=0,
        end_sec=2,
        purpose=Purpose.ESCALATE,
        narration=text,
        visual="",
    )
    arguments = {
        "job_id": uuid4(),
        "attempt": 1,
        "scene": shown,
        "words": tuple(text.split()),
        "mood": Mood(emotion="curiosity", valence=0.3, arousal=0.5),
        "visual_energy": "medium",
        "frame": FrameSpec(width=180, height=320),
        "safe_box": Box(left=120, top=288, right=888, bottom=1248),
        "seed": 7,
        "seconds": 1.0,
    }
    return interface.draw(**{**arguments, **changes})


def told(*texts: str) -> list[str]:
    """The files that scenes of these texts show."""
    names, earlier = [], ()
    for ordinal, text in enumerate(texts):
        names += draw(text, ordinal, earlier=earlier).subjects
        earlier += (
            Depiction(ordinal=ordinal, purpose=Purpose.ESCALATE, visual="", words=tuple(text.split())),
        )
    return names


def test_a_file_is_chosen_by_the_words_of_its_name(folder):
    add(folder, "IMG_1234.jpg", "big-crab_02.png", "octopus.webp")

    assert told(*TEXTS[:3]) == ["octopus.webp", "big-crab_02.png", "IMG_1234.jpg"]


def test_each_file_is_shown_once_before_any_is_shown_twice(folder):
    add(folder, "octopus.jpg", "b.jpg")

    shown = told(*TEXTS)

    assert sorted(shown[:2]) == ["b.jpg", "octopus.jpg"]
    assert sorted(shown[2:]) == ["b.jpg", "octopus.jpg"]
    assert shown[3] == "octopus.jpg"


def test_names_in_other_scripts_are_read(folder):
    add(folder, "a.jpg", "कौआ.jpg")

    assert told("एक प्यासा कौआ था।") == ["कौआ.jpg"]


def test_what_came_with_the_brief_comes_before_the_folder(folder):
    add(folder, "octopus.jpg")
    blobs.put_bytes(UPLOAD, encoded(scene(300, 500)))

    blobs.put_bytes(UPLOAD.replace(".jpg", ".txt"), b"Photo: me")

    picture = draw(TEXTS[0], media=(UPLOAD,))

    assert picture.subjects == ("beach.jpg",)
    assert picture.credit == "Photo: me"


def test_the_note_beside_a_file_is_its_credit(folder):
    add(folder, "octopus.jpg")
    (folder / "octopus.txt").write_text("Photo: Ada L., CC BY 4.0\nsecond line")

    assert draw(TEXTS[0]).credit == "Photo: Ada L., CC BY 4.0"


def test_a_clip_of_ones_own_plays_as_a_clip(folder):
    clip(folder / "octopus.webm", seconds=2.5)

    picture = draw(TEXTS[0])

    (layer,) = picture.layers
    assert layer.kind is LayerKind.CLIP
    assert layer.key.endswith(".mp4")
    assert picture.style == "clip"


def test_a_broken_file_is_passed_over_and_told(folder):
    add(folder, "second.jpg")
    (folder / "octopus.jpg").write_bytes(encoded(scene(300, 500))[:900])
    (folder / "octopus.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42")

    with heard() as notices:
        picture = draw(TEXTS[0], media=(GONE,))

    assert picture.subjects == ("second.jpg",)
    assert {n.facts["file"] for n in notices} == {"octopus.jpg", "octopus.mp4", "gone.jpg"}
    assert {n.kind for n in notices} == {"own_media_skipped"}


def test_an_empty_folder_is_refused_with_what_to_do(folder):
    (folder / "notes.txt").write_text("nothing here")

    with pytest.raises(UnableToProvide, match="PICTURES_FOLDER"):
        draw(TEXTS[0])


def test_a_key_that_leads_out_of_storage_shows_nothing(folder):
    with pytest.raises(UnableToProvide):
        draw(TEXTS[0], media=("../../../../etc/passwd.jpg",))


def test_a_scene_ordered_to_look_different_shows_another_file(folder):
    add(folder, "octopus.jpg", "b.jpg")

    assert draw(TEXTS[0], variation=1).subjects == ("b.jpg",)


def test_a_brief_with_media_needs_no_folder(settings):
    settings.PICTURES_FOLDER = ""
    blobs.put_bytes(UPLOAD, b"")
    brief = Brief(topic="x", media=(UPLOAD,), providers=Providers(pictures="own"))

    assert interface.problems_with(brief) == ()


def test_a_portrait_photo_fills_the_frame_and_a_chart_is_shown_whole(folder):
    add(folder, "octopus.jpg")
    chart = np.full((300, 600, 3), 255, np.uint8)
    chart[100:250, 50:100] = chart[60:250, 500:550] = (200, 90, 30)
    (folder / "crab.png").write_bytes(encoded(chart, ".png"))

    assert draw(TEXTS[0]).style == "photo"
    assert draw(TEXTS[1]).style == "card"
