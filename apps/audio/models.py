"""The audio service's tables. What is said and how it sounds lives in storage; rows name it."""

from django.db import models

from apps.foundation.records import Record, one_of

NARRATION, MIX = "narration", "mix"


class AudioTrack(Record):
    """One narration of one scene, or the mix of a whole attempt with its two stems."""

    script_id = models.UUIDField(db_index=True)
    storage_url = models.TextField(db_index=True)
    voice_id = models.CharField(max_length=50, blank=True)
    job_id = models.UUIDField(db_index=True)
    attempt = models.IntegerField()
    kind = models.CharField(max_length=20)
    ordinal = models.IntegerField()
    duration_ms = models.IntegerField()
    provider = models.CharField(max_length=30)
    words = models.JSONField(default=list, blank=True)
    voice_stem_url = models.TextField(blank=True, default="")
    bed_stem_url = models.TextField(blank=True, default="")
    integrated_lufs = models.FloatField(null=True)
    true_peak_dbtp = models.FloatField(null=True)
    credit = models.TextField(blank=True, default="")

    class Meta(Record.Meta):
        db_table = "audio_tracks"
        indexes = [models.Index(fields=["-created_at"], name="audio_tracks_newest")]
        constraints = [one_of("kind", [NARRATION, MIX], "audio_track_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.ordinal} of attempt {self.attempt}"


class JobVoice(Record):
    """The voice provider that speaks for a job: whichever had its first line done first. Never changed."""

    job_id = models.UUIDField(unique=True)
    provider = models.CharField(max_length=30)

    class Meta(Record.Meta):
        db_table = "job_voices"
        indexes = [models.Index(fields=["-created_at"], name="job_voices_newest")]

    def __str__(self) -> str:
        return f"{self.provider} speaks for {self.job_id}"
