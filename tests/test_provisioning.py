"""Setting an installation up: with and without the right to make roles, and with a service moved away."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from config.provisioning import owner_parameters
from tests.workers import ROOT

NAMES = ("hookloop_new", "hookloop_moved")
WEAK = "hookloop_weak"


def url(database: str, user: str) -> str:
    """A URL of a database on the test's server."""
    host = quote(settings.DATABASE_OWNER["HOST"], safe="")
    return f"postgres://{user}@{host}/{database}"


def manage(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "BROKER_URL": settings.BROKER_URL, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def databases() -> Iterator[tuple[str, str]]:
    """Two empty databases, and a user that owns them but may not create roles."""
    suffix = f"_{os.getpid()}"
    one, two = (name + suffix for name in NAMES)
    with psycopg.connect(**{**owner_parameters(), "dbname": "postgres"}, autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(WEAK + suffix)))
        for name in (one, two):
            statement = sql.SQL("CREATE DATABASE {} OWNER {}")
            owner.execute(statement.format(sql.Identifier(name), sql.Identifier(WEAK + suffix)))
        yield one, two
        for name in (one, two):
            owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        owner.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(WEAK + suffix)))


def tables(database: str, schema: str) -> set[str]:
    with psycopg.connect(**{**owner_parameters(), "dbname": database}) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        return {row[0] for row in rows}


def test_a_user_without_the_right_to_make_roles_is_told_both_ways_out(databases: tuple[str, str]) -> None:
    weak = url(databases[0], f"{WEAK}_{os.getpid()}")

    refused = manage("provision", DATABASE_URL=weak, DATABASE_ROLE_PREFIX=f"never{os.getpid()}")

    assert refused.returncode == 1
    assert "may not create roles" in refused.stderr
    assert "CREATEROLE" in refused.stderr
    assert "DATABASE_ROLES=off" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_without_roles_the_search_path_alone_keeps_services_apart(databases: tuple[str, str]) -> None:
    weak = url(databases[0], f"{WEAK}_{os.getpid()}")

    done = manage("provision", DATABASE_URL=weak, DATABASE_ROLES="off")
    seeded = manage("seed", DATABASE_URL=weak, DATABASE_ROLES="off")

    assert (done.returncode, seeded.returncode) == (0, 0), done.stderr + seeded.stderr
    assert "personas" in tables(databases[0], "persona")
    assert "personas" not in tables(databases[0], "story")


def test_a_service_moves_to_a_server_of_its_own_by_one_variable(databases: tuple[str, str]) -> None:
    home, away = (url(name, "postgres") for name in databases)

    done = manage("provision", DATABASE_URL=home, PERSONA_DATABASE_URL=away)
    seeded = manage("seed", DATABASE_URL=home, PERSONA_DATABASE_URL=away)
    again = manage("provision", DATABASE_URL=home, PERSONA_DATABASE_URL=away)

    assert [done.returncode, seeded.returncode, again.returncode] == [0, 0, 0], done.stderr + seeded.stderr
    assert "personas" in tables(databases[1], "persona")
    assert "personas" not in tables(databases[0], "persona")
    assert "stories" in tables(databases[0], "story")


def test_a_replica_is_read_from_and_never_written_to(tmp_path: Path) -> None:
    import environ

    from config import databases as wiring
    from config.router import ServiceRouter

    os.environ["PERSONA_REPLICA_URL"] = "postgres://reader@replica/hookloop"
    try:
        aliases = wiring.all_aliases(
            environ.Env(), wiring.from_url("postgres://u:p@primary/hookloop"), secret_key="x"
        )
    finally:
        del os.environ["PERSONA_REPLICA_URL"]

    assert aliases["persona_replica"]["HOST"] == "replica"
    assert aliases["persona"]["HOST"] == "primary"
    assert not ServiceRouter().allow_migrate("persona_replica", "persona")
