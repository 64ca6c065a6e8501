"""The pictures that were made. Media live in storage; a row says where."""

from django.db import models

from apps.foundation.records import Record


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
