"""Numbers, publications, imports and experiments over REST, end to end but for the orchestrator."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from apps.contracts.experiment import UnableToExperiment
from apps.contracts.performance import Rewards
from apps.contracts.progress import JobStatus
from apps.gateway import interface as gateway
from apps.gateway.models import Experiment, Job, Publication
from apps.gateway.tests.conftest import BRIEF
from apps.gateway.tests.exports import YOUTUBE
from apps.gateway.tests.remembering import HELD, FakeMemory
from apps.orchestrator import interface as door

pytestmark = pytest.mark.django_db(databases=["gateway"])
NOBODYS = "e53bb409-29d5-440a-898f-1c18884a9b53"
TODAY = datetime.now(UTC).date()


@pytest.fixture(autouse=True)
def memory(monkeypatch):
    fake = FakeMemory()
    for name in dir(fake):
        if hasattr(door, name) and not name.startswith("_"):
            monkeypatch.setattr(door, name, getattr(fake, name))
    return fake


@pytest.fixture
def short(job):
    """A job that is completed."""
    Job.objects.filter(id=job["id"]).update(status=JobStatus.COMPLETED.value)
    return UUID(job["id"])


def performance_of(job):
    return f"/api/v1/jobs/{job}/performance"


def publication_of(job):
    return f"/api/v1/jobs/{job}/publication"


def wrong(response):
    assert response["Content-Type"] == "application/problem+json"
    return {error["field"]: error["code"] for error in response.json().get("errors", [])}


class TestReporting:
    def test_keeps_a_day_and_says_what_was_learned(self, api, short, memory):
        day = {"day": "2026-11-01", "views": 1840, "completion": 0.46, "skip_rate": 0}

        response = api.post(performance_of(short), day, format="json")

        answer = response.json()
        assert response.status_code == 200
        assert answer["performances"][0]["views"] == 1840
        assert answer["rewards"]["hook"] == 80.0
        assert [t["kind"] for t in answer["taught"]] == ["hook"]
        assert api.get(performance_of(short)).json() == answer

    def test_takes_several_days_in_any_order(self, api, short, memory):
        days = [{"day": "2026-11-02", "views": 5}, {"day": "2026-11-01", "views": 3}, {"views": 9}]

        answer = api.post(performance_of(short), days, format="json").json()

        assert [p["views"] for p in answer["performances"]] == [3, 5, 9]
        assert answer["performances"][-1]["day"] == str(TODAY)

    @pytest.mark.parametrize(
        ("body", "named"),
        [
            ({}, {"views": "missing"}),
            ([], {"body": "out_of_range"}),
            ("text", {"body": "wrong_type"}),
            ({"views": -1}, {"views": "out_of_range"}),
            ({"views": True}, {"views": "wrong_type"}),
            ({"views": 1.5}, {"views": "wrong_type"}),
            ({"views": 10**13}, {"views": "out_of_range"}),
            ({"views": 10**39}, {"views": "out_of_range"}),
            ({"views": 1, "completion": 1.01}, {"completion": "out_of_range"}),
            ({"views": 1, "skip_rate": -0.1}, {"skip_rate": "out_of_range"}),
            ({"views": 1, "completion": "46%"}, {"completion": "wrong_type"}),
            ({"views": 1, "average_watch_seconds": 10**30}, {"average_watch_seconds": "out_of_range"}),
            ({"views": 1, "average_watch_seconds": 86401}, {"average_watch_seconds": "out_of_range"}),
            ({"views": 1, "engaged_views": 2}, {"engaged_views": "out_of_range"}),
            ({"views": 1, "day": "0001-01-01"}, {"day": "out_of_range"}),
            ({"views": 1, "day": "9999-12-31"}, {"day": "out_of_range"}),
            ({"views": 1, "day": str(TODAY + timedelta(days=3))}, {"day": "out_of_range"}),
            ({"views": 1, "day": "2026-02-30"}, {"day": "wrong_type"}),
            ({"views": 1, "day": "20260101"}, {"day": "wrong_type"}),
            ({"views": 1, "day": 5}, {"day": "wrong_type"}),
            ({"views": 1, "source": "a\u0000"}, {"source": "wrong_type"}),
            ({"views": 1, "likes\u202e": 2}, {"likes\u202e": "unknown_field"}),
            ([{"views": 1}, {"views": -1}], {"1.views": "out_of_range"}),
            ([{"views": 1}, 7], {"1": "wrong_type"}),
            ([{"views": 1}, {"views": 2}], {"1.day": "repeated"}),
        ],
    )
    def test_names_each_number_that_cannot_be_and_writes_nothing(self, api, short, memory, body, named):
        response = api.post(performance_of(short), body, format="json")

        assert response.status_code == 400
        assert wrong(response) == named
        assert all(error["remedy"] for error in response.json()["errors"])
        assert memory.known == {}

    def test_refuses_numbers_that_are_none(self, api, short, memory):
        nan = b'{"views": 1, "completion": NaN}'

        response = api.post(performance_of(short), nan, content_type="application/json")

        assert response.status_code == 400
        assert memory.known == {}

    def test_a_job_without_a_short_has_no_numbers(self, api, job):
        assert api.post(performance_of(job["id"]), {"views": 1}, format="json").status_code == 409
        assert api.post(performance_of(NOBODYS), {"views": 1}, format="json").status_code == 404
        assert api.get(performance_of(NOBODYS)).status_code == 404

    def test_wants_a_key_that_may(self, short):
        only_jobs = APIClient()
        key = gateway.create_key("jobs", scopes=("jobs:read", "jobs:write")).key
        only_jobs.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")

        assert APIClient().get(performance_of(short)).status_code == 401
        assert only_jobs.get(performance_of(short)).status_code == 403
        assert only_jobs.post(performance_of(short), {"views": 1}, format="json").status_code == 403


class TestPublishing:
    def test_reads_the_id_out_of_the_address(self, api, short):
        link = {
            "url": "https://youtube.com/shorts/abcDEF12345?si=x",
            "published_at": "2026-11-01T10:00:00+02:00",
        }

        response = api.put(publication_of(short), link, format="json")

        assert response.status_code == 200
        assert response.json()["external_id"] == "abcDEF12345"
        assert response.json()["published_at"] == "2026-11-01T08:00:00Z"
        assert api.get(publication_of(short)).json() == response.json()

    def test_again_replaces_it_and_delete_forgets_it(self, api, short):
        for name in ("one", "two"):
            api.put(publication_of(short), {"external_id": name}, format="json")

        assert api.get(publication_of(short)).json()["external_id"] == "two"
        assert api.delete(publication_of(short)).status_code == 204
        assert api.get(publication_of(short)).status_code == 404

    def test_one_video_is_one_jobs(self, api, short):
        other = api.post("/api/v1/jobs", {**BRIEF, "topic": "Bees"}, format="json").json()["id"]
        api.put(publication_of(short), {"external_id": "abc"}, format="json")

        assert api.put(publication_of(other), {"external_id": "abc"}, format="json").status_code == 409

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "external_id"),
            ([], "body"),
            ({"external_id": 5}, "external_id"),
            ({"external_id": "a b"}, "external_id"),
            ({"external_id": "a" * 101}, "external_id"),
            ({"url": "javascript:alert(1)"}, "url"),
            ({"url": "https://example.org/x"}, "external_id"),
            ({"external_id": "a\u0000"}, "external_id"),
            ({"external_id": "abc", "platform": "tiktok"}, "platform"),
            ({"external_id": "abc", "published_at": "soon"}, "published_at"),
            ({"external_id": "abc", "published_at": "9999-12-31T23:59:59-14:00"}, "published_at"),
            ({"external_id": "abc", "views": 1}, "views"),
        ],
    )
    def test_names_what_cannot_be_used(self, api, short, body, field):
        response = api.put(publication_of(short), body, format="json")

        assert response.status_code == 400
        assert set(wrong(response)) == {field}
        assert not Publication.objects.exists()


@pytest.fixture
def many(api):
    """Completed jobs by topic; two of them are called Twins."""

    def make(topic):
        made = api.post("/api/v1/jobs", {**BRIEF, "topic": topic}, format="json").json()["id"]
        Job.objects.filter(id=made).update(status=JobStatus.COMPLETED.value)
        return UUID(made)

    return {"Octopus": make("Octopus"), "Bees": make("Bees"), "Twins": (make("Twins"), make("Twins"))[0]}


def export(*lines, header="Content,Video title,Views,job_id"):
    return "\n".join((header, *lines)).encode()


class TestImporting:
    def test_finds_jobs_by_publication_then_by_id_then_by_a_title_that_is_one_jobs(self, many, memory):
        gateway.publish(many["Octopus"], {"url": "https://youtu.be/abcDEF12345"})
        data = export(
            "abcDEF12345,Bees,1,",
            f"zzzzz,Octopus,2,{many['Twins']}",
            "yyyyy,Bees,3,",
            "xxxxx,Twins,4,",
            "wwwww,Nobody's,5,",
            f"vvvvv,Bees,6,{NOBODYS}",
        )

        read = gateway.preview_performance(data)

        assert [(row.matched_by, row.job_id) for row in read.rows] == [
            ("publication", many["Octopus"]),
            ("job_id", many["Twins"]),
            ("title", many["Bees"]),
            ("", None),
            ("", None),
            ("", None),
        ]
        assert (read.ready, read.jobs, read.written) == (3, 3, 0)
        assert all(row.problems for row in read.left_out)
        assert memory.known == {}

    def test_takes_the_good_rows_and_twice_is_once(self, many, memory):
        gateway.publish(many["Octopus"], {"external_id": "abcDEF12345"})

        first = gateway.import_performance(YOUTUBE.encode(), filename="2026-11-01.csv")
        kept = dict(memory.known)
        second = gateway.import_performance(YOUTUBE.encode(), filename="2026-11-01.csv")

        assert first == second
        assert (first.written, first.jobs) == (2, 2)  # the other by its title, Bees
        assert memory.known == kept
        assert [str(day) for day in kept[many["Octopus"]]] == ["2026-11-01"]

    def test_of_two_rows_about_one_day_the_later_counts(self, many, memory):
        data = export("a,Bees,1,", "b,Bees,2,")

        read = gateway.import_performance(data)

        assert "Line 3" in read.left_out[0].problems[0]
        assert [one.views for one in memory.known[many["Bees"]].values()] == [2]

    def test_a_short_of_another_platform_and_one_that_is_not_finished_are_left_out(self, many, memory):
        Job.objects.filter(id=many["Bees"]).update(platform="tiktok")
        Job.objects.filter(id=many["Octopus"]).update(status=JobStatus.FAILED.value)
        data = export(f"a,x,1,{many['Bees']}", f"b,y,2,{many['Octopus']}")

        tiktok, failed = gateway.import_performance(data, source="youtube_studio").rows

        assert "made for tiktok" in tiktok.problems[0]
        assert "no finished short" in failed.problems[0]
        assert memory.known == {}

    def test_a_key_of_one_channel_finds_no_other_channels_jobs(self, many):
        read = gateway.preview_performance(export("a,Bees,1,"), channels=("elsewhere",))

        assert read.ready == 0

    def test_over_rest_a_dry_run_writes_nothing(self, api, many, memory):
        address, csv = "/api/v1/performance/imports", export("a,Bees,1,", "b,None,2,")

        tried = api.post(f"{address}?dry_run=true", csv, content_type="text/csv").json()
        assert (tried["ready"], tried["written"], memory.known) == (1, 0, {})

        done = api.post(address, csv, content_type="text/csv").json()
        assert (done["written"], done["left_out_total"]) == (1, 1)
        assert done["left_out"][0]["problems"]

    def test_over_rest_no_export_is_a_problem(self, api):
        address = "/api/v1/performance/imports"

        assert wrong(api.post(address, b"\x89PNG\x00", content_type="text/csv")) == {"file": "unusable_file"}
        assert api.post(address, b"{}", content_type="application/json").status_code == 415
        assert api.post(f"{address}?source=vine", b"a", content_type="text/csv").status_code == 400

    def test_the_command_says_what_it_would_do_and_does_it(self, many, memory, tmp_path):
        file = tmp_path / "Table data.csv"
        file.write_bytes(export("a,Bees,1,", 'b,"=HYPERLINK(""x"")",2,'))
        out = StringIO()

        call_command("import_performance", str(file), "--dry-run", stdout=out)
        assert memory.known == {}
        call_command("import_performance", str(file), stdout=out)

        assert "1 rows of 1 shorts would be taken" in out.getvalue()
        assert "line 3" in out.getvalue()
        assert list(memory.known) == [many["Bees"]]

    def test_the_command_refuses_what_it_cannot_read(self, tmp_path):
        (tmp_path / "x.csv").write_bytes(b"\x00\x01\x02")

        for name in ("x.csv", "missing.csv"):
            with pytest.raises(CommandError):
                call_command("import_performance", str(tmp_path / name))


EXPERIMENTS = "/api/v1/experiments"


class TestExperimenting:
    def test_makes_a_job_of_each_level(self, api, orchestrator, memory):
        response = api.post(EXPERIMENTS, {"brief": BRIEF, "n": 3}, format="json")

        made = response.json()
        assert response.status_code == 202, made
        assert (made["factor"], made["levels"]) == ("hook", ["number", "question", "mystery"])
        briefs = [orchestrator.submitted[UUID(v["job_id"])] for v in made["variants"]]
        assert [brief.hook_type for brief in briefs] == made["levels"]
        assert made["findings"]["winner"] is None
        assert made["findings"]["said"].startswith("No short of this experiment has real numbers yet")
        assert api.get(response["Location"]).json() == made

    def test_the_same_request_is_the_same_experiment(self, api, orchestrator):
        def ask(n=2):
            return api.post(
                EXPERIMENTS, {"brief": BRIEF, "n": n}, format="json", headers={"Idempotency-Key": "k"}
            )

        assert ask().json() == ask().json()
        assert (Experiment.objects.count(), len(orchestrator.submitted)) == (1, 2)
        assert ask(3).status_code == 422

    def test_a_job_that_was_not_handed_over_is_handed_over_by_the_next_call(self, api, orchestrator):
        orchestrator.broken = True
        body, once = {"brief": BRIEF, "n": 2}, {"Idempotency-Key": "k"}
        assert api.post(EXPERIMENTS, body, format="json", headers=once).status_code == 202
        assert not orchestrator.submitted
        orchestrator.broken = False

        api.post(EXPERIMENTS, body, format="json", headers=once)

        assert len(orchestrator.submitted) == 2

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            ({"n": 1}, {"n"}),
            ({"n": 9}, {"n"}),
            ({"n": True}, {"n"}),
            ({"n": None}, {"n"}),
            ({"factor": "colour"}, {"factor"}),
            ({"factor": ["hook"]}, {"factor"}),
            ({"factor": {}}, {"factor"}),
            ({"factor": 0}, {"factor"}),
            ({"levels": ["a", "b"]}, {"factor"}),
            ({"levels": ["a", "a"], "factor": "hook"}, {"levels"}),
            ({"levels": ["a", "b", "c"], "factor": "hook"}, {"n"}),
            ({"levels": [{}], "factor": "hook"}, {"levels"}),
            ({"brief": None}, {"brief"}),
            ({"brief": {"topic": 5, "mood": 1}}, {"brief.topic", "brief.mood"}),
            ({"arms": 2}, {"arms"}),
        ],
    )
    def test_names_each_wrong_field_and_makes_nothing(self, api, change, named):
        response = api.post(EXPERIMENTS, {"brief": BRIEF, "n": 2, **change}, format="json")

        assert response.status_code in (400, 422)
        assert set(wrong(response)) == named
        assert not Job.objects.exists()

    def test_says_why_nothing_can_be_compared(self, api, memory):
        memory.refusal = UnableToExperiment("hook_type", "The brief settles it.", "Leave it out.")

        response = api.post(EXPERIMENTS, {"brief": BRIEF, "n": 2}, format="json")

        assert response.status_code == 422
        assert wrong(response) == {"brief.hook_type": "nothing_to_compare"}
        assert not Job.objects.exists()

    def test_tells_whether_only_the_factor_differs(self, api, memory):
        made = api.post(EXPERIMENTS, {"brief": BRIEF, "n": 2}, format="json").json()
        address = f"{EXPERIMENTS}/{made['id']}"
        assert made["only_factor_differs"] is None

        for variant in made["variants"]:
            memory.decided[UUID(variant["job_id"])] = {**HELD, "hook": variant["level"]}
        assert api.get(address).json()["only_factor_differs"] is True

        memory.decided[UUID(made["variants"][0]["job_id"])]["persona"] = "other"
        assert api.get(address).json()["only_factor_differs"] is False

    def test_pools_experiments_alike_until_they_can_be_told_apart(self, api, memory):
        for n in range(30):
            body = {"brief": {**BRIEF, "topic": f"Number {n}"}, "n": 2, "factor": "hook"}
            made = api.post(EXPERIMENTS, body, format="json").json()
            better, worse = (UUID(v["job_id"]) for v in made["variants"])
            memory.rewards[better], memory.rewards[worse] = Rewards(total=70.0 + n % 7), Rewards(total=40.0)
            if n == 0:
                first = api.get(f"{EXPERIMENTS}/{made['id']}").json()["findings"]
        last = api.get(f"{EXPERIMENTS}/{made['id']}").json()

        assert first["winner"] is None
        assert first["comparisons"][0]["more"] > 20
        assert (last["alike"], last["findings"]["winner"]) == (30, "number")
        assert last["findings"]["comparisons"][0]["low"] > 0
        assert last["findings"]["levels"][0]["critic_mean"] == 66.0

    def test_a_key_of_another_channel_does_not_see_it(self, api):
        made = api.post(EXPERIMENTS, {"brief": BRIEF, "n": 2}, format="json").json()
        held = APIClient()
        key = gateway.create_key("held", channels=("elsewhere",)).key
        held.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")

        assert held.get(f"{EXPERIMENTS}/{made['id']}").status_code == 404
        assert held.get(EXPERIMENTS).json()["results"] == []
        assert api.get(EXPERIMENTS).json()["results"][0]["id"] == made["id"]
        assert held.post(EXPERIMENTS, {"brief": BRIEF, "n": 2}, format="json").status_code == 403
        assert api.get(f"{EXPERIMENTS}/{NOBODYS}").status_code == 404


class TestReadingMemory:
    def test_the_leaderboard_is_a_platforms(self, api):
        assert api.get("/api/v1/memory/leaderboard?platform=tiktok").json()[0]["platform"] == "tiktok"
        assert api.get("/api/v1/memory/leaderboard?platform=tiktok&kind=persona").json() == []
        assert wrong(api.get("/api/v1/memory/leaderboard")) == {"platform": "bad_parameter"}
        assert api.get("/api/v1/memory/leaderboard?platform=tiktok&kind=colour").status_code == 400

    def test_the_learning_curve_variety_and_mends_are_read(self, api):
        assert len(api.get("/api/v1/memory/learning-curve?limit=2").json()) == 2
        assert api.get("/api/v1/memory/variety?channel=default").json()[0]["kind"] == "hook"
        assert api.get("/api/v1/memory/mends").json() == []
        assert api.get("/api/v1/memory/learning-curve?limit=0").status_code == 400

    def test_a_key_of_one_channel_asks_for_that_one(self):
        held = APIClient()
        held.credentials(HTTP_AUTHORIZATION=f"Bearer {gateway.create_key('held', channels=('mine',)).key}")

        assert held.get("/api/v1/memory/variety?channel=mine").status_code == 200
        assert held.get("/api/v1/memory/variety?channel=other").status_code == 403
        assert held.get("/api/v1/memory/learning-curve").status_code == 403
