"""The strategy service's door: platform rules, and what they mean for one job.

Writes no text and knows no prompt; it decides numbers and enums, each with its reason.
"""

from pathlib import Path
from uuid import UUID

from apps.contracts.brief import Brief, BriefProblem
from apps.contracts.codec import from_json, to_json
from apps.contracts.decision import (
    Advice,
    AudienceProfile,
    Box,
    FactorKind,
    HookType,
    LoopTechnique,
    PlatformProfile,
    Strategy,
)
from apps.contracts.identity import row_id
from apps.foundation.catalog import SeedReport, apply_entries, read_entries
from apps.foundation.holding import held
from apps.strategy import deciding, models
from apps.strategy.length import CUT_BANDS, length_trials, scenes_in_band

ALIAS = "strategy"
CATALOG = Path(__file__).parent / "catalog" / "platforms.yaml"


class UnknownPlatform(LookupError):
    """No platform profile has this key; the message names those there are."""


def seed() -> SeedReport:
    """Bring the platform catalogue into the table; what a curator edited stays as it is."""
    return apply_entries(models.PlatformProfile, read_entries(CATALOG), key="platform", alias=ALIAS)


@held
def platforms() -> tuple[PlatformProfile, ...]:
    """Every platform a brief may name."""
    return tuple(_profile(row) for row in models.PlatformProfile.objects.filter(active=True))


def platform(key: str) -> PlatformProfile:
    """One platform's rules, also when it is switched off. Raises UnknownPlatform."""
    # Compared here and not in SQL, which refuses NUL bytes and lone surrogates with an error.
    row = next((row for row in models.PlatformProfile.objects.all() if row.platform == key), None)
    if row is None:
        raise UnknownPlatform(f"There is no platform {key!r}; known are {_keys()}.")
    return _profile(row)


def problems_with(brief: Brief) -> tuple[BriefProblem, ...]:
    """Unknown platform, a duration it does not take, an unknown hook type, cut rate or loop technique."""
    known = {profile.platform: profile for profile in platforms()}
    found = (*_listed_problems(brief), *_cut_problems(brief))
    profile = known.get(brief.platform)
    if profile is None:
        return (_platform_problem(brief, tuple(known)), *found)
    return (*_duration_problems(brief, profile), *found)


def candidates(*, brief: Brief, audience: AudienceProfile) -> dict[FactorKind, tuple[str, ...]]:
    """Per factor the reference ids `decide` may choose among, to ask memory for advice on."""
    return deciding.candidates(platform(brief.platform), audience, brief)


def foresee(*, brief: Brief, audience: AudienceProfile, advice: tuple[Advice, ...] = ()) -> Strategy:
    """What `decide` would answer; nothing is written. Raises UnknownPlatform."""
    return deciding.decide(platform(brief.platform), audience, brief, advice)


def durations(*, brief: Brief, audience: AudienceProfile) -> dict[str, int]:
    """The length in whole seconds that stands for each length band worth considering for a brief."""
    return length_trials(platform(brief.platform), audience, brief)


def decide(
    *, job_id: UUID, brief: Brief, audience: AudienceProfile, advice: tuple[Advice, ...] = ()
) -> Strategy:
    """One job's strategy, kept as its strategy run. Raises UnknownPlatform.

    What the brief says explicitly wins; `advice` tips the rest. `decisions` names each factor as
    its FactorKind (hook, length_band, cut_rate_band, loop_technique) with the reference id as value.
    """
    strategy = deciding.decide(platform(brief.platform), audience, brief, advice)
    models.StrategyRun.objects.using(ALIAS).update_or_create(
        id=row_id(job_id, 0, "strategy"),
        defaults={"job_id": job_id, "platform": strategy.platform, "strategy_output": to_json(strategy)},
    )
    return strategy


def _profile(row: models.PlatformProfile) -> PlatformProfile:
    return PlatformProfile(
        platform=row.platform,
        name=row.name,
        ideal_length=row.ideal_length,
        min_length=row.min_length,
        max_length=row.max_length,
        hook_window_seconds=row.hook_window_seconds,
        loop_weight=row.loop_weight,
        priority_metrics=tuple(row.priority_metrics),
        safe_box=from_json(Box, row.safe_box),
    )


def _keys() -> str:
    return ", ".join(profile.platform for profile in platforms())


def _platform_problem(brief: Brief, known: tuple[str, ...]) -> BriefProblem:
    return BriefProblem(
        field="platform",
        code="unknown_platform",
        reason=f"There is no platform {brief.platform[:50]!r}.",
        remedy=f"Use one of: {', '.join(known)}." if known else "Run `manage.py seed` to load the platforms.",
    )


def _duration_problems(brief: Brief, profile: PlatformProfile) -> tuple[BriefProblem, ...]:
    low, high = profile.min_length, profile.max_length
    if brief.duration is None or low <= brief.duration <= high:
        return ()
    return (
        BriefProblem(
            field="duration",
            code="duration_out_of_bounds",
            reason=f"Shorts for {profile.name} last {low} to {high} s; this asks for {brief.duration} s.",
            remedy=f"Ask for {low} to {high} whole seconds, or leave duration out to have it chosen.",
        ),
    )


def _listed_problems(brief: Brief) -> tuple[BriefProblem, ...]:
    lists: dict[str, tuple[str, tuple[str, ...]]] = {
        "hook_type": ("hook type", tuple(HookType)),
        "cut_rate_band": ("cut rate", tuple(CUT_BANDS)),
        "loop_technique": ("loop technique", tuple(LoopTechnique)),
    }
    asked = {field: getattr(brief, field) for field in lists}
    return tuple(
        BriefProblem(
            field=field,
            code=f"unknown_{field}",
            reason=f"There is no {lists[field][0]} {value[:50]!r}.",
            remedy=f"Use one of: {', '.join(lists[field][1])}; or leave it out to have it chosen.",
        )
        for field, value in asked.items()
        if value and value not in lists[field][1]
    )


def _cut_problems(brief: Brief) -> tuple[BriefProblem, ...]:
    if brief.duration is None or brief.cut_rate_band not in CUT_BANDS:
        return ()
    if scenes_in_band(brief.duration, brief.cut_rate_band):
        return ()
    return (
        BriefProblem(
            field="cut_rate_band",
            code="too_short_for_cut_rate",
            reason=f"{brief.duration} s in four scenes or more have no {brief.cut_rate_band} cut rate.",
            remedy="Ask for a longer short or a faster rate, or leave cut_rate_band out.",
        ),
    )
