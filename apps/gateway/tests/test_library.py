"""Jobs found again: filters, search, the columns a list shows, and one order to many."""

from dataclasses import replace
from uuid import uuid4

import cv2
import numpy as np
import pytest
from rest_framework.test import APIClient

from apps.contracts.progress import JobStatus
from apps.foundation import blobs
from apps.gateway import filters, jobs, library
from apps.gateway import interface as gateway
from apps.gateway.models import Job
from apps.gateway.tests.orchestrating import judgement, snapshot, take
from apps.orchestrator.signals import job_progressed

pytestmark = pytest.mark.django_db(databases=["gateway"])


def topics(**filters: str) -> list[str]:
    return sorted(job.topic for job in gateway.jobs(filters).jobs)


def completed(job_id, orchestrator, poster="jobs/x/poster.jpg"):
    done = snapshot(
        job_id, JobStatus.COMPLETED, take=take("jobs/x/t.mp4", poster=poster), judgements=(judgement(),)
    )
    orchestrator.snapshots[job_id] = done
    return done


def announce(job_id, status, **more):
    job_progressed.send(sender=None, job_id=job_id, status=status, progress=1.0, stage="", **more)


class TestSearching:
    @pytest.fixture(autouse=True)
    def _some(self):
        for topic in (
            "Octopus hearts",
            "The octopus's garden",
            "Über Straßen",
            "तीन दिल",
            "100% O'Neill \\ & | !",
        ):
            gateway.submit_brief({"topic": topic, "language": "de" if topic[0] == "Ü" else "en"})

    @pytest.mark.parametrize(
        ("q", "found"),
        [
            ("octo", ["Octopus hearts", "The octopus's garden"]),
            ("OCTO gard", ["The octopus's garden"]),
            ("garden hearts", []),
            ("straß", ["Über Straßen"]),
            ("दिल", ["तीन दिल"]),
            ("o'neill", ["100% O'Neill \\ & | !"]),
            ("topus", []),
        ],
    )
    def test_finds_the_beginnings_of_words_in_any_script(self, q, found):
        assert topics(q=q) == found

    @pytest.mark.parametrize(
        "q", ["'", "\\", ":*", "!", "& | !", "a' | 'b", "('", "<->", "%", "x" * 500, "\t"]
    )
    def test_hostile_searches_find_what_they_find_and_break_nothing(self, q):
        topics(q=q)

    def test_finds_a_job_by_how_its_id_begins(self):
        job = gateway.jobs().jobs[0]

        assert topics(q=str(job.id)[:13]) == [job.topic]
        assert topics(q=str(uuid4())) == []

    def test_finds_the_same_where_a_word_is_common(self, monkeypatch):
        monkeypatch.setattr(jobs, "FEW_HITS", 1)

        assert topics(q="octo") == ["Octopus hearts", "The octopus's garden"]
        assert topics(q="octo", status="failed") == []


class TestFiltering:
    def test_by_everything_together(self, orchestrator):
        for n, score in enumerate((55.0, 78.0, None)):
            job = gateway.submit_brief({"topic": f"T{n}", "persona": "calm_uncle", "channel": "sea"})
            Job.objects.filter(id=job.id).update(score=score)

        assert topics(persona="calm_uncle", channel="sea", min_score="60") == ["T1"]
        assert topics(max_score="60") == ["T0"]
        assert topics(persona="sharp_friend") == []
        assert topics(persona="", q="", min_score="") == ["T0", "T1", "T2"]

    def test_over_the_api(self, api):
        made = api.post("/api/v1/jobs", {"topic": "Octopus", "persona": "calm_uncle"}, format="json").json()
        Job.objects.filter(id=made["id"]).update(score=81.5)

        found = api.get("/api/v1/jobs?q=oct&persona=calm_uncle&min_score=80&max_score=90").json()["results"]
        assert [(job["id"], job["persona"], job["score"]) for job in found] == [
            (made["id"], "calm_uncle", 81.5)
        ]
        assert api.get("/api/v1/jobs?min_score=81&max_score=81").json()["results"] == []
        for wrong in ("min_score=x", "min_score=101", "batch=x", "q="):
            assert api.get(f"/api/v1/jobs?{wrong}").status_code == 400

    def test_lists_the_channels_there_are(self):
        for channel in ("b", "a", "b"):
            gateway.submit_brief({"topic": "x", "channel": channel})

        assert gateway.channels() == ("a", "b")


class TestColumns:
    def test_take_the_persona_when_it_is_decided_and_the_rest_at_the_end(self, orchestrator):
        job = gateway.submit_brief({"topic": "x"})
        announce(job.id, JobStatus.RUNNING, persona="calm_uncle")
        assert gateway.some_jobs([job.id])[0].persona == "calm_uncle"

        completed(job.id, orchestrator)
        announce(job.id, JobStatus.COMPLETED, persona="sharp_friend")

        found = gateway.some_jobs([job.id])[0]
        assert (found.persona, found.score) == ("sharp_friend", 78.4)
        assert found.poster_mark

    def test_follow_a_take_that_replaces_the_first(self, orchestrator):
        job = gateway.submit_brief({"topic": "x"})
        completed(job.id, orchestrator)
        announce(job.id, JobStatus.COMPLETED)
        before = gateway.some_jobs([job.id])[0].poster_mark

        completed(job.id, orchestrator, poster="jobs/x/another.jpg")
        gateway.job(job.id)

        assert gateway.some_jobs([job.id])[0].poster_mark != before

    def test_of_jobs_older_than_the_library_are_asked_for_once(self, orchestrator):
        known, unknown = (gateway.submit_brief({"topic": str(n)}).id for n in range(2))
        completed(known, orchestrator)
        Job.objects.update(status="completed")

        library.backfill()

        assert gateway.some_jobs([known])[0].score == 78.4
        assert not Job.objects.filter(poster_key=None).exists()
        assert Job.objects.get(id=unknown).poster_key == ""

    def test_score_is_that_of_the_delivered_attempt(self):
        better = replace(judgement(), attempt=1, scores=replace(judgement().scores, total=90.0))
        done = snapshot(uuid4(), JobStatus.COMPLETED, take=take("t"), judgements=(judgement(), better))

        assert filters.shown_by(done)["score"] == 78.4


class TestThumbnails:
    def test_are_small_and_made_once(self, orchestrator, client):
        picture = cv2.imencode(".jpg", np.full((1920, 1080, 3), 120, np.uint8))[1].tobytes()
        job = gateway.submit_brief({"topic": "x"})
        completed(job.id, orchestrator, poster=blobs.put_bytes("jobs/x/poster.jpg", picture))
        gateway.job(job.id)

        link = gateway.thumbnail_link(job.id)

        small = client.get(link).getvalue()
        assert cv2.imdecode(np.frombuffer(small, np.uint8), cv2.IMREAD_COLOR).shape == (480, 270, 3)
        assert len(small) < 10_000

    @pytest.mark.parametrize("poster", ["jobs/gone.jpg", "jobs/x/none.jpg"])
    def test_there_is_none_of_what_is_gone_or_no_picture(self, orchestrator, poster):
        blobs.put_bytes("jobs/x/none.jpg", b"not a picture")
        job = gateway.submit_brief({"topic": "x"})
        completed(job.id, orchestrator, poster=poster)
        gateway.job(job.id)

        with pytest.raises(gateway.UnableToShowMedia):
            gateway.thumbnail_link(job.id)


class TestOrders:
    def test_are_carried_out_where_they_can_be(self, api, orchestrator):
        job = gateway.submit_brief({"topic": "x"})
        orchestrator.snapshots[job.id] = snapshot(job.id, JobStatus.CANCELLED)

        outcome = gateway.order_jobs("cancel", [job.id, uuid4()])
        over_api = api.post("/api/v1/jobs/orders", {"action": "retry", "jobs": [str(job.id)]}, format="json")

        assert outcome.done == (job.id,)
        assert "no job" in next(iter(outcome.refused.values()))
        assert over_api.json() == {"done": [str(job.id)], "refused": []}
        for wrong in ({"action": "delete", "jobs": [str(job.id)]}, {"action": "retry", "jobs": ["x"]}):
            assert api.post("/api/v1/jobs/orders", wrong, format="json").status_code in (400, 422)

    def test_do_not_reach_jobs_that_a_key_may_not_see(self, orchestrator):
        job = gateway.submit_brief({"topic": "x", "channel": "theirs"})
        held = APIClient()
        held.credentials(HTTP_AUTHORIZATION=f"Bearer {gateway.create_key('held', channels=['mine']).key}")

        body = {"action": "cancel", "jobs": [str(job.id)]}
        answer = held.post("/api/v1/jobs/orders", body, format="json").json()

        assert answer["done"] == []
        assert [one["job"] for one in answer["refused"]] == [str(job.id)]

    def test_are_for_two_hundred_at_most(self):
        with pytest.raises(gateway.UnableToOrder):
            gateway.order_jobs("cancel", [uuid4() for _ in range(201)])
