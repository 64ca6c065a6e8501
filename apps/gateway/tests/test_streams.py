"""A job over server-sent events: what is told, in which order, for how long, to how many."""

import json
import threading
import time
from uuid import UUID

import pytest
from django.db import connections

from apps.contracts.progress import JobStatus
from apps.gateway import interface as gateway
from apps.gateway import streams
from apps.gateway.models import Job
from apps.gateway.tests.orchestrating import event, failure, snapshot

pytestmark = pytest.mark.django_db(databases=["gateway"])


@pytest.fixture(autouse=True)
def _fast(monkeypatch):
    monkeypatch.setattr(streams, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(streams, "STAND_EVERY", 0.04)
    monkeypatch.setattr(streams, "HEARTBEAT", 0.05)


@pytest.fixture
def key(job):
    return UUID(job["id"])


def read(pieces):
    """The stream's events as a browser's EventSource would give them: (name, id, data)."""
    found = []
    for block in b"".join(pieces).decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line and line[0] != ":")
        if "data" in fields:
            found.append((fields.get("event", "message"), fields.get("id"), json.loads(fields["data"])))
    return found


class TestTelling:
    def test_what_happens_between_the_two_looks_is_told_before_the_end(self, orchestrator, key, monkeypatch):
        orchestrator.happened = (event(1, "submitted"),)
        standing = streams._standing

        def ends_now(job_id):
            orchestrator.happened = (event(1, "submitted"), event(2, "completed"))
            orchestrator.snapshots[key] = snapshot(key, JobStatus.COMPLETED)
            return standing(job_id)

        monkeypatch.setattr(streams, "_standing", ends_now)
        told = read(gateway.stream(key))

        assert [(name, seq) for name, seq, _ in told] == [
            ("message", "1"),
            ("message", "2"),
            ("snapshot", None),
            ("end", None),
        ]

    def test_tells_what_happened_how_it_stands_and_that_it_is_over(self, api, orchestrator, key):
        orchestrator.happened = (event(4, "submitted"), event(9, "completed", note="two\nlines \U0001f419"))
        orchestrator.snapshots[key] = snapshot(key, JobStatus.COMPLETED, pictures={1: "b", 0: "a"})
        response = api.get(f"/api/v1/jobs/{key}/stream")
        told = read(response.streaming_content)

        assert response["Content-Type"] == "text/event-stream"
        assert response["Cache-Control"] == "no-store"
        assert [(name, seq) for name, seq, _ in told] == [
            ("message", "4"),
            ("message", "9"),
            ("snapshot", None),
            ("end", None),
        ]
        assert told[1][2]["metadata"]["note"] == "two\nlines \U0001f419"
        assert told[2][2]["pictures"] == [0, 1]
        assert told[3][2]["status"] == "completed"

    @pytest.mark.parametrize("where", ["header", "query"])
    def test_goes_on_where_the_client_was(self, api, orchestrator, key, where):
        orchestrator.happened = (event(4, "submitted"), event(9, "completed"))
        orchestrator.snapshots[key] = snapshot(key, JobStatus.COMPLETED)
        given = {"headers": {"Last-Event-ID": "4"}} if where == "header" else {"data": {"after": 4}}
        told = read(api.get(f"/api/v1/jobs/{key}/stream", **given).streaming_content)

        assert [seq for name, seq, _ in told if name == "message"] == ["9"]

    def test_a_client_that_knows_it_all_is_told_not_to_come_back(self, api, orchestrator, key):
        orchestrator.happened = (event(9, "completed"),)
        orchestrator.snapshots[key] = snapshot(key, JobStatus.COMPLETED)
        api.get(f"/api/v1/jobs/{key}")

        assert api.get(f"/api/v1/jobs/{key}/stream?after=9").status_code == 204

    def test_whoever_asks_for_no_more_than_the_head_takes_no_place(self, api, key, settings):
        settings.STREAMS = 0
        began = time.monotonic()
        response = api.head(f"/api/v1/jobs/{key}/stream")

        assert (response.status_code, response["Content-Type"]) == (200, "text/event-stream")
        assert time.monotonic() - began < 5
        assert api.get(f"/api/v1/jobs/{key}/stream").status_code == 503

    def test_tells_each_standing_once_and_keeps_the_line_open_meanwhile(self, orchestrator, key):
        orchestrator.snapshots[key] = snapshot(key, JobStatus.RUNNING, progress=0.2)
        stream, pieces = gateway.stream(key), []
        until = time.monotonic() + 5
        for piece in stream:
            pieces.append(piece)
            if len(pieces) == 4:
                orchestrator.snapshots[key] = snapshot(key, JobStatus.FAILED, failure=failure())
            assert time.monotonic() < until

        told = read(pieces)
        assert b":\n\n" in pieces
        assert [(name, data["status"]) for name, _, data in told] == [
            ("snapshot", "running"),
            ("snapshot", "failed"),
            ("end", "failed"),
        ]
        assert told[-1][2]["failure"]["remedy"] == failure().remedy

    def test_follows_a_job_that_the_orchestrator_does_not_have_yet(self, key, monkeypatch):
        monkeypatch.setattr(streams, "LIFETIME", 0.1)

        assert [data["status"] for _, _, data in read(gateway.stream(key))] == ["queued"]

    @pytest.mark.parametrize("last", ["abc", "-1", "9" * 20])
    def test_refuses_a_place_that_it_never_gave_out(self, api, key, last):
        response = api.get(f"/api/v1/jobs/{key}/stream", headers={"Last-Event-ID": last})

        assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "Last-Event-ID")


class TestBounds:
    def test_ends_after_its_time_and_the_client_comes_back(self, orchestrator, key, monkeypatch):
        monkeypatch.setattr(streams, "LIFETIME", 0.2)
        orchestrator.snapshots[key] = snapshot(key, JobStatus.RUNNING)
        began = time.monotonic()
        pieces = list(gateway.stream(key))

        assert time.monotonic() - began < 2
        assert pieces[0] == b"retry: 1000\n\n"
        assert read(pieces)[-1][0] == "snapshot"

    def test_too_many_are_sent_to_polling(self, api, orchestrator, key, settings):
        settings.STREAMS = 1
        orchestrator.snapshots[key] = snapshot(key, JobStatus.RUNNING)
        first = gateway.stream(key)
        refused = api.get(f"/api/v1/jobs/{key}/stream")
        first.close()
        first.close()
        gateway.stream(key).close()

        assert refused.status_code == 503
        assert refused["Content-Type"] == "application/problem+json"
        assert int(refused["Retry-After"]) >= streams.WAIT

    def test_one_that_is_forgotten_gives_its_place_back(self, orchestrator, key, settings):
        settings.STREAMS = 1
        orchestrator.snapshots[key] = snapshot(key, JobStatus.RUNNING)
        for _ in range(3):
            next(gateway.stream(key))


@pytest.mark.django_db(databases=["gateway", "orchestrator"], transaction=True)
def test_holds_no_connection_while_it_waits(orchestrator, monkeypatch):
    monkeypatch.setattr(streams, "LOOK_EVERY", 0.3)
    job = Job.objects.create(request_payload={}, platform="tiktok", channel="main", request_digest="x")
    orchestrator.snapshots[job.id] = snapshot(job.id, JobStatus.RUNNING)
    held, stop = [], threading.Event()

    def follow():
        stream = gateway.stream(job.id)
        next(stream)
        next(stream)
        held.extend(alias for alias in streams.ALIASES if connections[alias].connection is not None)
        stream.close()
        stop.set()

    threading.Thread(target=follow).start()
    assert stop.wait(5)
    assert held == []
