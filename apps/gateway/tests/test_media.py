"""Video over HTTP: ranges, validators, signed links; the same on files and on S3."""

from uuid import UUID

import cv2
import httpx
import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.core.signing import TimestampSigner
from moto.server import ThreadedMotoServer
from rest_framework.test import APIClient

from apps.contracts.progress import JobStatus
from apps.foundation import blobs
from apps.gateway import interface as gateway
from apps.gateway.tests.orchestrating import snapshot, take

pytestmark = pytest.mark.django_db(databases=["gateway"])
VIDEO = bytes(range(256)) * 4


@pytest.fixture
def video(orchestrator, job):
    """The address of a finished job's video."""
    job_id = UUID(job["id"])
    key = blobs.put_bytes("jobs/x/take.mp4", VIDEO)
    orchestrator.snapshots[job_id] = snapshot(job_id, JobStatus.COMPLETED, take=take(key))
    return f"/api/v1/jobs/{job_id}/video"


class TestRanges:
    def test_serves_the_whole_without_a_range(self, api, video):
        response = api.get(video)

        assert (response.status_code, response.getvalue()) == (200, VIDEO)
        assert response["Content-Type"] == "video/mp4"
        assert response["Accept-Ranges"] == "bytes"
        assert response["X-Content-Type-Options"] == "nosniff"

    @pytest.mark.parametrize(
        ("asked", "start", "end"),
        [
            ("bytes=0-0", 0, 0),
            ("bytes=100-199", 100, 199),
            ("bytes=1000-", 1000, 1023),
            ("bytes=-24", 1000, 1023),
            ("bytes=0-99999", 0, 1023),
            ("bytes=-99999", 0, 1023),
            ("bytes=0-" + "9" * 30, 0, 1023),
            ("Bytes= 0-9,", 0, 9),
        ],
    )
    def test_serves_the_part_that_is_asked_for(self, api, video, asked, start, end):
        response = api.get(video, headers={"Range": asked})

        assert response.status_code == 206
        assert response["Content-Range"] == f"bytes {start}-{end}/1024"
        assert response.getvalue() == VIDEO[start : end + 1]
        assert response["Content-Length"] == str(end - start + 1)

    @pytest.mark.parametrize("accept", ["video/mp4", "video/*", "text/html"])
    def test_serves_a_player_that_accepts_nothing_but_video(self, api, video, accept):
        assert api.get(video, HTTP_ACCEPT=accept).status_code == 200

    @pytest.mark.parametrize(
        "asked", ["bytes=1024-", "bytes=5000-6000", "bytes=-0", "bytes=" + "9" * 30 + "-"]
    )
    def test_refuses_a_range_beyond_the_end(self, api, video, asked):
        response = api.get(video, headers={"Range": asked})

        assert response.status_code == 416
        assert response["Content-Range"] == "bytes */1024"

    @pytest.mark.parametrize(
        "asked", ["bytes=9-2", "bytes=0-1,5-6", "lines=1-2", "bytes=-", "bytes=a-b", "x" * 900]
    )
    def test_serves_the_whole_for_what_is_no_single_range(self, api, video, asked):
        assert api.get(video, headers={"Range": asked}).status_code == 200

    def test_serves_the_whole_when_the_file_is_not_the_one_that_was_meant(self, api, video):
        same = api.get(video)["ETag"]

        kept = api.get(video, headers={"Range": "bytes=0-9", "If-Range": same})
        changed = api.get(video, headers={"Range": "bytes=0-9", "If-Range": '"older"'})

        assert (kept.status_code, changed.status_code) == (206, 200)

    def test_says_so_when_nothing_has_changed(self, api, video):
        etag = api.get(video)["ETag"]

        assert api.get(video, headers={"If-None-Match": etag}).status_code == 304

    def test_is_not_there_before_the_job_is_done(self, api, job):
        response = api.get(f"/api/v1/jobs/{job['id']}/video")

        assert response.status_code == 404
        assert response.json()["type"].endswith("not-ready")


class TestObjectStore:
    @pytest.fixture(autouse=True)
    def _store(self, settings, monkeypatch):
        server = ThreadedMotoServer(port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        options = {
            "bucket_name": "media",
            "endpoint_url": f"http://{host}:{port}",
            "region_name": "us-east-1",
            "access_key": "test",
            "secret_key": "test",
            "file_overwrite": True,
            "addressing_style": "path",
        }
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options},
        }
        default_storage.connection.create_bucket(Bucket="media")
        yield
        server.stop()

    def test_serves_parts_without_fetching_the_whole(self, api, video):
        whole, part = api.get(video), api.get(video, headers={"Range": "bytes=100-199"})

        assert whole.getvalue() == VIDEO
        assert (part.status_code, part["Content-Range"]) == (206, "bytes 100-199/1024")
        assert part.getvalue() == VIDEO[100:200]
        assert api.get(video, headers={"If-None-Match": whole["ETag"]}).status_code == 304

    def test_keeps_uploads_whatever_script_their_names_are_in(self, tmp_path):
        file = tmp_path / "sent"
        file.write_bytes(cv2.imencode(".png", np.zeros((80, 80, 3), np.uint8))[1].tobytes())

        keys = [gateway.keep_upload(file, name=name).key for name in ("नीली व्हेल.png", "海.png", "بحر.png")]

        assert [key.rpartition("/")[2] for key in keys] == ["नीली-व्हेल.png", "海.png", "بحر.png"]
        assert all(blobs.read_bytes(key) == file.read_bytes() for key in keys)

    def test_links_lead_to_the_store_itself(self, api, video):
        shown = api.get(video.removesuffix("/video")).json()

        assert httpx.get(shown["links"]["download"], headers={"Range": "bytes=0-3"}).content == VIDEO[:4]

    def test_studio_s_policy_allows_the_store(self, client, settings, video):
        settings.STUDIO_OPEN = True

        policy = client.get(video.removeprefix("/api/v1").removesuffix("/video"))["Content-Security-Policy"]

        assert f"media-src 'self' {default_storage.endpoint_url};" in policy


class TestLinks:
    def test_a_link_works_without_a_key_and_seeks(self):
        link = blobs.link(blobs.put_bytes("jobs/x/cues.vtt", b"WEBVTT\n"))

        response = APIClient().get(link, headers={"Range": "bytes=0-5"})

        assert (response.status_code, response.getvalue()) == (206, b"WEBVTT")
        assert response["Content-Type"] == "text/vtt; charset=utf-8"

    def test_head_tells_the_size_and_sends_nothing(self):
        link = blobs.link(blobs.put_bytes("jobs/x/a.png", b"12345"))

        response = APIClient().head(link)

        assert (response["Content-Length"], response.content) == ("5", b"")

    def test_an_expired_link_is_refused(self, monkeypatch):
        link = blobs.link(blobs.put_bytes("jobs/x/a.png", b"1"))
        monkeypatch.setattr("apps.gateway.links.LINK_SECONDS", -1)

        assert APIClient().get(link).status_code == 403

    def test_a_forged_link_leads_nowhere(self):
        link = blobs.link(blobs.put_bytes("jobs/x/a.png", b"1"))
        other = TimestampSigner(salt="other").sign_object("jobs/x/a.png")

        assert APIClient().get(link[:-2] + "xx").status_code == 404
        assert APIClient().get(f"/media/{other}").status_code == 404

    def test_a_link_that_works_is_in_no_log(self, caplog):
        link = blobs.link(blobs.put_bytes("jobs/x/a.png", b"1"))

        beyond = APIClient().get(link, HTTP_RANGE="bytes=9-")
        posted = APIClient(enforce_csrf_checks=True).post(link)

        assert (beyond.status_code, posted.status_code) == (416, 405)
        assert "Range Not Satisfiable: /media/" in caplog.text
        assert link not in caplog.text

    @pytest.mark.parametrize("key", ["../secret_key", "/etc/passwd", "jobs/none.mp4", "jobs"])
    def test_a_signed_key_outside_of_storage_leads_nowhere(self, key):
        token = TimestampSigner(salt=blobs.LINK_SALT).sign_object(key)

        assert APIClient().get(f"/media/{token}").status_code == 404

    def test_html_is_never_shown_as_a_page(self):
        link = blobs.link(blobs.put_bytes("jobs/x/page.html", b"<script>1</script>"))

        assert APIClient().get(link)["Content-Type"] == "application/octet-stream"


class TestPersonaSample:
    ADDRESS = "/api/v1/personas/sharp_friend/sample"

    def test_speaks_to_whoever_holds_a_key(self, api, orchestrator):
        orchestrator.sample_key = blobs.put_bytes("samples/a.wav", b"RIFF")

        response = api.get(self.ADDRESS)

        assert (response["Content-Type"], response.getvalue()) == ("audio/wav", b"RIFF")

    def test_knows_no_unknown_persona(self, api):
        assert api.get("/api/v1/personas/nobody/sample").status_code == 404

    @pytest.mark.django_db(databases=["gateway", "default"])
    def test_speaks_to_staff_and_to_no_other_session(self, orchestrator, django_user_model):
        orchestrator.sample_key = blobs.put_bytes("samples/a.wav", b"RIFF")
        codes = {}
        for staff in (True, False):
            user = django_user_model.objects.create_user(f"u{staff}", is_staff=staff)
            client = APIClient()
            client.force_login(user)
            codes[staff] = client.get(self.ADDRESS).status_code

        assert codes == {True: 200, False: 403}
