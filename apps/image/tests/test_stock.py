"""Photos and clips from libraries on the net: real HTTP, real storage, a real database."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import uuid4

import cv2
import numpy as np
import pytest

from apps.contracts.brief import Brief, Providers
from apps.contracts.decision import Box, FrameSpec, Mood
from apps.contracts.media import LayerKind, Picture
from apps.contracts.story import Depiction, Purpose, Scene
from apps.foundation import blobs
from apps.foundation.notices import heard
from apps.foundation.providers import ProviderUnavailable, UnableToProvide
from apps.image import downloads, interface
from apps.image.models import Image, LibraryAsset
from apps.image.providers.pexels import Pexels
from apps.image.providers.stock import Stock
from apps.image.searching import Query
from apps.image.tests.media import clip, encoded, scene
from apps.image.tests.serving import Answer, Asked, Server, said, serving

pytestmark = pytest.mark.django_db(databases=["image"])

KEY = "key-that-nobody-sees"
SECRET = "zanzibar"
PHOTO = encoded(scene(600, 960, ((0.5, 0.4),)))


@pytest.fixture
def server():
    with serving() as server:
        yield server


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch):
    monkeypatch.setattr(downloads, "PAUSE", 0.01)


def photos(server: Server, *ids: int, kind: str = "pexels") -> dict:
    for n in ids:
        server.answers.setdefault(f"/files/{n}.jpg", Answer(PHOTO + bytes([n]), kind="image/jpeg"))
    if kind == "pixabay":
        return {
            "hits": [
                {
                    "id": n,
                    "pageURL": f"https://pixabay.com/photos/{n}/",
                    "user": "Ada \u202e L\n",
                    "largeImageURL": f"{server.url}/files/{n}.jpg",
                    "imageWidth": 600,
                    "imageHeight": 960,
                }
                for n in ids
            ]
        }
    return {
        "photos": [
            {
                "id": n,
                "url": f"https://www.pexels.com/photo/{n}/",
                "photographer": "Ada Lovelace",
                "width": 600,
                "height": 960,
                "src": {"original": f"{server.url}/files/{n}.jpg"},
            }
            for n in ids
        ]
    }


@pytest.fixture
def pexels(server, settings) -> Server:
    """Seven photos for whatever is searched, and no clip."""
    settings.PICTURES = "pexels"
    settings.PEXELS_API_KEY, settings.PEXELS_BASE_URL = KEY, server.url
    server.answers["/v1/search"] = said(photos(server, *range(1, 8)))
    server.answers["/v1/videos/search"] = said({"videos": []})
    return server


@pytest.fixture
def pixabay(server, settings) -> Server:
    settings.PICTURES = "pixabay"
    settings.PIXABAY_API_KEY, settings.PIXABAY_BASE_URL = KEY, f"{server.url}/api"
    server.answers["/api/"] = said(photos(server, 1, 2, kind="pixabay"))
    server.answers["/api/videos/"] = said({"hits": []})
    return server


def shown(ordinal: int = 1, visual: str = f"three hearts; {SECRET}") -> Scene:
    return Scene(
        id=uuid4(),
        ordinal=ordinal,
        start_sec=0,
        end_sec=2,
        purpose=Purpose.ESCALATE,
        narration="It has three hearts.",
        visual=visual,
    )


def draw(scene_shown: Scene, **changes: object) -> Picture:
    arguments = {
        "job_id": uuid4(),
        "attempt": 1,
        "scene": scene_shown,
        "words": tuple(scene_shown.narration.split()),
        "mood": Mood(emotion="curiosity", valence=0.3, arousal=0.5),
        "visual_energy": "medium",
        "frame": FrameSpec(width=180, height=320),
        "safe_box": Box(left=120, top=288, right=888, bottom=1248),
        "seed": 7,
        "seconds": 1.0,
    }
    return interface.draw(**{**arguments, **changes})


def depicted(scene_shown: Scene, variation: int = 0) -> Depiction:
    return Depiction(
        ordinal=scene_shown.ordinal,
        purpose=scene_shown.purpose,
        visual=scene_shown.visual,
        words=tuple(scene_shown.narration.split()),
        variation=variation,
    )


def test_a_photo_is_found_by_the_scenes_words_framed_and_credited(pexels):
    picture = draw(shown(), language="de")

    (search,) = pexels.asked_for("/v1/search")
    assert search.query["query"] == f"hearts {SECRET}"
    assert search.query["orientation"] == "portrait"
    assert search.query["locale"] == "de-DE"
    assert search.headers["authorization"] == KEY
    (layer,) = picture.layers
    assert layer.key.endswith(".jpg")
    assert layer.kind is LayerKind.IMAGE
    pixels = cv2.imdecode(np.frombuffer(blobs.read_bytes(layer.key), np.uint8), cv2.IMREAD_COLOR)
    assert pixels.shape == (358, 202, 3)
    number = picture.subjects[0].rpartition(" ")[2]
    assert (
        picture.credit
        == f"Photo by Ada Lovelace on Pexels, Pexels licence, https://www.pexels.com/photo/{number}/"
    )


def test_the_key_does_not_go_to_where_the_files_are(pexels):
    draw(shown())

    (file,) = [asked for asked in pexels.asked if asked.path.startswith("/files/")]
    assert "authorization" not in file.headers
    assert KEY not in str(file)


def test_no_two_scenes_of_a_job_show_the_same(pexels):
    job, earlier, seen = uuid4(), (), []
    for ordinal in range(6):
        one = shown(ordinal)
        seen.append(draw(one, job_id=job, earlier=earlier).subjects)
        earlier += (depicted(one),)

    assert len(set(seen)) == 6
    assert len(pexels.asked_for("/v1/search")) == 1


def test_a_scene_ordered_to_look_different_does_and_changes_no_later_one(pexels):
    job, first, second = uuid4(), shown(0), shown(1)
    before = [draw(first, job_id=job), draw(second, job_id=job, earlier=(depicted(first),))]
    after = [
        draw(first, job_id=job, attempt=2, variation=1),
        draw(second, job_id=job, attempt=2, earlier=(depicted(first, variation=1),)),
    ]

    assert after[0].subjects != before[0].subjects
    assert after[0].subjects != after[1].subjects


def test_another_seed_is_another_choice_and_the_same_is_the_same(pexels):
    chosen = [draw(shown(), seed=seed).subjects for seed in (1, 1, 2, 3, 4, 5)]

    assert chosen[0] == chosen[1]
    assert len(set(chosen)) > 1


def test_a_second_job_downloads_nothing_again(pexels):
    first = draw(shown())
    asked = len(pexels.asked)

    second = draw(shown())

    assert len(pexels.asked) == asked
    assert second.layers[0].key != first.layers[0].key
    (asset,) = LibraryAsset.objects.using("image").all()
    assert asset.storage_url.startswith("library/pexels/")
    assert asset.licence == "Pexels licence"
    assert asset.credit == first.credit == second.credit


def test_scenes_that_are_drawn_at_once_search_once(pexels):
    answer = pexels.answers["/v1/search"]
    pexels.answers["/v1/search"] = replace(answer, wait=0.4)
    stock = Stock(Pexels(pexels.url, KEY))

    def search(_: int) -> int:
        return len(stock._searched(LayerKind.IMAGE, Query("hearts"), "en-US"))

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(search, range(4))) == {7}
    assert len(pexels.asked) == 1


def test_the_search_widens_until_something_is_found(pexels):
    found = photos(pexels, 3)

    def answer(asked: Asked) -> Answer:
        return said(found if asked.query["query"] == SECRET else {"photos": []})

    pexels.answers["/v1/search"] = answer

    assert draw(shown()).subjects == ("pexels image 3",)
    assert [asked.query["query"] for asked in pexels.asked_for("/v1/search")] == [
        f"hearts {SECRET}",
        SECRET,
    ]


def test_a_language_without_a_locale_is_searched_by_the_english_names_of_its_things(pexels):
    draw(shown(visual="घड़ा; कौआ"), language="hi", words=("कौआ", "प्यासा", "था"))

    search = pexels.asked_for("/v1/search")[0]
    assert search.query["query"].isascii()
    assert "bird" in search.query["query"]
    assert search.query["locale"] == "en-US"


def test_nothing_found_names_what_to_do(pexels):
    pexels.answers["/v1/search"] = said({"photos": []})

    with pytest.raises(UnableToProvide, match="pexels, drawn"):
        draw(shown())


def test_falls_back_to_the_next_in_the_list_and_says_so(pexels):
    pexels.answers["/v1/search"] = Answer(status=500)

    with heard() as told:
        picture = draw(shown(), provider="pexels, drawn")

    assert len(picture.layers) > 1
    assert picture.credit == ""
    (notice,) = [n for n in told if n.kind == "provider_fell_back"]
    assert notice.facts["provider"] == "pexels"
    assert notice.facts["to"] == "drawn"
    assert SECRET not in str(notice)


@pytest.fixture
def with_clips(pexels, tmp_path) -> Server:
    made = clip(tmp_path / "1.mp4", size=(540, 960), seconds=2.5)
    pexels.answers["/files/1.mp4"] = Answer(made.read_bytes(), kind="video/mp4")
    sizes = {"sd": (540, 960), "uhd": (2160, 3840)}
    pexels.answers["/v1/videos/search"] = said(
        {
            "videos": [
                {
                    "id": 1,
                    "url": "https://www.pexels.com/video/1/",
                    "duration": 2,
                    "user": {"name": "Grace Hopper"},
                    "video_files": [
                        {
                            "file_type": "video/mp4",
                            "width": width,
                            "height": height,
                            "link": f"{pexels.url}/files/{1 if name == 'uhd' else 99}.mp4",
                        }
                        for name, (width, height) in sizes.items()
                    ],
                },
                {"id": 2, "duration": 2, "video_files": []},
            ]
        }
    )
    return pexels


@pytest.mark.parametrize(
    ("energy", "purpose", "visual", "kind"),
    [
        ("high", Purpose.ESCALATE, "hearts", "clip"),
        ("low", Purpose.ESCALATE, "hearts", "image"),
        ("low", Purpose.TWIST, "hearts", "clip"),
        ("low", Purpose.ESCALATE, "a rocket explodes", "clip"),
    ],
)
def test_a_clip_is_shown_where_something_should_move(with_clips, energy, purpose, visual, kind):
    picture = draw(replace(shown(visual=visual), purpose=purpose), visual_energy=energy)

    assert picture.subjects[0].startswith(f"pexels {kind} ")
    assert picture.layers[0].kind == kind
    if kind == "clip":
        assert picture.credit.startswith("Video by Grace Hopper on Pexels")
        assert blobs.read_bytes(picture.layers[0].key)[4:8] == b"ftyp"


def test_a_clip_serves_a_scene_that_grew_a_little(with_clips):
    job, one = uuid4(), shown(visual="swim")
    first = draw(one, job_id=job, seconds=1.0)
    made = blobs.read_bytes(first.layers[0].key)

    again = draw(one, job_id=job, attempt=2, seconds=2.0)

    assert again.layers == first.layers
    assert blobs.read_bytes(again.layers[0].key) == made


def test_a_broken_file_is_passed_over_and_told_and_never_kept(pexels):
    for n in range(1, 7):
        pexels.answers[f"/files/{n}.jpg"] = Answer(b"<html>sorry</html>", kind="text/html")
    pexels.answers["/v1/search"] = said(photos(pexels, 1, 2, 7))

    with heard() as told:
        picture = draw(shown())

    assert picture.subjects == ("pexels image 7",)
    assert {notice.kind for notice in told} <= {"stock_asset_skipped"}
    assert [asset.asset_id for asset in LibraryAsset.objects.using("image").all()] == ["7"]


@pytest.mark.parametrize(
    "bad",
    [
        Answer(status=404),
        Answer(PHOTO, kind="image/jpeg", headers={"Location": "/files/1.jpg"}, status=302),
        Answer(PHOTO[: len(PHOTO) // 2], kind="image/jpeg"),
    ],
)
def test_a_file_that_cannot_be_had_is_passed_over(pexels, bad):
    pexels.answers["/v1/search"] = said(photos(pexels, 1, 2))
    pexels.answers["/files/1.jpg"] = bad

    assert {draw(shown(), seed=seed).subjects for seed in range(3)} == {("pexels image 2",)}


def test_a_file_that_is_too_large_is_not_read_to_its_end(pexels, monkeypatch):
    monkeypatch.setattr("apps.image.library.MOST", {LayerKind.IMAGE: 5000, LayerKind.CLIP: 5000})

    with pytest.raises(UnableToProvide):
        draw(shown())
    assert not LibraryAsset.objects.using("image").exists()


def test_one_hiccup_is_tried_again(pexels):
    good = pexels.answers["/v1/search"]
    pexels.answers["/v1/search"] = [
        Answer(status=429, headers={"Retry-After": "0"}),
        Answer(status=502),
        good,
    ]

    assert draw(shown()).layers


def test_who_is_asked_to_wait_long_gives_the_work_back(pexels):
    pexels.answers["/v1/search"] = Answer(status=429, headers={"X-Ratelimit-Reset": "3600"})

    with pytest.raises(ProviderUnavailable, match="429"):
        draw(shown())
    assert len(pexels.asked) == 1


@pytest.mark.parametrize(
    ("bad", "error", "words", "calls"),
    [
        (Answer(status=401), UnableToProvide, "PEXELS_API_KEY", 1),
        (Answer(status=403), UnableToProvide, "PEXELS_API_KEY", 1),
        (Answer(status=400), UnableToProvide, "400", 1),
        (Answer(status=302, headers={"Location": "http://127.0.0.1:9/"}), UnableToProvide, "302", 1),
        (Answer(status=500), ProviderUnavailable, "500", 3),
        (Answer(b"<html>busy</html>", kind="text/html"), ProviderUnavailable, "JSON", 3),
        (Answer(b'{"photos": [', cut=True), ProviderUnavailable, "connection", 3),
        (Answer(b"x" * 5_000_000), ProviderUnavailable, "more than", 1),
    ],
)
def test_bad_luck_is_named_without_the_scene_or_the_key(pexels, bad, error, words, calls):
    pexels.answers["/v1/search"] = bad

    with pytest.raises(error, match=words) as raised:
        draw(shown())

    assert SECRET not in str(raised.value)
    assert KEY not in str(raised.value)
    assert "127.0.0.1" not in str(raised.value)
    assert len(pexels.asked) == calls


def test_a_silent_server_is_not_waited_for(pexels):
    pexels.answers["/v1/search"] = Answer(wait=30)
    library = Pexels(pexels.url, KEY)
    library._service = replace(library._service, timeout=0.2)

    with pytest.raises(ProviderUnavailable, match="in time"):
        library.search(LayerKind.IMAGE, "hearts", "en-US")


@pytest.mark.parametrize(
    "reply",
    [
        [],
        {"photos": None},
        {"photos": [None, 3, {}, {"id": 1, "src": 7, "width": "x"}]},
        {"photos": [{"id": 1, "width": 900, "height": 900, "src": {"original": "file:///etc/passwd"}}]},
    ],
)
def test_a_reply_of_another_shape_is_nothing_found(pexels, reply):
    pexels.answers["/v1/search"] = said(reply)

    with pytest.raises(UnableToProvide):
        draw(shown())


def test_neither_key_nor_words_are_logged_or_recorded(pixabay, caplog):
    caplog.set_level(logging.DEBUG)
    draw(shown())

    assert KEY not in caplog.text
    assert SECRET not in caplog.text
    rows = [*Image.objects.using("image").values(), *LibraryAsset.objects.using("image").values()]
    assert KEY not in str(rows)
    assert SECRET not in str(rows)


def test_pixabay_is_asked_in_its_own_words(pixabay):
    picture = draw(shown(), language="fr")

    (search,) = pixabay.asked_for("/api/")
    assert search.query["key"] == KEY
    assert search.query["lang"] == "fr"
    assert search.query["safesearch"] == "true"
    assert picture.credit.startswith(
        "Photo by Ada L on Pixabay, Pixabay Content Licence, https://pixabay.com/"
    )


def test_pixabay_shows_clips_too(pixabay, tmp_path):
    made = clip(tmp_path / "1.mp4", size=(540, 960), seconds=2.5)
    pixabay.answers["/files/1.mp4"] = Answer(made.read_bytes(), kind="video/mp4")
    versions = {
        "large": {"url": "", "width": 0, "height": 0},
        "medium": {"url": f"{pixabay.url}/files/1.mp4", "width": 540, "height": 960},
    }
    pixabay.answers["/api/videos/"] = said(
        {"hits": [{"id": 9, "user": "B", "duration": 3, "videos": versions}]}
    )

    picture = draw(shown(), visual_energy="high")

    assert picture.subjects == ("pixabay clip 9",)
    assert picture.credit == "Video by B on Pixabay, Pixabay Content Licence"


def test_pixabays_word_for_a_wrong_key_is_understood(pixabay):
    pixabay.answers["/api/"] = Answer(
        b"[ERROR 400] Invalid or missing API key", status=400, kind="text/plain"
    )

    with pytest.raises(UnableToProvide, match="PIXABAY_API_KEY"):
        draw(shown())


@pytest.mark.parametrize("name", ["pexels", "pixabay", "openai", "own"])
def test_a_provider_that_is_not_configured_is_refused_at_once(settings, name):
    settings.PEXELS_API_KEY = settings.PIXABAY_API_KEY = settings.IMAGE_MODEL = settings.PICTURES_FOLDER = ""
    brief = Brief(topic="octopuses", providers=Providers(pictures=f"drawn, {name}"))

    (problem,) = interface.problems_with(brief)

    assert problem.code == "provider_not_configured"
    assert name in problem.reason
    assert "Set " in problem.remedy or "set " in problem.remedy
