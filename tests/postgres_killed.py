"""Run as a program by a test: jobs go on while the installation's own Postgres is killed and comes back."""

import os
import signal
import time
from pathlib import Path
from uuid import uuid4

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

from django.conf import settings  # noqa: E402
from django.db import OperationalError, connections  # noqa: E402

from apps.contracts.brief import Brief  # noqa: E402
from apps.orchestrator import interface as orchestrator  # noqa: E402
from apps.orchestrator.models import ExecutionPlan, OrchestratorEvent  # noqa: E402
from config.provisioning import provision  # noqa: E402
from tests.workers import environment, worker  # noqa: E402

JOBS = 10


def completed() -> int:
    """How many jobs are completed; -1 while Postgres is away."""
    try:
        return ExecutionPlan.objects.filter(status="completed").count()
    except OperationalError:
        connections.close_all()
        return -1


def kill_postgres() -> None:
    """SIGQUIT: every backend drops at once, as in a crash; the keeper starts it again."""
    pid_file = Path(settings.VAR) / "servers" / "postgres" / "postmaster.pid"
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGQUIT)


def main() -> None:
    provision(lambda line: None)
    jobs = [uuid4() for _ in range(JOBS)]
    for job in jobs:
        orchestrator.submit(job_id=job, brief=Brief(topic="x", facts=("y",)))
    connections.close_all()
    environment_of_workers = environment()
    with worker(log=Path(settings.VAR) / "worker.log", **environment_of_workers):
        wait_until(lambda: completed() >= 1)
        kill_postgres()
        wait_until(lambda: completed() == JOBS)
    endings = OrchestratorEvent.objects.filter(event_type="completed", job_id__in=jobs)
    assert endings.count() == JOBS
    print("completed once")


def wait_until(condition: object, seconds: float = 100.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        if time.monotonic() > deadline:
            keeper = (Path(settings.VAR) / "servers" / "keeper.log").read_text()[-2000:]
            raise SystemExit(f"{completed()} of {JOBS} completed; the keeper's last words:\n{keeper}")
        time.sleep(0.05)


if __name__ == "__main__":
    main()
