"""What retries did, kept as rows: so that one can ask which order helps, and the next retry knows it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, F, Q, QuerySet
from scipy.special import betaincinv

from apps.contracts.identity import row_id
from apps.contracts.judgement import DirectiveKind, Mend, MendStatistics
from apps.orchestrator.models import MendRow
from apps.orchestrator.remedies import Evidence

ALIAS = "orchestrator"
#: Beta prior of an order's share kept: uniform, two mends' worth.
PRIOR = (1.0, 1.0)
#: Share of the posterior that an interval spans.
INTERVAL = 0.8

_COLUMNS = (
    "base", "attempt", "kind", "ordinal", "signal", "before", "after", "low", "high", "improved",
    "total_before", "total_after", "fell", "kept", "score_before", "score_after",
)  # fmt: skip


def keep(job_id: UUID, platform: str, mends: Iterable[Mend]) -> None:
    """Make the rows of one attempt's mends; a second time they are the same rows."""
    for n, mend in enumerate(mends):
        columns = {name: getattr(mend, name) for name in _COLUMNS}
        MendRow.objects.using(ALIAS).update_or_create(
            id=row_id(job_id, mend.attempt, "mend", n),
            defaults={**columns, "job_id": job_id, "platform": platform, "fell": list(mend.fell)},
        )


def mends_of(job_id: UUID) -> tuple[Mend, ...]:
    """A job's mends, oldest attempt first."""
    rows = MendRow.objects.filter(job_id=job_id).order_by("attempt", "created_at")
    return tuple(_mend(columns) for columns in rows.values(*_COLUMNS))


def evidence(platform: str) -> Evidence:
    """How often each order helped against each signal on a platform."""
    counted = _rows(platform).values("kind", "signal").annotate(tried=Count("id"), held=_kept()).order_by()
    return Evidence(
        {(DirectiveKind(row["kind"]), row["signal"]): (row["tried"], row["held"]) for row in counted}
    )


def statistics(platform: str = "", *, by_signal: bool = False) -> tuple[MendStatistics, ...]:
    """One line a kind, or a kind and signal, most often tried first."""
    grouped = _rows(platform).values("kind", *(("signal",) if by_signal else ()))
    counted = grouped.annotate(
        tried=Count("id"),
        held=_kept(),
        gain=Avg(F("score_after") - F("score_before")),
        total_gain=Avg(F("total_after") - F("total_before")),
    )
    return tuple(_statistics(row) for row in counted.order_by("-tried", "kind"))


def _rows(platform: str) -> "QuerySet[MendRow]":
    rows = MendRow.objects.using(ALIAS)
    return rows.filter(platform=platform) if platform else rows.all()


def _kept() -> Count:
    return Count("id", filter=Q(kept=True))


def _statistics(row: dict[str, Any]) -> MendStatistics:
    held, failed = PRIOR[0] + row["held"], PRIOR[1] + row["tried"] - row["held"]
    low, high = betaincinv(held, failed, (1 - INTERVAL) / 2), betaincinv(held, failed, (1 + INTERVAL) / 2)
    return MendStatistics(
        kind=DirectiveKind(row["kind"]),
        signal=row.get("signal", ""),
        tried=row["tried"],
        kept=row["held"],
        share=round(held / (held + failed), 3),
        low=round(float(low), 3),
        high=round(float(high), 3),
        gain=round(100 * row["gain"], 2),
        total_gain=round(row["total_gain"], 2),
    )


def _mend(columns: dict[str, Any]) -> Mend:
    return Mend(**{**columns, "kind": DirectiveKind(columns["kind"]), "fell": tuple(columns["fell"])})
