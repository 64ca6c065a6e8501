"""Blobs in storage: put, read, link. Keys only; what a blob means is its owner's business."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.signing import TimestampSigner
from django.urls import reverse

LINK_SALT = "hookloop.blob"
#: Seconds a link works; long enough to watch and download, short enough that a leaked one dies.
LINK_SECONDS = 3600
#: Where local blobs are written before they appear by rename: in storage, since no rename leaves a disk.
FRESH = ".fresh"
#: Seconds after which a blob that never appeared is swept. Its writer may run on another machine that shares
#: the folder, so its process can't be asked after; no copy takes an hour.
ABANDONED_SECONDS = 3600


class SignedFileSystemStorage(FileSystemStorage):
    """Local files whose URLs are signed and expire, as S3's presigned URLs do."""

    def url(self, name: str | None) -> str:
        return reverse("blob", args=[TimestampSigner(salt=LINK_SALT).sign_object(name)])


def put(key: str, source: Path) -> str:
    """Store the file `source` under `key`, replacing what was there. Returns the key.

    A reader never sees half a blob: local files appear by rename, S3 objects by their put.
    """
    if _is_local():
        _put_local(key, source)
    else:
        with source.open("rb") as handle:
            default_storage.save(key, File(handle))
    return key


def put_bytes(key: str, data: bytes) -> str:
    """Store `data` under `key`, replacing what was there. Returns the key."""
    with scratch() as folder:
        source = folder / "blob"
        source.write_bytes(data)
        return put(key, source)


def exists(key: str) -> bool:
    """Whether a blob is stored under `key`."""
    return default_storage.exists(key)


def read_bytes(key: str) -> bytes:
    """The whole blob. Raises FileNotFoundError where there is none."""
    with default_storage.open(key) as handle:
        data: bytes = handle.read()
        return data


def link(key: str) -> str:
    """A URL that shows the blob for LINK_SECONDS without further authentication."""
    return default_storage.url(key)


@contextmanager
def local(key: str) -> Iterator[Path]:
    """The blob as a file to read; a copy that is removed afterwards where storage is remote."""
    if _is_local():
        yield Path(default_storage.path(key))
        return
    with scratch() as folder:
        copy = folder / Path(key).name
        with default_storage.open(key) as source, copy.open("wb") as target:
            shutil.copyfileobj(source, target)
        yield copy


@contextmanager
def scratch() -> Iterator[Path]:
    """A private folder that is gone when the block ends; `sweep_scratch` removes those of the dead."""
    with _folder_in(Path(settings.SCRATCH_ROOT)) as folder:
        yield folder


@contextmanager
def _folder_in(root: Path) -> Iterator[Path]:
    root.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep_scratch() -> int:
    """Remove what processes that no longer live left in scratch and half stored; returns how many folders."""
    dead = [f for f in Path(settings.SCRATCH_ROOT).glob("*-*") if not _alive(f.name.partition("-")[0])]
    if _is_local():
        dead += [f for f in Path(default_storage.path(FRESH)).glob("*-*") if _abandoned(f)]
    for folder in dead:
        shutil.rmtree(folder, ignore_errors=True)
    return len(dead)


def _alive(pid: str) -> bool:
    return not pid.isdigit() or Path(f"/proc/{pid}").exists()


def _abandoned(folder: Path) -> bool:
    try:
        return time.time() - folder.stat().st_mtime > ABANDONED_SECONDS
    except FileNotFoundError:  # stored meanwhile
        return False


def _is_local() -> bool:
    try:
        default_storage.path("x")
    except NotImplementedError:
        return False
    return True


def _put_local(key: str, source: Path) -> None:
    target = Path(default_storage.path(key))
    target.parent.mkdir(parents=True, exist_ok=True)
    with _folder_in(Path(default_storage.path(FRESH))) as folder:
        fresh = folder / "blob"
        shutil.copyfile(source, fresh)
        os.replace(fresh, target)
