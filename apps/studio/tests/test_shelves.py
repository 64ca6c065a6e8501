"""Library, insights, batch, keys and webhooks as a server renders them."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.contracts.judgement import DirectiveKind, MendStatistics
from apps.contracts.performance import LearningPoint, Standing, Variety
from apps.contracts.progress import JobStatus, Output, StageTime
from apps.gateway import interface as gateway
from apps.gateway.models import ApiKey, Job, WebhookEndpoint
from apps.gateway.tests.orchestrating import snapshot
from apps.gateway.tests.remembering import FakeMemory
from apps.orchestrator import interface as door
from apps.studio import insights

pytestmark = pytest.mark.django_db(databases=["gateway"])
HOSTILE = "<script>alert(1)</script>{{ x }}"


@pytest.fixture(autouse=True)
def _open(settings):
    settings.STUDIO_OPEN = True


def standing(kind, name, mean, **more):
    given = {"sd": 4.0, "low": mean - 5, "high": mean + 5, "n": 5, "n_real": 2, "uses": 7} | more
    return Standing(kind=kind, reference_id=name, platform="youtube_shorts", mean=mean, **given)


def point(n, *, reward=None, average=50.0):
    return LearningPoint(job_id=uuid4(), n=n, reward=reward, critic=60.0, average=average)


@pytest.fixture
def learned(monkeypatch):
    """An orchestrator that has learned a little, and takes numbers."""
    answers = {
        "standings": (
            standing("hook", "number", 72.0),
            standing("hook", "mystery", 61.0),
            standing("persona", "a", 66.0),
        ),
        "learning_curve": tuple(
            point(n, reward=50.0 + n if n % 2 else None, average=55.0 + n) for n in range(30)
        ),
        "varieties": (Variety(kind="hook", effective=1.2, known=6, used=2, alert=True),),
        "mend_statistics": (
            MendStatistics(
                kind=DirectiveKind.LOWER_BED,
                signal="",
                tried=5,
                kept=4,
                share=0.7,
                low=0.5,
                high=0.9,
                gain=9,
                total_gain=3.4,
            ),
        ),
        "stage_times": (
            StageTime(stage="compose", runs=9, median=4.0, p90=6.1, per_job=24.0, waiting=3, busy=2),
        ),
        "throughput": (Output(day=date(2026, 1, 1), completed=9, failed=1, cancelled=0),),
    }
    memory = FakeMemory()
    for name in ("report", "report_many", "lesson"):
        monkeypatch.setattr(door, name, getattr(memory, name))
    for name, answer in answers.items():
        monkeypatch.setattr(door, name, lambda *_, answer=answer, **__: answer)
    return memory


def completed(topic="Octopus", **columns):
    job = gateway.submit_brief({"topic": topic})
    Job.objects.filter(id=job.id).update(status="completed", **columns)
    return job


class TestLibrary:
    def test_shows_what_was_made_and_goes_on_page_by_page(self, client):
        for n in range(30):
            gateway.submit_brief({"topic": f"Topic {n}"})

        first = client.get("/library").content.decode()
        following = re.search(r'hx-get="(/library\?cursor=[^"]+)"', first)[1].replace("&amp;", "&")
        rest = client.get(following, headers={"HX-Request": "true"}).content.decode()

        assert (first.count('class="tile"'), rest.count('class="tile"')) == (24, 6)
        assert "<html" not in rest
        assert "hx-get" not in rest
        assert "<html" in client.get(following).content.decode()  # without htmx a page, not a part

    def test_keeps_the_filters_in_every_address(self, client):
        for n in range(30):
            gateway.submit_brief({"topic": f"Topic {n}", "persona": "calm_uncle"})

        page = client.get("/library?q=topic&persona=calm_uncle&min_score=").content.decode()

        assert 'hx-get="/library?q=topic&amp;persona=calm_uncle&amp;cursor=' in page
        assert '<option value="calm_uncle" selected>' in page
        assert 'value="/library?q=topic&amp;persona=calm_uncle"' in page
        assert re.search(r'<details class="narrow[^"]*" open>', page)

    @pytest.mark.parametrize("query", ["status=x", "min_score=x", "batch=x", "q=%00", "persona=" + "x" * 500])
    def test_overlooks_filters_that_cannot_be(self, client, query):
        assert client.get(f"/library?{query}").status_code == 200

    def test_says_so_where_nothing_is_or_nothing_is_found(self, client):
        assert "The shelf is empty" in client.get("/library").content.decode()
        assert "Nothing found" in client.get("/library?q=zebra").content.decode()
        assert client.get("/library?cursor=nonsense").status_code == 404

    def test_escapes_whatever_is_said(self, client):
        gateway.submit_brief({"topic": HOSTILE, "channel": HOSTILE})

        page = client.get("/library?q=" + HOSTILE).content.decode() + client.get("/library").content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page

    def test_keeps_running_tiles_up_to_date_and_stops_when_all_have_ended(self, client, orchestrator):
        job = gateway.submit_brief({"topic": "x"})
        running = client.get(f"/library/live?live={job.id}&live=nonsense")
        Job.objects.filter(id=job.id).update(status="completed", score=81.0)

        ended = client.get(f"/library/live?live={job.id}")

        assert (running.status_code, ended.status_code) == (200, 286)
        assert f'id="tile-{job.id}" hx-swap-oob="true"' in ended.content.decode()
        assert "81" in ended.content.decode()

    def test_orders_many_at_once_and_says_what_became_of_it(self, client, orchestrator):
        jobs = [gateway.submit_brief({"topic": str(n)}).id for n in range(3)]
        orchestrator.snapshots |= {job: snapshot(job, JobStatus.CANCELLED) for job in jobs}

        sent = {"action": "cancel", "job": [*map(str, jobs), str(uuid4())], "back": "/library?q=x"}
        response = client.post("/library/order", sent, follow=True)

        page = response.content.decode()
        assert response.redirect_chain == [("/library?q=x", 302)]
        assert "3 shorts were cancelled" in page
        assert "1 left as they are" in page

    def test_orders_all_that_match_and_says_what_is_left(self, client, orchestrator, monkeypatch):
        monkeypatch.setattr("apps.gateway.library.BULK_LIMIT", 2)
        jobs = [gateway.submit_brief({"topic": f"octopus {n}"}).id for n in range(30)]
        orchestrator.snapshots |= {job: snapshot(job, JobStatus.CANCELLED) for job in jobs}
        shown = client.get("/library?q=octo").content.decode()
        assert '<input type="hidden" name="matching" value="q=octo">' in shown

        sent = {"action": "cancel", "every": "yes", "matching": "q=octo", "back": "/library?q=octo"}
        page = client.post("/library/order", sent, follow=True).content.decode()

        assert "2 shorts were cancelled" in page
        assert "28 like them are left" in page

    @pytest.mark.parametrize(
        "back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil"]
    )
    def test_leads_back_to_its_own_pages_alone(self, client, back):
        assert client.post("/library/order", {"back": back})["Location"] == "/library"


class TestBatch:
    def test_a_file_is_looked_at_cell_by_cell_then_made(self, client, orchestrator):
        content = f"topic,duration,platform\nA,20,tiktok\n,long,tiktok\n{HOSTILE},20,tiktok\n".encode()

        sent = client.post("/batches", {"file": SimpleUploadedFile("week <47>.csv", content), "token": "t"})
        page = client.get(sent["Location"]).content.decode()

        assert '<strong class="num">2</strong> of 3 rows can be made' in page
        assert re.search(
            r'<td data-label="duration" class="bad"><span class="sent" dir="auto">long</span><p', page
        )
        assert "<script>alert" not in page
        assert not orchestrator.submitted
        made = client.post(sent["Location"] + "/submit", follow=True).content.decode()
        assert "2 shorts are on the way" in made
        assert len(orchestrator.submitted) == 2
        assert 'hx-trigger="every 3s"' in made

    def test_a_double_click_is_one_batch(self, client):
        for _ in range(2):
            client.post("/batches", {"file": SimpleUploadedFile("x.csv", b"topic\nA\n"), "token": "t"})

        assert len(gateway.batches().batches) == 1

    @pytest.mark.parametrize(
        ("files", "words"),
        [({}, "No file was chosen"), ({"file": SimpleUploadedFile("x.xlsx", b"PK\x00")}, "not text")],
    )
    def test_says_beside_the_field_why_a_file_is_not_taken(self, client, files, words):
        response = client.post("/batches", files)

        assert response.status_code == 422
        assert re.search(f'id="file-error".*{words}', response.content.decode())

    def test_goes_on_row_by_row_with_the_same_columns(self, client):
        content = b"topic,duration\n" + b"A,20\n" * 60
        batch, _ = gateway.check_batch(content)

        first = client.get(f"/batches/{batch.id}").content.decode()
        address = re.search(r'hx-get="(\?after=[^"]+)"', first)[1].replace("&amp;", "&")
        rest = client.get(f"/batches/{batch.id}{address}", headers={"HX-Request": "true"}).content.decode()

        assert (first.count('<th scope="row"'), rest.count('<th scope="row"')) == (50, 10)
        assert "<html" not in rest

    def test_is_followed_cancelled_and_downloaded(self, client, orchestrator):
        batch, _ = gateway.check_batch(b"topic\nA\n")
        gateway.submit_batch(batch.id)
        at = f"/batches/{batch.id}"

        assert client.get(f"{at}/live").status_code == 200
        job = next(iter(orchestrator.submitted))
        orchestrator.snapshots[job] = snapshot(job, JobStatus.CANCELLED)
        client.post(f"{at}/cancel")
        assert client.get(f"{at}/live").status_code == 286
        assert b"cancelled" in b"".join(client.get(f"{at}/manifest.csv"))
        assert client.get(f"{at}/manifest.json").json()[0]["status"] == "cancelled"
        assert b"".join(client.get(f"{at}/videos.zip"))[:2] == b"PK"
        assert client.get(f"{at}/manifest.exe").status_code == 404
        assert client.get(f"/batches/{uuid4()}").status_code == 404
        assert client.get("/batches/template.csv").content.startswith(b"reference,topic")


@pytest.mark.usefixtures("learned")
class TestInsights:
    def test_show_what_wins_how_sure_that_is_and_how_fast_it_goes(self, client):
        page = client.get("/insights?platform=tiktok&channel=sea").content.decode()

        assert re.search(r"Hooks.*Number.*Mystery.*Personas", page, re.S)
        assert 'aria-label="67 to 77"' in page
        assert "30 shorts, 15 of them with real numbers" in page
        assert "Lower bed" in page
        assert "+3.4" in page
        assert "uniform" in page
        assert "10 jobs ended in 1 day" in page
        assert re.search(r"Animate each scene.*24 s.*4\.0 s.*6\.1 s", page, re.S)
        assert "style=" not in page

    def test_know_platforms_that_there_are_alone(self, client):
        assert client.get("/insights?platform=<x>&channel=%00").status_code == 200

    def test_take_the_numbers_of_one_short(self, client, learned):
        job = completed()
        sent = {
            "job": f"https://host/jobs/{job.id}",
            "day": "2026-01-02",
            "views": "12,400",
            "completion": "62 %",
        }

        page = client.post("/insights/performance", sent, follow=True).content.decode()

        (kept,) = learned.known[job.id].values()
        assert (kept.views, kept.completion, kept.source) == (12_400, 0.62, "studio")
        assert "Noted." in page

    def test_say_beside_each_field_what_cannot_be(self, client, learned):
        job = completed()
        sent = {"job": str(job.id), "day": "tomorrow", "views": "lots", "completion": "many"}

        response = client.post("/insights/performance", sent)

        page = response.content.decode()
        assert response.status_code == 422
        for field in ("day", "views", "completion"):
            assert f'id="{field}-error"' in page
        assert "in per cent" in page
        assert 'value="many"' in page
        assert not learned.known
        assert 'id="job-error"' in client.post("/insights/performance", {"job": "x"}).content.decode()

    def test_show_an_export_before_anything_is_written(self, client, learned):
        job = completed()
        export = f"job_id,date,views\n{job.id},2026-01-02,900\n{uuid4()},2026-01-02,5\n".encode()

        preview = client.post("/insights/performance/preview", {"file": SimpleUploadedFile("x.csv", export)})
        page = preview.content.decode()

        assert "Take over 1 row" in page
        assert "There is no job" in page
        assert not learned.known
        token = re.search(r'name="token" value="([^"]+)"', page)[1]
        done = client.post("/insights/performance/import", {"token": token, "filename": "x.csv"}, follow=True)
        assert "1 rows about 1 short were taken over" in done.content.decode()
        assert [one.views for one in learned.known[job.id].values()] == [900]

    def test_refuse_what_is_no_export_and_tokens_that_were_not_given_out(self, client):
        file = SimpleUploadedFile("x.csv", b"\x00\x01\x02")

        assert client.post("/insights/performance/preview", {"file": file}).status_code == 422
        assert client.post("/insights/performance/preview").status_code == 422
        assert client.post("/insights/performance/import", {"token": "kept/../../x"}).status_code == 422


class TestDrawing:
    def test_one_scale_holds_every_interval(self):
        boards = insights.boards(
            [standing("hook", "a", 90.0), standing("hook", "b", 40.0), standing("persona", "c", 60.0)]
        )

        bars = [place.bar for board in boards for place in board.places]
        assert all(bar.low >= 0 and bar.low + bar.width <= insights.SPAN + 1 for bar in bars)
        assert all(bar.low < bar.dot < bar.low + bar.width for bar in bars)
        assert [place.rank for place in boards[0].places] == [1, 2]

    def test_what_was_never_tried_is_not_shown(self):
        assert insights.boards([standing("hook", "a", 50.0, n=0, uses=0)]) == []

    def test_a_long_curve_is_drawn_with_few_dots_and_its_last_point(self):
        points = [
            LearningPoint(job_id=uuid4(), n=n, reward=None, critic=50.0, average=50.0) for n in range(2000)
        ]

        chart = insights.chart(points)

        assert len(chart.dots) <= insights.DOTS
        assert (
            chart.line.endswith(f"{insights.WIDTH},{chart.dots[0][1]}")
            or f"{insights.WIDTH}.0," in chart.line
        )


class TestKeys:
    def test_a_key_is_shown_once_and_never_again(self, client):
        made = client.post(
            "/keys", {"form": "key", "name": HOSTILE, "scopes": ["jobs:read"], "channels": "a, b"}
        )

        key = re.search(r'<code class="value">(hl_[^<]+)</code>', made.content.decode())[1]
        assert gateway.verify_key(key).scopes == ("jobs:read",)
        assert gateway.verify_key(key).channels == ("a", "b")
        assert "no-store" in made["Cache-Control"]
        later = client.get("/keys").content.decode()
        assert key not in later
        assert "<script>alert" not in made.content.decode() + later

    def test_is_refused_in_words_without_losing_what_was_typed(self, client):
        response = client.post("/keys", {"form": "key", "name": " ", "channels": "sea", "scopes": []})

        assert response.status_code == 422
        assert 'id="name-error"' in response.content.decode()
        assert 'value="sea"' in response.content.decode()
        assert not ApiKey.objects.exists()

    def test_is_revoked(self, client):
        issued = gateway.create_key("x")

        page = client.post(f"/keys/{issued.id}/revoke", follow=True).content.decode()

        assert "revoked" in page
        assert gateway.verify_key(issued.key) is None
        assert "no such key" in client.post(f"/keys/{issued.id}/revoke", follow=True).content.decode()

    def test_forms_from_elsewhere_are_refused(self):
        stranger = Client(enforce_csrf_checks=True)

        assert stranger.post("/keys", {"name": "x"}).status_code == 403
        assert stranger.post("/keys/webhooks", {"url": "https://example.com"}).status_code == 403
        assert stranger.post("/library/order", {}).status_code == 403


class TestWebhooks:
    @pytest.fixture
    def hook(self, settings):
        settings.WEBHOOK_ALLOW_PRIVATE = True
        return gateway.create_webhook("http://127.0.0.1:8009/x", description=HOSTILE).webhook

    def test_are_made_and_their_secret_is_shown_once(self, client, settings):
        settings.WEBHOOK_ALLOW_PRIVATE = True
        made = client.post("/keys/webhooks", {"url": "http://127.0.0.1:8009/x", "event_types": "job.failed"})

        assert re.search(r'<code class="value">whsec_', made.content.decode())
        assert gateway.webhooks()[0].event_types == ("job.failed",)
        assert "whsec_" not in client.get("/keys").content.decode()

    def test_private_addresses_are_refused_beside_the_field(self, client, settings):
        settings.WEBHOOK_ALLOW_PRIVATE = False

        response = client.post("/keys/webhooks", {"url": "http://127.0.0.1/x"})

        assert response.status_code == 422
        assert 'id="url-error"' in response.content.decode()
        assert not WebhookEndpoint.objects.exists()

    def test_show_what_they_were_told_and_send_it_again(self, client, hook):
        client.post(f"/keys/webhooks/{hook.id}/ping")
        page = client.get(f"/keys/webhooks/{hook.id}").content.decode()

        assert "webhook.test" in page
        assert "<script>alert" not in page
        delivery = gateway.deliveries(hook.id).deliveries[0]
        assert (
            client.post(f"/keys/deliveries/{delivery.id}/replay")["Location"] == f"/keys/webhooks/{hook.id}"
        )
        assert client.post(f"/keys/webhooks/{hook.id}/replay").status_code == 302

    def test_are_switched_changed_and_removed(self, client, hook):
        at = f"/keys/webhooks/{hook.id}"

        client.post(f"{at}/off")
        assert gateway.webhook(hook.id).disabled_at
        client.post(f"{at}/on")
        client.post(at, {"url": hook.url, "event_types": ["job.accepted"], "description": "new"})
        assert gateway.webhook(hook.id).description == "new"
        assert "whsec_" in client.post(f"{at}/rotate").content.decode()
        assert client.post(f"{at}/nonsense").status_code == 404
        client.post(f"{at}/remove")
        assert client.get(at).status_code == 404


@pytest.mark.usefixtures("learned")
@pytest.mark.parametrize("path", ["/library", "/insights", "/insights/performance", "/batches", "/keys"])
def test_every_page_is_for_staff_alone_where_studio_is_not_open(client, settings, path):
    settings.STUDIO_OPEN = False

    assert client.get(path)["Location"].startswith("/admin/login/")
