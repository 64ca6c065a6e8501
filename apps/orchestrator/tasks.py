"""The actors: an id in, one call. Retries are the stage run's own business, not the broker's."""

from uuid import UUID

import dramatiq

from apps.orchestrator import runner
from apps.orchestrator.graph import Queue

#: Milliseconds; a quick stage is arithmetic and one provider call.
QUICK_LIMIT = 180_000
#: Milliseconds; the longest render of a 180 s video on two slow cores.
HEAVY_LIMIT = 1_200_000


@dramatiq.actor(
    actor_name="orchestrator.run_quick",
    queue_name=Queue.QUICK.value,
    max_retries=0,
    time_limit=QUICK_LIMIT,
    notify_shutdown=True,
)
def run_quick(run_id: str) -> None:
    runner.run(UUID(run_id))


@dramatiq.actor(
    actor_name="orchestrator.run_heavy",
    queue_name=Queue.HEAVY.value,
    max_retries=0,
    time_limit=HEAVY_LIMIT,
    notify_shutdown=True,
)
def run_heavy(run_id: str) -> None:
    runner.run(UUID(run_id))
