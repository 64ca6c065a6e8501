"""The project's own settings, on servers and files kept apart from a developer's own."""

import os
import re
from pathlib import Path

from config import embedded

VAR_FOR_TESTS = Path(__file__).resolve().parent.parent / "var" / "test"


def _worker_number() -> int:
    """Which of pytest-xdist's processes this is; 0 without it."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1")[2:]) + 1


os.environ.setdefault("VAR", str(VAR_FOR_TESTS))
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("LOG_LEVEL", "WARNING")
if not (os.environ.get("DATABASE_URL") and os.environ.get("BROKER_URL")):
    servers = embedded.endpoints(Path(os.environ["VAR"]) / "servers")
    os.environ.setdefault("DATABASE_URL", servers.database_url)
    os.environ.setdefault("BROKER_URL", servers.redis_url)
# A Redis database for each test process, so that one may empty its own.
os.environ["BROKER_URL"] = re.sub(r"db=\d+", f"db={_worker_number()}", os.environ["BROKER_URL"])

from config.settings import *  # noqa: E402, F403

TEST_DATABASE = f"hookloop_test_{_worker_number()}_{os.getpid()}"
