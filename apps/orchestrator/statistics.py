"""How fast the house works: jobs a day, seconds a stage, and what waits. Reads only.

Looks at the newest rows alone, so that it costs the same however many jobs there have been.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from time import monotonic
from typing import Any, TypeVar, cast

from django.db import connections
from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from apps.contracts.progress import Output, StageTime
from apps.orchestrator.graph import Stage
from apps.orchestrator.machine import ALIAS
from apps.orchestrator.models import ExecutionPlan, PlanStatus, StageRun

T = TypeVar("T")

#: Newest completed jobs that stage times are taken from.
JOBS = 200
#: Seconds for which what is counted is not counted anew: tens of thousands of rows, numbers that creep.
COUNTED_FOR = 30.0
_counted: dict[str, tuple[float, Any]] = {}

_TIMES = """
SELECT stage, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds), sum(seconds) / count(DISTINCT job_id)
FROM stage_runs
WHERE state = 'done' AND NOT reused AND job_id = ANY(ARRAY(
    SELECT job_id FROM execution_plans WHERE status = 'completed' ORDER BY created_at DESC LIMIT %s
))
GROUP BY stage
"""


def stage_times() -> tuple[StageTime, ...]:
    """Each stage in the graph's order: how long it takes, and what of it waits now."""
    times, queue = _of_late("times", _measured), _by_stage()
    return tuple(_time(stage, times[stage], queue.get(stage, (0, 0))) for stage in Stage if stage in times)


def _measured() -> dict[str, list[float]]:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_TIMES, [JOBS])
        return {stage: measured for stage, *measured in cursor.fetchall()}


def _of_late(name: str, count: Callable[[], T]) -> T:
    """What `count` says, at most COUNTED_FOR seconds old."""
    at, known = _counted.get(name, (-COUNTED_FOR, None))
    if monotonic() - at >= COUNTED_FOR:
        known = count()
        _counted[name] = monotonic(), known
    return cast(T, known)


def _time(stage: str, measured: list[float], queue: tuple[int, int]) -> StageTime:
    runs, median, p90, per_job = measured
    return StageTime(
        stage=str(stage),
        runs=int(runs),
        median=round(median, 3),
        p90=round(p90, 3),
        per_job=round(per_job, 3),
        waiting=queue[0],
        busy=queue[1],
    )


def queue() -> dict[tuple[str, str], int]:
    """Stage runs that wait ("ready") or that a worker is at ("running"), by (stage, state)."""
    # One state a query: each has a partial index, both together have none, and are two in a million.
    return {(stage, state): n for state in ("ready", "running") for stage, n in _runs(state)}


def _runs(state: str) -> Iterable[tuple[str, int]]:
    runs = StageRun.objects.filter(state=state).order_by()
    return runs.values_list("stage").annotate(n=Count("id"))


def _by_stage() -> dict[str, tuple[int, int]]:
    """By stage: runs that wait, and runs that a worker is at."""
    runs = queue()
    return {stage: (runs.get((stage, "ready"), 0), runs.get((stage, "running"), 0)) for stage, _ in runs}


def throughput(*, days: int = 14) -> tuple[Output, ...]:
    """Jobs of the last `days` that have ended, by the day (UTC) they ended on, oldest first, none left out.

    A job that was begun longer ago is not counted, whenever it ended. May be COUNTED_FOR seconds old.
    """
    return _of_late(f"days {days}", lambda: _count_days(days))


def _count_days(days: int) -> tuple[Output, ...]:
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    since = midnight - timedelta(days=days - 1)
    plans = ExecutionPlan.objects.filter(created_at__gte=since, ended_at__isnull=False).order_by()
    by_day = (
        plans.annotate(day=TruncDate("ended_at"))
        .values("day")
        .annotate(
            completed=Count("id", Q(status=PlanStatus.COMPLETED)),
            failed=Count("id", Q(status=PlanStatus.FAILED)),
            cancelled=Count("id", Q(status=PlanStatus.CANCELLED)),
        )
    )
    found = {row["day"]: Output(**row) for row in by_day}
    nothing = {"completed": 0, "failed": 0, "cancelled": 0}
    every = (since.date() + timedelta(days=n) for n in range(days))
    return tuple(found.get(day) or Output(day=day, **nothing) for day in every)
