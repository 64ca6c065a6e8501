"""One brief, asked for over REST, becomes one finished short on real servers - also when workers die."""

import re
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from redis import Redis

from apps.contracts.decision import FactorKind
from apps.foundation import mp4
from apps.gateway import interface as gateway
from apps.orchestrator import interface as orchestrator
from apps.orchestrator.models import StageRun
from tests.workers import kill, wait_for, worker

SMALL = {"FRAME_WIDTH": "270", "FRAME_HEIGHT": "480"}
BRIEF = {
    "topic": "Why an octopus has three <b>hearts</b>",
    "facts": [
        "An octopus has three hearts.",
        "Two hearts pump blood to the gills, and the third pumps it to the rest of the body.",
        "The third heart stops beating when the octopus swims.",
        "Octopus blood is blue, because it carries oxygen with copper instead of iron.",
    ],
    "platform": "youtube_shorts",
    "audience": "genz_us",
    "language": "en",
    "duration": 15,
}

pytestmark = [
    pytest.mark.django_db(databases="__all__", transaction=True),
    pytest.mark.xdist_group("whole"),
]


@pytest.fixture
def client() -> Client:
    Redis.from_url(settings.BROKER_URL).flushdb()
    orchestrator.seed()
    key = gateway.create_key("whole").key
    return Client(headers={"Authorization": f"Bearer {key}"})


def follow(client: Client, url: str, seconds: float) -> dict[str, Any]:
    """The job's document once it has ended."""
    deadline = time.monotonic() + seconds
    seen = 0.0
    while time.monotonic() < deadline:
        job: dict[str, Any] = client.get(url).json()
        assert job["progress"] >= seen  # it never falls
        seen = job["progress"]
        if job["status"] in ("completed", "failed", "cancelled"):
            return job
        time.sleep(0.3)
    raise AssertionError(f"the job did not end within {seconds:.0f} s: {job['stage']} {seen}")


def rows(alias: str, table: str) -> int:
    with connections[alias].cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 (names from this file)
        count: int = cursor.fetchone()[0]
        return count


def test_a_brief_becomes_a_short_although_its_worker_is_killed_while_it_renders(
    client: Client, tmp_path: Path
) -> None:
    answer = client.post("/api/v1/jobs", BRIEF, content_type="application/json")
    assert answer.status_code == 202, answer.content
    url, job = answer["Location"], UUID(answer.json()["id"])

    def rendering() -> bool:
        return StageRun.objects.filter(job_id=job, stage="compose", state="running").exists()

    with worker(threads=2, log=tmp_path / "first.log", **SMALL) as first:
        wait_for(rendering, 90, "the first scene's rendering")
        kill(first)
    with worker(threads=2, log=tmp_path / "second.log", **SMALL):
        document = follow(client, url, 150)

    assert document["status"] == "completed", document["failure"]
    assert_is_publishable(client, document, tmp_path)
    assert_each_row_is_there_once(document)
    assert scratch_of_the_dead() == []


def assert_is_publishable(client: Client, document: dict[str, Any], tmp_path: Path) -> None:
    """The file as the design demands it: index first, no edit lists, both tracks from the start."""
    whole = client.get(document["links"]["video"])
    video = tmp_path / "short.mp4"
    video.write_bytes(b"".join(whole.streaming_content))
    boxes = mp4.read(video)
    assert boxes.index_first
    assert boxes.edit_lists == 0
    codecs = {track.codec for track in boxes.tracks}
    assert codecs == {"avc1", "mp4a"}
    part = client.get(document["links"]["video"], headers={"Range": "bytes=100-199"})
    assert part.status_code == 206
    assert b"".join(part.streaming_content) == video.read_bytes()[100:200]
    srt = client.get(document["links"]["srt"])
    assert b"-->" in b"".join(srt.streaming_content)
    assert document["scores"][-1]["scores"]["total"] > 40
    assert len(document["plan"]["decisions"]) >= 8


def assert_each_row_is_there_once(document: dict[str, Any]) -> None:
    attempts = len(document["scores"])
    scenes = len(document["story"]["scenes"])
    assert rows("gateway", "jobs") == rows("orchestrator", "execution_plans") == 1
    assert rows("strategy", "strategy_runs") == rows("emotion", "emotion_curve_runs") == 1
    assert rows("persona", "persona_usage") == 1
    assert rows("critic", "critic_scores") == rows("critic", "critic_feedback") == attempts
    if attempts == 1:
        assert rows("story", "stories") == rows("script", "scripts") == rows("video", "videos") == 1
        assert rows("story", "story_scenes") == rows("image", "images") == scenes
        assert rows("audio", "audio_tracks") == scenes + 1  # the narrations and the mix
    assert rows("memory", "memory_usage") == len(FactorKind)


def scratch_of_the_dead() -> list[Path]:
    root = Path(settings.SCRATCH_ROOT)
    return [f for f in root.glob("*") if not Path("/proc", f.name.partition("-")[0]).exists()]


def test_hostile_words_are_drawn_spoken_and_stored_as_they_are(client: Client, tmp_path: Path) -> None:
    nasty = {
        **BRIEF,
        "topic": "{\\an8}'; DROP TABLE jobs; -- <script>alert(1)</script> 🐙 C:\\x %n [v]",
        "facts": [
            "A filter like [0:v]drawtext=text='{x}' has 3 colons: a, b and c.",
            "Braces {\\b1} and backslashes \\N cost $5 & 7% more <i>today</i>.",
            "The octopus 🐙 said: 'never trust input', 100% of the time.",
            "Nobody checks the last line --> but everybody reads it.",
        ],
    }

    answer = client.post("/api/v1/jobs", nasty, content_type="application/json")
    assert answer.status_code == 202, answer.content
    with worker(threads=2, log=tmp_path / "worker.log", **SMALL):
        document = follow(client, answer["Location"], 150)

    assert document["status"] == "completed", document["failure"]
    assert document["topic"] == nasty["topic"]
    vtt = b"".join(client.get(document["links"]["vtt"]).streaming_content).decode()
    timings = [line for line in vtt.splitlines() if "-->" in line]
    assert all(re.fullmatch(r"[\d:.]+ --> [\d:.]+( .*)?", line) for line in timings)
    assert "<script" not in vtt
