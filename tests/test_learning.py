"""Real numbers on their whole way: over REST, out of an export, and as the result of an experiment.

Decisions, memory and every row are real; media are instant (benchmarks/learning_stages.py).
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from apps.gateway import interface as gateway
from apps.memory import interface as memory
from apps.orchestrator import interface as orchestrator
from apps.orchestrator import runner
from benchmarks import learning_stages
from config.services import SERVICES
from tests.inline import inline, run_all

pytestmark = pytest.mark.django_db(databases=["default", *SERVICES])

FACTS = [
    "An octopus has three hearts and nine brains.",
    "Two of the hearts pump blood through the gills, and the third serves the rest of the body.",
    "The third heart stops beating whenever the octopus swims, which is why it prefers to crawl.",
    "Its blood is blue, because it carries oxygen with copper instead of iron.",
]
BRIEF = {"topic": "Three hearts", "facts": FACTS, "channel": "sea"}
Post = Callable[[str, Any], dict[str, Any]]


@pytest.fixture(autouse=True)
def instant_media(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catalogues, and stages that make no media."""
    orchestrator.seed()
    monkeypatch.setattr(runner, "work_of", learning_stages.WORK.__getitem__)


@pytest.fixture
def client() -> Client:
    return Client(headers={"Authorization": f"Bearer {gateway.create_key('tests').key}"})


@pytest.fixture
def post(client: Client, monkeypatch: pytest.MonkeyPatch) -> Post:
    """POST to the API, and run whatever that starts to its end."""

    def do(path: str, body: Any) -> dict[str, Any]:
        with inline(monkeypatch) as waiting:
            answer = client.post(f"/api/v1/{path}", body, content_type="application/json")
            assert answer.status_code in (200, 202), answer.content
            run_all(waiting)
        made: dict[str, Any] = answer.json()
        return made

    return do


def test_numbers_teach_the_factors_of_the_short_they_are_about(client: Client, post: Post) -> None:
    job = post("jobs", BRIEF)["id"]
    numbers = {"views": 4000, "skip_rate": 0.1, "completion": 0.9, "replays": 900, "shares": 300}

    lesson = post(f"jobs/{job}/performance", numbers)

    decided = client.get(f"/api/v1/jobs/{job}").json()["plan"]["factors"]
    assert {t["kind"]: t["reference_id"] for t in lesson["taught"]} == decided
    assert all(lesson["rewards"][name] > 50 for name in ("total", "hook", "pacing", "loop"))
    assert "better than most" in lesson["said"]
    board = client.get("/api/v1/memory/leaderboard?platform=youtube_shorts&kind=hook").json()
    assert [s["reference_id"] for s in board if s["n_real"]] == [decided["hook"]]
    assert board[0]["reference_id"] == decided["hook"]
    (point,) = client.get("/api/v1/memory/learning-curve?channel=sea").json()
    assert (point["job_id"], point["reward"]) == (job, lesson["rewards"]["total"])
    assert client.get("/api/v1/memory/variety?channel=sea").json()


def test_the_newest_report_of_a_day_holds_and_the_days_are_kept(client: Client, post: Post) -> None:
    job = post("jobs", BRIEF)["id"]

    for day, views in (("2026-11-01", 10), ("2026-11-02", 500), ("2026-11-01", 20)):
        post(f"jobs/{job}/performance", {"day": day, "views": views, "completion": 0.5})

    known = client.get(f"/api/v1/jobs/{job}/performance").json()["performances"]
    assert [(one["day"], one["views"]) for one in known] == [("2026-11-01", 20), ("2026-11-02", 500)]


def test_an_export_teaches_once_however_often_it_comes(post: Post) -> None:
    jobs = [UUID(post("jobs", {**BRIEF, "topic": topic})["id"]) for topic in ("Hearts", "Brains")]
    gateway.publish(jobs[0], {"url": "https://www.youtube.com/shorts/abcDEF12345"})
    data = (
        b"Content,Video title,Duration,Views,Stayed to watch (%),Average view duration\n"
        b'abcDEF12345,x,25,"1,234",81,0:00:24\n'
        b"zzzDEF12345,Brains,25,120,40,0:00:06\n"
    )

    first = gateway.import_performance(data)
    board = memory.standings(platform="youtube_shorts")
    again = gateway.import_performance(data)

    assert first == again
    assert first.written == 2
    assert memory.standings(platform="youtube_shorts") == board
    better, worse = (memory.rewards_of(job) for job in jobs)
    assert better.total > worse.total


@pytest.mark.parametrize(
    ("factor", "n"), [("hook", 3), ("persona", 2), ("length_band", 2), ("cut_rate_band", 3), ("", 4)]
)
def test_the_shorts_of_an_experiment_differ_in_one_factor_alone(
    client: Client, post: Post, factor: str, n: int
) -> None:
    made = post("experiments", {"brief": BRIEF, "n": n, **({"factor": factor} if factor else {})})

    plans = [client.get(f"/api/v1/jobs/{v['job_id']}").json()["plan"] for v in made["variants"]]
    decided = [plan["factors"] for plan in plans]
    differing = {kind for kind in decided[0] if len({factors[kind] for factors in decided}) > 1}
    assert differing == {made["factor"]} == {factor or made["factor"]}
    assert [factors[made["factor"]] for factors in decided] == made["levels"]
    assert made["reason"]
    if made["factor"] not in ("length_band", "cut_rate_band"):
        assert len({(p["strategy"]["length_seconds"], p["strategy"]["scene_count"]) for p in plans}) == 1
    now = client.get(f"/api/v1/experiments/{made['id']}").json()
    assert now["only_factor_differs"] is True
    assert now["findings"]["winner"] is None
    assert all(level["critic_mean"] for level in now["findings"]["levels"])


def test_an_experiment_says_what_it_cannot_compare(client: Client) -> None:
    body = {"brief": {**BRIEF, "hook_type": "number"}, "n": 2, "factor": "hook"}

    settled = client.post("/api/v1/experiments", body, content_type="application/json").json()
    too_many = {"brief": BRIEF, "n": 8, "factor": "loop_technique"}
    many = client.post("/api/v1/experiments", too_many, content_type="application/json").json()

    assert [e["field"] for e in settled["errors"]] == ["brief.hook_type"]
    assert [e["field"] for e in many["errors"]] == ["n"]
    assert "2 to 3" in many["errors"][0]["remedy"]


def test_one_lucky_short_makes_no_winner(client: Client, post: Post) -> None:
    made = post("experiments", {"brief": BRIEF, "n": 2, "factor": "hook"})
    for variant, completion in zip(made["variants"], (0.95, 0.02), strict=True):
        post(f"jobs/{variant['job_id']}/performance", {"views": 9000, "completion": completion})

    findings = client.get(f"/api/v1/experiments/{made['id']}").json()["findings"]

    (pair,) = findings["comparisons"]
    assert findings["winner"] is None
    assert pair["low"] < 0 < pair["difference"] < pair["high"]
    assert pair["more"] > 10
