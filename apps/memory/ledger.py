"""Writes uses and evidence so that parallel jobs lose nothing. It knows no statistics beyond the sums.

Every change of a factor's row happens under that row's lock; rows are locked in one order, so two
jobs that share factors wait for each other instead of deadlocking.
"""

from collections.abc import Iterator
from dataclasses import asdict
from uuid import UUID

from django.db.models import F, QuerySet

from apps.contracts.decision import FactorKind
from apps.contracts.identity import row_id
from apps.foundation.transactions import in_transaction
from apps.memory.models import CreativeMemory, MemoryEvidence, MemoryUsage
from apps.memory.posterior import PRIOR_MEAN, TRUST, Sums, posterior

ALIAS = "memory"


class UnknownFactor(ValueError):
    """A factor's kind is not one of FactorKind; the message names them."""


def kind_of(kind: str) -> FactorKind:
    """The FactorKind of that value. Raises UnknownFactor."""
    try:
        return FactorKind(kind)
    except ValueError as unknown:
        raise UnknownFactor(f"{kind!r} is no factor; there are {', '.join(FactorKind)}") from unknown


def sums_of(row: CreativeMemory) -> Sums:
    """The evidence a row holds."""
    return Sums(**{name: row.metadata[name] for name in asdict(Sums()) if name in row.metadata})


def count_uses(*, job_id: UUID, platform: str, factors: dict[str, str]) -> None:
    """A usage row for each factor, and one more on its reuse_count where it is new."""
    wanted = _in_order(factors)
    with in_transaction(ALIAS):
        for row in _locked(platform, wanted):
            _, is_new = MemoryUsage.objects.using(ALIAS).get_or_create(
                memory=row, job_id=job_id, defaults={"id": row_id(job_id, 0, f"use/{row.pk}")}
            )
            if is_new:
                _rows().filter(pk=row.pk).update(reuse_count=F("reuse_count") + 1)


def add_evidence(
    *, job_id: UUID, platform: str, factors: dict[str, str], values: dict[str, float], source: str
) -> None:
    """Add one source's value (0-100, by kind) for a job to each factor; an older one is replaced."""
    wanted = _in_order(factors)
    with in_transaction(ALIAS):
        for row in _locked(platform, wanted):
            _add_one(row, job_id, values[row.type], source)


def newest_uses(platform: str, limit: int) -> list[tuple[str, str]]:
    """(type, reference) of the newest uses on a platform."""
    uses = MemoryUsage.objects.filter(memory__platform=platform).order_by("-used_at")
    return list(uses.values_list("memory__type", "memory__reference_id")[:limit])


def rebuild(row: CreativeMemory) -> Sums:
    """A row's sums anew from its evidence alone."""
    sums = Sums()
    for source, value in row.evidence.values_list("source", "value"):
        sums = sums.plus(value, TRUST[source])
    return sums


def _add_one(row: CreativeMemory, job_id: UUID, value: float, source: str) -> None:
    evidence = MemoryEvidence.objects.using(ALIAS)
    held, is_new = evidence.get_or_create(
        memory=row,
        job_id=job_id,
        source=source,
        defaults={"id": row_id(job_id, 0, f"evidence/{row.pk}/{source}"), "value": value},
    )
    sums, trust = sums_of(row), TRUST[source]
    if not is_new:
        sums = sums.plus(held.value, -trust, videos=-1)
        evidence.filter(pk=held.pk).update(value=value)
    sums = sums.plus(value, trust)
    row.metadata = {**row.metadata, **asdict(sums)}
    row.score = posterior(sums).mean
    row.save(using=ALIAS, update_fields=["metadata", "score"])


def _in_order(factors: dict[str, str]) -> list[tuple[str, str]]:
    """(type, reference), checked, in the one order in which every job locks them."""
    return sorted((kind_of(kind).value, reference) for kind, reference in factors.items())


def _locked(platform: str, wanted: list[tuple[str, str]]) -> Iterator[CreativeMemory]:
    """Each factor's row, made where it is missing, locked until the transaction ends."""
    _rows().bulk_create(
        [
            CreativeMemory(type=kind, reference_id=reference, platform=platform, score=PRIOR_MEAN)
            for kind, reference in wanted
        ],
        ignore_conflicts=True,
    )
    for kind, reference in wanted:
        yield _rows().select_for_update().get(type=kind, reference_id=reference, platform=platform)


def _rows() -> QuerySet[CreativeMemory]:
    return CreativeMemory.objects.using(ALIAS)
