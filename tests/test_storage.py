"""Media in files and in S3, behind the same few functions. The S3 server is a real one, over HTTP."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import environ
import httpx
import pytest
from django.core.files.storage import default_storage, storages
from django.core.management import call_command
from moto.server import ThreadedMotoServer

from apps.contracts.brief import Brief
from apps.foundation import blobs
from apps.orchestrator import interface as orchestrator
from config.storage import media_storage
from tests.inline import run_job


@pytest.fixture
def s3(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Storage in a bucket of a server on loopback."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("S3_BUCKET", "hookloop")
    monkeypatch.setenv("S3_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("S3_ACCESS_KEY", "key")
    monkeypatch.setenv("S3_SECRET_KEY", "secret")
    monkeypatch.setenv("S3_ADDRESSING_STYLE", "path")
    settings.S3_BUCKET = "hookloop"
    settings.STORAGES = {**settings.STORAGES, "default": media_storage(environ.Env(), "")}
    call_command("make_bucket", stdout=StringIO())
    yield f"http://{host}:{port}"
    server.stop()


def stored(tmp_path: Path, data: bytes) -> str:
    source = tmp_path / "source.bin"
    source.write_bytes(data)
    return blobs.put("jobs/1/video.mp4", source)


def assert_behaves_like_storage(tmp_path: Path) -> None:
    assert not blobs.exists("jobs/1/video.mp4")
    key = stored(tmp_path, b"first")
    assert key == stored(tmp_path, b"second")  # replaced, never renamed
    assert blobs.exists(key)
    assert blobs.read_bytes(key) == b"second"
    with blobs.local(key) as path:
        assert path.read_bytes() == b"second"


def test_files_are_put_replaced_and_read(tmp_path: Path) -> None:
    assert_behaves_like_storage(tmp_path)


def test_s3_behaves_the_same(s3: str, tmp_path: Path) -> None:
    assert_behaves_like_storage(tmp_path)


def test_an_s3_link_works_without_credentials_and_expires(s3: str, tmp_path: Path) -> None:
    link = blobs.link(stored(tmp_path, b"watch me"))

    assert httpx.get(link).content == b"watch me"
    assert link.startswith(s3)
    assert "Expires" in link
    assert "secret" not in link


def test_a_bucket_that_exists_is_left_alone(s3: str, tmp_path: Path) -> None:
    key = stored(tmp_path, b"kept")

    call_command("make_bucket", stdout=StringIO())

    assert blobs.read_bytes(key) == b"kept"


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    stored(tmp_path, b"whole")

    folder = Path(storages["default"].path("jobs/1"))

    assert [f.name for f in folder.iterdir()] == ["video.mp4"]


def test_many_threads_store_the_same_key_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda n: blobs.put_bytes("jobs/1/poster.webp", b"%d" % n), range(200)))

    assert set(keys) == {"jobs/1/poster.webp"}
    assert int(blobs.read_bytes("jobs/1/poster.webp")) in range(200)


def test_a_blob_that_was_never_finished_is_swept_after_an_hour() -> None:
    fresh = Path(storages["default"].path(blobs.FRESH))
    for name, age in (("7-old", blobs.ABANDONED_SECONDS + 60), ("7-new", 60)):
        (fresh / name).mkdir(parents=True)
        os.utime(fresh / name, (time.time() - age,) * 2)

    assert blobs.sweep_scratch() == 1
    assert [f.name for f in fresh.iterdir()] == ["7-new"]


def test_a_local_key_cannot_leave_its_folder() -> None:
    from django.core.exceptions import SuspiciousFileOperation

    with pytest.raises(SuspiciousFileOperation):
        blobs.put_bytes("../outside", b"x")


def test_scratch_of_a_dead_process_is_swept(settings: Any) -> None:
    root = Path(settings.SCRATCH_ROOT)
    (root / "999999999-left").mkdir(parents=True)
    with blobs.scratch() as mine:
        assert blobs.sweep_scratch() == 1
        assert mine.exists()
    assert default_storage is not None


@pytest.mark.django_db(databases="__all__")
def test_a_whole_job_is_made_with_its_media_in_s3(
    s3: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FRAME_WIDTH, settings.FRAME_HEIGHT = 108, 192
    orchestrator.seed()
    job = uuid4()

    run_job(
        monkeypatch,
        job,
        Brief(
            topic="The octopus",
            facts=("An octopus has three hearts.", "Its blood is blue.", "It has nine brains."),
        ),
    )

    snapshot = orchestrator.snapshot(job)
    assert snapshot is not None
    assert snapshot.failure is None
    assert snapshot.take is not None
    assert httpx.get(blobs.link(snapshot.take.key)).content[4:8] == b"ftyp"
    assert not Path(settings.MEDIA_ROOT).exists()
