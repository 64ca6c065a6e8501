"""Real worker processes for tests, on the test's own database and broker."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings

from config.management.commands import work

ROOT = Path(__file__).resolve().parent.parent


def environment(**extra: str) -> dict[str, str]:
    """The environment in which another process sees what this test sees."""
    owner = settings.DATABASE_OWNER
    host = quote(owner["HOST"], safe="")
    port = f":{owner['PORT']}" if owner["PORT"] else ""
    login = owner["USER"] + (f":{quote(owner['PASSWORD'])}" if owner["PASSWORD"] else "")
    media = {} if settings.S3_BUCKET else {"MEDIA_ROOT": str(settings.MEDIA_ROOT)}
    return {
        **os.environ,
        "DATABASE_URL": f"postgres://{login}@{host}{port}/{owner['NAME']}",
        "BROKER_URL": settings.BROKER_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "SCRATCH_ROOT": str(settings.SCRATCH_ROOT),
        "LEASE_SECONDS": "2",
        "SWEEP_SECONDS": "0.5",
        **media,
        **extra,
    }


@contextmanager
def worker(threads: int = 4, log: Path | None = None, **extra: str) -> Iterator["subprocess.Popen[bytes]"]:
    """One worker process group on both queues; killed when the block ends, if it still lives."""
    child = work.worker(["quick", "heavy", "webhooks"], processes=1, threads=threads)
    variables = {**environment(**extra), **child.environment}
    with (log or Path(os.devnull)).open("ab") as output:
        process = subprocess.Popen(
            child.command, cwd=ROOT, env=variables, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield process
    finally:
        kill(process)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """kill -9 on the whole group."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Until `condition` holds. Fails the test after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {seconds:.0f} s")
        time.sleep(0.1)
