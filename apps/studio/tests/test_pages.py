"""The pages as a server renders them."""

import re
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import cv2
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.contracts.brief import BriefProblem, Providers
from apps.contracts.judgement import Verdict
from apps.contracts.progress import JobStatus, Usage
from apps.foundation import blobs
from apps.gateway import interface as gateway
from apps.gateway.tests.orchestrating import event, failure, judgement, snapshot, take

pytestmark = pytest.mark.django_db(databases=["gateway"])
FORM = {"topic": "Why an octopus has three hearts", "facts": "One.\n\n Two. \n", "platform": "tiktok"}


@pytest.fixture(autouse=True)
def _open(settings):
    settings.STUDIO_OPEN = True


def show(client, path, **headers):
    response = client.get(path, headers=headers)
    return response.status_code, response.content.decode()


def finished(job_id, **changes):
    key = blobs.put_bytes("jobs/x/take.mp4", b"video")
    return snapshot(job_id, JobStatus.COMPLETED, take=take(key), judgements=(judgement(),), **changes)


class TestWritingABrief:
    def test_makes_a_job_and_goes_to_its_page(self, client, orchestrator):
        response = client.post("/", {**FORM, "duration": "20", "persona": "calm_uncle"})

        job = gateway.jobs().jobs[0]
        assert response["Location"] == f"/jobs/{job.id}"
        brief = orchestrator.submitted[job.id]
        assert (brief.facts, brief.platform, brief.duration) == (("One.", "Two."), "tiktok", 20)
        assert (brief.persona, brief.audience, brief.seed) == ("calm_uncle", "genz_us", 0)

    def test_a_double_click_makes_one_job_and_an_edit_another(self, client):
        token = re.search(r'name="token" value="(\w+)"', show(client, "/")[1])[1]
        sent = [client.post("/", {**FORM, "token": token})["Location"] for _ in range(2)]
        edited = client.post("/", {**FORM, "topic": "Another", "token": token})["Location"]

        assert sent[0] == sent[1] != edited

    def test_shows_every_error_beside_its_field_and_keeps_what_was_typed(self, client, orchestrator):
        orchestrator.problems = (
            BriefProblem(field="facts.1", code="x", reason="Too vague.", remedy="Say a number."),
        )

        response = client.post("/", {**FORM, "topic": "", "duration": "<long>", "seed": "9" * 12})

        page = response.content.decode()
        assert response.status_code == 422
        assert not gateway.jobs().jobs
        assert 'id="duration-error"' in page
        assert 'id="seed-error"' in page
        assert re.search(r'id="facts-error".*Too vague\. Say a number\.', page)
        assert 'value="&lt;long&gt;"' in page
        assert "One.\n\n Two." in page.replace("\r", "")

    def test_an_example_fills_the_form(self, client):
        assert "The third heart stops beating" in show(client, "/?example=octopus")[1]
        assert show(client, "/?example=none")[0] == 200

    def test_refuses_a_form_from_elsewhere(self):
        assert Client(enforce_csrf_checks=True).post("/", FORM).status_code == 403

    @pytest.mark.parametrize("field", ["topic", "token", "platform", "channel"])
    def test_a_nul_byte_breaks_nothing(self, client, field):
        assert client.post("/", {**FORM, field: "a\x00b"}).status_code in (302, 422)

    def test_hostile_text_is_shown_and_never_run(self, client):
        topic = "<script>alert(1)</script>{{ x }}\"'><img src=x onerror=y>"
        job_page = client.post("/", {**FORM, "topic": topic, "channel": topic[:50]})["Location"]

        for path in ("/", job_page, f"{job_page}/live"):
            page = show(client, path)[1]
            assert "&lt;script&gt;alert(1)" in page
            assert "<script>alert" not in page
            assert "<img src=x" not in page


class TestFilesOfOnesOwn:
    @pytest.fixture
    def photo(self):
        data = cv2.imencode(".png", np.full((100, 80, 3), 90, np.uint8))[1].tobytes()
        return lambda name="blue octopus.png": SimpleUploadedFile(name, data)

    def test_are_uploaded_with_the_brief(self, client, orchestrator, photo):
        client.post("/", {**FORM, "files": [photo(), photo("reef.png")], "credit": "Ana, CC0"})

        (brief,) = orchestrator.submitted.values()
        assert [key.rpartition("/")[2] for key in brief.media] == ["blue-octopus.png", "reef.png"]
        assert blobs.read_bytes(brief.media[0].replace(".png", ".txt")) == b"Ana, CC0"

    def test_stay_when_something_else_has_to_be_put_right(self, client, orchestrator, photo):
        refused = client.post("/", {**FORM, "duration": "long", "files": [photo()]}).content.decode()
        key = re.search(r'name="media" value="([^"]+)" checked', refused)[1]

        client.post("/", {**FORM, "media": [key]})

        assert "blue-octopus.png" in refused
        assert [brief.media for brief in orchestrator.submitted.values()] == [(key,)]

    def test_are_refused_by_name_beside_everything_else_that_is_wrong(self, client, orchestrator, photo):
        page = SimpleUploadedFile("<b>cat</b>.png", b"<html>")

        response = client.post("/", {**FORM, "seed": "x", "files": [page, photo()]})

        shown = response.content.decode()
        assert response.status_code == 422
        assert re.search(r'id="media-error".*&lt;b&gt;cat|id="media-error".*b&gt;\.png', shown)
        assert 'id="seed-error"' in shown
        assert "blue-octopus.png" in shown
        assert not orchestrator.submitted

    def test_that_are_too_large_are_refused_and_the_rest_is_kept(self, client, settings, photo):
        settings.UPLOAD_MAX_MB = 0.01

        response = client.post("/", {**FORM, "files": [SimpleUploadedFile("film.mp4", bytes(20_000))]})

        shown = response.content.decode()
        assert response.status_code == 422
        assert "film.mp4: The file is larger than 0.01 MB." in shown
        assert FORM["topic"] in shown

    def test_that_are_far_too_large_are_not_even_read(self, client, settings):
        settings.UPLOAD_MAX_MB = 0.01

        response = client.post("/", {**FORM, "files": [SimpleUploadedFile("film.mp4", bytes(60_000))]})

        assert response.status_code == 400
        assert "cannot be read" in response.content.decode()

    def test_come_without_a_valid_form_token_to_nothing(self, settings, photo):
        response = Client(enforce_csrf_checks=True).post("/", {**FORM, "files": [photo()]})

        assert response.status_code == 403
        assert not list(Path(settings.MEDIA_ROOT).rglob("*.png"))


class TestProviders:
    def test_are_handed_over_as_they_are_named(self, client, orchestrator):
        client.post("/", {**FORM, "pictures": "own, drawn", "voice": " "})

        (brief,) = orchestrator.submitted.values()
        assert brief.providers == Providers(pictures="own, drawn")

    def test_wrong_ones_are_named_beside_their_field(self, client, orchestrator):
        orchestrator.problems = (
            BriefProblem(field="providers.voice", code="x", reason="No such voice.", remedy="Use espeak."),
        )

        page = client.post("/", {**FORM, "voice": "fax"}).content.decode()

        assert re.search(r'id="voice-error"><span>No such voice\. Use espeak\.', page)
        assert 'value="fax"' in page


class TestList:
    def test_filters_and_pages(self, client):
        for number in range(14):
            gateway.submit_brief({"topic": f"Topic {number:02}"})

        first = show(client, "/")[1]
        older = re.search(r'hx-get="(/jobs\?cursor=[^"]+)"', first)[1].replace("&amp;", "&")

        assert first.count("job-row") == 12
        assert show(client, older)[1].count("job-row") == 2
        assert "No short is failed" in show(client, "/?status=failed")[1]
        assert show(client, "/?cursor=nonsense")[0] == 404

    def test_only_active_rows_ask_again(self, client, orchestrator):
        job = gateway.submit_brief({"topic": "x"})
        live = show(client, f"/jobs/{job.id}/row")[1]
        orchestrator.snapshots[job.id] = finished(job.id)

        assert "hx-trigger" in live
        assert "hx-trigger" not in show(client, f"/jobs/{job.id}/row")[1]


class TestJobPage:
    @pytest.fixture
    def job_id(self):
        return gateway.submit_brief({"topic": "Octopus"}).id

    def test_follows_a_job_that_is_not_even_planned(self, client, job_id):
        status, page = show(client, f"/jobs/{job_id}")

        assert status == 200
        assert f'hx-get="/jobs/{job_id}/live?seen=' in page
        assert "Cancel" in page

    def test_sends_nothing_while_nothing_changes(self, client, orchestrator, job_id):
        orchestrator.snapshots[job_id] = snapshot(job_id, JobStatus.RUNNING)
        seen = re.search(r"seen=(\w+)", show(client, f"/jobs/{job_id}")[1])[1]

        same = client.get(f"/jobs/{job_id}/live?seen={seen}")
        orchestrator.snapshots[job_id] = snapshot(job_id, JobStatus.RUNNING, progress=0.6)
        changed = client.get(f"/jobs/{job_id}/live?seen={seen}")

        assert (same.status_code, same.content) == (204, b"")
        assert "60 % · Octopus" in changed.content.decode()

    def test_shows_stages_scenes_pictures_and_reasons_on_the_way(self, client, orchestrator, job_id):
        key = blobs.put_bytes("jobs/x/picture-0.png", b"png")
        orchestrator.snapshots[job_id] = snapshot(job_id, JobStatus.RUNNING, pictures={0: key})

        page = show(client, f"/jobs/{job_id}")[1]

        assert "Animate each scene <small>1 of 4" in page
        assert "Led the last 12 shorts" in page
        assert "it stops, every single time" in page
        address = re.search(rf'src="(/jobs/{job_id}/pictures/0/\w+)"', page)[1]
        assert client.get(client.get(address)["Location"]).getvalue() == b"png"
        assert page.count('class="waiting"') == 3

    def test_ends_with_the_player_and_asks_no_more(self, client, orchestrator, job_id):
        orchestrator.snapshots[job_id] = finished(job_id)

        page = show(client, f"/jobs/{job_id}/live")[1]

        video = re.search(r'<video[^>]*src="([^"]+)"', page)[1]
        assert client.get(video).getvalue() == b"video"
        assert "hx-trigger" not in page
        assert re.search(r'class="outside"><th scope="row">shot length \(scene 3\)', page)
        assert "1.5 to 4" in page
        assert "Cancel" not in page

    def test_shows_whose_work_it_is_what_it_cost_and_how_it_looks(self, client, orchestrator, job_id):
        done = finished(job_id, usage=Usage(calls=2, tokens_in=900, tokens_out=80, cost_usd=0.00421))
        credits = ("Photo by <i>Ana</i> on Pexels, https://pexels.com/1",)
        orchestrator.snapshots[job_id] = replace(done, take=replace(done.take, credits=credits))

        page = show(client, f"/jobs/{job_id}")[1]

        assert "Photo by &lt;i&gt;Ana&lt;/i&gt; on Pexels" in page
        assert "$0.00421" in page
        assert client.get(re.search(r'<img src="([^"]+)" alt="Contact sheet', page)[1]).status_code == 200

    def test_says_in_plain_words_what_went_otherwise(self, client, orchestrator, job_id):
        orchestrator.snapshots[job_id] = snapshot(job_id, JobStatus.RUNNING)
        fell = {"provider": "pexels", "to": "drawn", "reason": "It is {down} <now>."}
        orchestrator.happened = (
            event(1, "provider_fell_back", ordinal=0, **fell),
            event(2, "provider_fell_back", ordinal=1, **fell),
            event(3, "own_media_skipped", file="cat.png"),
        )

        page = show(client, f"/jobs/{job_id}")[1]

        assert "pexels could not deliver, drawn was used instead. It is {down} &lt;now&gt;." in page
        assert "2 times" in page
        assert "Your file cat.png was left out." in page

    def test_shows_attempts_newest_first(self, client, orchestrator, job_id):
        tries = (judgement(Verdict.RETRY), replace(judgement(), attempt=1, id=uuid4()))
        orchestrator.snapshots[job_id] = replace(finished(job_id), judgements=tries, attempt=1)

        page = show(client, f"/jobs/{job_id}")[1]

        assert page.index("Scores, attempt 2") < page.index("Scores, attempt 1")

    def test_says_what_failed_and_what_to_do(self, client, orchestrator, job_id):
        orchestrator.snapshots[job_id] = snapshot(job_id, JobStatus.FAILED, failure=failure())
        orchestrator.happened = (event(1, "stage_failed", stage="assemble"),)

        page = show(client, f"/jobs/{job_id}")[1]

        assert "no room left for the video" in page
        assert "Free some space" in page
        assert "Retry from where it stopped" in page
        assert "stage failed" in page

    def test_cancels_and_retries(self, client, orchestrator, job_id):
        assert client.post(f"/jobs/{job_id}/cancel")["Location"] == f"/jobs/{job_id}"
        assert gateway.jobs().jobs[0].status is JobStatus.CANCELLED
        client.post(f"/jobs/{job_id}/retry")
        assert gateway.jobs().jobs[0].status is JobStatus.QUEUED

    def test_says_why_it_could_not_cancel(self, client, orchestrator, job_id):
        orchestrator.may_cancel = False

        page = client.post(f"/jobs/{job_id}/cancel", follow=True).content.decode()

        assert "already ended" in page

    @pytest.mark.parametrize("path", ["", "/live", "/row", "/pictures/0/x"])
    def test_there_is_no_page_for_an_unknown_job(self, client, path):
        status, page = show(client, f"/jobs/{UUID(int=1)}{path}")

        assert status == 404
        assert "Back to your shorts" in page


class TestAccess:
    def test_asks_for_a_login_where_studio_is_not_open(self, client, settings):
        settings.STUDIO_OPEN = False

        assert client.get("/")["Location"].startswith("/admin/login/?next=/")

    @pytest.mark.django_db(databases=["gateway", "default"])
    @pytest.mark.parametrize(("staff", "status"), [(True, 200), (False, 302)])
    def test_lets_staff_in_and_nobody_else(self, client, settings, django_user_model, staff, status):
        settings.STUDIO_OPEN = False
        client.force_login(django_user_model.objects.create_user("someone", is_staff=staff))

        assert client.get("/").status_code == status

    def test_allows_nothing_inline_and_nothing_from_elsewhere(self, client):
        response = client.get("/")

        assert response["Content-Security-Policy"].startswith("default-src 'self';")
        assert "unsafe" not in response["Content-Security-Policy"]
        page = response.content.decode()
        assert not re.search(r'(src|href)="(https?:)?//', page)
        assert not re.search(r"<style|style=|<script>|\son\w+=", page)


def test_a_form_without_its_token_is_told_what_to_do(settings):
    settings.CSRF_FAILURE_VIEW = "apps.studio.views.csrf_failure"

    response = Client(enforce_csrf_checks=True).post("/", FORM)

    assert response.status_code == 403
    assert "reload the page" in response.content.decode()
