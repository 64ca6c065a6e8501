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
from apps.contracts.decision import Belief, Decision, Rival
from apps.contracts.judgement import DirectiveKind, Mend, Scores, Verdict
from apps.contracts.progress import JobStatus, Usage
from apps.foundation import blobs
from apps.gateway import interface as gateway
from apps.gateway.tests.orchestrating import event, failure, judgement, snapshot, take, timeline

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


class TestTheFirstPage:
    def test_greets_who_has_made_nothing_yet_and_makes_a_ready_brief_with_one_button(
        self, client, orchestrator
    ):
        page = show(client, "/")[1]
        token = re.search(r'name="token" value="(\w+)"', page)[1]

        made = client.post("/", {"start": "money", "token": token})

        assert page.count('name="start"') == 3
        assert orchestrator.submitted[gateway.jobs().jobs[0].id].topic.startswith("What one coffee")
        assert made["Location"] == f"/jobs/{gateway.jobs().jobs[0].id}"
        assert 'name="start"' not in show(client, "/")[1]

    def test_shows_the_newest_and_asks_again_only_after_those_that_go_on(self, client, orchestrator):
        for number in range(7):
            gateway.submit_brief({"topic": f"Topic {number}"})
        job = gateway.jobs().jobs[0]
        live = show(client, f"/jobs/{job.id}/row")[1]
        orchestrator.snapshots[job.id] = finished(job.id)

        assert show(client, "/")[1].count('class="card job-row"') == 5
        assert "data-live" in live
        assert "data-live" not in show(client, f"/jobs/{job.id}/row")[1]

    def test_says_what_every_choice_implies(self, client):
        page = " ".join(show(client, "/")[1].split())

        assert "12 to 60 s, best near 25" in page
        assert "Hook within 2 s" in page
        assert "Loop counts 25 %" in page
        assert '<rect class="safe-box" x="60" y="220" width="900" height="1260"' in page
        assert "Stays 2.5 s without a reward" in page
        assert 'data-points="0:surprise,0.4:curiosity,0.8:awe,1:joy"' in page

    def test_lets_a_persona_be_heard(self, client, orchestrator):
        orchestrator.sample_key = blobs.put_bytes("samples/x.wav", b"RIFF")

        heard = client.get("/personas/calm_uncle/sample")

        assert client.get(heard["Location"]).getvalue() == b"RIFF"
        assert client.get("/personas/nobody/sample").status_code == 404


class TestAnotherBrief:
    def test_starts_from_a_short_that_was_made(self, client, orchestrator):
        points = [[0, "curiosity"], [0.335, "awe"], [1, "calm"]]
        asked = {
            "topic": "Octopus <b>",
            "facts": ["One.", "Two."],
            "persona": "calm_uncle",
            "channel": "reef",
            "duration": 20,
            "curve_points": points,
            "providers": {"pictures": "own"},
        }
        job = gateway.submit_brief(asked)

        page = show(client, f"/?from={job.id}")[1]

        assert 'value="Octopus &lt;b&gt;"' in page
        assert ">One.\nTwo.</textarea>" in page
        assert "0 curiosity\n33.5 awe\n100 calm" in page
        assert re.search(r'value="calm_uncle" checked', page)
        assert 'name="pictures" value="own"' in page
        assert client.get("/?from=nonsense").status_code == 404

    def test_draws_its_own_curve(self, client, orchestrator):
        client.post("/", {**FORM, "curve_points": "0 curiosity\n 35% Awe \n\n100 calm"})

        (brief,) = orchestrator.submitted.values()
        assert brief.curve_points == ((0.0, "curiosity"), (0.35, "awe"), (1.0, "calm"))

    def test_is_refused_beside_the_field_where_the_curve_is_none(self, client, orchestrator):
        page = client.post("/", {**FORM, "curve_points": "up and away"}).content.decode()

        assert 'id="curve_points-error"' in page
        assert "up and away" in page
        assert not orchestrator.submitted


class TestJobPage:
    @pytest.fixture
    def job_id(self):
        return gateway.submit_brief({"topic": "Octopus"}).id

    def test_follows_a_job_that_is_not_even_planned(self, client, job_id):
        status, page = show(client, f"/jobs/{job_id}")

        assert status == 200
        assert f'data-stream="/jobs/{job_id}/stream"' in page
        assert '<meta http-equiv="refresh"' in page
        assert "Cancel" in page

    def test_sends_only_the_parts_that_changed(self, client, orchestrator, job_id):
        orchestrator.snapshots[job_id] = snapshot(job_id, JobStatus.RUNNING)
        parts = re.findall(r'id="part-(\w+)"[^>]* data-mark="(\w*)"', show(client, f"/jobs/{job_id}")[1])
        seen = ",".join(f"{name}:{mark}" for name, mark in parts)

        same = client.get(f"/jobs/{job_id}/live?seen={seen}")
        key = blobs.put_bytes("jobs/x/picture-0.png", b"png")
        orchestrator.snapshots[job_id] = snapshot(job_id, JobStatus.RUNNING, pictures={0: key})
        changed = show(client, f"/jobs/{job_id}/live?seen={seen}")[1]

        assert (same.status_code, same.content) == (204, b"")
        assert re.findall(r'id="part-(\w+)"', changed) == ["player", "scenes"]
        assert "42 % · Octopus" in changed

    def test_streams_what_happens_until_the_job_ends(self, client, orchestrator, job_id):
        orchestrator.snapshots[job_id] = finished(job_id)
        orchestrator.happened = (event(7, "completed"),)
        show(client, f"/jobs/{job_id}")

        response = client.get(f"/jobs/{job_id}/stream")

        assert response["Content-Type"] == "text/event-stream"
        assert b"id: 7" in b"".join(response.streaming_content)
        assert client.get(f"/jobs/{job_id}/stream", headers={"Last-Event-ID": "7"}).status_code == 204

    def test_asks_to_be_polled_where_no_more_streams_are_to_be_had(self, client, settings, job_id):
        settings.STREAMS = 0

        refused = client.get(f"/jobs/{job_id}/stream")

        assert (refused.status_code, refused["Retry-After"]) == (503, "5")

    def test_shows_stages_scenes_pictures_and_reasons_on_the_way(self, client, orchestrator, job_id):
        key = blobs.put_bytes("jobs/x/picture-0.png", b"png")
        orchestrator.snapshots[job_id] = snapshot(job_id, JobStatus.RUNNING, pictures={0: key})

        page = show(client, f"/jobs/{job_id}")[1]

        assert re.search(r"Animate each scene.*</span>1 of 4", page)
        assert re.search(r'class="node waiting".*Join the video', page)
        assert "Led the last 12 shorts" in page
        assert "it stops, every single time" in page
        address = re.search(rf'src="(/jobs/{job_id}/pictures/0/\w+)"', page)[1]
        assert client.get(client.get(address)["Location"]).getvalue() == b"png"
        assert page.count("thumb waiting") == 3

    def test_ends_with_the_player_and_asks_no_more(self, client, orchestrator, job_id):
        orchestrator.snapshots[job_id] = finished(job_id)

        page = show(client, f"/jobs/{job_id}")[1]

        video = re.search(r'<video[^>]*src="([^"]+)"', page)[1]
        assert client.get(client.get(video)["Location"]).getvalue() == b"video"
        assert "data-stream" not in page
        assert "data-ended" in page
        assert "Cancel" not in page
        assert re.search(r'class="outside"><th scope="row">Shot length \(scene 3\)', page)
        assert "1.5 to 4" in page

    def test_shows_the_timeline_and_leads_to_every_place_in_it(self, client, orchestrator, job_id):
        orchestrator.snapshots[job_id] = finished(job_id, timeline=timeline(20_000))

        page = show(client, f"/jobs/{job_id}")[1]

        assert re.findall(r'data-seek="([\d.]+)"', page) == ["0.00", "5.00", "10.00", "15.00"]
        assert 'class="twist" x="50.00%" width="25.00%"' in page
        assert "4 captions" in page
        assert "<title>whip at 10.00 s</title>" in page

    def test_shows_every_signal_with_unit_and_interval_when_asked(self, client, orchestrator, job_id):
        orchestrator.snapshots[job_id] = finished(job_id)

        piece = show(client, f"/jobs/{job_id}/signals/1", **{"HX-Request": "true"})[1]
        whole = show(client, f"/jobs/{job_id}/signals/1")[1]

        for page in (piece, whole):
            assert re.search(r"Loudness.*-14.2.*-15 to -13", " ".join(page.split()))
        assert "<html" not in piece
        assert "<html" in whole
        assert show(client, f"/jobs/{job_id}/signals/2")[0] == 404

    def test_shows_whose_work_it_is_what_it_cost_and_how_it_looks(self, client, orchestrator, job_id):
        done = finished(job_id, usage=Usage(calls=2, tokens_in=900, tokens_out=80, cost_usd=0.00421))
        credits = ("Photo by <i>Ana</i> on Pexels, https://pexels.com/1",)
        orchestrator.snapshots[job_id] = replace(done, take=replace(done.take, credits=credits))

        page = show(client, f"/jobs/{job_id}")[1]

        assert "Photo by &lt;i&gt;Ana&lt;/i&gt; on Pexels" in page
        assert "$0.00421" in page
        text = client.get(re.search(r'href="([^"]+/media/credits/\w+)"', page)[1])
        assert text["Content-Type"].startswith("text/plain")
        assert text.content.decode().strip() == credits[0]
        sheet = re.search(r'href="([^"]+/media/sheet/\w+)"', page)[1]
        assert client.get(client.get(sheet)["Location"]).status_code == 200

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

    def test_shows_attempts_side_by_side_with_what_the_orders_changed(self, client, orchestrator, job_id):
        better = replace(
            judgement(), attempt=1, id=uuid4(), scores=Scores(total=84, hook=81, pacing=88, loop=80)
        )
        mend = Mend(
            base=0, attempt=1, kind=DirectiveKind.TIGHTEN_PACING, ordinal=2, signal="shot_length",
            before=5.2, after=3.1, low=1.5, high=4.0, improved=True, total_before=78.4, total_after=84.0,
            fell=("hook",), kept=True,
        )  # fmt: skip
        tries = (judgement(Verdict.RETRY), better)
        orchestrator.snapshots[job_id] = replace(finished(job_id), judgements=tries, attempt=1, mends=(mend,))

        page = " ".join(show(client, f"/jobs/{job_id}")[1].split())

        assert re.search(r"Attempt 1</th><th scope=\"col\">Attempt 2 .*delivered", page)
        assert 'shot length: <span class="num">5.2 → 3.1</span>'.lower() in page.lower()
        assert "wanted 1.5 to 4" in page
        assert "+5.6" in page
        assert "lost in hook" in page

    def test_says_how_sure_a_choice_was(self, client, orchestrator, job_id):
        rivals = (
            Rival(reference_id="number", fit=0.9, mean=74.0, sd=3.0, n=12, propensity=0.7),
            Rival(reference_id="stakes", fit=0.6, mean=70.0, sd=6.0, n=2, propensity=0.3),
        )
        belief = Belief(mean=74.0, sd=3.0, n=12, propensity=0.7, cost=1.25, rivals=rivals)
        running = snapshot(job_id, JobStatus.RUNNING)
        sure = Decision(name="hook", value="number", reason="It won before.", belief=belief)
        orchestrator.snapshots[job_id] = replace(running, plan=replace(running.plan, decisions=(sure,)))

        page = show(client, f"/jobs/{job_id}")[1]
        others = show(client, f"/jobs/{job_id}/rivals/hook")[1]

        assert (
            "12 shorts so far: 74 ± 3 points expected; chosen with 70\N{NO-BREAK SPACE}% likelihood" in page
        )
        assert "1.3 points given up to learn" in page
        assert "70.0 ± 6.0" in others
        assert show(client, f"/jobs/{job_id}/rivals/persona")[0] == 404

    def test_says_what_failed_and_what_to_do(self, client, orchestrator, job_id):
        orchestrator.snapshots[job_id] = snapshot(job_id, JobStatus.FAILED, failure=failure())
        orchestrator.happened = (event(1, "stage_failed", stage="assemble"),)

        page = show(client, f"/jobs/{job_id}")[1]

        assert "no room left for the video" in page
        assert "Free some space" in page
        assert "Retry from where it stopped" in page
        assert "stage failed" in show(client, f"/jobs/{job_id}/events")[1]

    def test_cancels_and_retries(self, client, orchestrator, job_id):
        orchestrator.snapshots[job_id] = snapshot(job_id, JobStatus.CANCELLED)
        assert client.post(f"/jobs/{job_id}/cancel")["Location"] == f"/jobs/{job_id}"
        assert gateway.jobs().jobs[0].status is JobStatus.CANCELLED
        del orchestrator.snapshots[job_id]
        client.post(f"/jobs/{job_id}/retry")
        assert gateway.jobs().jobs[0].status is JobStatus.QUEUED

    def test_says_why_it_could_not_cancel(self, client, orchestrator, job_id):
        orchestrator.may_cancel = False

        page = client.post(f"/jobs/{job_id}/cancel", follow=True).content.decode()

        assert "already ended" in page

    @pytest.mark.parametrize(
        "path",
        [
            "",
            "/live",
            "/row",
            "/pictures/0/x",
            "/media/video/x",
            "/events",
            "/stream",
            "/scenes/0",
            "/performance",
        ],
    )
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
