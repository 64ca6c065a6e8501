"""Reads what memory holds, as the engines want it. It writes nothing and believes nothing by itself."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Count, Q

from apps.contracts.decision import FactorKind
from apps.contracts.performance import Performance, component_of
from apps.memory.curve import Learned
from apps.memory.model import Belief, Reading, believe
from apps.memory.models import (
    CreativeMemory,
    MemoryUsage,
    PlatformModel,
    RememberedShort,
    VideoPerformance,
)
from apps.memory.moments import COMPONENTS, Moments, Short
from apps.memory.policy import MIDDLE, POINTS, estimates, label
from apps.memory.replay import Logged
from apps.memory.rewards import Measured

ALIAS = "memory"
#: Newest reported shorts of a platform that a reward is compared with.
COMPARED = 500
#: A propensity from which a factor was settled, not chosen.
CERTAIN = 0.999


def component(values: Mapping[str, float | None], name: str) -> float | None:
    """A component's value; the total stands in for a part that nobody measured."""
    value = values.get(name)
    return values.get("total") if value is None else value


def evidence(short: RememberedShort) -> Short:
    """A short's row as the model takes it: points become sd around the middle."""
    return Short(
        labels=tuple(label(kind, name) for kind, name in sorted(short.factors.items())),
        critic=_in_sd(short.critic),
        real=_in_sd(short.rewards),
        weight=short.weight or 1.0,
    )


def packed(moments: Moments) -> bytes:
    """The sums as bytes; the labels say their shape."""
    parts = (moments.xx, moments.xv, moments.vv)
    return b"".join(part.astype("<f8").tobytes() for part in parts)


def moments(model: PlatformModel) -> Moments:
    """A platform's sums, aged to its newest short."""
    if not model.labels:
        return Moments()
    size, flat = len(model.labels), np.frombuffer(bytes(model.sums), dtype="<f8")
    ends = np.cumsum([3 * size * size, 6 * len(COMPONENTS) * size])
    xx, xv, vv = np.split(flat, ends)
    return Moments(
        labels=tuple(model.labels),
        xx=xx.reshape(3, size, size),
        xv=xv.reshape(3, 2, len(COMPONENTS), size),
        vv=vv.reshape(3, len(COMPONENTS), 3),
    ).aged(model.shorts - model.aged_to)


def beliefs(platform: str, kinds: Iterable[str], labels: Sequence[str] = ()) -> dict[str, Belief]:
    """What is believed on a platform, by kind of factor: each through the component that teaches it."""
    known = {model.platform: moments(model) for model in PlatformModel.objects.using(ALIAS)}
    wanted = {kind: component_of(kind) for kind in kinds}
    by_component = {name: believe(platform, known, name, labels) for name in sorted(set(wanted.values()))}
    return {kind: by_component[name] for kind, name in wanted.items()}


def scores(platform: str) -> dict[UUID, float]:
    """Every factor row's shrunken mean on a platform, in points by row id."""
    rows = list(CreativeMemory.objects.using(ALIAS).filter(platform=platform))
    return {row.pk: mean for row, mean, _, _ in standing_rows(platform, rows)}


def standing_rows(
    platform: str, rows: Sequence[CreativeMemory]
) -> list[tuple[CreativeMemory, float, float, float]]:
    """(row, mean, sd, sd before evidence) of a platform's factors, in points."""
    kinds = dict.fromkeys(row.type for row in rows)
    believed = beliefs(platform, kinds, [label(row.type, row.reference_id) for row in rows])
    found = []
    for kind in kinds:
        mine = [row for row in rows if row.type == kind]
        told = estimates(believed[kind], kind, [row.reference_id for row in mine])
        found += [(row, float(m), float(s), float(p)) for row, m, s, p in zip(mine, *told, strict=True)]
    return found


def rows_of(platform: str, kinds: Iterable[str]) -> list[CreativeMemory]:
    """A platform's factors of these kinds."""
    rows = CreativeMemory.objects.using(ALIAS).filter(platform=platform, type__in=list(kinds))
    return list(rows.order_by("type", "reference_id"))


def learned_from(platform: str, channel: str, limit: int) -> tuple[list[Learned], int]:
    """The newest shorts that something was learned from, oldest first, and how many came before them."""
    # Said as the index says it: an exclude() would not be recognised, and every short be read.
    rows = RememberedShort.objects.using(ALIAS).filter(Q(critic__isnull=False) | Q(rewards__isnull=False))
    if platform:
        rows = rows.filter(platform=platform)
    if channel:
        rows = rows.filter(channel=channel)
    newest = list(
        rows.order_by("-created_at").values_list("job_id", "rewards__total", "critic__total")[:limit]
    )
    found = [Learned(job_id=job, reward=reward, critic=critic) for job, reward, critic in reversed(newest)]
    return found, rows.count() - len(found)


def counts(platform: str) -> dict[str, int]:
    """A platform's shorts, those judged, and those with real numbers."""
    rows = RememberedShort.objects.using(ALIAS).filter(platform=platform)
    found: dict[str, int] = rows.aggregate(
        shorts=Count("id"),
        judged=Count("id", filter=Q(critic__isnull=False)),
        real=Count("id", filter=Q(rewards__isnull=False)),
    )
    return found


def readings(platform: str) -> dict[str, Reading]:
    """What is known of the critic on a platform, by component."""
    known = {model.platform: moments(model) for model in PlatformModel.objects.using(ALIAS)}
    return {name: believe(platform, known, name).reading for name in COMPONENTS}


def logged(platform: str) -> list[Logged]:
    """The platform's newest shorts with propensities and rewards, as the policy's check takes them."""
    rows = RememberedShort.objects.using(ALIAS).filter(platform=platform, rewards__isnull=False)
    rewards = dict(rows.order_by("-ordinal").values_list("job_id", "rewards__total")[:COMPARED])
    # What could not have fallen otherwise was no choice.
    uses = MemoryUsage.objects.using(ALIAS).filter(job_id__in=list(rewards), propensity__lt=CERTAIN)
    levels, choices = known_levels([platform]), dict[UUID, list[tuple[float, float]]]()
    for job_id, kind, propensity in uses.values_list("job_id", "memory__type", "propensity"):
        choices.setdefault(job_id, []).append((propensity or 0.0, 1 / max(levels[kind], 1)))
    return [
        Logged(reward=rewards[job], propensities=tuple(p for p, _ in made), evens=tuple(e for _, e in made))
        for job, made in choices.items()
    ]


def history(channel: str, limit: int) -> list[RememberedShort]:
    """A channel's newest shorts, newest first."""
    return list(RememberedShort.objects.using(ALIAS).filter(channel=channel).order_by("-created_at")[:limit])


def known_levels(platforms: Iterable[str]) -> dict[str, int]:
    """How many levels of each factor can be chosen, at most on any of these platforms."""
    names: dict[str, set[str]] = {kind.value: set() for kind in FactorKind}
    rows = CreativeMemory.objects.using(ALIAS).filter(platform__in=list(platforms))
    for kind, name in rows.values_list("type", "reference_id"):
        names[kind].add(name)
    return {kind: len(found) for kind, found in names.items()}


def performances(job_id: UUID) -> tuple[Performance, ...]:
    """A short's numbers, the newest report of each day, oldest day first."""
    rows = VideoPerformance.objects.using(ALIAS).filter(job_id=job_id).order_by("day", "reported_at")
    newest = {row.day: row for row in rows}
    return tuple(_performance(row) for row in newest.values())


def measured(short: RememberedShort) -> Measured:
    """A reported short as rewards compare it."""
    return Measured(measures=short.measures or {}, length=short.length_seconds, channel=short.channel)


def others(short: RememberedShort) -> list[Measured]:
    """The platform's newest reported shorts but this one."""
    rows = RememberedShort.objects.using(ALIAS).filter(platform=short.platform, measures__isnull=False)
    newest = rows.exclude(pk=short.pk).order_by("-ordinal")[:COMPARED]
    found = newest.values_list("measures", "length_seconds", "channel")
    return [Measured(measures=m or {}, length=length, channel=channel) for m, length, channel in found]


def _in_sd(values: Mapping[str, Any] | None) -> tuple[float, ...] | None:
    if not values:
        return None
    return tuple((float(component(values, name) or 0.0) - MIDDLE) / POINTS for name in COMPONENTS)


def _performance(row: VideoPerformance) -> Performance:
    return Performance(
        day=row.day,
        views=row.views,
        engaged_views=row.engaged_views,
        average_watch_seconds=row.average_watch_seconds,
        completion=row.completion,
        replays=row.replays,
        shares=row.shares,
        reach=row.reach,
        skip_rate=row.skip_rate,
        source=row.source,
    )
