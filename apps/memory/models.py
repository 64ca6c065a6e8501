"""What won: one row for each creative factor on a platform, its evidence, and every use of it."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils.timezone import now

from apps.contracts.decision import FactorKind
from apps.foundation.fields import UtcTimestampField
from apps.foundation.records import Record, one_of

KINDS = [kind.value for kind in FactorKind]


class Source(models.TextChoices):
    """Who says how well a video did; they differ in how far they can be trusted."""

    CRITIC = "critic"
    PLATFORM = "platform"
    HUMAN = "human"


class CreativeMemory(Record):
    """One factor on one platform. `score` is its shrunken mean, 0-100; `metadata` holds the sums it
    comes from: {"n": videos, "weight", "sum", "sum_squares"}, the last three weighted by trust."""

    type = models.CharField(max_length=30, choices=[(kind, kind) for kind in KINDS])
    reference_id = models.CharField(max_length=100)
    platform = models.CharField(max_length=30)
    score = models.FloatField()
    metadata = models.JSONField(default=dict)
    reuse_count = models.IntegerField(default=0, db_default=0)

    class Meta(Record.Meta):
        db_table = "creative_memory"
        verbose_name_plural = "creative memory"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["platform", "type", "reference_id"], name="creative_memory_once"),
            one_of("type", KINDS, "creative_memory_type_listed"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.reference_id} on {self.platform}"


class MemoryUsage(models.Model):
    """One job that used one factor."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    memory = models.ForeignKey(CreativeMemory, on_delete=models.PROTECT, related_name="uses")
    job_id = models.UUIDField(db_index=True)
    used_at = UtcTimestampField(default=now)

    class Meta:
        db_table = "memory_usage"
        verbose_name_plural = "memory usage"
        ordering: ClassVar = ["-used_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["memory", "job_id"], name="memory_usage_once"),
        ]
        indexes: ClassVar = [
            # Fatigue asks for the newest uses of all factors at once.
            models.Index(fields=["-used_at"], name="memory_usage_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.memory_id} in {self.job_id}"


class MemoryEvidence(Record):
    """How well one job that used one factor did, says one source; the sums can be rebuilt from these."""

    memory = models.ForeignKey(CreativeMemory, on_delete=models.PROTECT, related_name="evidence")
    job_id = models.UUIDField(db_index=True)
    source = models.CharField(max_length=20, choices=Source.choices)
    value = models.FloatField(help_text="0-100.")

    class Meta(Record.Meta):
        db_table = "memory_evidence"
        indexes = [models.Index(fields=["-created_at"], name="memory_evidence_newest")]
        verbose_name_plural = "memory evidence"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["memory", "job_id", "source"], name="memory_evidence_once"),
            one_of("source", Source.values, "memory_evidence_source_listed"),
        ]

    def __str__(self) -> str:
        return f"{self.value:.0f} by {self.source}"
