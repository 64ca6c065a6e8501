"""Platform rules and what was decided by them. No logic: that is in the engines beside this file."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from apps.foundation.catalog import CatalogEntry
from apps.foundation.records import Record


class PlatformProfile(Record, CatalogEntry):
    """What one platform rewards and allows. Lengths in whole seconds, `safe_box` in 1080x1920 pixels."""

    platform = models.CharField(max_length=30, unique=True, help_text="The key a brief names it by.")
    ideal_length = models.IntegerField(
        validators=[MinValueValidator(1)],
        help_text="Seconds of a short that does well here, before audience and material are looked at.",
    )
    hook_window_seconds = models.FloatField(
        validators=[MinValueValidator(0.5), MaxValueValidator(6.0)],
        help_text="Seconds in which a viewer decides to stay.",
    )
    loop_weight = models.FloatField(
        validators=[MinValueValidator(0.0), MaxValueValidator(0.6)],
        help_text="Share of the loop in the total score; hook and pacing share the rest 8 to 7.",
    )
    priority_metrics = models.JSONField(default=list, help_text="What the platform ranks by, first first.")
    name = models.CharField(max_length=50)
    min_length = models.IntegerField(validators=[MinValueValidator(1)], help_text="Seconds, at least.")
    max_length = models.IntegerField(validators=[MinValueValidator(1)], help_text="Seconds, at most.")
    safe_box = models.JSONField(help_text="Where text is never covered by the platform's own buttons.")
    notes = models.TextField(blank=True, default="", help_text="Where the numbers come from.")
    active = models.BooleanField(default=True, help_text="Off: no new brief may name it.")

    class Meta:
        db_table = "platform_profiles"
        ordering = ["platform"]
        constraints = [
            models.CheckConstraint(
                condition=Q(min_length__gt=0)
                & Q(ideal_length__gte=F("min_length"))
                & Q(max_length__gte=F("ideal_length")),
                name="platform_lengths_in_order",
            ),
            models.CheckConstraint(
                condition=Q(loop_weight__gte=0) & Q(loop_weight__lte=0.6), name="platform_loop_weight_share"
            ),
            models.CheckConstraint(
                condition=Q(hook_window_seconds__gt=0), name="platform_hook_window_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.platform


class StrategyRun(Record):
    """What was decided for one job: numbers, enums and reasons, never the brief's text."""

    job_id = models.UUIDField(db_index=True)
    platform = models.CharField(max_length=30)
    strategy_output = models.JSONField()

    class Meta(Record.Meta):
        abstract = False
        db_table = "strategy_runs"
        indexes = [
            models.Index(fields=["-created_at"], name="strategy_runs_newest"),
            models.Index(fields=["platform", "-created_at"], name="strategy_runs_by_platform"),
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.job_id}"
