"""The videos table: one row for each take. Media are in storage; this says where."""

from typing import ClassVar

from django.db import models

from apps.foundation.records import Record


class Video(Record):
    """One finished take of one job."""

    job_id = models.UUIDField(db_index=True)
    storage_url = models.TextField()
    duration = models.IntegerField(help_text="Seconds, rounded.")
    resolution = models.CharField(max_length=20)
    attempt = models.IntegerField(default=1)
    duration_ms = models.IntegerField(default=0)
    size_bytes = models.BigIntegerField(default=0)
    poster_key = models.TextField(blank=True, default="")
    sheet_key = models.TextField(blank=True, default="")
    srt_key = models.TextField(blank=True, default="")
    vtt_key = models.TextField(blank=True, default="")
    captions = models.JSONField(default=list, help_text="Where each caption stands, and its contrast.")

    class Meta(Record.Meta):
        db_table = "videos"
        indexes = [models.Index(fields=["-created_at"], name="videos_newest")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["job_id", "attempt"], name="video_one_take_an_attempt")
        ]

    def __str__(self) -> str:
        return f"take {self.attempt} of {self.job_id}"
