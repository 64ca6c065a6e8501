"""The demo job from POST to finished file on this machine, and where the time goes, stage by stage.

Run by `make bench-demo`. Uses an installation of its own and the REST API, as `make demo` does.
"""

import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg

from benchmarks import installation

VAR = installation.fresh("demo")

from apps.foundation import ffmpeg  # noqa: E402
from scripts import demo  # noqa: E402

#: Jobs run; the first also warms caches and is reported apart.
RUNS = 3


@contextmanager
def watched_connections() -> Iterator[list[int]]:
    """Samples how many connections Postgres has, twice a second; the list grows."""
    seen: list[int] = []
    stop = threading.Event()
    server = VAR / "servers" / "postgres"

    def watch() -> None:
        with psycopg.connect(host=str(server), user="postgres", dbname="hookloop", autocommit=True) as own:
            while not stop.wait(0.5):
                row = own.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                ).fetchone()
                seen.append(row[0] - 1 if row else 0)  # without the watcher itself

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()


def one_job(client: httpx.Client, url: str) -> tuple[float, dict[str, Any]]:
    """Seconds from POST to completed, and the job's document."""
    began = time.perf_counter()
    accepted = client.post(f"{url}/api/v1/jobs", json=demo.BRIEF).raise_for_status()
    while True:
        job: dict[str, Any] = client.get(accepted.headers["Location"]).raise_for_status().json()
        if job["status"] in ("completed", "failed", "cancelled"):
            return time.perf_counter() - began, job
        time.sleep(0.1)


def length_of(job: dict[str, Any]) -> float:
    """The finished file's length in seconds."""
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        file.write(httpx.get(job["links"]["download"]).raise_for_status().content)
        file.flush()
        return ffmpeg.duration_ms(file.name) / 1000


def report(name: str, seconds: float, job: dict[str, Any]) -> None:
    """Wall time against the video's length, and each stage's busy seconds."""
    video = length_of(job)
    installation.bench(
        **{
            f"{name}_wall_seconds": seconds,
            f"{name}_video_seconds": video,
            f"{name}_wall_per_video": seconds / video,
            f"{name}_first_accept": float(
                len(job["scores"]) == 1 and job["scores"][0]["verdict"] == "accept"
            ),
        }
    )


def report_stages(job: dict[str, Any]) -> None:
    busy: dict[str, float] = defaultdict(float)
    for stage in job["stages"]:
        busy[stage["stage"]] += stage["seconds"]
    for stage, seconds in sorted(busy.items(), key=lambda item: -item[1]):
        installation.bench(**{f"stage_{stage}_seconds": seconds})


def main() -> None:
    began = time.perf_counter()
    with demo.installation(demo.free_port()) as url:
        installation.bench(start_seconds=time.perf_counter() - began)
        client = httpx.Client(headers={"Authorization": f"Bearer {demo.new_key()}"}, timeout=30)
        with watched_connections() as connections:
            for run in range(RUNS):
                seconds, job = one_job(client, url)
                report("cold" if run == 0 else f"warm_{run}", seconds, job)
        report_stages(job)
        installation.bench(peak_postgres_connections=max(connections))


if __name__ == "__main__":
    main()
