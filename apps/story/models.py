"""Stories and their scenes: the decisions in words, scene by scene. No media, no prompts."""

from django.db import models

from apps.contracts.story import Purpose
from apps.foundation.records import Record, one_of


class StoryRow(Record):
    """One attempt's story. `total_duration` in whole seconds."""

    job_id = models.UUIDField(db_index=True)
    total_duration = models.IntegerField()
    attempt = models.IntegerField(default=1)

    class Meta(Record.Meta):
        db_table = "stories"
        indexes = [models.Index(fields=["-created_at"], name="stories_newest")]
        verbose_name = "story"
        verbose_name_plural = "stories"
        constraints = [models.UniqueConstraint(fields=["job_id", "attempt"], name="stories_once_an_attempt")]

    def __str__(self) -> str:
        return f"story of {str(self.job_id)[:8]}, attempt {self.attempt}"


class StoryScene(Record):
    """One micro-scene: [start_sec, end_sec) in whole seconds."""

    # A scene is a part of its story and says nothing without it.
    story = models.ForeignKey(StoryRow, on_delete=models.CASCADE, related_name="scenes")
    start_sec = models.IntegerField()
    end_sec = models.IntegerField()
    purpose = models.CharField(max_length=30, choices=[(p.value, p.value) for p in Purpose])
    narration_text = models.TextField()
    visual_prompt = models.TextField()
    ordinal = models.IntegerField()
    # Figures and names in the narration that stand in none of the brief's sources.
    unsourced = models.JSONField(default=list)
    unsourced_names = models.JSONField(default=list)

    class Meta(Record.Meta):
        db_table = "story_scenes"
        ordering = ["ordinal"]
        constraints = [
            one_of("purpose", [p.value for p in Purpose], "story_scenes_purpose"),
            models.CheckConstraint(
                condition=models.Q(start_sec__gte=0, end_sec__gt=models.F("start_sec")),
                name="story_scenes_seconds",
            ),
            models.UniqueConstraint(fields=["story", "ordinal"], name="story_scenes_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal} {self.purpose} {self.start_sec}-{self.end_sec} s"
