"""What an installation is filled with before it is shown: a batch of shorts, numbers, a webhook, a failure.

Talks to the installation as any client does. What is there already is not made again.
"""

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

#: Seconds all the shorts may take.
PATIENCE = 1200.0
#: A file of briefs, of which two rows cannot be made.
SHEET = """\
topic,facts,platform,channel,audience,duration
What one coffee a day really costs,"A coffee for 4 dollars every day costs 1,460 dollars a year.|\
Invested at 7 percent, that becomes about 20,000 dollars after ten years.|\
Waiting one day before buying cancels most impulse purchases.",tiktok,money,genz_us,15
The war that lasted 38 minutes,"The shortest war in history was fought in 1896.|\
Britain and Zanzibar fought for about 38 minutes.|\
The sultan fled to the German consulate before the shelling ended.",youtube_shorts,history,genz_us,15
Why the sky is blue and sunsets are red,"Air scatters blue light about ten times more than red light.|\
At sunset light crosses forty times more air than at noon.|\
By then most of the blue is gone and the red is left.",instagram_reels,science,parents_uk,15
How bees keep their hive cool,"Bees keep their brood at about 35 degrees.|\
On hot days they carry water into the hive and fan it with their wings.",youtube_shorts,science,genz_us,fast
,Nobody said what this one is about.,tiktok,money,genz_us,15
"""
#: A short whose writer cannot be reached.
UNREACHABLE = {
    "topic": "Who invented the traffic light",
    "facts": ["The first traffic light stood in London in 1868.", "It was lit by gas and exploded in 1869."],
    "platform": "tiktok",
    "channel": "history",
    "providers": {"writer": "llm"},
}
#: Two shorts that differ in their hook.
EXPERIMENT = {
    "brief": {
        "topic": "Why we yawn when others do",
        "facts": [
            "Yawning spreads from one person to another.",
            "Dogs catch yawns from their owners.",
            "Children begin to catch yawns at about four.",
        ],
        "platform": "youtube_shorts",
        "channel": "science",
        "duration": 15,
    },
    "n": 2,
    "factor": "hook",
}
ENDED = ("completed", "failed", "cancelled")


def fill(api: httpx.Client, first_job: str, port: int) -> None:
    """Everything that the pages show, beside the short that a first visitor has made.

    Webhooks are told of it at the port.
    """
    webhooks(api, port)
    failed = job_of(api, str(UNREACHABLE["topic"])) or post(api, "/api/v1/jobs", UNREACHABLE)["id"]
    if not get(api, "/api/v1/batches")["results"]:
        file = {"file": ("november.csv", SHEET.encode(), "text/csv")}
        api.post("/api/v1/batches", files=file, data={"name": "November"}).raise_for_status()
    if not get(api, "/api/v1/experiments")["results"]:
        post(api, "/api/v1/experiments", EXPERIMENT)
    jobs = get(api, "/api/v1/jobs?limit=50")["results"]
    wait(api, [first_job, failed, *(job["id"] for job in jobs)])
    for n, job in enumerate(completed(api)):
        tell_of(api, job["id"], n)
    time.sleep(4)  # so that the tests arrive, where everything else was there already


def webhooks(api: httpx.Client, port: int) -> None:
    """One that answers, and one that answers with an error; both are sent a test."""
    for hook in get(api, "/api/v1/webhooks")["results"]:
        api.delete(f"/api/v1/webhooks/{hook['id']}").raise_for_status()
    for path, words in (("hooks/hookloop", "Posts to the team’s channel"), ("broken", "The old planner")):
        body = {"url": f"http://127.0.0.1:{port}/{path}", "description": words, "channels": []}
        made = post(api, "/api/v1/webhooks", {**body, "event_types": ["job.completed", "job.failed"]})
        for _ in range(3):
            api.post(f"/api/v1/webhooks/{made['webhook']['id']}/ping").raise_for_status()


@contextmanager
def receiver() -> Iterator[int]:
    """Listens on a port of its own and takes every message but those under /broken."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(503 if self.path == "/broken" else 204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()


def export(api: httpx.Client) -> bytes:
    """What a platform exports about the shorts there are; one line is about none of them."""
    lines = io.StringIO()
    lines.write("Content,Video title,Duration,Views,Average view duration,Shares\n")
    shorts = [job for job in completed(api) if job["platform"] == "youtube_shorts"]
    for n, job in enumerate(shorts):
        topic = get(api, f"/api/v1/jobs/{job['id']}")["topic"]
        lines.write(f'abcdEFGH{n:03},"{topic}",24,{5200 + 1900 * n},0:00:{14 + n},{31 + 8 * n}\n')
    lines.write("zzzzZZZZ999,A day at the lake,31,402,0:00:09,1\n")
    return lines.getvalue().encode()


def tell_of(api: httpx.Client, job: str, n: int) -> None:
    """Numbers of a platform for a short, so that there is something to learn from."""
    numbers = {
        "day": f"{datetime.now(UTC):%Y-%m-%d}",
        "views": 1800 + 2300 * n,
        "average_watch_seconds": 11.5 + n / 2,
        "completion": min(0.42 + 0.06 * n, 0.9),
        "skip_rate": max(0.38 - 0.04 * n, 0.05),
        "shares": 14 + 9 * n,
    }
    api.post(
        f"/api/v1/jobs/{job}/performance", json=numbers
    )  # the same day's numbers take the old ones' place


def completed(api: httpx.Client) -> list[dict[str, Any]]:
    """Finished shorts, newest first."""
    results: list[dict[str, Any]] = get(api, "/api/v1/jobs?status=completed&limit=50")["results"]
    return results


def job_of(api: httpx.Client, topic: str) -> str:
    """The id of the newest short about something, or nothing."""
    results = get(api, "/api/v1/jobs?limit=100")["results"]
    return next((str(job["id"]) for job in results if job["topic"] == topic), "")


def wait(api: httpx.Client, jobs: list[str]) -> None:
    """Until all of these jobs have ended."""
    deadline = time.monotonic() + PATIENCE
    for job in jobs:
        while get(api, f"/api/v1/jobs/{job}")["status"] not in ENDED:
            if time.monotonic() > deadline:
                raise SystemExit("The shorts took too long.")
            time.sleep(1)


def get(api: httpx.Client, path: str) -> dict[str, Any]:
    """What the API answers."""
    answer: dict[str, Any] = api.get(path).raise_for_status().json()
    return answer


def post(api: httpx.Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """What the API answers; what it refuses ends the program with its reason."""
    answer = api.post(path, json=body)
    if answer.is_error:
        raise SystemExit(f"{path} refused: {answer.text[:500]}")
    made: dict[str, Any] = answer.json()
    return made
