"""Jobs found again: filters, search, the columns a list shows, and one order to many."""

from dataclasses import replace
from uuid import uuid4

import cv2
import numpy as np
import pytest
from rest_framework.test import APIClient

from apps.contracts.progress import JobStatus
from apps.foundation import blobs
from apps.gateway import filters, library, searching
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
        monkeypatch.setattr(searching, "FEW_HITS", 1)

        assert topics(q="octo") == ["Octopus hearts", "The octopus's garden"]
        assert topics(q="octo", status="failed") == []


class TestSearchingInAnyScript:
    @pytest.mark.parametrize(
        ("topic", "q"),
        [
            ("为什么章鱼有三颗心？", "章鱼"),
            ("为什么章鱼有三颗心？", "章鱼 三颗"),
            ("タコには心臓が３つある", "心臓が3"),
            ("ทำไมหมึกมีสามหัวใจ", "หมึก"),
            ("문어는 심장이 셋이다", "문어"),
            ("हिन्दी में ऑक्टोपस के तीन दिल।", "ऑक्टो"),
            ("قَلْب الأخطبوط؟", "الأخط"),
            ("Über-Größe: Straßen", "uber STRASSEN"),
            ("Zu\u0308rich", "zürich"),
            ("cats/dogs: AT&T, e-mail", "dogs at&t mail"),
            ("🐙octopus🐙", "octopus"),
            ("“Quoted”—words…", "quoted words"),
        ],
    )
    def test_finds_words_wherever_they_stand(self, topic, q):
        for one in (topic, "Something else 别的东西"):
            Job.objects.create(request_payload={"topic": one}, platform="tiktok", channel="c")

        assert topics(q=q) == [topic]

    def test_does_not_find_characters_apart_or_the_other_way_round(self):
        Job.objects.create(request_payload={"topic": "为什么章鱼有三颗心"}, platform="tiktok", channel="c")

        assert topics(q="鱼章") == topics(q="章三") == []

    @pytest.mark.parametrize("q", ["facts", "sea", "deepsea", "topic night", "owl sea", "77"])
    def test_finds_parts_of_the_names_of_channel_and_persona(self, q):
        made = {"platform": "tiktok", "persona": "night_owl", "channel": "DeepSea-facts_77"}
        Job.objects.create(request_payload={"topic": "Topic"}, **made)
        Job.objects.create(request_payload={"topic": "Other"}, **{**made, "persona": "", "channel": "c"})

        assert topics(q=q) == ["Topic"]

    def test_finds_the_same_by_looking_near_by_the_index_and_by_looking_far(self, monkeypatch):
        for n in range(12):
            kind = "rare" if n % 6 == 0 else "common"
            Job.objects.create(request_payload={"topic": f"{kind} {n}"}, platform="tiktok", channel="c")
        everything = topics(q="common"), topics(q="rare")

        for near, few, far in ((1, 3, 4), (1, 100, 100), (3, 1, 3)):
            monkeypatch.setattr(searching, "NEAR", near)
            monkeypatch.setattr(searching, "FEW_HITS", few)
            monkeypatch.setattr(searching, "FAR", far)
            assert (topics(q="common"), topics(q="rare")) == everything
            first = gateway.jobs({"q": "common"}, limit=4)
            rest = gateway.jobs({"q": "common"}, cursor=first.next_cursor, limit=10)
            assert sorted(job.topic for job in (*first.jobs, *rest.jobs)) == everything[0]


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
        assert over_api.json() == {"done": [str(job.id)], "refused": [], "left": 0}
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

    def test_reach_all_that_the_filters_let_through_some_at_a_time(self, orchestrator, monkeypatch):
        monkeypatch.setattr(library, "BULK_LIMIT", 3)
        failed = [gateway.submit_brief({"topic": f"octopus {n}", "channel": "sea"}).id for n in range(5)]
        Job.objects.filter(id__in=failed).update(status="failed")
        gateway.submit_brief({"topic": "octopus", "channel": "land"})
        orchestrator.snapshots |= {job: snapshot(job, JobStatus.QUEUED) for job in failed}

        first = gateway.order_matching_jobs("retry", {"channel": "sea", "q": "octo"})
        rest = gateway.order_matching_jobs("retry", {"channel": "sea"})

        assert (len(first.done), first.left) == (3, 2)
        assert (len(rest.done), rest.left) == (2, 0)
        assert {*first.done, *rest.done} == {*failed}
        assert gateway.order_matching_jobs("retry", {}).done == ()
        with pytest.raises(gateway.UnableToOrder):
            gateway.order_matching_jobs("delete", {})

    def test_cancel_what_only_waits_all_at_once(self, orchestrator, monkeypatch):
        monkeypatch.setattr(library, "BULK_LIMIT", 1)
        waiting = [
            Job.objects.create(request_payload={"topic": str(n)}, platform="tiktok", channel="c").id
            for n in range(4)
        ]

        outcome = gateway.order_matching_jobs("cancel", {"status": "queued"})

        assert ({*outcome.done}, outcome.left) == ({*waiting}, 0)
        assert not orchestrator.submitted
        assert len(gateway.jobs({"status": "cancelled"}).jobs) == 4

    def test_by_filter_over_the_api_stay_within_the_keys_channels(self, orchestrator):
        for channel in ("mine", "theirs"):
            Job.objects.create(request_payload={"topic": "x"}, platform="tiktok", channel=channel)
        held = APIClient()
        held.credentials(HTTP_AUTHORIZATION=f"Bearer {gateway.create_key('held', channels=['mine']).key}")

        def ordered(**body):
            return held.post("/api/v1/jobs/orders", {"action": "cancel", **body}, format="json")

        answer = ordered(matching={"status": "queued", "q": "x"}).json()

        assert (len(answer["done"]), answer["refused"], answer["left"]) == (1, [], 0)
        assert [job.channel for job in gateway.jobs({"status": "cancelled"}).jobs] == ["mine"]
        for wrong in ({}, {"jobs": [str(uuid4())], "matching": {}}, {"matching": {"colour": "red"}}):
            assert ordered(**wrong).status_code == 400
        for name, value in (("platform", "\x00"), ("batch", "x"), ("min_score", 101), ("q", "")):
            assert ordered(matching={name: value}).status_code == 400, name

    def test_are_for_two_hundred_at_most(self):
        with pytest.raises(gateway.UnableToOrder):
            gateway.order_jobs("cancel", [uuid4() for _ in range(201)])
