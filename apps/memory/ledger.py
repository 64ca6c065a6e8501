"""Writes uses, scores and real numbers so that parallel jobs lose nothing. It decides nothing.

Whatever is learned on a platform is learned under one lock, the row of its `PlatformModel`: two jobs then
wait for each other instead of deadlocking, and the sums are exactly those of the rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import connections
from django.db.models import F, QuerySet
from django.utils.timezone import now

from apps.contracts.decision import FactorKind
from apps.contracts.identity import row_id
from apps.contracts.performance import Performance, component_of
from apps.foundation.transactions import in_transaction
from apps.memory import shelf
from apps.memory.models import (
    CreativeMemory,
    MemoryEvidence,
    MemoryUsage,
    PlatformModel,
    RememberedShort,
    Source,
    VideoPerformance,
)
from apps.memory.moments import DISCOUNT, Moments, Short
from apps.memory.policy import MIDDLE
from apps.memory.rewards import measures_of, rewards_among, weight_of
from apps.memory.shelf import ALIAS


class UnknownFactor(ValueError):
    """A factor's kind is not one of FactorKind; the message names them."""


class UnableToLearn(LookupError):
    """Memory does not know this job: its choices were never recorded, so its numbers can teach nothing."""


def kind_of(kind: str) -> FactorKind:
    """The FactorKind of that value. Raises UnknownFactor."""
    try:
        return FactorKind(kind)
    except ValueError as unknown:
        raise UnknownFactor(f"{kind!r} is no factor; there are {', '.join(FactorKind)}") from unknown


def acquaint(platform: str, factors: Mapping[str, tuple[str, ...]]) -> None:
    """A row for each factor that can be chosen on a platform, tried or not."""
    wanted = {(kind_of(kind).value, name) for kind, names in factors.items() for name in names}
    rows = _rows().filter(platform=platform, type__in=list(factors))
    missing = wanted - set(rows.values_list("type", "reference_id"))
    _rows().bulk_create(
        [
            CreativeMemory(type=kind, reference_id=name, platform=platform, score=MIDDLE)
            for kind, name in sorted(missing)
        ],
        ignore_conflicts=True,
    )


def count_uses(
    *,
    job_id: UUID,
    platform: str,
    channel: str,
    factors: Mapping[str, str],
    propensities: Mapping[str, float],
    length_seconds: float,
) -> None:
    """The job's short, a usage row for each factor, and one more on its reuse_count where it is new."""
    acquaint(platform, {kind: (name,) for kind, name in factors.items()})
    with in_transaction(ALIAS):
        model = _locked(platform)
        short = _short(model, job_id, channel, factors)
        if length_seconds > 0:
            short.length_seconds = length_seconds
        if not short.critic and not short.rewards:  # a decision that was interrupted and made again
            short.factors = dict(factors)
        short.save(using=ALIAS, update_fields=["length_seconds", "factors"])
        _use(_rows_of(platform, short.factors), job_id, propensities)


def learn_from_critic(
    *,
    job_id: UUID,
    platform: str,
    factors: Mapping[str, str],
    scores: Mapping[str, float],
    opening: str,
    look: str,
    shingles: bytes,
) -> None:
    """Let a short's factors learn from its judgement; an older one is replaced."""
    acquaint(platform, {kind: (name,) for kind, name in factors.items()})
    with in_transaction(ALIAS):
        model = _locked(platform)
        short = _short(model, job_id, "default", factors)
        before = shelf.evidence(short)
        short.opening, short.look, short.shingles = opening or short.opening, look, shingles or short.shingles
        short.critic = dict(scores)
        _relearn(model, short, before, Source.CRITIC, short.critic)


def learn_from_platform(*, job_id: UUID, performances: tuple[Performance, ...]) -> None:
    """Keep a short's real numbers, and let its factors learn from the newest day. Raises UnableToLearn."""
    found = RememberedShort.objects.using(ALIAS).filter(job_id=job_id).first()
    if found is None:
        raise UnableToLearn(UnableToLearn.__doc__)
    with in_transaction(ALIAS):
        model = _locked(found.platform)
        short = RememberedShort.objects.using(ALIAS).get(job_id=job_id)
        _keep(job_id, performances)
        newest = shelf.performances(job_id)
        if newest:
            _reward(model, short, newest[-1])


def rebuild(platform: str) -> int:
    """The platform's sums and every factor's own anew from the shorts' rows alone; how many shorts."""
    with in_transaction(ALIAS):
        model = _locked(platform)
        moments, aged_to = Moments(), 0
        rows = RememberedShort.objects.using(ALIAS).filter(platform=platform).order_by("ordinal")
        for short in rows.iterator():
            moments = moments.aged(short.ordinal - aged_to).plus(shelf.evidence(short))
            aged_to = short.ordinal
        model.shorts = max(model.shorts, aged_to)
        _store(model, moments.aged(model.shorts - aged_to))
        for row in _rows().filter(platform=platform):
            row.metadata = _sums_anew(row)
            row.save(using=ALIAS, update_fields=["metadata"])
        _score(platform)
    return model.shorts


def _locked(platform: str) -> PlatformModel:
    models = PlatformModel.objects.using(ALIAS)
    models.bulk_create([PlatformModel(platform=platform)], ignore_conflicts=True)
    return models.select_for_update().get(platform=platform)


def _short(model: PlatformModel, job_id: UUID, channel: str, factors: Mapping[str, str]) -> RememberedShort:
    """The job's short; made as the platform's next one where it is new."""
    short, is_new = RememberedShort.objects.using(ALIAS).get_or_create(
        job_id=job_id,
        defaults={
            "id": row_id(job_id, 0, "remembered"),
            "platform": model.platform,
            "channel": channel,
            "ordinal": model.shorts + 1,
            "factors": dict(factors),
        },
    )
    if is_new:
        model.shorts += 1
        model.save(using=ALIAS, update_fields=["shorts"])
    return short


def _use(rows: Sequence[CreativeMemory], job_id: UUID, propensities: Mapping[str, float]) -> None:
    """A usage row for each of `rows`, and for nothing else that the job may have chosen before."""
    uses = MemoryUsage.objects.using(ALIAS)
    known = set(uses.filter(job_id=job_id).values_list("memory_id", flat=True))
    given_up = known - {row.pk for row in rows}
    uses.filter(job_id=job_id, memory_id__in=given_up).delete()
    _rows().filter(pk__in=given_up).update(reuse_count=F("reuse_count") - 1)
    uses.bulk_create(
        [
            MemoryUsage(
                id=row_id(job_id, 0, f"use/{row.pk}"),
                memory=row,
                job_id=job_id,
                propensity=propensities.get(row.type),
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["memory", "job_id"],
        update_fields=["propensity"],
    )
    new = [row.pk for row in rows if row.pk not in known]
    _rows().filter(pk__in=new).update(reuse_count=F("reuse_count") + 1)


def _keep(job_id: UUID, performances: Sequence[Performance]) -> None:
    """Each report as a row of its own; the same report again is the same row, reported once more."""
    at, rows = now(), dict[UUID, VideoPerformance]()
    for n, performance in enumerate(performances):
        said, reported = asdict(performance), at + timedelta(microseconds=n)
        key = uuid5(job_id, f"performance/{said}")
        rows[key] = VideoPerformance(id=key, job_id=job_id, reported_at=reported, **said)
    VideoPerformance.objects.using(ALIAS).bulk_create(
        rows.values(), update_conflicts=True, unique_fields=["id"], update_fields=["reported_at"]
    )


def _reward(model: PlatformModel, short: RememberedShort, performance: Performance) -> None:
    before = shelf.evidence(short)
    short.measures = measures_of(performance, short.length_seconds)
    short.weight = weight_of(performance)
    rewards = asdict(rewards_among(shelf.measured(short), shelf.others(short)))
    short.rewards = rewards if rewards["total"] is not None else None
    _relearn(model, short, before, Source.PLATFORM, short.rewards)


def _relearn(
    model: PlatformModel,
    short: RememberedShort,
    before: Short,
    source: Source,
    values: Mapping[str, float | None] | None,
) -> None:
    """Take back what a short said before, and add what it says now."""
    short.save(using=ALIAS)
    share = DISCOUNT ** (model.shorts - short.ordinal)
    moments = shelf.moments(model).plus(before, -share).plus(shelf.evidence(short), share)
    _store(model, moments)
    _credit(short, source, values)
    _score(model.platform)


def _store(model: PlatformModel, moments: Moments) -> None:
    model.labels, model.sums = list(moments.labels), shelf.packed(moments)
    model.aged_to = model.shorts
    model.save(using=ALIAS)


def _credit(short: RememberedShort, source: Source, values: Mapping[str, float | None] | None) -> None:
    """One source's value for each of a short's factors: as evidence, and in the factor's own sums."""
    rows = _rows_of(short.platform, short.factors)
    said = {row.pk: shelf.component(values or {}, component_of(row.type)) for row in rows}
    known: dict[UUID, dict[str, float]] = {row.pk: {} for row in rows}
    evidence = MemoryEvidence.objects.using(ALIAS).filter(job_id=short.job_id, memory__in=rows)
    for memory_id, by, value in evidence.values_list("memory_id", "source", "value"):
        known[memory_id][by] = value
    for row in rows:
        _settle(row, source, known[row.pk], said[row.pk])
    _rows().bulk_update(rows, ["metadata"])
    _attest(short.job_id, source, {row: said[row.pk] for row in rows})


def _attest(job_id: UUID, source: Source, said: Mapping[CreativeMemory, float | None]) -> None:
    """The evidence rows of one source on one short: each value, or none."""
    evidence = MemoryEvidence.objects.using(ALIAS)
    evidence.filter(
        job_id=job_id, source=source, memory__in=[row for row, value in said.items() if value is None]
    ).delete()
    evidence.bulk_create(
        [
            MemoryEvidence(
                id=row_id(job_id, 0, f"evidence/{row.pk}/{source}"),
                memory=row,
                job_id=job_id,
                source=source,
                value=value,
            )
            for row, value in said.items()
            if value is not None
        ],
        update_conflicts=True,
        unique_fields=["memory", "job_id", "source"],
        update_fields=["value"],
    )


def _settle(row: CreativeMemory, source: Source, known: Mapping[str, float], value: float | None) -> None:
    """A factor's own sums with one source's value for one short in place of what it said before."""
    sums, before = row.metadata, known.get(source.value)
    if before is not None:
        _add(sums, source, before, -1)
    if value is not None:
        _add(sums, source, value, 1)
    said_before, says_now = bool(known), value is not None or bool(set(known) - {source.value})
    sums["n"] = sums.get("n", 0) + says_now - said_before
    sums["n_real"] = sums.get(Source.PLATFORM.value, {}).get("n", 0)


def _add(sums: dict[str, Any], source: Source, value: float, shorts: int) -> None:
    held = sums.get(source.value, {"n": 0, "sum": 0.0, "sum_squares": 0.0})
    sums[source.value] = {
        "n": held["n"] + shorts,
        "sum": held["sum"] + shorts * value,
        "sum_squares": held["sum_squares"] + shorts * value * value,
    }


def _sums_anew(row: CreativeMemory) -> dict[str, Any]:
    """A factor's sums from its evidence alone."""
    sums: dict[str, Any] = {}
    jobs = set()
    evidence = MemoryEvidence.objects.using(ALIAS).filter(memory=row)
    for job_id, source, value in evidence.values_list("job_id", "source", "value"):
        _add(sums, Source(source), value, 1)
        jobs.add(job_id)
    real = sums.get(Source.PLATFORM.value, {}).get("n", 0)
    return {**sums, "n": len(jobs), "n_real": real} if jobs else {}


def _score(platform: str) -> None:
    """Every factor's shrunken mean on a platform, in one statement."""
    scores = shelf.scores(platform)
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            "UPDATE creative_memory SET score = fresh.score FROM unnest(%s::uuid[], %s::float8[])"
            " AS fresh(id, score) WHERE creative_memory.id = fresh.id",
            [list(scores), list(scores.values())],
        )


def _rows_of(platform: str, factors: Mapping[str, str]) -> list[CreativeMemory]:
    rows = _rows().filter(platform=platform, type__in=list(factors), reference_id__in=list(factors.values()))
    return [row for row in rows if factors[row.type] == row.reference_id]


def _rows() -> QuerySet[CreativeMemory]:
    return CreativeMemory.objects.using(ALIAS)
