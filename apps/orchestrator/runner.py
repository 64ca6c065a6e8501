"""Runs one stage: claim, work, record, wake what follows. It decides nothing."""

import importlib
import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from dramatiq.middleware import Interrupt, Shutdown

from apps.foundation import notices, providers
from apps.foundation.logs import about, get_logger
from apps.foundation.notices import Notice
from apps.orchestrator import announcing, leases, machine, pauses, waking
from apps.orchestrator.failures import failure_of, is_final, site
from apps.orchestrator.graph import Stage
from apps.orchestrator.machine import Claimed, Wake
from apps.orchestrator.ticket import Ticket

log = get_logger(__name__)
T = TypeVar("T")
#: Seconds between tries to record a transition: together longer than a Postgres restart takes.
PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)


@cache
def work_of(stage: Stage) -> Callable[..., Any]:
    """The function that does a stage's work, from the module that settings.STAGES names."""
    work: Callable[..., Any] = importlib.import_module(settings.STAGES).WORK[stage]
    return work


def run(run_id: UUID) -> None:
    """Do one stage run if it is due; harmless to call twice, late, or for a run that is gone."""
    claimed = persist(lambda: machine.claim(run_id))
    if isinstance(claimed, Wake):
        waking.wake([claimed])
        return
    if claimed is None:
        return
    job = claimed.run.job_id
    with about(job=job, stage=claimed.run.stage, ordinal=claimed.run.ordinal, attempt=claimed.run.attempt):
        with leases.renewed(claimed.token):
            wakes = _attempt(claimed)
        waking.wake(wakes)
        persist(lambda: announcing.announce(job))


def _attempt(claimed: Claimed) -> list[Wake]:
    """The work itself; whatever happens to it becomes a transition."""
    run, began, cpu = claimed.run, time.monotonic(), time.thread_time()
    ticket = Ticket(run.job_id, run.attempt, run.ordinal)
    resting = persist(lambda: pauses.paused_names(claimed.stage))
    with notices.heard() as told, providers.paused(resting):
        try:
            output = work_of(claimed.stage)(ticket, **claimed.inputs)
        except Shutdown:
            return _some(machine.release(run, claimed.token))
        except (Exception, Interrupt) as error:
            return _after_error(claimed, error, told)
    seconds = time.monotonic() - began
    log.info("stage_done", seconds=round(seconds, 2))
    spent = time.thread_time() - cpu
    return persist(
        lambda: machine.finish(run, claimed.token, output, seconds=seconds, cpu_seconds=spent, told=told)
    )


def _after_error(claimed: Claimed, error: BaseException, told: Sequence[Notice]) -> list[Wake]:
    failure = failure_of(error, claimed.run.stage)
    log.error("stage_error", error=type(error).__name__, code=failure.code, at=site(error))
    if isinstance(error, providers.ProviderPaused):
        return _some(persist(lambda: machine.wait(claimed.run, claimed.token, failure, told)))
    if is_final(error):
        persist(lambda: machine.fail(claimed.run, claimed.token, failure, told))
        return []
    return _some(persist(lambda: machine.try_again(claimed.run, claimed.token, failure, told)))


def persist(transition: Callable[[], T]) -> T:
    """Make a transition, again after a pause where Postgres was restarted under it.

    Every transition is a conditional update, so one that did commit before the connection broke
    changes nothing the second time; what it would have woken, the sweep wakes.
    """
    for pause in PAUSES:
        try:
            return transition()
        except (OperationalError, InterfaceError) as lost:
            log.warning("database_away", error=type(lost).__name__)
            connections.close_all()
            time.sleep(pause)
    return transition()


def _some(wake: Wake | None) -> list[Wake]:
    return [wake] if wake else []
