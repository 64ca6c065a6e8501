"""Finds or starts the embedded Postgres and Redis. Their life is the keeper's business.

Every process holds a shared lock on `users.lock` for as long as it lives; the kernel lets it go
however the process ends. The keeper stops the servers once it can lock that file for itself.
"""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

#: Seconds the first start may take: initdb on a slow disk is most of it.
START_TIMEOUT = 90.0
#: Bytes a Unix socket path may have on Linux, less room for ".s.PGSQL.5432.lock".
SOCKET_PATH_LIMIT = 80

_keepers: "list[subprocess.Popen[bytes]]" = []


class UnableToStartServers(RuntimeError):
    """The embedded Postgres or Redis did not start."""


@dataclass(frozen=True)
class Endpoints:
    """URLs of the running servers; the database's user may create roles."""

    database_url: str
    redis_url: str


def endpoints(root: Path) -> Endpoints:
    """The embedded servers that keep their data under `root`, started where they are not running.

    They run until no process that called this lives any more. Raises UnableToStartServers.
    """
    root.mkdir(parents=True, exist_ok=True)
    # A bare descriptor, held until this process ends and closed by the kernel.
    users = os.open(root / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(users, fcntl.LOCK_SH)  # waits while a keeper that found nobody is shutting down
    with (root / "start.lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not _keeper_runs(root):
            _start_keeper(root)
    state = json.loads((root / "endpoints.json").read_text())
    return Endpoints(**state)


def socket_folder(root: Path) -> Path:
    """Where the servers' sockets lie: under `root`, or in a short path where that is too long."""
    folder = root / "run"
    if len(os.fsencode(folder)) > SOCKET_PATH_LIMIT:
        name = hashlib.sha256(os.fsencode(root)).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"hookloop-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def wait_until_stopped(root: Path, seconds: float) -> bool:
    """Whether the servers under `root` have stopped, after waiting at most `seconds` for it."""
    deadline = time.monotonic() + seconds
    while root.exists() and _keeper_runs(root):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def _keeper_runs(root: Path) -> bool:
    with (root / "keeper.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _start_keeper(root: Path) -> None:
    ready = root / "endpoints.json"
    ready.unlink(missing_ok=True)
    with (root / "keeper.log").open("a") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "config.keeper", str(root)],
            cwd=Path(__file__).resolve().parent.parent,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    _keepers.append(keeper)  # it outlives us on purpose
    deadline = time.monotonic() + START_TIMEOUT
    while not ready.exists():
        if keeper.poll() is not None or time.monotonic() > deadline:
            raise UnableToStartServers(
                f"The embedded Postgres and Redis did not start; {root / 'keeper.log'} says why. "
                "Set DATABASE_URL and BROKER_URL to use servers of your own."
            )
        time.sleep(0.05)
