"""What an API key may do: its scopes, its channels, its own pace; and how keys are made over the API."""

import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from apps.contracts.progress import JobStatus
from apps.foundation import blobs
from apps.gateway import interface as gateway
from apps.gateway import throttles
from apps.gateway.models import ApiKey, Job
from apps.gateway.shapes import KeyHolder
from apps.gateway.tests.conftest import BRIEF
from apps.gateway.tests.orchestrating import snapshot, take

pytestmark = pytest.mark.django_db(databases=["gateway"])
KEYS = "/api/v1/keys"


def client(**rights):
    http = APIClient()
    http.credentials(HTTP_AUTHORIZATION=f"Bearer {gateway.create_key('limited', **rights).key}")
    return http


class TestScopes:
    @pytest.mark.parametrize(
        ("scopes", "method", "address", "missing"),
        [
            (["jobs:read"], "post", "/api/v1/jobs", "jobs:write"),
            (["jobs:write"], "get", "/api/v1/jobs", "jobs:read"),
            (["jobs:read"], "post", "/api/v1/uploads", "jobs:write"),
            (["jobs:read", "jobs:write"], "get", KEYS, "keys:admin"),
            (["jobs:read", "keys:admin"], "post", "/api/v1/webhooks", "webhooks:admin"),
        ],
    )
    def test_a_missing_one_is_named(self, scopes, method, address, missing):
        response = getattr(client(scopes=scopes), method)(address, {}, format="json")

        assert response.status_code == 403
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["type"] == "urn:hookloop:problem:scope-missing"
        assert missing in response.json()["detail"]

    def test_any_key_reads_the_catalogues_and_itself(self):
        http = client(scopes=["webhooks:admin"], reads_per_minute=50)

        assert http.get("/api/v1/personas").status_code == 200
        me = http.get("/api/v1/key").json()
        assert (me["name"], me["scopes"], me["reads_per_minute"]) == ("limited", ["webhooks:admin"], 50)

    def test_the_missing_scope_is_told_before_the_body_is_judged(self):
        assert client(scopes=["jobs:read"]).post("/api/v1/jobs", {}, format="json").status_code == 403


class TestChannels:
    def test_a_key_sees_and_makes_jobs_of_its_channels_alone(self, api):
        http = client(channels=["sea life"])
        ours = api.post("/api/v1/jobs", {**BRIEF, "channel": "sea life"}, format="json").json()["id"]
        theirs = api.post("/api/v1/jobs", {**BRIEF, "channel": "money"}, format="json").json()["id"]

        assert [job["id"] for job in http.get("/api/v1/jobs").json()["results"]] == [ours]
        assert http.get("/api/v1/jobs?channel=money").json()["results"] == []
        assert http.get(f"/api/v1/jobs/{ours}").status_code == 200
        for path in ("", "/events", "/video", "/stream"):
            assert http.get(f"/api/v1/jobs/{theirs}{path}").status_code == 404
        for path in ("/cancel", "/retry"):
            assert http.post(f"/api/v1/jobs/{theirs}{path}").status_code == 404

    def test_a_brief_for_another_is_refused_and_writes_nothing(self, orchestrator):
        response = client(channels=["sea life"]).post("/api/v1/jobs", BRIEF, format="json")

        assert response.status_code == 403
        assert "sea life" in response.json()["detail"]
        assert not orchestrator.submitted

    def test_a_webhook_of_such_a_key_is_held_to_them_too(self, api, settings):
        settings.WEBHOOK_ALLOW_PRIVATE = True
        http = client(channels=["sea life"])
        body = {"url": "http://127.0.0.1:9999/"}
        api.post("/api/v1/webhooks", body, format="json")
        made = http.post("/api/v1/webhooks", body, format="json").json()["webhook"]
        beyond = http.post("/api/v1/webhooks", {**body, "channels": ["money"]}, format="json")
        widened = http.patch(f"/api/v1/webhooks/{made['id']}", {"channels": []}, format="json").json()

        assert made["channels"] == widened["channels"] == ["sea life"]
        assert beyond.status_code == 403
        assert [hook["id"] for hook in http.get("/api/v1/webhooks").json()["results"]] == [made["id"]]


class TestPace:
    def test_a_key_s_own_pace_goes_before_the_usual(self):
        slow, usual = client(writes_per_minute=1), client()

        assert [slow.post("/api/v1/jobs", BRIEF, format="json").status_code for _ in range(2)] == [202, 429]
        assert slow.get("/api/v1/jobs").status_code == 200
        assert [usual.post("/api/v1/jobs", BRIEF, format="json").status_code for _ in range(2)] == [202, 202]

    def test_however_many_call_at_once_as_many_pass_as_may(self):
        holder = KeyHolder(id=uuid4(), name="a crowd", reads_per_minute=10)
        with ThreadPoolExecutor(16) as crowd:
            waits = list(crowd.map(lambda _: gateway.count_call(holder, reads=True), range(60)))

        assert 9 <= waits.count(0) <= 10  # where a second ends meanwhile, one may be refused that had a place
        assert gateway.count_call(holder, reads=False) == 0

    @pytest.mark.parametrize(("rate", "period"), [("3/s", 1), ("3/min", 60), ("3/hour", 3600)])
    def test_whoever_waits_as_long_as_was_said_may_call_again(self, rate, period, monkeypatch):
        monkeypatch.setattr(throttles.KeyThrottle, "THROTTLE_RATES", {"read": rate})
        holder, now = KeyHolder(id=uuid4(), name="patient"), 1_800_000_000.9

        def call(at):
            monkeypatch.setattr(throttles, "time", SimpleNamespace(time=lambda: at))
            return gateway.count_call(holder, reads=True)

        assert [call(now) for _ in range(3)] == [0, 0, 0]
        wait = call(now)
        assert 0 < wait <= period
        assert call(now + wait - 1.0) > 0 or period == 1
        assert [call(now + wait) for _ in range(4)][:3] == [0, 0, 0]
        assert call(now + wait) > 0

    def test_what_was_refused_does_not_count(self, monkeypatch):
        holder, now = KeyHolder(id=uuid4(), name="pushing", reads_per_minute=1), 1_800_000_000.0
        monkeypatch.setattr(throttles, "time", SimpleNamespace(time=lambda: now))
        waits = [gateway.count_call(holder, reads=True) for _ in range(50)]
        now += 60

        assert waits == [0] + [60] * 49
        assert gateway.count_call(holder, reads=True) == 0


class TestMaking:
    def test_makes_a_key_that_is_shown_once_and_may_do_what_it_was_made_for(self, api):
        made = api.post(KEYS, {"name": "n8n", "scopes": ["jobs:read"]}, format="json")
        http = APIClient()
        http.credentials(HTTP_AUTHORIZATION=f"Bearer {made.json()['key']}")

        assert made.status_code == 201
        assert http.get("/api/v1/jobs").status_code == 200
        assert http.post("/api/v1/jobs", BRIEF, format="json").status_code == 403
        listed = next(key for key in api.get(KEYS).json()["results"] if key["name"] == "n8n")
        assert "key" not in listed
        assert made.json()["key"].startswith(listed["begins"])
        assert listed["last_used_at"] is not None

    def test_gives_out_no_more_than_it_has(self):
        http = client(scopes=["keys:admin", "jobs:read"], channels=["sea life"], writes_per_minute=5)
        body = {"name": "child"}
        good = http.post(KEYS, {**body, "writes_per_minute": 5}, format="json").json()
        refused = [
            http.post(KEYS, {**body, "writes_per_minute": 5, **more}, format="json").status_code
            for more in ({"scopes": ["jobs:write"]}, {"channels": ["money"]}, {"writes_per_minute": 6})
        ]
        same = http.post(KEYS, body, format="json").json()

        assert (good["scopes"], good["channels"]) == (["jobs:read", "keys:admin"], ["sea life"])
        assert (same["reads_per_minute"], same["writes_per_minute"]) == (None, 5)
        assert refused == [403, 403, 403]

    def test_revokes(self, api):
        made = api.post(KEYS, {"name": "old"}, format="json").json()

        assert api.delete(f"{KEYS}/{made['id']}").status_code == 204
        assert api.delete(f"{KEYS}/{made['id']}").status_code == 404
        assert gateway.verify_key(made["key"]) is None

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({}, 400),
            ([], 400),
            ({"name": ""}, 400),
            ({"name": " "}, 422),
            ({"name": "a\nb"}, 422),
            ({"name": "a", "scopes": []}, 422),
            ({"name": "a", "scopes": ["jobs:eat"]}, 422),
            ({"name": "a", "scopes": "jobs:read"}, 400),
            ({"name": "a", "channels": ["\x00"]}, 422),
            ({"name": "a", "reads_per_minute": 0}, 400),
            ({"name": "a", "reads_per_minute": "5"}, 400),
            ({"name": "a", "reads_per_minute": True}, 400),
            ({"name": "a", "admin": True}, 400),
        ],
    )
    def test_refuses_what_no_key_can_be(self, api, body, code):
        before = ApiKey.objects.count()
        response = api.post(KEYS, body, format="json")

        assert response.status_code == code
        assert response["Content-Type"] == "application/problem+json"
        assert ApiKey.objects.count() == before


class TestAnotherSecretKey:
    @pytest.mark.django_db(databases=["gateway", "default"])
    def test_keys_work_on_and_so_do_sessions_and_links_while_the_old_one_is_a_fallback(
        self, api, settings, client, django_user_model
    ):
        client.force_login(django_user_model.objects.create_user("ada", is_staff=True, is_superuser=True))
        link = blobs.link(blobs.put_bytes("jobs/x/take.mp4", b"v"))
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"

        assert api.get("/api/v1/key").status_code == 200
        assert client.get(link).status_code == 200
        assert get_user(client).is_authenticated

        settings.SECRET_KEY_FALLBACKS = []
        assert api.get("/api/v1/key").status_code == 200
        assert client.get(link).status_code in (403, 404)


class TestConditionalReads:
    def test_what_has_not_changed_is_not_sent_again(self, api, job):
        for address in (f"/api/v1/jobs/{job['id']}", "/api/v1/jobs", "/api/v1/personas", KEYS):
            first = api.get(address)
            again = api.get(address, headers={"If-None-Match": f'"other", {first["ETag"]}'})

            assert first["Cache-Control"] == "private, no-cache"
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])

    def test_what_has_changed_is(self, api, job):
        address = f"/api/v1/jobs/{job['id']}"
        etag = api.get(address)["ETag"]
        Job.objects.filter(id=job["id"]).update(progress=0.5)

        assert api.get(address, headers={"If-None-Match": etag}).status_code == 200

    def test_links_that_are_signed_anew_are_no_change(self, api, orchestrator, job, monkeypatch):
        blobs.put_bytes("jobs/x/take.mp4", b"v")
        key = UUID(job["id"])
        orchestrator.snapshots[key] = snapshot(key, JobStatus.COMPLETED, take=take("jobs/x/take.mp4"))
        first = api.get(f"/api/v1/jobs/{key}")
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + 2)
        second = api.get(f"/api/v1/jobs/{key}")

        assert first.json()["links"]["download"] != second.json()["links"]["download"]
        assert api.get(f"/api/v1/jobs/{key}", headers={"If-None-Match": first["ETag"]}).status_code == 304


class TestCommands:
    def test_a_key_is_made_for_less_than_everything_listed_and_revoked(self, capsys):
        limits = ["--scope", "jobs:read", "--channel", "sea life", "--writes-per-minute", "30"]
        call_command("create_key", "n8n", *limits)
        key = capsys.readouterr().out.strip()
        call_command("keys")
        listed = capsys.readouterr().out
        call_command("keys", "--revoke", "_".join(key.split("_")[:2]))

        assert "jobs:read" in listed
        assert "sea life" in listed
        assert gateway.verify_key(key) is None

    @pytest.mark.parametrize(
        "words", [["create_key", "x", "--scope", "jobs:eat"], ["keys", "--revoke", "hl_nobody"]]
    )
    def test_what_cannot_be_done_is_said(self, words):
        with pytest.raises(CommandError):
            call_command(*words)
