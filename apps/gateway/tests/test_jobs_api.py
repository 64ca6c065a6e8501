"""Jobs over REST, end to end but for the orchestrator."""

import json
import threading
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connections
from django.utils import timezone
from rest_framework.test import APIClient

from apps.contracts.brief import BriefProblem
from apps.contracts.progress import JobStatus, Usage
from apps.foundation import blobs
from apps.gateway import interface as gateway
from apps.gateway import jobs
from apps.gateway.models import ApiKey, Job
from apps.gateway.tests.conftest import BRIEF
from apps.gateway.tests.orchestrating import event, failure, judgement, snapshot, take
from apps.orchestrator.signals import job_progressed

pytestmark = pytest.mark.django_db(databases=["gateway"])
#: An id that no job has.
NOBODYS = "e53bb409-29d5-440a-898f-1c18884a9b53"
JOBS = "/api/v1/jobs"


def fields(response):
    return {(error["field"], error["code"]) for error in response.json()["errors"]}


class TestCreating:
    def test_answers_202_with_where_to_follow_it(self, api, orchestrator):
        response = api.post(JOBS, {**BRIEF, "channel": "sea life"}, format="json")

        job = response.json()
        assert response.status_code == 202
        assert response["Location"] == job["links"]["self"] == f"http://testserver/api/v1/jobs/{job['id']}"
        assert (job["status"], job["channel"], job["progress"]) == ("queued", "sea life", 0)
        assert orchestrator.submitted[UUID(job["id"])].topic == BRIEF["topic"]

    def test_names_every_wrong_field_and_writes_nothing(self, api, orchestrator):
        orchestrator.problems = (
            BriefProblem(field="persona", code="unknown", reason="No such persona.", remedy="See /personas."),
        )
        body = {
            "facts": "one",
            "duration": "long",
            "seed": True,
            "emotion": 1,
            "persona": "x",
            "language": "e\x00",
        }

        response = api.post(JOBS, body, format="json")

        assert response.status_code == 400
        assert response["Content-Type"] == "application/problem+json"
        assert fields(response) == {
            ("topic", "missing"),
            ("facts", "wrong_type"),
            ("duration", "wrong_type"),
            ("seed", "wrong_type"),
            ("emotion", "unknown_field"),
            ("persona", "unknown"),
            ("language", "bad_characters"),
        }
        assert not Job.objects.exists()
        assert not orchestrator.submitted

    def test_answers_422_where_the_brief_can_be_read_but_not_made(self, api, orchestrator):
        orchestrator.problems = (
            BriefProblem(field="facts", code="no_facts", reason="There are none.", remedy="Add some."),
        )

        response = api.post(JOBS, {"topic": "x"}, format="json")

        assert response.status_code == 422
        assert response.json()["errors"][0]["remedy"] == "Add some."
        assert response.json()["instance"] == JOBS
        assert not Job.objects.exists()

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"\xff\xfe",
            b"[]",
            b"null",
            b'"text"',
            b'{"topic": NaN}',
            b'{"topic": "a", "topic": "b"}',
            b'{"topic": "\\u0000"}',
            b'{"topic": "\\ud800"}',
            b'{"\\ud800": 1}',
            b'{"\\u0000": 1}',
            b'{"topic": "a", "seed": ' + b"9" * 5000 + b"}",
            b'{"topic": "a", "seed": -1e999}',
            b'{"topic": "a", "seed": 99999999999}',
            b"[" * 100_000,
            b'{"topic":' * 5000 + b"1" + b"}" * 5000,
            b'{"topic": "a", "providers": {"voice": 1}}',
            b'{"topic": "a", "providers": {"\\u0000": 1}}',
            b'{"topic": "a", "facts": [["nested"]]}',
            b'{"topic": "' + b"a" * 301 + b'"}',
            b"x" * 1_000_001,
        ],
    )
    def test_refuses_a_hostile_body_with_a_problem_and_writes_nothing(self, api, body):
        response = api.post(JOBS, body, content_type="application/json")

        assert 400 <= response.status_code < 500
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["status"] == response.status_code
        assert not Job.objects.exists()

    @pytest.mark.parametrize("body", ["[]", "null", '"a brief"', "7"])
    def test_says_one_thing_about_what_is_no_brief_at_all(self, api, body):
        response = api.post(JOBS, body, content_type="application/json")

        assert fields(response) == {("brief", "wrong_type")}

    def test_says_one_thing_about_a_language_that_every_service_would_refuse(self, api, orchestrator):
        unspoken = BriefProblem(field="language", code="unspoken", reason="No voice.", remedy="Another.")
        unwritten = BriefProblem(field="language", code="unwritten", reason="No rules.", remedy="Another.")
        orchestrator.problems = (unspoken, unwritten)

        response = api.post(JOBS, {**BRIEF, "language": "xx"}, format="json")

        assert response.status_code == 422
        (problem,) = response.json()["errors"]
        assert (problem["field"], problem["code"]) == ("language", "unsupported_language")
        assert "en" in problem["remedy"]

    def test_names_every_wrong_part_of_a_field(self, api):
        body = {**BRIEF, "facts": [1, "fine", "\x00"], "providers": {"voice": 1, "fax": "x", "music": []}}

        response = api.post(JOBS, body, format="json")

        assert fields(response) == {
            ("facts.0", "wrong_type"),
            ("facts.2", "bad_characters"),
            ("providers.fax", "unknown_field"),
            ("providers.voice", "wrong_type"),
            ("providers.music", "wrong_type"),
        }

    def test_answers_a_flood_of_invented_fields_with_less_than_was_sent(self, api):
        body = dict.fromkeys((f"x{n}" for n in range(20_000)), 1)

        response = api.post(JOBS, body, format="json")

        assert response.status_code == 400
        assert len(response.content) < 20_000

    def test_refuses_a_channel_without_a_name(self, api):
        response = api.post(JOBS, {**BRIEF, "channel": "  "}, format="json")

        assert (response.status_code, fields(response)) == (422, {("channel", "empty")})

    def test_names_the_field_that_stands_there_twice(self, api):
        body = b'{"topic": "a", "\\ud800": 1, "\\ud800": 2}'

        response = api.post(JOBS, body, content_type="application/json")

        assert "'\N{REPLACEMENT CHARACTER}' stands there twice" in response.json()["detail"]

    def test_overlooks_a_byte_order_mark(self, api):
        body = b"\xef\xbb\xbf" + json.dumps(BRIEF).encode()

        assert api.post(JOBS, body, content_type="application/json").status_code == 202

    @pytest.mark.parametrize("accept", ["text/html", "application/xml", "video/mp4"])
    def test_answers_in_its_one_format_whatever_is_asked_for(self, api, accept):
        response = api.get(JOBS, HTTP_ACCEPT=accept)

        assert (response.status_code, response["Content-Type"]) == (200, "application/json")

    def test_keeps_hostile_but_readable_text_as_it_is(self, api):
        topic = "<script>{{x}}{%x%}\\n';-- 🐙 مرحبا नमस्ते"

        response = api.post(JOBS, {"topic": topic}, format="json")

        assert response.status_code == 202
        assert response.json()["topic"] == topic

    def test_keeps_the_job_when_the_orchestrator_cannot_be_reached_and_hands_it_over_later(
        self, api, orchestrator
    ):
        orchestrator.broken = True
        response = api.post(JOBS, BRIEF, format="json")
        orchestrator.broken = False
        Job.objects.update(created_at=timezone.now() - timedelta(seconds=16))

        jobs.sweep()

        assert response.status_code == 202
        assert list(orchestrator.submitted) == [UUID(response.json()["id"])]
        assert jobs.sweep() == 0


class TestIdempotency:
    def send(self, api, body=BRIEF, key="once"):
        return api.post(JOBS, body, format="json", headers={"Idempotency-Key": key})

    def test_the_same_request_is_the_same_job(self, api):
        first, second = self.send(api), self.send(api)

        assert (first.status_code, second.status_code) == (202, 202)
        assert first["Location"] == second["Location"]
        assert Job.objects.count() == 1

    def test_the_same_key_with_another_brief_is_refused(self, api):
        self.send(api)

        response = self.send(api, {"topic": "Something else"})

        assert response.status_code == 422
        assert response.json()["type"].endswith("idempotency-key-reused")
        assert Job.objects.count() == 1

    def test_one_client_s_key_is_not_another_s(self, api):
        other = APIClient()
        other.credentials(HTTP_AUTHORIZATION=f"Bearer {gateway.create_key('other').key}")

        assert self.send(api)["Location"] != self.send(other)["Location"]

    @pytest.mark.parametrize("key", ["k" * 256, "schlüssel", "a\x01"])
    def test_refuses_an_unusable_key(self, api, key):
        assert self.send(api, key=key).status_code == 400


@pytest.mark.django_db(databases=["gateway"], transaction=True)
def test_twelve_requests_at_once_with_one_key_make_one_job(orchestrator):
    barrier, found = threading.Barrier(12), []

    def send():
        barrier.wait()
        found.append(gateway.submit_brief(BRIEF, idempotency_key="race").id)
        connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(12)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert len(found) == 12
    assert len(set(found)) == 1 == Job.objects.count()
    assert list(orchestrator.submitted) == [found[0]]


class TestListing:
    def make(self, count, **columns):
        rows = [
            Job(
                request_payload={"topic": f"t{n}"},
                request_digest="",
                **{"platform": "tiktok", "channel": "a", **columns},
            )
            for n in range(count)
        ]
        Job.objects.bulk_create(rows)
        # All in one microsecond: the order must be total all the same.
        Job.objects.update(created_at=timezone.now())

    def walk(self, api, url):
        ids = []
        while url:
            page = api.get(url).json()
            ids += [job["id"] for job in page["results"]]
            url = page["next"]
        return ids

    def test_pages_show_every_job_once(self, api):
        self.make(11)

        ids = self.walk(api, f"{JOBS}?limit=3")

        assert len(ids) == len(set(ids)) == 11

    def test_filters_hold_on_every_page(self, api):
        self.make(5)
        self.make(4, platform="youtube_shorts", channel="b", status="failed")

        ids = self.walk(api, f"{JOBS}?limit=2&status=failed&platform=youtube_shorts&channel=b")

        assert len(ids) == 4

    @pytest.mark.parametrize(
        "query",
        [
            "status=late",
            "channel=%00",
            "cursor=zzz",
            "cursor=MTIz",
            "limit=0",
            "limit=1e9",
            "offset=3",
            "format=xml",
            "%00=1",
        ],
    )
    def test_refuses_parameters_it_cannot_use(self, api, query):
        response = api.get(f"{JOBS}?{query}")

        assert response.status_code == 400
        assert response["Content-Type"] == "application/problem+json"

    def test_reads_neither_a_count_nor_a_brief(self, api, django_assert_num_queries):
        self.make(3)
        api.get(JOBS)  # the key's last use is written once a minute

        with django_assert_num_queries(2, using="gateway") as captured:
            api.get(JOBS)

        assert "COUNT(" not in captured.captured_queries[-1]["sql"]
        assert '"request_payload",' not in captured.captured_queries[-1]["sql"]


class TestReading:
    def test_shows_plan_scenes_scores_stages_and_links(self, api, orchestrator, job):
        job_id = UUID(job["id"])
        key = blobs.put_bytes("jobs/x/take-0.mp4", b"video")
        orchestrator.snapshots[job_id] = snapshot(
            job_id, JobStatus.COMPLETED, take=take(key), judgements=(judgement(),)
        )

        shown = api.get(f"{JOBS}/{job_id}").json()

        assert (shown["status"], shown["progress"]) == ("completed", 1)
        assert shown["plan"]["decisions"][0]["reason"].startswith("Led the last")
        assert [scene["purpose"] for scene in shown["story"]["scenes"]] == [
            "hook",
            "escalate",
            "twist",
            "loop",
        ]
        assert shown["scores"][0]["scores"]["total"] == 78.4
        files = {"video", "download", "poster", "sheet", "srt", "vtt"}
        assert set(shown["links"]) == {"self", "events", "stream", *files}
        assert APIClient().get(shown["links"]["download"]).getvalue() == b"video"
        assert "take-0" not in str({name: value for name, value in shown.items() if name != "links"})

    def test_shows_whose_work_is_in_it_and_what_it_cost(self, api, orchestrator, job):
        job_id = UUID(job["id"])
        made = replace(take("jobs/x/take.mp4"), credits=("Photo by Ana on Pexels",))
        used = Usage(calls=3, tokens_in=1200, tokens_out=340, cost_usd=0.0123)
        orchestrator.snapshots[job_id] = snapshot(job_id, JobStatus.COMPLETED, take=made, usage=used)

        shown = api.get(f"{JOBS}/{job_id}").json()

        assert shown["credits"] == ["Photo by Ana on Pexels"]
        assert shown["usage"] == {"calls": 3, "tokens_in": 1200, "tokens_out": 340, "cost_usd": 0.0123}

    def test_takes_over_what_the_orchestrator_says(self, api, orchestrator, job):
        job_id = UUID(job["id"])
        orchestrator.snapshots[job_id] = snapshot(job_id, JobStatus.FAILED, failure=failure())

        shown = api.get(f"{JOBS}/{job_id}").json()

        assert shown["failure"]["remedy"].startswith("Free some space")
        assert api.get(JOBS).json()["results"][0]["status"] == "failed"

    @pytest.mark.parametrize("address", [NOBODYS, "not-an-id", f"{NOBODYS}/video", f"{NOBODYS}/events"])
    def test_answers_404_with_a_problem_for_what_is_not_there(self, api, address):
        response = api.get(f"{JOBS}/{address}")

        assert response.status_code == 404
        assert response["Content-Type"] == "application/problem+json"

    def test_lists_events_after_a_number(self, api, orchestrator, job):
        orchestrator.happened = (event(3, "stage_started", stage="decide"), event(9, "accepted"))

        shown = api.get(f"{JOBS}/{job['id']}/events?after=3").json()

        assert [found["event_type"] for found in shown["results"]] == ["accepted"]
        assert shown["last"] == 9


class TestCancelAndRetry:
    def test_cancels(self, api, job):
        response = api.post(f"{JOBS}/{job['id']}/cancel")

        assert (response.status_code, response.json()["status"]) == (200, "cancelled")

    def test_refuses_to_cancel_what_has_ended(self, api, orchestrator, job):
        orchestrator.may_cancel = False

        assert api.post(f"{JOBS}/{job['id']}/cancel").status_code == 409

    def test_retries_what_failed(self, api, job):
        Job.objects.update(status="failed", failure={"code": "x", "stage": "y", "reason": "z", "remedy": "w"})

        response = api.post(f"{JOBS}/{job['id']}/retry")

        assert (response.status_code, response.json()["status"]) == (202, "queued")
        assert response.json()["failure"] is None

    def test_refuses_to_retry_what_did_not_fail(self, api, orchestrator, job):
        orchestrator.may_retry = False

        response = api.post(f"{JOBS}/{job['id']}/retry")

        assert response.status_code == 409
        assert response.json()["detail"].startswith("Only a failed or cancelled job")


class TestFollowing:
    def announce(self, job_id, status, progress=0.5, stage="compose"):
        job_progressed.send(sender=None, job_id=job_id, status=status, progress=progress, stage=stage)
        return gateway.jobs().jobs[0]

    def test_takes_over_progress_that_never_falls(self, job):
        self.announce(UUID(job["id"]), JobStatus.RUNNING, 0.6)

        now = self.announce(UUID(job["id"]), JobStatus.RUNNING, 0.3, "judge")

        assert (now.status, now.progress, now.stage) == (JobStatus.RUNNING, 0.6, "judge")

    def test_a_late_announcement_does_not_revive_an_ended_job(self, orchestrator, job):
        job_id = UUID(job["id"])
        orchestrator.snapshots[job_id] = snapshot(job_id, JobStatus.FAILED, failure=failure())
        self.announce(job_id, JobStatus.FAILED)

        now = self.announce(job_id, JobStatus.RUNNING)

        assert now.status is JobStatus.FAILED
        assert now.failure == failure()

    def test_a_retry_elsewhere_revives_it(self, orchestrator, job):
        job_id = UUID(job["id"])
        self.announce(job_id, JobStatus.FAILED)
        orchestrator.snapshots[job_id] = snapshot(job_id, JobStatus.RUNNING)

        assert self.announce(job_id, JobStatus.RUNNING).status is JobStatus.RUNNING

    def test_a_completed_job_stays_completed(self, orchestrator, job):
        job_id = UUID(job["id"])
        self.announce(job_id, JobStatus.COMPLETED, 1.0, "")
        orchestrator.snapshots[job_id] = snapshot(job_id, JobStatus.RUNNING)

        assert self.announce(job_id, JobStatus.RUNNING).status is JobStatus.COMPLETED

    def test_the_sweep_asks_after_a_job_that_fell_silent(self, orchestrator, job):
        job_id = UUID(job["id"])
        orchestrator.snapshots[job_id] = snapshot(job_id, JobStatus.COMPLETED)
        Job.objects.update(updated_at=timezone.now() - timedelta(seconds=61))

        jobs.sweep()

        assert gateway.jobs().jobs[0].status is JobStatus.COMPLETED


class TestKeys:
    @pytest.mark.parametrize(
        "header", [None, "Bearer", "Bearer nonsense", "Bearer hl_00_x", "Basic abc", "Bearer hl_\xff_\xff"]
    )
    def test_refuses_whoever_has_no_valid_key(self, header):
        client = APIClient()
        if header:
            client.credentials(HTTP_AUTHORIZATION=header)

        response = client.get(JOBS)

        assert response.status_code == 401
        assert response["WWW-Authenticate"].startswith("Bearer")
        assert response["Content-Type"] == "application/problem+json"

    def test_refuses_a_revoked_key(self, api):
        gateway.revoke_key(ApiKey.objects.get().id)

        assert api.get(JOBS).status_code == 401

    def test_stores_no_key(self, api):
        key = gateway.create_key("second").key

        assert key not in str(list(ApiKey.objects.values()))

    def test_notes_its_use_once_a_minute(self, api):
        api.get(JOBS)
        first = ApiKey.objects.get().last_used_at
        api.get(JOBS)

        assert first is not None
        assert ApiKey.objects.get().last_used_at == first

    def test_one_key_s_haste_does_not_slow_another(self, api, monkeypatch):
        from apps.gateway.throttles import KeyThrottle

        monkeypatch.setattr(KeyThrottle, "THROTTLE_RATES", {"read": "2/min", "write": "2/min"})
        codes = [api.get(JOBS).status_code for _ in range(3)]
        other = APIClient()
        other.credentials(HTTP_AUTHORIZATION=f"Bearer {gateway.create_key('other').key}")

        assert codes == [200, 200, 429]
        assert int(api.get(JOBS)["Retry-After"]) > 0
        assert other.get(JOBS).status_code == 200
