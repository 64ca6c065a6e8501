"""What is assumed of the people who watch. No logic."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from apps.foundation.catalog import CatalogEntry
from apps.foundation.records import Record, one_of

VISUAL_ENERGIES = ["low", "medium", "high"]


class AudienceProfile(Record, CatalogEntry):
    """Normalised assumptions about one audience."""

    audience_key = models.CharField(max_length=50, unique=True, help_text="The key a brief names it by.")
    attention_span = models.FloatField(
        validators=[MinValueValidator(1.0), MaxValueValidator(60.0)],
        help_text="Seconds before a viewer who has not been rewarded leaves.",
    )
    language_mix = models.JSONField(help_text="Language tag to share of the audience; shares sum to 1.")
    visual_energy = models.CharField(
        max_length=20,
        choices=[(energy, energy) for energy in VISUAL_ENERGIES],
        help_text="How much movement they are used to.",
    )
    emotion_bias = models.JSONField(help_text="The emotions they look for, the strongest first.")
    name = models.CharField(max_length=50)
    notes = models.TextField(blank=True, default="", help_text="Why these numbers.")
    active = models.BooleanField(default=True, help_text="Off: no new brief may name it.")

    class Meta:
        db_table = "audience_profiles"
        ordering = ["audience_key"]
        constraints = [
            one_of("visual_energy", VISUAL_ENERGIES, "audience_visual_energy_listed"),
            models.CheckConstraint(
                condition=Q(attention_span__gte=1.0) & Q(attention_span__lte=60.0),
                name="audience_attention_span_sane",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.audience_key
