"""The job record, the API keys and the webhooks. What a job went through is the orchestrator's to keep."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.fields.json import KeyTextTransform

from apps.contracts.decision import FactorKind
from apps.contracts.progress import JobStatus
from apps.foundation.fields import UtcTimestampField
from apps.foundation.records import Record, one_of
from apps.gateway.scopes import every_scope

ACTIVE = [JobStatus.QUEUED.value, JobStatus.RUNNING.value]


class ApiKey(Record):
    """Who may use the API. The key itself is never stored: `prefix` finds the row, `digest` proves it."""

    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    last_used_at = UtcTimestampField(null=True, blank=True)
    revoked_at = UtcTimestampField(null=True, blank=True)
    scopes = models.JSONField(default=every_scope)
    #: Channels whose jobs the key sees and makes; empty: all.
    channels = models.JSONField(default=list, blank=True)
    #: Calls a minute; null: THROTTLE_READ and THROTTLE_WRITE.
    reads_per_minute = models.PositiveIntegerField(null=True, blank=True)
    writes_per_minute = models.PositiveIntegerField(null=True, blank=True)

    class Meta(Record.Meta):
        db_table = "api_keys"
        verbose_name = "API key"

    def __str__(self) -> str:
        return self.name


class Batch(Record):
    """Many briefs that came in one file. Its rows are checked then, and made at `submitted_at`."""

    name = models.CharField(max_length=120)
    total = models.IntegerField()
    #: Rows that can be made; the others say why not.
    good = models.IntegerField()
    submitted_at = UtcTimestampField(null=True, blank=True)
    #: Digest of what was sent: tells a repeated request from a different one under the same key.
    digest = models.CharField(max_length=64)
    key = models.ForeignKey(ApiKey, null=True, blank=True, on_delete=models.PROTECT, db_index=False)
    #: Rows whose reference stood for a job already, made by an earlier batch or by a request of its own.
    elsewhere = models.IntegerField(default=0, db_default=0)

    class Meta(Record.Meta):
        db_table = "batches"
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "batches"
        indexes = (
            models.Index(fields=["-created_at", "-id"], name="batches_newest"),
            models.Index(fields=["created_at"], condition=Q(submitted_at=None), name="batches_drafted"),
        )

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
    # What the library shows and finds; the columns below follow from the brief and from what was made of it.
    title = models.GeneratedField(
        expression=KeyTextTransform("topic", "request_payload"),
        output_field=models.TextField(),
        db_persist=True,
    )
    words = models.GeneratedField(
        expression=Func(
            KeyTextTransform("topic", "request_payload"),
            F("channel"),
            F("persona"),
            function="search_words",  # in Postgres: see migration 0005
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    #: Who speaks: as the brief says, else as was decided; empty before that.
    persona = models.CharField(max_length=50, blank=True, default="", db_default="")
    #: The delivered attempt's total, 0-100.
    score = models.FloatField(null=True, blank=True)
    #: Storage keys of what was made. Null until it was asked for; empty where there is nothing.
    poster_key = models.CharField(max_length=300, null=True, blank=True)
    video_key = models.CharField(max_length=300, null=True, blank=True)
    batch = models.ForeignKey(
        Batch, null=True, blank=True, on_delete=models.PROTECT, db_index=False, related_name="jobs"
    )

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
            models.Index(
                fields=["created_at"],
                condition=Q(submitted_at=None, status=JobStatus.QUEUED.value),
                name="jobs_to_hand_over",
            ),
            models.Index(fields=["updated_at"], condition=Q(status__in=ACTIVE), name="jobs_unheard_of"),
            models.Index(fields=["persona", "-created_at", "-id"], name="jobs_by_persona"),
            models.Index(
                fields=["batch", "-created_at", "-id"], condition=Q(batch__isnull=False), name="jobs_by_batch"
            ),
            models.Index(fields=["batch", "status"], condition=Q(batch__isnull=False), name="jobs_of_batch"),
            models.Index(fields=["score", "-created_at", "-id"], name="jobs_by_total"),
            models.Index(
                fields=["-created_at"],
                condition=Q(status=JobStatus.COMPLETED.value, poster_key=None),
                name="jobs_to_picture",
            ),
            GinIndex(fields=["words"], name="jobs_by_words"),
        )

    def __str__(self) -> str:
        return str(self.id)


class WebhookEndpoint(Record):
    """Where to tell of jobs. Its secret is derived, never stored: `secret_version` says which is in force."""

    url = models.CharField(max_length=2000)
    description = models.CharField(max_length=200, blank=True, default="")
    event_types = models.JSONField()
    #: Channels whose jobs it is told of; empty: all.
    channels = models.JSONField(default=list, blank=True)
    secret_version = models.IntegerField(default=1)
    #: Until when the secret before this one signs too, so that a receiver has time to change over.
    old_secret_until = UtcTimestampField(null=True, blank=True)
    disabled_at = UtcTimestampField(null=True, blank=True)
    disabled_reason = models.CharField(max_length=200, blank=True, default="")
    #: When the failures began that nothing has broken since.
    failing_since = UtcTimestampField(null=True, blank=True)
    last_success_at = UtcTimestampField(null=True, blank=True)

    class Meta(Record.Meta):
        db_table = "webhook_endpoints"
        verbose_name = "webhook"

    def __str__(self) -> str:
        return self.description or self.url


class DeliveryStatus(models.TextChoices):
    """webhook_deliveries.status"""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class WebhookDelivery(Record):
    """One message to one endpoint: what to send, and how it went so far. `payload` is the body, to the byte.

    `message_id` is the same for every endpoint and every try, so that a receiver can tell a repetition.
    """

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    message_id = models.CharField(max_length=40)
    event_type = models.CharField(max_length=50)
    job_id = models.UUIDField(null=True, blank=True)
    payload = models.TextField()
    status = models.CharField(
        max_length=20, choices=DeliveryStatus.choices, default=DeliveryStatus.PENDING.value
    )
    attempts = models.IntegerField(default=0)
    #: Tries since it was made or last replayed; the schedule counts these.
    tries_since_replay = models.IntegerField(default=0)
    next_try_at = UtcTimestampField()
    #: While this lies ahead, a worker is at it.
    lease_until = UtcTimestampField(null=True, blank=True)
    delivered_at = UtcTimestampField(null=True, blank=True)
    code = models.IntegerField(null=True, blank=True)
    response = models.TextField(blank=True, default="")
    error = models.CharField(max_length=300, blank=True, default="")
    #: The newest tries: at, code, error, seconds.
    tries = models.JSONField(default=list, blank=True)

    class Meta(Record.Meta):
        db_table = "webhook_deliveries"
        verbose_name_plural = "webhook deliveries"
        ordering = ["-created_at", "-id"]
        constraints = (
            one_of("status", list(DeliveryStatus.values), "webhook_deliveries_status"),
            models.UniqueConstraint(fields=["endpoint", "message_id"], name="webhook_deliveries_once"),
        )
        indexes = (
            models.Index(fields=["endpoint", "-created_at", "-id"], name="deliveries_of_endpoint"),
            models.Index(fields=["next_try_at"], condition=Q(status="pending"), name="deliveries_due"),
            models.Index(
                fields=["endpoint", "lease_until"], condition=Q(status="pending"), name="deliveries_held"
            ),
            models.Index(fields=["created_at"], name="deliveries_oldest"),
        )

    def __str__(self) -> str:
        return f"{self.event_type} to {self.endpoint_id}"


class BatchRow(Record):
    """One line of a batch: what it says, what is wrong with it, and the job that was made of it."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows", db_index=False)
    line = models.IntegerField()
    reference = models.CharField(max_length=100, blank=True, default="")
    #: The fields as they were sent, to show them beside their problems.
    sent = models.JSONField()
    #: The brief that was read, null where there are problems.
    brief = models.JSONField(null=True)
    problems = models.JSONField(default=list)
    job = models.ForeignKey(Job, null=True, on_delete=models.PROTECT, related_name="batch_rows")

    class Meta(Record.Meta):
        db_table = "batch_rows"
        ordering = ["line"]
        constraints = (models.UniqueConstraint(fields=["batch", "line"], name="batch_rows_one_a_line"),)

    def __str__(self) -> str:
        return f"line {self.line}"


class Publication(Record):
    """Where a finished short was published: what a platform's numbers are found by."""

    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="publication")
    platform = models.CharField(max_length=30)
    external_id = models.CharField(max_length=100)
    #: The id in the address, where a platform has two: an Instagram post's number and its short code.
    code = models.CharField(max_length=100, blank=True, default="")
    url = models.CharField(max_length=500, blank=True, default="")
    published_at = UtcTimestampField(null=True, blank=True)

    class Meta(Record.Meta):
        db_table = "publications"
        constraints = (
            models.UniqueConstraint(fields=["external_id", "platform"], name="publications_once"),
            models.UniqueConstraint(
                fields=["code", "platform"], condition=~Q(code=""), name="publications_once_by_code"
            ),
        )
        indexes = (models.Index(fields=["-created_at"], name="publications_newest"),)

    def __str__(self) -> str:
        return f"{self.external_id} on {self.platform}"


class Experiment(Record):
    """Shorts made to compare the levels of one factor, all other choices held as `held` says."""

    platform = models.CharField(max_length=30)
    channel = models.CharField(max_length=50)
    factor = models.CharField(max_length=30)
    levels = models.JSONField()
    held = models.JSONField()
    #: Why this factor and these levels, in words.
    reason = models.TextField()
    idempotency_key = models.CharField(max_length=255, blank=True, default="")
    request_digest = models.CharField(max_length=64)
    key = models.ForeignKey(ApiKey, null=True, blank=True, on_delete=models.PROTECT, db_index=False)

    class Meta(Record.Meta):
        db_table = "experiments"
        ordering = ["-created_at", "-id"]
        constraints = (
            one_of("factor", [kind.value for kind in FactorKind], "experiments_factor_listed"),
            models.UniqueConstraint(
                fields=["key", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                nulls_distinct=False,
                name="experiments_idempotent",
            ),
        )
        indexes = (
            models.Index(fields=["-created_at", "-id"], name="experiments_newest"),
            models.Index(fields=["platform", "channel", "factor"], name="experiments_alike"),
        )

    def __str__(self) -> str:
        return f"{self.factor} on {self.platform}"


class ExperimentVariant(Record):
    """One short of an experiment, and the level it was made with."""

    experiment = models.ForeignKey(
        Experiment, on_delete=models.CASCADE, related_name="variants", db_index=False
    )
    ordinal = models.IntegerField()
    level = models.CharField(max_length=100)
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="variant")

    class Meta(Record.Meta):
        db_table = "experiment_variants"
        ordering = ["ordinal"]
        constraints = (
            models.UniqueConstraint(fields=["experiment", "ordinal"], name="experiment_variants_once"),
        )

    def __str__(self) -> str:
        return self.level
