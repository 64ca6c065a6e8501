"""Real servers for every test: a fresh, provisioned database for each test process."""

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
# Before settings are imported: tests keep their servers and files apart from a developer's own.
os.environ.setdefault("VAR", str(ROOT / "var" / "test"))
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("LOG_LEVEL", "WARNING")

import psycopg  # noqa: E402
import pytest  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402


def _use_database(name: str) -> None:
    settings.DATABASE_OWNER["NAME"] = name
    for alias in settings.DATABASES:
        settings.DATABASES[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """A database of this test process alone, made by the same `provision` that users run."""
    from config.provisioning import owner_parameters, provision

    name = f"hookloop_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    owner = owner_parameters()
    with psycopg.connect(**owner, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    _use_database(name)
    with django_db_blocker.unblock():
        provision(lambda line: None)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    with psycopg.connect(**owner, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, settings: pytest.FixtureRequest) -> None:
    """Media and scratch of each test in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SCRATCH_ROOT = tmp_path / "scratch"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "apps.foundation.blobs.SignedFileSystemStorage",
            "OPTIONS": {"location": settings.MEDIA_ROOT},
        },
    }
