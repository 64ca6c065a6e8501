"""Who speaks, and for which jobs they spoke. No logic."""

from django.db import models

from apps.foundation.catalog import CatalogEntry
from apps.foundation.fields import UtcTimestampField
from apps.foundation.records import Record, one_of

SENTENCE_LENGTHS = ["short", "medium", "long"]
ENERGY_LEVELS = ["low", "medium", "high"]
VOCABULARY_LEVELS = ["simple", "everyday", "rich"]
CAPTION_STYLES = ["bold_pop", "clean_box", "karaoke_glow"]
CHANGE_ACTIONS = ["added", "changed", "removed"]


def _choices(values: list[str]) -> list[tuple[str, str]]:
    return [(value, value.replace("_", " ")) for value in values]


class Persona(CatalogEntry):
    """A speaker. `voice_profile` is a VoiceProfile: voices by language, rate, pitch, range, gain."""

    id = models.CharField(
        max_length=50, primary_key=True, help_text="The key a brief names it by: small letters, digits, _."
    )
    name = models.CharField(max_length=50)
    sentence_length = models.CharField(max_length=20, choices=_choices(SENTENCE_LENGTHS))
    energy_level = models.CharField(max_length=20, choices=_choices(ENERGY_LEVELS))
    vocabulary_level = models.CharField(max_length=20, choices=_choices(VOCABULARY_LEVELS))
    voice_profile = models.JSONField()
    caption_style = models.CharField(max_length=30, choices=_choices(CAPTION_STYLES), default="bold_pop")
    description = models.TextField(blank=True, default="", help_text="Who this is, for whoever chooses.")
    sample = models.CharField(max_length=300, help_text="What the speaker says when asked for a sample.")
    sample_language = models.CharField(max_length=10, default="en", help_text="The sample's language tag.")
    made_for = models.JSONField(
        default=list,
        blank=True,
        help_text="Keys of the audiences this speaker was written for; may be empty.",
    )
    active = models.BooleanField(default=True, help_text="Off: no new short is spoken by them.")
    created_at = UtcTimestampField(auto_now_add=True)

    class Meta:
        db_table = "personas"
        ordering = ["name"]
        constraints = [
            one_of("sentence_length", SENTENCE_LENGTHS, "persona_sentence_length_listed"),
            one_of("energy_level", ENERGY_LEVELS, "persona_energy_level_listed"),
            one_of("vocabulary_level", VOCABULARY_LEVELS, "persona_vocabulary_level_listed"),
        ]

    def __str__(self) -> str:
        return self.name


class PersonaUsage(Record):
    """A persona spoke for a job. A persona that was used is switched off, not deleted."""

    persona = models.ForeignKey(Persona, on_delete=models.PROTECT, related_name="usages")
    job_id = models.UUIDField(db_index=True)

    class Meta(Record.Meta):
        abstract = False
        db_table = "persona_usage"
        verbose_name_plural = "persona usage"
        indexes = [
            models.Index(fields=["-created_at"], name="persona_usage_newest"),
            models.Index(fields=["persona", "-created_at"], name="persona_usage_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.persona_id} {self.job_id}"


class PersonaChange(Record):
    """One step in a persona's evolution: who changed what. Never edited, and kept when the persona goes.

    `changes` maps a field's name to [before, after]; parts of the voice are fields too: "voice.rate".
    """

    persona_key = models.CharField(max_length=50)
    action = models.CharField(max_length=10, choices=_choices(CHANGE_ACTIONS))
    changed_by = models.CharField(max_length=150)
    changes = models.JSONField()

    class Meta(Record.Meta):
        abstract = False
        db_table = "persona_changes"
        constraints = [one_of("action", CHANGE_ACTIONS, "persona_changes_action")]
        indexes = [
            models.Index(fields=["persona_key", "-created_at"], name="persona_changes_of_one"),
            models.Index(fields=["-created_at"], name="persona_changes_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.persona_key} {self.action} by {self.changed_by}"
