"""Files of the user's own over real HTTP: kept, refused, and nothing left lying about."""

import socket
import struct
import time
import zlib
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest

from apps.foundation import blobs, ffmpeg
from apps.gateway import interface as gateway
from apps.gateway.models import Job
from apps.gateway.tests.conftest import BRIEF
from apps.image import interface as image
from apps.orchestrator import interface as door

pytestmark = pytest.mark.django_db(databases=["gateway"], transaction=True)
ADDRESS = "/api/v1/uploads"


def picture(extension=".jpg", width=120, height=200) -> bytes:
    noise = np.random.default_rng(1).integers(0, 255, (height, width, 3), np.uint8)
    return cv2.imencode(extension, noise)[1].tobytes()


def clip(folder: Path, extension="mp4", *options: str) -> bytes:
    target = folder / f"clip.{extension}"
    source = ["-f", "lavfi", "-i", "testsrc2=size=128x224:rate=25:duration=2"]
    codec = ["-c:v", "libvpx"] if extension == "webm" else ["-c:v", "libx264", "-pix_fmt", "yuv420p"]
    ffmpeg.run([*source, *codec, *options, str(target)])
    return target.read_bytes()


def vast_png() -> bytes:
    """A valid PNG of a few kilobytes that unpacks to 20,000 x 20,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(2501)) for _ in range(20_000)) + packer.flush()
    header = struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
def http(live_server):
    key = gateway.create_key("tests").key
    with httpx.Client(base_url=live_server.url, headers={"Authorization": f"Bearer {key}"}) as client:
        yield client


@pytest.fixture
def scratch(settings):
    """What stays in scratch; a request ends a moment after its answer has come."""

    def left():
        for _ in range(200):
            if not (found := list(Path(settings.SCRATCH_ROOT).glob("*"))):
                break
            time.sleep(0.02)
        return found

    return left


def send(http, data: bytes, name: str = "octopus reef.jpg", **fields: str) -> httpx.Response:
    return http.post(ADDRESS, files={"file": (name, data)}, data=fields)


def begin(http, *, length: int, body: bytes) -> bytes:
    """Announce `length` bytes, send `body` and no more; the beginning of the answer."""
    at = http.base_url
    head = (
        f"POST {ADDRESS} HTTP/1.1",
        f"Host: {at.host}:{at.port}",
        f"Authorization: {http.headers['Authorization']}",
        "Content-Type: multipart/form-data; boundary=x",
        f"Content-Length: {length}",
    )
    with socket.create_connection((at.host, at.port), timeout=10) as line:
        line.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        line.shutdown(socket.SHUT_WR)
        return line.recv(100)


class TestKeeping:
    @pytest.mark.parametrize("extension", ["jpg", "png", "webp"])
    def test_keeps_an_image_under_its_content_and_its_words(self, http, scratch, extension):
        data = picture(f".{extension}")

        response = send(http, data, f"Octopus in the reef.{extension}")

        kept = response.json()
        assert response.status_code == 201
        assert (kept["kind"], kept["width"], kept["height"], kept["seconds"]) == ("image", 120, 200, 0)
        assert (kept["bytes"], kept["name"]) == (len(data), f"Octopus-in-the-reef.{extension}")
        assert kept["key"].startswith("uploads/")
        assert kept["key"].endswith(f"/{kept['name']}")
        assert blobs.read_bytes(kept["key"]) == data
        assert scratch() == []

    @pytest.mark.parametrize("extension", ["mp4", "mov", "webm"])
    def test_keeps_a_clip_and_knows_its_length(self, http, tmp_path, extension):
        kept = send(http, clip(tmp_path, extension), "whatever.bin").json()

        assert (kept["kind"], kept["width"], kept["height"]) == ("clip", 128, 224)
        assert kept["seconds"] == pytest.approx(2.0, abs=0.1)
        assert kept["name"] == f"whatever.{extension}"

    def test_the_same_file_twice_is_one_blob(self, http, settings):
        first, second = (send(http, picture()).json()["key"] for _ in range(2))

        assert first == second
        assert len([p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()]) == 1

    def test_keeps_the_credit_beside_it_in_one_line(self, http):
        kept = send(http, picture(), credit="Photo by Ana\n on her  own, CC BY 4.0").json()

        note = blobs.read_bytes(kept["key"].replace(".jpg", ".txt")).decode()
        assert note == "Photo by Ana on her own, CC BY 4.0"

    def test_measures_a_photo_as_it_is_seen(self, http):
        exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
        data = picture()
        turned = data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:]

        kept = send(http, turned).json()

        assert (kept["width"], kept["height"]) == (200, 120)

    @pytest.mark.parametrize(
        ("sent", "kept"),
        [
            ("../../etc/passwd.jpg", "passwd.jpg"),
            ("..\\..\\boot.jpg", "boot.jpg"),
            ("%2e%2e%2fsecret.jpg", "2e-2e-2fsecret.jpg"),
            ("नीली व्हेल 🐋.jpg", "नीली-व्हेल.jpg"),
            ("\u202egpj.exe.jpg", "gpj-exe.jpg"),
            ("🐙.jpg", "image.jpg"),
            (".jpg", "jpg.jpg"),
            ("{0!r}%s$(id)`x`.jpg", "0-r-s-id-x.jpg"),
            ("CON.jpg", "CON.jpg"),
            ("noextension", "noextension.jpg"),
            ("ä" * 200 + ".jpg", "ä" * 60 + ".jpg"),
        ],
    )
    def test_keeps_the_words_of_a_name_and_nothing_else_of_it(self, http, sent, kept):
        answer = send(http, picture(), sent).json()

        assert answer["name"] == kept
        assert blobs.exists(answer["key"])


class TestRefusing:
    HOSTILE = {
        "nothing": b"",
        "html": b"<!doctype html><script>alert(1)</script>" * 9,
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
        "gif": b"GIF89a" + bytes(60),
        "playlist": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        "png_head_alone": b"\x89PNG\r\n\x1a\n" + bytes(200),
        "jpeg_cut_short": picture()[:3000],
        "jpeg_of_noise": b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8,
        "heic": b"\0\0\0\x18ftypheic" + bytes(100),
        "mp4_head_alone": b"\0\0\0\x18ftypisom\0\0\2\0isomiso2mp41" + bytes(4000),
        "webm_head_alone": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01webm" + bytes(4000),
        "zip": b"PK\x03\x04" + bytes(100),
        "tiny": picture(".png", 8, 8),
    }

    @pytest.mark.parametrize("kind", HOSTILE)
    def test_refuses_what_is_no_image_or_clip_and_says_what_to_do(self, http, settings, scratch, kind):
        response = send(http, self.HOSTILE[kind], "cat.png")

        assert response.status_code == 422
        assert response.headers["Content-Type"] == "application/problem+json"
        (error,) = response.json()["errors"]
        assert (error["field"], error["code"]) == ("file", "unusable_file")
        assert error["reason"].endswith(".")
        assert len(error["remedy"]) > 10
        assert not list(Path(settings.MEDIA_ROOT).rglob("*.*"))
        assert scratch() == []

    def test_refuses_a_picture_that_would_unpack_to_a_flood(self, http):
        bomb = vast_png()

        response = send(http, bomb, "small.png")

        assert len(bomb) < 200_000
        assert response.status_code == 422
        assert "megapixels" in response.json()["errors"][0]["reason"]

    @pytest.mark.parametrize("options", [(), ("-movflags", "+faststart")])
    def test_refuses_a_clip_that_was_cut_short(self, http, tmp_path, options):
        whole = clip(tmp_path, "mp4", *options)

        response = send(http, whole[: len(whole) * 2 // 3], "clip.mp4")

        assert response.status_code == 422
        assert "incomplete" in response.json()["errors"][0]["reason"]

    def test_refuses_sound_without_pictures(self, http, tmp_path):
        target = tmp_path / "sound.mp4"
        ffmpeg.run(["-f", "lavfi", "-i", "sine=duration=1", str(target)])

        assert send(http, target.read_bytes(), "song.mp4").status_code == 422

    def test_refuses_unread_what_says_it_is_too_large(self, http, settings, scratch):
        settings.UPLOAD_MAX_MB = 0.5

        assert begin(http, length=201_000_000, body=b"").startswith(b"HTTP/1.1 413")
        assert scratch() == []

    def test_refuses_a_file_that_turns_out_too_large(self, http, settings, scratch):
        settings.UPLOAD_MAX_MB = 0.5

        response = send(http, bytes(900_000), "clip.mp4")

        assert response.status_code == 413
        assert "0.5 MB" in response.json()["detail"]
        assert scratch() == []

    def test_leaves_nothing_behind_when_the_line_breaks(self, http, scratch):
        part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'

        begin(http, length=900_000, body=part + bytes(300_000))

        assert scratch() == []

    @pytest.mark.parametrize(
        ("request_", "status"),
        [
            ({"json": {"file": "x"}}, 415),
            ({"data": {"file": "x"}}, 415),
            ({"content": b"--x", "headers": {"Content-Type": "multipart/form-data"}}, 400),
            ({"content": b"--x", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}, 400),
            ({"files": {"picture": ("a.jpg", b"x")}}, 400),
            ({"files": [("file", ("a.jpg", b"x")), ("file", ("b.jpg", b"y"))]}, 400),
            ({"files": {"file": ("a.jpg", b"x")}, "data": {"credit": "c" * 201}}, 400),
            ({"files": {"file": ("a.jpg", b"x")}, "data": {"credit": "\x00"}}, 400),
            ({"files": {"file": ("a.jpg", b"x")}, "data": {"credit": "c" * 1_100_000}}, 413),
            ({"files": [("file", ("a.jpg", b"x"))] * 101}, 400),
        ],
    )
    def test_refuses_a_form_that_it_cannot_read(self, http, scratch, request_, status):
        response = http.post(ADDRESS, **request_)

        assert response.status_code == status
        assert response.headers["Content-Type"] == "application/problem+json"
        assert scratch() == []

    def test_takes_nothing_from_whoever_has_no_key(self, http):
        assert http.post(ADDRESS, files={"file": b"x"}, headers={"Authorization": ""}).status_code == 401


class TestBriefs:
    @pytest.fixture(autouse=True)
    def _real_picture_rules(self, monkeypatch):
        monkeypatch.setattr(door, "problems_with", image.problems_with)

    def submit(self, http, media):
        return http.post("/api/v1/jobs", json={**BRIEF, "media": media})

    def test_an_upload_can_be_named_in_a_brief(self, http, orchestrator):
        key = send(http, picture()).json()["key"]

        response = self.submit(http, [key])

        assert response.status_code == 202
        assert [brief.media for brief in orchestrator.submitted.values()] == [(key,)]

    @pytest.mark.parametrize(
        "key",
        [
            "uploads/" + "0" * 32 + "/none.jpg",
            "uploads/../secret_key",
            "uploads/" + "0" * 32 + "/../../secret_key.jpg",
            "/etc/passwd",
            "jobs/x/take.mp4",
            "uploads/" + "0" * 32 + "/a.txt",
            "https://example.org/cat.jpg",
        ],
    )
    def test_refuses_whatever_is_no_upload(self, http, key):
        blobs.put_bytes("jobs/x/take.mp4", b"another's")
        blobs.put_bytes("uploads/" + "0" * 32 + "/a.txt", b"a credit")

        response = self.submit(http, [key])

        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert (error["field"], error["code"]) == ("media.0", "unknown_upload")
        assert not Job.objects.exists()

    @pytest.mark.parametrize(("media", "status"), [("uploads/x", 400), ([1], 400), (["x"] * 21, 422)])
    def test_refuses_what_is_no_short_list_of_keys(self, http, media, status):
        assert self.submit(http, media).status_code == status

    def test_providers_may_be_a_list(self, http, orchestrator):
        key = send(http, picture()).json()["key"]
        wanted = {"pictures": "own, drawn"}

        response = http.post("/api/v1/jobs", json={**BRIEF, "media": [key], "providers": wanted})

        assert response.status_code == 202
        assert next(iter(orchestrator.submitted.values())).providers.pictures == "own, drawn"


def test_a_file_from_the_command_line_is_bounded_too(tmp_path, settings):
    settings.UPLOAD_MAX_MB = 0.001
    file = tmp_path / "large.jpg"
    file.write_bytes(bytes(2000))

    with pytest.raises(gateway.UnableToKeepUpload, match=r"0\.001 MB"):
        gateway.keep_upload(file, name=file.name)
