"""Files of libraries on the net, kept in storage: fetched once for all jobs, and never linked to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from apps.contracts.media import LayerKind
from apps.foundation import blobs
from apps.foundation.transactions import in_transaction
from apps.image import downloads
from apps.image.models import LibraryAsset

ALIAS = "image"
#: Bytes of a file that are fetched at most, by kind.
MOST = {LayerKind.IMAGE: 60_000_000, LayerKind.CLIP: 300_000_000}
EXTENSIONS = {LayerKind.IMAGE: "jpg", LayerKind.CLIP: "mp4"}


@dataclass(frozen=True, kw_only=True)
class Work:
    """One photo or clip of a library: where its file is, and whose it is.

    `asset_id` is the library's own id of it; `beside` the address of the service that named `address`.
    """

    provider: str
    kind: LayerKind
    asset_id: str
    address: str
    beside: str
    credit: str
    licence: str
    page: str

    @property
    def id(self) -> UUID:
        """The row's id: the same work is the same row."""
        return uuid5(NAMESPACE_URL, f"{self.provider}/{self.kind.value}/{self.asset_id}")


@contextmanager
def opened(work: Work) -> Iterator[Path]:
    """A work's file to read. It is kept once the block has ended well: what cannot be decoded is not.

    Raises what downloads.download raises.
    """
    row = LibraryAsset.objects.using(ALIAS).filter(id=work.id).first()
    if row is not None and blobs.exists(row.storage_url):
        with blobs.local(row.storage_url) as file:
            yield file
        return
    with blobs.scratch() as folder:
        file = folder / f"asset.{EXTENSIONS[work.kind]}"
        name = work.provider.capitalize()
        content = downloads.download(name, work.address, file, most=MOST[work.kind], beside=work.beside)
        yield file
        _keep(work, file, content)


def _keep(work: Work, file: Path, content: str) -> None:
    """Store the file under the digest of its content, and whose it is in a row."""
    key = f"library/{work.provider}/{content}.{EXTENSIONS[work.kind]}"
    if not blobs.exists(key):
        blobs.put(key, file)
    with in_transaction(ALIAS):
        LibraryAsset.objects.using(ALIAS).update_or_create(
            id=work.id,
            defaults={
                "provider": work.provider,
                "kind": work.kind.value,
                "asset_id": work.asset_id,
                "storage_url": key,
                "sha256": content,
                "credit": work.credit,
                "licence": work.licence,
                "page_url": work.page,
            },
        )
