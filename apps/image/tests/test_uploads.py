"""Files of the user's own, from the upload to the picture they become."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from apps.contracts.brief import Brief, Providers
from apps.contracts.media import LayerKind, UnableToKeepUpload, Upload
from apps.foundation import blobs, ffmpeg
from apps.image import interface, uploads
from apps.image.tests.test_interface import draw, scene

pytestmark = pytest.mark.django_db(databases=["image"])


@pytest.fixture
def keep(tmp_path):
    """Upload a picture of one colour."""

    def kept(name: str, colour: tuple[int, int, int], credit: str = "") -> Upload:
        file = tmp_path / "sent"
        file.write_bytes(cv2.imencode(".png", np.full((960, 540, 3), colour, np.uint8))[1].tobytes())
        return interface.keep_upload(file, name, credit)

    return kept


def test_an_upload_is_shown_with_its_credit_where_no_other_provider_is_asked_for(keep):
    kept = keep("octopus.png", (200, 60, 20), "Ana Lima,\nCC BY 4.0")

    picture = draw(scene("An octopus has three hearts."), media=(kept.key,))

    assert kept.kind is LayerKind.IMAGE
    assert picture.subjects == ("octopus.png",)
    assert picture.credit == "Ana Lima, CC BY 4.0"


def test_who_asks_for_drawn_pictures_gets_them_whatever_was_uploaded(keep):
    kept = keep("octopus.png", (200, 60, 20))

    picture = draw(scene("An octopus has three hearts."), media=(kept.key,), provider="drawn")

    assert "octopus.png" not in picture.subjects


def test_a_later_credit_replaces_the_first_and_none_leaves_it(keep):
    notes = []
    for credit in ("Ana", "", "Ana Lima, CC0"):
        kept = keep("reef.png", (9, 9, 9), credit)
        notes.append(blobs.read_bytes(uploads.credit_key(kept.key)).decode())

    assert notes == ["Ana", "Ana", "Ana Lima, CC0"]


def test_a_brief_may_name_what_was_uploaded_and_nothing_else(keep, settings):
    settings.PICTURES = "drawn"
    kept = keep("reef.png", (9, 9, 9), "Ana")

    def wrong(*media: str) -> list[tuple[str, str]]:
        brief = Brief(topic="x", media=media, providers=Providers(pictures="own, drawn"))
        return [(p.field, p.code) for p in interface.problems_with(brief)]

    assert wrong(kept.key) == []
    assert wrong(kept.key, uploads.credit_key(kept.key)) == [("media.1", "unknown_upload")]
    assert wrong(kept.key.replace("reef", "../reef")) == [("media.0", "unknown_upload")]


def test_media_that_no_named_provider_would_show_are_refused_with_the_way_out(keep, settings):
    settings.PICTURES = "drawn"
    kept = keep("reef.png", (9, 9, 9), "Ana")

    def problems(pictures: str) -> list[str]:
        brief = Brief(topic="x", media=(kept.key,), providers=Providers(pictures=pictures))
        return [p.code for p in interface.problems_with(brief)]

    assert problems("drawn") == ["media_unshown"]
    assert problems("") == problems("own, drawn") == []


@pytest.mark.parametrize("sides", [(1, 60_000_001), (60_000_001, 1), (2**31 - 1, 2**31 - 1)])
def test_an_image_is_measured_before_it_is_decoded(tmp_path, sides, monkeypatch):
    def never(*arguments: object) -> None:
        raise AssertionError("decoded")

    width, height = (side.to_bytes(4) for side in sides)
    data = bytearray(cv2.imencode(".png", np.zeros((100, 100, 3), np.uint8))[1].tobytes())
    data[16:24] = width + height
    (tmp_path / "sent").write_bytes(data)
    monkeypatch.setattr(cv2, "imdecode", never)

    with pytest.raises(UnableToKeepUpload, match="megapixels"):
        uploads.check(tmp_path / "sent")


@pytest.fixture
def filmed(tmp_path):
    """A clip that ffmpeg makes of the given arguments."""

    def made(name: str, *arguments: str) -> Path:
        ffmpeg.run([*arguments, str(tmp_path / name)])
        return tmp_path / name

    return made


def test_a_clip_is_measured_upright(filmed):
    source = "testsrc2=size=320x200:rate=25:duration=1"
    lying = filmed("lying.mp4", "-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p")
    turned = filmed("turned.mp4", "-display_rotation", "90", "-i", str(lying), "-c", "copy")

    checked = uploads.check(turned)

    assert (checked.width, checked.height, round(checked.seconds)) == (200, 320, 1)


def test_a_clip_without_a_stated_length_is_measured_by_its_packets(filmed):
    source = "testsrc2=size=200x200:rate=25:duration=2"
    live = filmed("live.webm", "-f", "lavfi", "-i", source, "-c:v", "libvpx", "-live", "1")

    assert uploads.check(live).seconds == pytest.approx(2, abs=0.1)


def test_a_clip_whose_frames_would_fill_memory_is_refused(filmed):
    source = "color=red:size=6200x6000:rate=5"
    quick = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8")
    vast = filmed("vast.webm", "-f", "lavfi", "-i", source, "-frames:v", "1", *quick)

    with pytest.raises(UnableToKeepUpload, match="frames are too large"):
        uploads.check(vast)


def test_a_song_with_a_cover_is_no_clip(filmed):
    cover = filmed("cover.jpg", "-f", "lavfi", "-i", "testsrc2=size=200x200", "-frames:v", "1")
    pictured = ("-map", "0", "-map", "1", "-c:v", "mjpeg", "-disposition:v:0", "attached_pic")
    song = filmed(
        "song.m4a", "-f", "lavfi", "-i", "sine=duration=1", "-i", str(cover), *pictured, "-f", "mp4"
    )

    with pytest.raises(UnableToKeepUpload):
        uploads.check(song)
