"""The emotion service's door: curated curves, and the one that a short follows.

Knows nothing of words or sound; others read valence and arousal off the curve it returns.
"""

from pathlib import Path
from uuid import UUID

from apps.contracts.brief import Brief, BriefProblem
from apps.contracts.choosing import Choice
from apps.contracts.choosing import choose as choose_among
from apps.contracts.decision import Advice, AudienceProfile, Curve, Decision, FactorKind, Mood
from apps.contracts.identity import row_id
from apps.emotion import models
from apps.emotion.choosing import fit, reason_for
from apps.emotion.circumplex import EMOTIONS, mood
from apps.emotion.drawn import name_of, timeline_of
from apps.emotion.timeline import UnableToUseTimeline, checked, stretched
from apps.foundation.catalog import SeedReport, apply_entries, read_entries
from apps.foundation.holding import held

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


@held
def candidates(platform: str) -> tuple[str, ...]:
    """The curve names `choose` may choose among on a platform, to ask memory for advice on."""
    return tuple(row.name for row in _rows(platform))


def emotions() -> tuple[Mood, ...]:
    """The emotions a curve may pass through, each with its place; liveliest first."""
    return tuple(sorted((mood(name) for name in EMOTIONS), key=lambda m: (-m.arousal, -m.valence)))


def problems_with(brief: Brief) -> tuple[BriefProblem, ...]:
    """An unknown curve, or a drawn one that breaks a rule."""
    return (*_unknown_curve(brief), *_unusable_drawing(brief))


def _unusable_drawing(brief: Brief) -> tuple[BriefProblem, ...]:
    if not brief.curve_points:
        return ()
    try:
        timeline_of(brief.curve_points)
    except UnableToUseTimeline as wrong:
        remedy = "Start at 0, keep the points in order, or leave the drawing out to have a curve chosen."
        return (BriefProblem(field="curve_points", code="unusable_curve", reason=str(wrong), remedy=remedy),)
    return ()


def _unknown_curve(brief: Brief) -> tuple[BriefProblem, ...]:
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
    points: tuple[tuple[float, str], ...] = (),
) -> tuple[Curve, Decision]:
    """The curve one short follows, stretched to its length, and why; kept as the job's curve run.

    `points` (share of the length, emotion) are a curve of the brief's own and win over `name`, which wins
    over choosing. Advice refers to curves by name. Raises UnknownCurve, UnableToUseTimeline.
    """
    if points:
        row = _kept_drawing(points)
        _record(job_id, row)
        drawn = stretched(row.id, row.name, row.timeline, length_seconds)
        return drawn, Decision(name="emotion_curve", value=row.name, reason="The brief draws its own curve.")
    rows = {row.name: row for row in _rows(platform, including=name)}
    if not rows or (name and name not in rows):
        raise UnknownCurve(
            f"There is no emotion curve {name!r}; known are {', '.join(rows) or 'none: run seed'}."
        )
    choice = Choice((name,), None) if name else _choice(rows, audience, loop_weight, advice)
    order = choice.order
    row = rows[order[0]]
    curve = stretched(row.id, row.name, row.timeline, length_seconds)
    reason = (
        "The brief asks for it."
        if name
        else reason_for(curve, order[1] if len(order) > 1 else "", audience, loop_weight, advice)
    )
    _record(job_id, row)
    return curve, Decision(name="emotion_curve", value=row.name, reason=reason, belief=choice.belief)


def _kept_drawing(points: tuple[tuple[float, str], ...]) -> models.EmotionCurve:
    """The drawing as a row that is switched off: no other short takes it until a curator adopts it."""
    timeline = timeline_of(points)
    row, _ = models.EmotionCurve.objects.using(ALIAS).get_or_create(
        name=name_of(timeline),
        platform="",
        defaults={"timeline": timeline, "description": "Drawn for a brief.", "active": False},
    )
    return row


def _record(job_id: UUID, row: models.EmotionCurve) -> None:
    models.EmotionCurveRun.objects.using(ALIAS).update_or_create(
        id=row_id(job_id, 0, "emotion_curve"), defaults={"job_id": job_id, "emotion_curve": row}
    )


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


def _choice(
    rows: dict[str, models.EmotionCurve],
    audience: AudienceProfile,
    loop_weight: float,
    advice: tuple[Advice, ...],
) -> Choice:
    fits = {n: fit(stretched(row.id, n, row.timeline), audience, loop_weight) for n, row in rows.items()}
    return choose_among(fits, FactorKind.EMOTION_CURVE, advice)
