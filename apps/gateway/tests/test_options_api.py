"""What may be asked before a job is made, how busy the house is, and small posters."""

from uuid import UUID

import cv2
import numpy as np
import pytest

from apps.contracts.brief import BriefProblem
from apps.contracts.progress import JobStatus
from apps.foundation import blobs, ffmpeg
from apps.gateway.models import Job
from apps.gateway.tests.conftest import BRIEF
from apps.gateway.tests.orchestrating import snapshot, take
from apps.orchestrator import interface as orchestrator

pytestmark = pytest.mark.django_db(databases=["gateway"])
CHECK = "/api/v1/briefs/check"


class TestChecking:
    def test_tells_of_every_wrong_field_and_makes_nothing(self, api, orchestrator):
        orchestrator.problems = (
            BriefProblem(field="persona", code="unknown", reason="There is none.", remedy="Choose one."),
        )
        told = api.post(CHECK, {**BRIEF, "persona": "nobody", "seed": "7"}, format="json")

        assert told.status_code == 200
        assert told.json()["usable"] is False
        assert {problem["field"] for problem in told.json()["problems"]} == {"persona", "seed"}
        assert not Job.objects.exists()

    def test_says_that_a_good_one_could_be_made(self, api):
        assert api.post(CHECK, BRIEF, format="json").json() == {"usable": True, "problems": []}

    @pytest.mark.parametrize("body", [b"[]", b"null", b"7", b'"topic"'])
    def test_what_is_no_brief_at_all_is_told_too(self, api, body):
        told = api.post(CHECK, body, content_type="application/json")

        assert (told.status_code, told.json()["usable"]) == (200, False)

    def test_nothing_is_no_question(self, api):
        assert api.post(CHECK).status_code == 400


class TestBusyness:
    def test_tells_of_stages_days_and_today(self, api, monkeypatch):
        monkeypatch.setattr(orchestrator, "stage_times", lambda: ())
        monkeypatch.setattr(orchestrator, "throughput", lambda days: ())
        told = api.get("/api/v1/statistics").json()

        assert set(told) == {"stages", "days", "today"}
        assert len(told["today"]["submitted_by_hour"]) == 24


class TestLoudness:
    def test_is_heard_in_the_finished_file(self, api, orchestrator, job, tmp_path):
        key, film = UUID(job["id"]), tmp_path / "take.mp4"
        tone = "aevalsrc=0.5*sin(880*PI*t)*lt(t\\,1):d=2"  # a second of tone, a second of silence
        ffmpeg.run(["-f", "lavfi", "-i", tone, "-c:a", "aac", "-vn", str(film)])
        assert api.get(f"/api/v1/jobs/{key}/loudness").status_code == 404
        made = take(blobs.put_bytes("jobs/x/take.mp4", film.read_bytes()))
        orchestrator.snapshots[key] = snapshot(key, JobStatus.COMPLETED, take=made)
        told = api.get(f"/api/v1/jobs/{key}/loudness").json()

        assert (told["step"], told["floor"]) == (0.25, -48.0)
        assert told["levels"][1] == pytest.approx(-9.0, abs=0.5)  # half of full scale, as RMS
        assert told["levels"][6] == -48.0

    def test_a_file_that_nobody_can_listen_to_is_not_there(self, api, orchestrator, job):
        key = UUID(job["id"])
        made = take(blobs.put_bytes("jobs/x/broken.mp4", b"not a video"))
        orchestrator.snapshots[key] = snapshot(key, JobStatus.COMPLETED, take=made)

        assert api.get(f"/api/v1/jobs/{key}/loudness").status_code == 404


class TestThumbnails:
    def test_a_list_links_to_a_small_poster_once_there_is_one(self, api, job):
        address = f"/api/v1/jobs/{job['id']}/thumbnail"
        assert api.get(address).status_code == 404
        assert "thumbnail" not in job["links"]

        poster = cv2.imencode(".jpg", np.full((1920, 1080, 3), 120, np.uint8))[1].tobytes()
        Job.objects.filter(id=UUID(job["id"])).update(poster_key=blobs.put_bytes("jobs/x/poster.jpg", poster))
        (listed,) = api.get("/api/v1/jobs").json()["results"]
        response = api.get(listed["links"]["thumbnail"])

        assert response["Content-Type"] == "image/webp"
        small = cv2.imdecode(np.frombuffer(response.getvalue(), np.uint8), cv2.IMREAD_COLOR)
        assert small.shape == (480, 270, 3)
