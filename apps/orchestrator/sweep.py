"""Finds what a lost message or a dead worker left behind, and wakes it. It executes nothing."""

from datetime import timedelta

from django.db import connections
from django.db.models import F
from django.utils import timezone

from apps.contracts.progress import StageState
from apps.foundation.blobs import sweep_scratch
from apps.orchestrator import announcing, waking
from apps.orchestrator.graph import GRAPH, Stage
from apps.orchestrator.machine import ALIAS, Wake
from apps.orchestrator.models import ExecutionPlan, StageRun
from apps.orchestrator.signals import sweeping

#: Advisory lock that lets one sweep run at a time in the whole installation.
SWEEP_LOCK = 0x73776570
#: Seconds after which a ready run is announced to the broker again; doubles each time, so that a
#: long queue is not flooded with copies of itself.
WAKE_AGAIN_SECONDS = 10.0
#: Doublings at most: 10 s * 2^6 is about eleven minutes.
MOST_DOUBLINGS = 6
#: Rows one sweep takes; the next one goes on.
BATCH = 1000


def sweep(*, everything: bool = False) -> int:
    """Wake what is ready and unclaimed or whose lease ran out; returns how many. 0 where another sweeps.

    With `everything`, ready runs are woken however recently that was done: for a broker that may
    have lost its messages.
    """
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SWEEP_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        try:
            wakes = _expired() + _ready(everything)
            waking.wake(wakes)
            _announce_endings()
            sweeping.send(sender=StageRun)
            sweep_scratch()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SWEEP_LOCK])
    return len(wakes)


def _expired() -> list[Wake]:
    late = StageRun.objects.filter(state=StageState.RUNNING, lease_until__lt=timezone.now())
    return [_wake(run) for run in late.only("id", "stage")[:BATCH]]


def _ready(everything: bool) -> list[Wake]:
    now = timezone.now()
    due = StageRun.objects.filter(state=StageState.READY, wake_at__lte=now).order_by("wake_at")
    found = []
    for run in due.only("id", "stage", "wakes", "wake_at")[:BATCH]:
        wait = WAKE_AGAIN_SECONDS * 2 ** min(run.wakes, MOST_DOUBLINGS)
        if everything or run.wake_at + timedelta(seconds=wait) <= now:
            found.append(run)
    StageRun.objects.filter(id__in=[run.id for run in found], state=StageState.READY).update(
        wakes=F("wakes") + 1
    )
    return [_wake(run) for run in found]


def _wake(run: StageRun) -> Wake:
    return Wake(run.id, GRAPH[Stage(run.stage)].queue)


def _announce_endings() -> None:
    for job_id in ExecutionPlan.objects.filter(announced=False).values_list("job_id", flat=True)[:BATCH]:
        announcing.announce(job_id)
