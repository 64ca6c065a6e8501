"""Tells the broker that runs may be looked at. A message carries an id, nothing more.

A send that fails is logged and forgotten: the sweep sends it again.
"""

from collections.abc import Iterable

from dramatiq import get_broker

from apps.foundation.logs import get_logger
from apps.orchestrator.graph import Queue
from apps.orchestrator.machine import Wake

log = get_logger(__name__)
#: Actor by queue; looked up by name, because the actors import what calls this.
ACTORS = {Queue.QUICK: "orchestrator.run_quick", Queue.HEAVY: "orchestrator.run_heavy"}


def wake(wakes: Iterable[Wake]) -> None:
    """Send one message for each."""
    for one in wakes:
        actor = get_broker().get_actor(ACTORS[one.queue])
        delay = int(one.delay * 1000) or None
        try:
            actor.send_with_options(args=(str(one.run_id),), delay=delay)
        except Exception as lost:  # redis and pika raise their own kinds beside dramatiq's
            log.warning("wake_not_sent", run=str(one.run_id), error=type(lost).__name__)
