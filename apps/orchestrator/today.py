"""What today (UTC) has brought so far, counted from plans and events. It changes nothing."""

from collections import Counter
from datetime import datetime

from django.db.models import Count, Min
from django.db.models.functions import ExtractHour
from django.utils import timezone

from apps.contracts.progress import Day, StageState
from apps.orchestrator.models import OPEN, TOLD, ExecutionPlan, OrchestratorEvent, StageRun
from apps.orchestrator.statistics import queue

HOURS = 24

_Tally = Counter[tuple[str, int | None, str | None]]


def today() -> Day:
    """The day so far, and the queue as it stands."""
    now = timezone.now()
    since = now.replace(hour=0, minute=0, second=0, microsecond=0)
    hours = _submitted_by_hour(since)
    told = _told(since)
    runs = queue()
    return Day(
        submitted=sum(hours),
        submitted_by_hour=hours,
        completed=_count(told, "completed") + _count(told, "attempt_abandoned"),
        failed=_count(told, "failed"),
        cancelled=_count(told, "cancelled"),
        open=ExecutionPlan.objects.filter(status__in=OPEN).count(),
        accepted_first=sum(n for (kind, attempt, _), n in told.items() if kind == "accepted" and not attempt),
        accepted_later=sum(n for (kind, attempt, _), n in told.items() if kind == "accepted" and attempt),
        delivered_best=_count(told, "delivered_best"),
        failures={code or "unknown": n for (kind, _, code), n in told.items() if kind == "failed"},
        waiting=sum(n for (_, state), n in runs.items() if state == StageState.READY),
        busy=sum(n for (_, state), n in runs.items() if state == StageState.RUNNING),
        oldest_wait=_oldest_wait(now),
    )


def _submitted_by_hour(since: datetime) -> tuple[int, ...]:
    plans = ExecutionPlan.objects.filter(created_at__gte=since).order_by()
    counts = dict(plans.annotate(hour=ExtractHour("created_at")).values_list("hour").annotate(n=Count("id")))
    return tuple(counts.get(hour, 0) for hour in range(HOURS))


def _told(since: datetime) -> _Tally:
    events = OrchestratorEvent.objects.filter(created_at__gte=since, event_type__in=TOLD).order_by()
    by_fact = events.values_list("event_type", "metadata__attempt", "metadata__code")
    return Counter({(kind, attempt, code): n for kind, attempt, code, n in by_fact.annotate(n=Count("id"))})


def _count(told: _Tally, event_type: str) -> int:
    return sum(n for (kind, _, _), n in told.items() if kind == event_type)


def _oldest_wait(now: datetime) -> float:
    due = StageRun.objects.filter(state=StageState.READY, wake_at__lte=now)
    first = due.aggregate(first=Min("wake_at"))["first"]
    return (now - first).total_seconds() if first else 0.0
