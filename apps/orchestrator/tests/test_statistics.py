"""How fast the house works, counted from plans and stage runs."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from apps.orchestrator import statistics
from apps.orchestrator.models import ExecutionPlan, StageRun

pytestmark = pytest.mark.django_db(databases=["orchestrator"])


@pytest.fixture(autouse=True)
def _uncounted(monkeypatch):
    monkeypatch.setattr(statistics, "_counted", {})


def plan(status="completed", days_ago=0):
    now = datetime.now(UTC)
    made = ExecutionPlan.objects.create(
        job_id=uuid4(), retry_limit=1, status=status, brief={}, ended_at=now - timedelta(days=days_ago)
    )
    ExecutionPlan.objects.filter(id=made.id).update(created_at=now - timedelta(days=days_ago, minutes=1))
    return made


def run(of, stage, seconds, state="done", **more):
    return StageRun.objects.create(
        plan=of, job_id=of.job_id, attempt=0, stage=stage, digest="", state=state, wake_at=datetime.now(UTC),
        seconds=seconds, ordinal=more.pop("ordinal", 0), **more,
    )  # fmt: skip


def test_stage_times_are_those_of_finished_jobs_and_leave_out_what_was_reused():
    for seconds in (2.0, 4.0):
        done = plan()
        run(done, "compose", seconds)
        run(done, "compose", seconds, ordinal=1)
        run(done, "judge", 9.0, reused=True)
    unfinished = plan("active")
    run(unfinished, "compose", 90.0)
    run(unfinished, "compose", 0.0, state="ready", ordinal=1)

    (compose,) = statistics.stage_times()

    assert (compose.stage, compose.runs, compose.median, compose.per_job) == ("compose", 4, 3.0, 6.0)
    assert compose.p90 <= 4.0
    assert (compose.waiting, compose.busy) == (1, 0)


def test_every_day_is_there_and_counts_what_ended_on_it():
    plan()
    plan("failed", 2)
    plan("cancelled", 2)
    plan("completed", 40)

    days = statistics.throughput(days=5)

    assert [day.ended for day in days] == [0, 0, 2, 0, 1]
    assert (days[2].failed, days[2].cancelled, days[4].completed) == (1, 1, 1)


def test_days_are_not_counted_anew_at_every_look(django_assert_num_queries):
    statistics.throughput(days=5)

    with django_assert_num_queries(0, using="orchestrator"):
        statistics.throughput(days=5)
