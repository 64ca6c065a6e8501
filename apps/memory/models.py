"""What won: each creative factor on a platform, its evidence and uses; each short, and how it did.

`memory_shorts` and `video_performance` are the facts; `memory_models` is what they add up to, and can be made
again from them.
"""

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
    """One factor on one platform. `score` is its shrunken mean, 0-100; `metadata` holds its own sums:
    {"n": shorts, "n_real": those with real numbers, source: {"n", "sum", "sum_squares"}}."""

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
    """One job that used one factor. `propensity` (0-1): how often the choice would have fallen on it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    memory = models.ForeignKey(CreativeMemory, on_delete=models.PROTECT, related_name="uses")
    job_id = models.UUIDField(db_index=True)
    used_at = UtcTimestampField(default=now)
    propensity = models.FloatField(null=True, blank=True)

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


class RememberedShort(Record):
    """One job's short as memory sees it: the `ordinal`-th of its platform, what it was made of, how the
    critic and the audience found it (0-100 by component, None where nobody said), how it began and looked.

    `shingles` are hashes of the script's 4-word runs, `measures` the platform's numbers on their scales.
    """

    job_id = models.UUIDField(unique=True)
    platform = models.CharField(max_length=30)
    channel = models.CharField(max_length=200)
    ordinal = models.IntegerField()
    factors = models.JSONField(default=dict)
    length_seconds = models.FloatField(default=0.0)
    critic = models.JSONField(null=True, blank=True)
    rewards = models.JSONField(null=True, blank=True)
    measures = models.JSONField(null=True, blank=True)
    weight = models.FloatField(default=0.0, help_text="How much of a full reading its real numbers are, 0-1.")
    opening = models.CharField(max_length=200, blank=True)
    look = models.CharField(max_length=16, blank=True)
    shingles = models.BinaryField(default=bytes)

    class Meta(Record.Meta):
        db_table = "memory_shorts"
        verbose_name = "remembered short"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["platform", "ordinal"], name="memory_shorts_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["channel", "-created_at"], name="memory_shorts_channel"),
            models.Index(
                fields=["platform", "-ordinal"],
                name="memory_shorts_reported",
                condition=models.Q(measures__isnull=False),
            ),
            models.Index(fields=["-created_at"], name="memory_shorts_newest"),
            models.Index(
                fields=["platform", "-created_at"],
                name="memory_shorts_learned",
                condition=models.Q(critic__isnull=False) | models.Q(rewards__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"short {self.ordinal} on {self.platform}"


class VideoPerformance(Record):
    """What one source said of one short, totals up to and including `day`. A later report of the same day
    counts instead of an earlier one; both are kept."""

    job_id = models.UUIDField()
    day = models.DateField()
    reported_at = UtcTimestampField(default=now)
    source = models.CharField(max_length=30)
    views = models.BigIntegerField()
    engaged_views = models.BigIntegerField(null=True, blank=True)
    average_watch_seconds = models.FloatField(null=True, blank=True)
    completion = models.FloatField(null=True, blank=True)
    replays = models.BigIntegerField(null=True, blank=True)
    shares = models.BigIntegerField(null=True, blank=True)
    reach = models.BigIntegerField(null=True, blank=True)
    skip_rate = models.FloatField(null=True, blank=True)

    class Meta(Record.Meta):
        db_table = "video_performance"
        verbose_name_plural = "video performance"
        indexes: ClassVar = [
            models.Index(fields=["job_id", "day", "reported_at"], name="video_performance_by_day"),
            models.Index(fields=["-created_at"], name="video_performance_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.views} views by {self.day}"


class PlatformModel(Record):
    """What a platform's shorts add up to: the sums of `apps.memory.moments`, aged to the `aged_to`-th of its
    `shorts`. Its row is the one lock under which anything on a platform is learned."""

    platform = models.CharField(max_length=30, unique=True)
    shorts = models.IntegerField(default=0)
    aged_to = models.IntegerField(default=0)
    labels = models.JSONField(default=list)
    sums = models.BinaryField(default=bytes)

    class Meta(Record.Meta):
        db_table = "memory_models"
        verbose_name = "platform model"

    def __str__(self) -> str:
        return f"{self.shorts} shorts on {self.platform}"
