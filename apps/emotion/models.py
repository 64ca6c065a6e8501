"""Reusable emotion curves and which job used which. No logic."""

from django.db import models

from apps.foundation.catalog import CatalogEntry
from apps.foundation.records import Record


class EmotionCurve(Record, CatalogEntry):
    """One curve. `timeline` is a JSON array of exactly {sec, emotion}; `platform` empty: for any."""

    name = models.CharField(max_length=50, help_text="What a brief names it by.")
    timeline = models.JSONField()
    platform = models.CharField(
        max_length=30, blank=True, default="", help_text="Only for this platform; empty: for any."
    )
    description = models.TextField(blank=True, default="", help_text="The arc, and what it is good for.")
    active = models.BooleanField(default=True, help_text="Off: no new short uses it.")

    class Meta:
        db_table = "emotion_curves"
        ordering = ["name", "platform"]
        constraints = [
            models.UniqueConstraint(fields=["name", "platform"], name="emotion_curve_name_per_platform"),
        ]

    def __str__(self) -> str:
        return self.name


class EmotionCurveRun(Record):
    """A job used a curve. A curve that was used is switched off, not deleted."""

    job_id = models.UUIDField(db_index=True)
    emotion_curve = models.ForeignKey(EmotionCurve, on_delete=models.PROTECT, related_name="runs")

    class Meta(Record.Meta):
        abstract = False
        db_table = "emotion_curve_runs"
        indexes = [models.Index(fields=["-created_at"], name="curve_runs_newest")]

    def __str__(self) -> str:
        return f"{self.emotion_curve_id} {self.job_id}"
