"""Real servers for every test: a fresh, provisioned database for each test process."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections


def _use_database(name: str) -> None:
    settings.DATABASE_OWNER["NAME"] = name
    for alias in settings.DATABASES:
        settings.DATABASES[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """A database of this test process alone, made by the same `provision` that users run."""
    from config.provisioning import owner_parameters, provision

    name = settings.TEST_DATABASE
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
def _own_files(tmp_path: Path, settings: Any) -> None:
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
