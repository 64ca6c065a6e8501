"""The audience service's door: who watches, as curated assumptions. Decides nothing."""

from pathlib import Path

from apps.audience import models
from apps.contracts.brief import Brief, BriefProblem
from apps.contracts.decision import AudienceProfile
from apps.foundation.catalog import SeedReport, apply_entries, read_entries
from apps.foundation.holding import held

ALIAS = "audience"
CATALOG = Path(__file__).parent / "catalog" / "audiences.yaml"


class UnknownAudience(LookupError):
    """No audience profile has this key; the message names those there are."""


def seed() -> SeedReport:
    """Bring the audience catalogue into the table; what a curator edited stays as it is."""
    return apply_entries(models.AudienceProfile, read_entries(CATALOG), key="audience_key", alias=ALIAS)


@held
def audiences() -> tuple[AudienceProfile, ...]:
    """Every audience a brief may name."""
    return tuple(_profile(row) for row in models.AudienceProfile.objects.filter(active=True))


def profile(key: str) -> AudienceProfile:
    """One audience, also when it is switched off. Raises UnknownAudience."""
    # Compared here and not in SQL, which refuses NUL bytes and lone surrogates with an error.
    row = next((row for row in models.AudienceProfile.objects.all() if row.audience_key == key), None)
    if row is None:
        raise UnknownAudience(f"There is no audience {key!r}; known are {', '.join(_keys())}.")
    return _profile(row)


def problems_with(brief: Brief) -> tuple[BriefProblem, ...]:
    """An unknown audience."""
    known = _keys()
    if brief.audience in known:
        return ()
    return (
        BriefProblem(
            field="audience",
            code="unknown_audience",
            reason=f"There is no audience {brief.audience[:50]!r}.",
            remedy=f"Use one of: {', '.join(known)}."
            if known
            else "Run `manage.py seed` to load the audiences.",
        ),
    )


def _keys() -> tuple[str, ...]:
    return tuple(audience.key for audience in audiences())


def _profile(row: models.AudienceProfile) -> AudienceProfile:
    return AudienceProfile(
        key=row.audience_key,
        name=row.name,
        attention_span=row.attention_span,
        language_mix=row.language_mix,
        visual_energy=row.visual_energy,
        emotion_bias=tuple(row.emotion_bias),
    )
