"""The emotion service's door: curated curves, and the one that a short follows.

Knows nothing of words or sound; others read valence and arousal off the curve it returns.
"""

from pathlib import Path
from uuid import UUID

from apps.contracts.brief import Brief, BriefProblem
from apps.contracts.choosing import ranked
from apps.contracts.decision import Advice, AudienceProfile, Curve, Decision, FactorKind
from apps.contracts.identity import row_id
from apps.emotion import models
from apps.emotion.choosing import fit, reason_for
from apps.emotion.timeline import checked, stretched
from apps.foundation.catalog import SeedReport, apply_entries, read_entries

ALIAS = "emotion"
CATALOG = Path(__file__).parent / "catalog" / "curves.yaml"


class UnknownCurve(LookupError):
    """No curve has this name on the platform; the message names those there are."""


def seed() -> SeedReport:
    """Bring the curve catalogue into the table; what a curator edited stays as it is."""
    entries = read_entries(CATALOG)
    for entry in entries:
        checked(entry["timeline"])
    return apply_entries(models.EmotionCurve, entries, key="name,platform", alias=ALIAS)


def curves(platform: str = "") -> tuple[Curve, ...]:
    """Every curve in use, at its nominal seconds; with `platform`, those a short for it may follow.

    A curve made for the platform then stands in for the general one of the same name.
    """
    rows = _rows(platform) if platform else models.EmotionCurve.objects.filter(active=True)
    return tuple(stretched(row.id, row.name, row.timeline) for row in rows)


def candidates(platform: str) -> tuple[str, ...]:
    """The curve names `choose` may choose among on a platform, to ask memory for advice on."""
    return tuple(row.name for row in _rows(platform))


def problems_with(brief: Brief) -> tuple[BriefProblem, ...]:
    """An unknown curve."""
    known = candidates(brief.platform)
    if not brief.curve or brief.curve in known:
        return ()
    return (
        BriefProblem(
            field="curve",
            code="unknown_curve",
            reason=f"There is no emotion curve {brief.curve[:50]!r} for {brief.platform[:50]!r}.",
            remedy=f"Use one of: {', '.join(known)}; or leave it out to have it chosen."
            if known
            else "Run `manage.py seed` to load the curves.",
        ),
    )


def choose(
    *,
    job_id: UUID,
    platform: str,
    length_seconds: int,
    audience: AudienceProfile,
    loop_weight: float,
    name: str = "",
    advice: tuple[Advice, ...] = (),
) -> tuple[Curve, Decision]:
    """The curve one short follows, stretched to its length, and why; kept as the job's curve run.

    `name` wins where it is given. Advice refers to curves by name. Raises UnknownCurve.
    """
    rows = {row.name: row for row in _rows(platform, including=name)}
    if not rows or (name and name not in rows):
        raise UnknownCurve(
            f"There is no emotion curve {name!r}; known are {', '.join(rows) or 'none: run seed'}."
        )
    order = (name,) if name else _ranked(rows, audience, loop_weight, advice)
    row = rows[order[0]]
    curve = stretched(row.id, row.name, row.timeline, length_seconds)
    reason = (
        "The brief asks for it."
        if name
        else reason_for(curve, order[1] if len(order) > 1 else "", audience, loop_weight, advice)
    )
    models.EmotionCurveRun.objects.using(ALIAS).update_or_create(
        id=row_id(job_id, 0, "emotion_curve"), defaults={"job_id": job_id, "emotion_curve": row}
    )
    return curve, Decision(name="emotion_curve", value=row.name, reason=reason)


def _rows(platform: str, including: str = "") -> tuple[models.EmotionCurve, ...]:
    """A platform's curves in use, its own before general ones; `including` also when switched off."""
    # Compared here and not in SQL, which refuses NUL bytes and lone surrogates with an error.
    rows = models.EmotionCurve.objects.order_by("name", "platform")
    found = [row for row in rows if row.platform in ("", platform)]
    by_name = {row.name: row for row in found if row.active}
    for row in found:
        if row.name == including:
            by_name.setdefault(row.name, row)
    return tuple(by_name[name] for name in sorted(by_name))


def _ranked(
    rows: dict[str, models.EmotionCurve],
    audience: AudienceProfile,
    loop_weight: float,
    advice: tuple[Advice, ...],
) -> tuple[str, ...]:
    fits = {n: fit(stretched(row.id, n, row.timeline), audience, loop_weight) for n, row in rows.items()}
    return ranked(fits, FactorKind.EMOTION_CURVE, advice)
