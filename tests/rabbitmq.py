"""A RabbitMQ server of the test's own on loopback, from Debian's package."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.workers import wait_for

PLACES = ("/usr/lib/rabbitmq/bin/rabbitmq-server", "/usr/sbin/rabbitmq-server")


def executable() -> str | None:
    """The server's start script, if RabbitMQ is installed."""
    return next((place for place in PLACES if Path(place).exists()), shutil.which("rabbitmq-server"))


@contextmanager
def rabbitmq(folder: Path) -> Iterator[str]:
    """A running server; yields its amqp URL. Everything it writes is in `folder`."""
    port, dist, epmd = _free_port(), _free_port(), _free_port()
    (folder / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{port}\nloopback_users = none\n")
    environment = {
        **os.environ,
        "HOME": str(folder),
        "RABBITMQ_NODENAME": f"hookloop{port}@localhost",
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_DIST_PORT": str(dist),
        "ERL_EPMD_PORT": str(epmd),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 -kernel inet_dist_use_interface {127,0,0,1}",
    }
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [str(executable())], env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            wait_for(lambda: _listens(port), 60, "RabbitMQ's start")
            yield f"amqp://guest:guest@127.0.0.1:{port}"
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
            subprocess.run(["epmd", "-port", str(epmd), "-kill"], capture_output=True, check=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
