"""What the critic found: one score for each attempt, and the measurements behind it."""

from typing import ClassVar

from django.db import models

from apps.contracts.judgement import Verdict
from apps.foundation.records import Record, one_of


class CriticScore(Record):
    """The critic's answer for one attempt of one job. Scores are 0-100."""

    job_id = models.UUIDField(db_index=True)
    platform = models.CharField(max_length=30)
    total_score = models.FloatField()
    hook_score = models.FloatField()
    pacing_score = models.FloatField()
    loop_score = models.FloatField()
    verdict = models.CharField(max_length=20, choices=[(v.value, v.value) for v in Verdict])
    attempt = models.IntegerField(default=0)
    threshold = models.FloatField()
    gates = models.JSONField(default=list, help_text="Names of the gates that tripped.")
    look = models.CharField(
        max_length=16,
        default="",
        blank=True,
        help_text="Perceptual hash of the first frame, 16 hex digits.",
    )

    class Meta(Record.Meta):
        db_table = "critic_scores"
        constraints: ClassVar = [
            one_of("verdict", [v.value for v in Verdict], "critic_scores_verdict_listed")
        ]
        indexes: ClassVar = [
            models.Index(fields=["-created_at"], name="critic_scores_newest"),
            # The bar is taken from the most recent first drafts of a platform.
            models.Index(fields=["platform", "attempt", "-created_at"], name="critic_scores_recent"),
            models.Index(fields=["total_score"], name="critic_scores_by_total"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.total_score:.0f}"


class CriticFeedback(Record):
    """What was measured and what to change: {"signals": [...], "directives": [...]}."""

    critic_score = models.OneToOneField(CriticScore, on_delete=models.CASCADE, related_name="feedback")
    feedback = models.JSONField()

    class Meta(Record.Meta):
        db_table = "critic_feedback"
        verbose_name_plural = "critic feedback"

    def __str__(self) -> str:
        return f"{len(self.feedback['signals'])} signals"
