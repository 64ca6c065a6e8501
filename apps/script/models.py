"""Scripts: the spoken text of a story. No audio, no timing."""

from django.db import models

from apps.foundation.records import Record


class ScriptRow(Record):
    """One story's script; `lines` are the caption tokens and how each is said, one entry a scene."""

    story_id = models.UUIDField(db_index=True)
    full_script = models.TextField()
    language = models.CharField(max_length=10)
    job_id = models.UUIDField(db_index=True)
    attempt = models.IntegerField(default=1)
    lines = models.JSONField(default=list)

    class Meta(Record.Meta):
        db_table = "scripts"
        indexes = [models.Index(fields=["-created_at"], name="scripts_newest")]
        verbose_name = "script"
        constraints = [models.UniqueConstraint(fields=["job_id", "attempt"], name="scripts_once_an_attempt")]

    def __str__(self) -> str:
        return f"script of {str(self.job_id)[:8]}, attempt {self.attempt}"
