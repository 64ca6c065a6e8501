"""The job record and the API keys. What a job went through is the orchestrator's to keep."""

from django.db import models
from django.db.models import Q

from apps.contracts.progress import JobStatus
from apps.foundation.fields import UtcTimestampField
from apps.foundation.records import Record, one_of

ACTIVE = [JobStatus.QUEUED.value, JobStatus.RUNNING.value]


class ApiKey(Record):
    """Who may use the API. The key itself is never stored: `prefix` finds the row, `digest` proves it."""

    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    last_used_at = UtcTimestampField(null=True, blank=True)
    revoked_at = UtcTimestampField(null=True, blank=True)

    class Meta(Record.Meta):
        db_table = "api_keys"
        verbose_name = "API key"

    def __str__(self) -> str:
        return self.name


class Job(Record):
    """One brief on its way to one short: what was asked, and how far it is."""

    status = models.CharField(
        max_length=20,
        choices=[(status.value, status.value) for status in JobStatus],
        default=JobStatus.QUEUED.value,
    )
    request_payload = models.JSONField()
    updated_at = UtcTimestampField(auto_now=True)
    platform = models.CharField(max_length=30)
    channel = models.CharField(max_length=50)
    progress = models.FloatField(default=0.0)
    stage = models.CharField(max_length=50, blank=True, default="")
    failure = models.JSONField(null=True, blank=True)
    #: Null until the orchestrator has taken the job; the sweep hands over what is still null.
    submitted_at = UtcTimestampField(null=True, blank=True)
    idempotency_key = models.CharField(max_length=255, blank=True, default="")
    #: Digest of the brief: tells a repeated request from a different one under the same key.
    request_digest = models.CharField(max_length=64)
    # Keys are revoked, never deleted, so nothing ever looks a job up by its key alone: no index.
    key = models.ForeignKey(ApiKey, null=True, blank=True, on_delete=models.PROTECT, db_index=False)

    class Meta(Record.Meta):
        db_table = "jobs"
        ordering = ["-created_at", "-id"]
        constraints = (
            one_of("status", [status.value for status in JobStatus], "jobs_status_listed"),
            models.CheckConstraint(condition=Q(progress__gte=0, progress__lte=1), name="jobs_progress_share"),
            models.UniqueConstraint(
                fields=["key", "idempotency_key"],
                condition=Q(key__isnull=False) & ~Q(idempotency_key=""),
                name="jobs_idempotent_by_key",
            ),
            models.UniqueConstraint(
                fields=["idempotency_key"],
                condition=Q(key__isnull=True) & ~Q(idempotency_key=""),
                name="jobs_idempotent_without_key",
            ),
        )
        # Every list is a page in this order, so each filter carries the order in its own index.
        indexes = (
            models.Index(fields=["-created_at", "-id"], name="jobs_newest"),
            models.Index(fields=["status", "-created_at", "-id"], name="jobs_by_status"),
            models.Index(fields=["platform", "-created_at", "-id"], name="jobs_by_platform"),
            models.Index(fields=["channel", "-created_at", "-id"], name="jobs_by_channel"),
            models.Index(fields=["created_at"], condition=Q(submitted_at=None), name="jobs_to_hand_over"),
            models.Index(fields=["updated_at"], condition=Q(status__in=ACTIVE), name="jobs_unheard_of"),
        )

    def __str__(self) -> str:
        return str(self.id)
