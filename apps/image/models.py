"""The pictures that were made, and the works of others that were fetched for them. Media live in storage."""

from django.db import models

from apps.contracts.media import LayerKind
from apps.foundation.records import Record, one_of


class Image(Record):
    """One scene's picture in one attempt. `storage_url` is the key of its preview."""

    scene_id = models.UUIDField(db_index=True)
    storage_url = models.TextField()
    style = models.CharField(max_length=50)
    job_id = models.UUIDField()
    attempt = models.IntegerField()
    ordinal = models.IntegerField()
    digest = models.CharField(max_length=64)
    picture = models.JSONField()

    class Meta(Record.Meta):
        db_table = "images"
        indexes = [
            models.Index(fields=["-created_at"], name="images_newest"),
            models.Index(fields=["job_id", "attempt", "ordinal"], name="images_job"),
        ]

    def __str__(self) -> str:
        return f"{self.style} {self.ordinal}"


class LibraryAsset(Record):
    """A photo or clip of a library on the net, fetched once for all jobs. `storage_url` is its key."""

    provider = models.CharField(max_length=50)
    kind = models.CharField(max_length=20)
    asset_id = models.CharField(max_length=100)
    storage_url = models.TextField()
    sha256 = models.CharField(max_length=64)
    credit = models.TextField()
    licence = models.CharField(max_length=100)
    page_url = models.TextField(blank=True)

    class Meta(Record.Meta):
        db_table = "library_assets"
        constraints = [
            one_of("kind", [kind.value for kind in LayerKind], "library_assets_kind"),
            models.UniqueConstraint(fields=["provider", "kind", "asset_id"], name="library_assets_one"),
        ]
        indexes = [models.Index(fields=["-created_at"], name="library_assets_newest")]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind} {self.asset_id}"
