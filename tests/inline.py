"""A whole job inside the test's own process: the same transitions and work, no worker and no broker."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest

from apps.contracts.brief import Brief
from apps.orchestrator import interface as orchestrator
from apps.orchestrator import runner, waking
from apps.orchestrator.machine import Wake


@contextmanager
def inline(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Wake]]:
    """Inside the block wake-up calls are collected instead of sent."""
    waiting: list[Wake] = []
    with monkeypatch.context() as patch:
        patch.setattr(waking, "wake", waiting.extend)
        yield waiting


def run_all(waiting: list[Wake]) -> None:
    """Run whatever is waiting, and what that makes ready, until nothing is; delays are waited for."""
    while waiting:
        wake = waiting.pop(0)
        time.sleep(wake.delay)
        runner.run(wake.run_id)


def run_job(monkeypatch: pytest.MonkeyPatch, job: UUID, brief: Brief) -> None:
    """Submit a brief and run the job to its end."""
    with inline(monkeypatch) as waiting:
        orchestrator.submit(job_id=job, brief=brief)
        run_all(waiting)
