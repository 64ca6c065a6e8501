"""The brain's state: plans, stage runs, events, mends. No behaviour; transitions live in machine.py."""

from django.db import models
from django.db.models import Func, Q, Value

from apps.contracts.judgement import DirectiveKind
from apps.contracts.pausing import PROVIDER_KINDS
from apps.contracts.progress import StageState
from apps.foundation.fields import UtcTimestampField
from apps.foundation.records import Record, one_of


class PlanStatus(models.TextChoices):
    """execution_plans.status: the seed's three, and the two ways to end without a video."""

    ACTIVE = "active"
    RETRYING = "retrying"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


#: A plan in one of these still has work to do.
OPEN = (PlanStatus.ACTIVE, PlanStatus.RETRYING)
#: Events that end a job or say how its take was judged: what a day comes to, without the many others.
TOLD = ("completed", "attempt_abandoned", "failed", "cancelled", "accepted", "delivered_best")


class ExecutionPlan(Record):
    """One job's plan. persona_id, emotion_curve_id and hook_type are empty until it is decided."""

    job_id = models.UUIDField(unique=True)
    persona_id = models.CharField(max_length=50, blank=True, default="")
    emotion_curve_id = models.UUIDField(null=True)
    hook_type = models.CharField(max_length=50, blank=True, default="")
    retry_limit = models.IntegerField()
    current_retry = models.IntegerField(default=0)
    status = models.CharField(max_length=20, choices=PlanStatus.choices, default=PlanStatus.ACTIVE)
    brief = models.JSONField()
    progress = models.FloatField(default=0.0)
    failure = models.JSONField(null=True)
    delivered_attempt = models.IntegerField(null=True)
    ended_at = UtcTimestampField(null=True)
    announced = models.BooleanField(default=True)
    revisions = models.JSONField(
        default=list, db_default=[], help_text="A person's own retries (lineage.Revision)."
    )

    class Meta(Record.Meta):
        db_table = "execution_plans"
        constraints = [one_of("status", list(PlanStatus.values), "execution_plans_status")]
        indexes = [
            models.Index(fields=["id"], condition=Q(announced=False), name="plans_unannounced"),
            models.Index(fields=["-created_at"], name="plans_newest"),
            models.Index(fields=["created_at"], condition=Q(status__in=OPEN), name="plans_open"),
        ]

    def __str__(self) -> str:
        return f"plan of job {str(self.job_id)[:8]}"


class OrchestratorEvent(Record):
    """One transition. `seq` orders events over the whole installation."""

    job_id = models.UUIDField()
    event_type = models.CharField(max_length=50)
    metadata = models.JSONField(default=dict)
    seq = models.BigIntegerField(
        unique=True, editable=False, db_default=Func(Value("orchestrator_events_seq"), function="nextval")
    )

    class Meta(Record.Meta):
        db_table = "orchestrator_events"
        indexes = [
            models.Index(fields=["job_id", "seq"], name="events_of_a_job"),
            models.Index(fields=["-created_at"], name="events_newest"),
            models.Index(fields=["created_at"], condition=Q(event_type__in=TOLD), name="events_of_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} of job {str(self.job_id)[:8]}"


class StageRun(Record):
    """One stage of one attempt, once per scene where the stage is per scene.

    `claim` is the token of the worker that holds the lease; an output is accepted from it alone.
    """

    plan = models.ForeignKey(ExecutionPlan, on_delete=models.CASCADE, related_name="runs")
    job_id = models.UUIDField()
    attempt = models.IntegerField()
    stage = models.CharField(max_length=20)
    ordinal = models.IntegerField(default=0)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=20, choices=[(s.value, s.value) for s in StageState])
    tries = models.IntegerField(default=0)
    wakes = models.IntegerField(default=0)
    claim = models.UUIDField(null=True)
    lease_until = UtcTimestampField(null=True)
    wake_at = UtcTimestampField()
    error = models.JSONField(null=True)
    seconds = models.FloatField(default=0.0)
    cpu_seconds = models.FloatField(default=0.0)
    reused = models.BooleanField(default=False)
    output = models.JSONField(null=True)
    finished_at = UtcTimestampField(null=True)

    class Meta(Record.Meta):
        db_table = "stage_runs"
        constraints = [
            one_of("state", [s.value for s in StageState], "stage_runs_state"),
            models.UniqueConstraint(
                fields=["job_id", "attempt", "stage", "ordinal"], name="stage_runs_once_per_attempt"
            ),
        ]
        indexes = [
            models.Index(fields=["wake_at"], condition=Q(state="ready"), name="stage_runs_ready"),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="stage_runs_leased"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.ordinal}, attempt {self.attempt + 1}"


class PausedProvider(Record):
    """A provider that stages pass over since `created_at`; `resumed_at` ends it, and the row stays."""

    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in PROVIDER_KINDS])
    name = models.CharField(max_length=40)
    paused_by = models.CharField(max_length=150)
    reason = models.CharField(max_length=300, blank=True, default="")
    resumed_at = UtcTimestampField(null=True, blank=True)
    resumed_by = models.CharField(max_length=150, blank=True, default="")

    class Meta(Record.Meta):
        db_table = "paused_providers"
        constraints = [
            one_of("kind", list(PROVIDER_KINDS), "paused_providers_kind"),
            models.UniqueConstraint(
                fields=["kind", "name"], condition=Q(resumed_at=None), name="paused_providers_once"
            ),
        ]
        indexes = [models.Index(fields=["-created_at"], name="pauses_newest")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


class MendRow(Record):
    """What one order of one retry did: two attempts side by side (contracts.judgement.Mend)."""

    job_id = models.UUIDField(db_index=True)
    platform = models.CharField(max_length=50)
    base = models.IntegerField()
    attempt = models.IntegerField()
    kind = models.CharField(max_length=30, choices=[(k.value, k.value) for k in DirectiveKind])
    ordinal = models.IntegerField(null=True)
    signal = models.CharField(max_length=50, blank=True, default="")
    before = models.FloatField()
    after = models.FloatField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    score_before = models.FloatField()
    score_after = models.FloatField()
    improved = models.BooleanField()
    total_before = models.FloatField()
    total_after = models.FloatField()
    fell = models.JSONField(default=list)
    kept = models.BooleanField()

    class Meta(Record.Meta):
        db_table = "mends"
        verbose_name = "mend"
        constraints = [one_of("kind", [k.value for k in DirectiveKind], "mends_kind")]
        indexes = [
            models.Index(fields=["platform", "kind", "signal"], name="mends_of_a_kind"),
            models.Index(fields=["-created_at"], name="mends_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of job {str(self.job_id)[:8]}"
