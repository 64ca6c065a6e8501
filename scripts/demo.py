"""The main job, from nothing: start everything, submit a brief over REST, show what came out.

Run by `make demo`. Talks to the installation as any client does; stops what it started.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from config.embedded import wait_until_stopped

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR", ROOT / "var"))
LOG = VAR / "demo.log"
SERVERS = VAR / "servers"
#: Seconds the embedded servers may take to stop; unless a studio of yours uses them too.
STOP_TIMEOUT = 15.0
#: Seconds the servers may take to come up; the first start makes the database.
START_TIMEOUT = 180.0
#: Seconds the job may take on a slow machine.
JOB_TIMEOUT = 1200.0

BRIEF = {
    "topic": "Why an octopus has three hearts",
    "facts": [
        "An octopus has three hearts.",
        "Two hearts pump blood to the gills, and the third pumps it to the rest of the body.",
        "The third heart stops beating when the octopus swims.",
        "That is why octopuses prefer crawling: swimming exhausts them.",
        "Octopus blood is blue, because it carries oxygen with copper instead of iron.",
        "An octopus has nine brains, one of them for each arm.",
    ],
    "platform": "youtube_shorts",
    "audience": "genz_us",
    "language": "en",
    "duration": 25,
}

console = Console()


def free_port() -> int:
    """A port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def installation(port: int) -> Iterator[str]:
    """Everything running at a URL, with its output in var/demo.log; stopped afterwards."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("wb") as log:
        studio = subprocess.Popen(
            [sys.executable, "manage.py", "studio", "--address", f"127.0.0.1:{port}"],
            cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        try:
            wait_until_ready(studio, f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            studio.send_signal(signal.SIGTERM)
            try:
                studio.wait(timeout=40)
            except subprocess.TimeoutExpired:
                os.killpg(studio.pid, signal.SIGKILL)
            wait_until_stopped(SERVERS, STOP_TIMEOUT)


def wait_until_ready(studio: "subprocess.Popen[bytes]", url: str) -> None:
    """Until /ready says yes. Exits with the end of the log where the servers do not come up."""
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and studio.poll() is None:
        try:
            if httpx.get(f"{url}/ready", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    tail = LOG.read_text(errors="replace")[-2000:]
    raise SystemExit(f"Hookloop did not start. The end of {LOG}:\n{tail}")


def new_key() -> str:
    """An API key made by the same command that a person uses."""
    name = f"demo-{secrets.token_hex(3)}"
    command = [sys.executable, "manage.py", "create_key", name]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return next(word for word in printed.split() if word.startswith("hl_"))


def follow(client: httpx.Client, url: str) -> dict[str, Any]:
    """Poll a job until it ends, showing its own progress."""
    columns = (TextColumn("{task.description:<10}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    deadline = time.monotonic() + JOB_TIMEOUT
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("queued", total=1.0)
        while time.monotonic() < deadline:
            job: dict[str, Any] = client.get(url).raise_for_status().json()
            bar.update(task, completed=job["progress"], description=job["stage"] or job["status"])
            if job["status"] in ("completed", "failed", "cancelled"):
                return job
            time.sleep(0.5)
    raise SystemExit(f"The job took longer than {JOB_TIMEOUT:.0f} s; see {LOG}")


def show(job: dict[str, Any]) -> None:
    """What was decided and how it was scored."""
    decided = Table("decision", "choice", "because", title="What was decided", title_justify="left")
    for decision in job["plan"]["decisions"]:
        decided.add_row(decision["name"], decision["value"], decision["reason"])
    console.print(decided)
    scored = Table(
        "attempt",
        "hook",
        "pacing",
        "loop",
        "total",
        "verdict",
        title="How it was scored",
        title_justify="left",
    )
    for judged in job["scores"]:
        scores = judged["scores"]
        scored.add_row(
            str(judged["attempt"] + 1),
            *(f"{scores[name]:.0f}" for name in ("hook", "pacing", "loop", "total")),
            judged["verdict"],
        )
    console.print(scored)


def main() -> None:
    with installation(free_port()) as url:
        client = httpx.Client(headers={"Authorization": f"Bearer {new_key()}"}, timeout=30)
        console.print(f"Brief: {BRIEF['topic']}")
        accepted = client.post(f"{url}/api/v1/jobs", json=BRIEF).raise_for_status()
        job = follow(client, accepted.headers["Location"])
        if job["status"] != "completed":
            failure = job["failure"] or {}
            raise SystemExit(f"The job {job['status']}: {failure.get('reason')} {failure.get('remedy')}")
        show(job)
        video = VAR / "demo" / "octopus.mp4"
        video.parent.mkdir(parents=True, exist_ok=True)
        video.write_bytes(client.get(job["links"]["video"]).raise_for_status().content)
        (video.with_suffix(".jpg")).write_bytes(client.get(job["links"]["sheet"]).raise_for_status().content)
    print(f"VIDEO {video}")


if __name__ == "__main__":
    main()
