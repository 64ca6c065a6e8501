"""`manage.py studio` brings everything up and takes everything down, also when it is killed."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.workers import ROOT, kill, wait_for

pytestmark = pytest.mark.xdist_group("whole")


def processes_of(var: Path) -> list[int]:
    """Live processes whose environment or command line names this installation."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
            alive = "\nState:\tZ" not in (folder / "status").read_text()
        except OSError:
            continue
        if str(var).encode() in told and alive:
            found.append(int(folder.name))
    return found


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[tuple["subprocess.Popen[bytes]", str, Path]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    var = tmp_path / "var"
    environment = {**os.environ, "VAR": str(var), "DATABASE_URL": "", "BROKER_URL": ""}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    with (tmp_path / "studio.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "studio", "--address", address, "--heavy", "1"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    yield process, f"http://{address}", var
    kill(process)


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/ready", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_running_however_it_ends(
    studio: tuple["subprocess.Popen[bytes]", str, Path], with_signal: signal.Signals
) -> None:
    process, url, var = studio
    wait_for(lambda: answers(url), 90, "the studio to be ready")

    process.send_signal(with_signal)
    process.wait()

    wait_for(lambda: processes_of(var) == [], 60, "every process to end")
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{url}/health", timeout=5)
