"""What surrounds the API: catalogues, schema, health, metrics, commands, admin."""

import json
from dataclasses import replace
from io import StringIO
from uuid import UUID

import cv2
import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.contracts.brief import BriefProblem
from apps.contracts.progress import JobStatus
from apps.foundation import blobs
from apps.gateway import interface as gateway
from apps.gateway.models import ApiKey, Job
from apps.gateway.tests.conftest import BRIEF
from apps.gateway.tests.orchestrating import failure, judgement, snapshot, take

pytestmark = pytest.mark.django_db(databases=["gateway"])


@pytest.mark.parametrize(
    ("catalogue", "name", "entry"),
    [
        ("platforms", "platform", "tiktok"),
        ("audiences", "key", "genz_us"),
        ("personas", "id", "calm_uncle"),
        ("curves", "id", str(UUID(int=7))),
    ],
)
def test_reads_a_catalogue_and_each_of_its_entries(api, catalogue, name, entry):
    listed = api.get(f"/api/v1/{catalogue}").json()
    one = api.get(f"/api/v1/{catalogue}/{entry}")

    assert one.json() in listed
    assert one.json()[name] == entry
    assert api.get(f"/api/v1/{catalogue}/none").status_code == 404


def test_an_address_that_leads_nowhere_is_a_problem_document(api):
    response = api.get("/api/v1/nothing")

    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(("method", "code"), [("delete", 405), ("put", 405)])
def test_a_wrong_method_is_a_problem_document(api, method, code):
    response = getattr(api, method)("/api/v1/jobs")

    assert (response.status_code, response["Content-Type"]) == (code, "application/problem+json")


def test_a_wrong_media_type_is_a_problem_document(api):
    response = api.post("/api/v1/jobs", "topic=x", content_type="application/x-www-form-urlencoded")

    assert (response.status_code, response["Content-Type"]) == (415, "application/problem+json")


class TestSchema:
    def test_is_generated_without_a_warning(self, tmp_path):
        call_command(
            "spectacular", validate=True, fail_on_warn=True, format="openapi-json", file=str(tmp_path / "s")
        )

        schema = json.loads((tmp_path / "s").read_text())
        assert schema["components"]["schemas"]["Brief"]["required"] == ["topic"]
        assert schema["paths"]["/api/v1/jobs"]["post"]["security"] == [{"apiKey": []}]

    def test_can_be_browsed_without_another_host(self):
        page = APIClient().get("/api/v1/docs")

        assert page.status_code == 200
        assert b"//cdn" not in page.content
        assert b"https://" not in page.content


class TestHealth:
    def test_is_healthy_while_the_process_answers(self):
        assert APIClient().get("/health").json() == {"status": "ok"}

    @pytest.mark.django_db(databases="__all__")
    def test_is_ready_when_everything_answers(self):
        response = APIClient().get("/ready")

        assert response.json() == {"status": "ready"}

    @pytest.mark.django_db(databases="__all__")
    def test_names_what_is_not_there(self, settings, tmp_path):
        settings.BROKER_URL = "redis://127.0.0.1:1/0"
        (tmp_path / "media").write_text("a file where the folder should be")

        response = APIClient().get("/ready")

        assert response.status_code == 503
        assert response.json()["missing"] == ["broker", "storage"]

    def test_counts_requests_by_route_and_never_by_path(self, settings):
        settings.MIDDLEWARE = ["apps.gateway.middleware.RequestMetrics", *settings.MIDDLEWARE]
        client = APIClient()
        client.get("/api/v1/jobs/00000000-0000-0000-0000-000000000009")

        text = client.get("/metrics").content.decode()

        assert 'route="api/v1/jobs/<uuid:job_id>",status="401"' in text
        assert "000000000009" not in text

    def test_counts_jobs_and_stage_runs(self, job):
        text = APIClient().get("/metrics").content.decode()

        assert 'hookloop_jobs_active{status="queued"} 1.0' in text
        assert 'hookloop_jobs_active{status="running"} 0.0' in text
        assert 'hookloop_stage_runs{stage="compose",state="ready"} 3.0' in text


class TestCreateKey:
    def test_prints_a_key_that_works(self):
        out = StringIO()

        call_command("create_key", "n8n", stdout=out, stderr=StringIO())

        assert gateway.verify_key(out.getvalue().strip()).name == "n8n"

    @pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\x00b", "two\nlines"])
    def test_refuses_a_name_that_tells_nobody_apart(self, name):
        with pytest.raises(CommandError, match="needs a name"):
            call_command("create_key", name)
        assert not ApiKey.objects.exists()


class TestMakeShort:
    @pytest.fixture
    def facts(self, tmp_path):
        file = tmp_path / "notes.txt"
        file.write_text("- An octopus has three hearts.\n\n* Two serve the gills.\n")
        return file

    def run(self, facts, out, **options):
        call_command("make_short", topic="Octopus", facts=facts, out=out, stdout=StringIO(), **options)

    def test_copies_the_finished_video(self, orchestrator, facts, tmp_path):
        key = blobs.put_bytes("jobs/x/take.mp4", b"video")

        def finished(job_id):
            return snapshot(job_id, JobStatus.COMPLETED, take=take(key), judgements=(judgement(),))

        orchestrator.snapshots = type("Always", (dict,), {"get": lambda self, job_id: finished(job_id)})()
        self.run(facts, tmp_path / "deep" / "short.mp4", duration=20, seed=3)

        assert (tmp_path / "deep" / "short.mp4").read_bytes() == b"video"
        brief = next(iter(orchestrator.submitted.values()))
        assert brief.facts == ("An octopus has three hearts.", "Two serve the gills.")
        assert (brief.duration, brief.seed) == (20, 3)

    def test_uploads_the_files_it_is_given_and_prints_whose_work_it_is(
        self, orchestrator, facts, tmp_path, capsys
    ):
        made = replace(take(blobs.put_bytes("jobs/x/take.mp4", b"video")), credits=("Reef by Ana [CC0]",))
        orchestrator.snapshots = type(
            "Always", (dict,), {"get": lambda self, key: snapshot(key, JobStatus.COMPLETED, take=made)}
        )()
        photo = tmp_path / "coral reef.png"
        cv2.imwrite(str(photo), np.full((100, 80, 3), 90, np.uint8))

        self.run(facts, tmp_path / "short.mp4", media=[photo], credit="Ana, CC0")

        (key,) = next(iter(orchestrator.submitted.values())).media
        assert key.endswith("/coral-reef.png")
        assert blobs.read_bytes(key) == photo.read_bytes()
        assert "Reef by Ana [CC0]" in capsys.readouterr().err

    @pytest.mark.parametrize(("data", "why"), [(b"<svg/>", "neither an image"), (None, "No such file")])
    def test_says_which_file_it_cannot_show(self, facts, tmp_path, data, why):
        file = tmp_path / "cat.png"
        if data is not None:
            file.write_bytes(data)

        with pytest.raises(CommandError, match=rf"cat\.png: .*{why}"):
            self.run(facts, tmp_path / "short.mp4", media=[file])
        assert not Job.objects.exists()

    def test_says_why_there_is_no_video(self, orchestrator, facts, tmp_path):
        orchestrator.snapshots = type(
            "Always",
            (dict,),
            {"get": lambda self, job_id: snapshot(job_id, JobStatus.FAILED, failure=failure())},
        )()

        with pytest.raises(CommandError, match="no room left"):
            self.run(facts, tmp_path / "short.mp4")

    def test_says_what_is_wrong_with_the_brief(self, orchestrator, facts, tmp_path):
        orchestrator.problems = (
            BriefProblem(field="persona", code="unknown", reason="No such persona.", remedy="Use another."),
        )

        with pytest.raises(CommandError, match="persona: No such persona"):
            self.run(facts, tmp_path / "short.mp4")
        assert not Job.objects.exists()

    def test_says_which_file_it_cannot_read(self, tmp_path):
        with pytest.raises(CommandError, match="Cannot read"):
            self.run(tmp_path / "none.txt", tmp_path / "short.mp4")


@pytest.mark.django_db(databases=["gateway", "default"])
class TestAdmin:
    @pytest.fixture
    def staff(self, admin_client):
        return admin_client

    def test_shows_a_new_key_once(self, staff):
        page = staff.post("/admin/gateway/apikey/add/", {"name": "n8n"}, follow=True).content.decode()

        key = page.partition("<code>")[2].partition("</code>")[0]
        assert gateway.verify_key(key).name == "n8n"
        assert key not in staff.get("/admin/gateway/apikey/").content.decode()

    def test_revokes_a_key(self, staff):
        issued = gateway.create_key("old")

        staff.post("/admin/gateway/apikey/", {"action": "revoke", "_selected_action": [str(issued.id)]})

        assert gateway.verify_key(issued.key) is None
        assert ApiKey.objects.get(id=issued.id).revoked_at is not None

    def test_tells_working_keys_from_revoked_ones(self, staff):
        gateway.create_key("in use")
        gateway.revoke_key(gateway.create_key("given back").id)

        working = staff.get("/admin/gateway/apikey/?state=working").content.decode()
        revoked = staff.get("/admin/gateway/apikey/?state=revoked").content.decode()

        assert ("in use" in working, "given back" in working) == (True, False)
        assert ("in use" in revoked, "given back" in revoked) == (False, True)

    def test_never_counts_all_jobs(self, staff):
        gateway.submit_brief(BRIEF)

        with CaptureQueriesContext(connections["gateway"]) as asked:
            staff.get("/admin/gateway/job/")

        counts = [query["sql"] for query in asked if "COUNT(" in query["sql"]]
        assert counts
        assert all("LIMIT" in sql for sql in counts)
        assert not any("DISTINCT" in query["sql"] for query in asked)

    def test_shows_jobs_and_changes_none(self, staff):
        job = gateway.submit_brief({**BRIEF, "topic": "<b>bold</b>"})

        page = staff.get("/admin/gateway/job/?status=queued").content.decode()

        assert "&lt;b&gt;bold" in page
        assert str(job.id) in staff.get(f"/admin/gateway/job/?q={job.id}").content.decode()
        assert str(job.id) in staff.get(f"/admin/gateway/job/?q={str(job.id)[:8]}").content.decode()
        assert str(job.id) not in staff.get("/admin/gateway/job/?q=elsewhere").content.decode()
        assert staff.get("/admin/gateway/job/add/").status_code == 403
        assert staff.get(f"/admin/gateway/job/{job.id}/change/").status_code == 200
        assert staff.post(f"/admin/gateway/job/{job.id}/change/", {"status": "failed"}).status_code == 403
