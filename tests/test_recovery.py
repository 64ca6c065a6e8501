"""Nothing is lost and nothing is done twice when workers, broker or database die. For real."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connections
from dramatiq import get_broker, set_broker
from redis import Redis

from apps.contracts.brief import Brief
from apps.contracts.progress import JobStatus
from apps.orchestrator import interface as orchestrator
from apps.orchestrator import machine
from apps.orchestrator.graph import Stage
from apps.orchestrator.models import ExecutionPlan, OrchestratorEvent, StageRun
from benchmarks.instant import SCENES, stage_to_break
from config.broker import make_broker
from tests import rabbitmq
from tests.workers import ROOT, kill, wait_for, worker

BRIEF = Brief(topic="x", facts=("y",))
INSTANT = {"STAGES": "benchmarks.instant"}

pytestmark = [
    pytest.mark.django_db(databases="__all__", transaction=True),
    pytest.mark.xdist_group("recovery"),
]


@pytest.fixture(autouse=True)
def _clean_broker() -> None:
    Redis.from_url(settings.BROKER_URL).flushdb()


def job_that_breaks_in(stage: Stage) -> UUID:
    while stage_to_break(job := uuid4()) is not stage or job.int % 2:
        continue
    return job


def submit(*jobs: UUID) -> None:
    for job in jobs:
        orchestrator.submit(job_id=job, brief=BRIEF)


def all_completed(*jobs: UUID) -> bool:
    connections["orchestrator"].close()
    return ExecutionPlan.objects.filter(job_id__in=jobs, status="completed").count() == len(jobs)


def assert_everything_happened_once(job: UUID) -> None:
    runs = StageRun.objects.filter(job_id=job, attempt=0)
    assert Counter(runs.values_list("state", flat=True)) == {"done": 9 + 3 * SCENES}
    done = OrchestratorEvent.objects.filter(job_id=job, event_type="stage_done")
    assert max(Counter((e.metadata["stage"], e.metadata["ordinal"]) for e in done).values()) == 1
    assert OrchestratorEvent.objects.filter(job_id=job, event_type="completed").count() == 1


def test_a_job_survives_kill_9_of_its_worker_in_each_stage(tmp_path: Path) -> None:
    jobs = {stage: job_that_breaks_in(stage) for stage in Stage}
    submit(*jobs.values())

    def all_stuck() -> bool:
        stuck = StageRun.objects.filter(state="running")
        return {Stage(s) for s in stuck.values_list("stage", flat=True)} == set(Stage)

    with worker(threads=40, log=tmp_path / "first.log", BREAK="1", **INSTANT) as first:
        wait_for(all_stuck, 60, "every stage to be under way")
        kill(first)
    with worker(log=tmp_path / "second.log", **INSTANT):
        wait_for(lambda: all_completed(*jobs.values()), 60, "every job to complete")

    for job in jobs.values():
        assert_everything_happened_once(job)


def test_a_job_survives_a_broker_that_forgot_everything(tmp_path: Path) -> None:
    job = uuid4()
    submit(job)
    Redis.from_url(settings.BROKER_URL).flushdb()

    with worker(log=tmp_path / "worker.log", **INSTANT):
        wait_for(lambda: all_completed(job), 30, "the job to complete")

    snapshot = orchestrator.snapshot(job)
    assert snapshot is not None
    assert (snapshot.status, snapshot.progress) == (JobStatus.COMPLETED, 1.0)


def test_a_broker_flushed_under_a_running_worker_only_delays_the_job(tmp_path: Path) -> None:
    with worker(log=tmp_path / "worker.log", **INSTANT):
        warm, job = uuid4(), uuid4()
        submit(warm)
        wait_for(lambda: all_completed(warm), 30, "the first job to complete")
        submit(job)
        Redis.from_url(settings.BROKER_URL).flushdb()
        wait_for(lambda: all_completed(job), 45, "the second job to complete")


def test_a_retry_is_delivered_when_the_critic_asks_for_one(tmp_path: Path) -> None:
    while not (job := uuid4()).int % 2:
        continue
    submit(job)

    with worker(log=tmp_path / "worker.log", **INSTANT):
        wait_for(lambda: all_completed(job), 30, "the job to complete")

    plan = ExecutionPlan.objects.get(job_id=job)
    assert (plan.current_retry, plan.delivered_attempt) == (1, 1)
    kinds = set(OrchestratorEvent.objects.filter(job_id=job).values_list("event_type", flat=True))
    assert {"retry_triggered", "stage_reused", "accepted", "completed"} <= kinds
    again = StageRun.objects.filter(job_id=job, attempt=1, reused=False, stage="compose")
    assert sorted(again.values_list("ordinal", flat=True)) == [0, SCENES - 1]


@pytest.mark.skipif(
    rabbitmq.executable() is None and not os.environ.get("CI"), reason="rabbitmq-server is not installed"
)
def test_a_job_runs_over_rabbitmq(tmp_path: Path) -> None:
    job = uuid4()
    with rabbitmq.rabbitmq(tmp_path) as url:
        before = get_broker()
        broker = make_broker(url)
        for actor in before.actors.values():
            broker.declare_actor(actor)
        set_broker(broker)
        try:
            submit(job)
            with worker(log=tmp_path / "worker.log", BROKER_URL=url, **INSTANT):
                wait_for(lambda: all_completed(job), 45, "the job to complete")
        finally:
            set_broker(before)
            broker.close()

    # The sweep at the worker's start may wake the first stages too; the others came by a message alone.
    by_message = StageRun.objects.filter(job_id=job, state="done", wakes=0, attempt=0)
    assert by_message.count() > 20


def test_a_stage_that_kills_every_worker_ends_the_job_with_a_reason(tmp_path: Path) -> None:
    job = uuid4()
    submit(job)
    run = StageRun.objects.get(job_id=job, stage="decide")
    StageRun.objects.filter(id=run.id).update(tries=settings.STAGE_TRIES)

    assert machine.claim(run.id) is None

    snapshot = orchestrator.snapshot(job)
    assert snapshot is not None
    assert snapshot.failure is not None
    assert (snapshot.status, snapshot.failure.code) == (JobStatus.FAILED, "worker_lost")


def test_a_job_survives_a_postgres_that_is_killed_under_it(tmp_path: Path) -> None:
    driver = [sys.executable, "-m", "tests.postgres_killed"]
    extra = {"VAR": str(tmp_path / "var"), "DATABASE_URL": "", "BROKER_URL": "", **INSTANT}

    ended = subprocess.run(
        driver, cwd=ROOT, env={**os.environ, **extra, "LEASE_SECONDS": "3", "SWEEP_SECONDS": "0.5"},
        capture_output=True, text=True, timeout=170, check=False,
    )  # fmt: skip

    assert ended.stdout.splitlines()[-1:] == ["completed once"], ended.stderr[-3000:]


def test_a_cancelled_job_stops_and_can_be_resumed(tmp_path: Path) -> None:
    job = uuid4()
    submit(job)

    assert orchestrator.cancel(job_id=job)
    assert not orchestrator.cancel(job_id=job)
    stopped = orchestrator.snapshot(job)
    assert stopped is not None
    assert stopped.status is JobStatus.CANCELLED
    assert orchestrator.retry(job_id=job)
    with worker(log=tmp_path / "worker.log", **INSTANT):
        wait_for(lambda: all_completed(job), 30, "the job to complete")
