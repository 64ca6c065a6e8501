"""What orchestration costs beyond the stages' own work, how fast jobs flow, and whether a million
rows slow the API down.

Run by `make bench-jobs`. Media stages are instant, so what is measured is the house, not the media.
"""

import os
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from uuid import UUID, uuid4

from benchmarks import installation

installation.fresh(
    "jobs",
    STAGES="benchmarks.instant",
    ALLOWED_HOSTS="testserver",
    THROTTLE_READ="1000000/min",
    THROTTLE_WRITE="1000000/min",
)
installation.prepare()

from django.db import connections  # noqa: E402
from django.db.models import Max, Min, Sum  # noqa: E402

from apps.contracts.brief import Brief  # noqa: E402
from apps.gateway import interface as gateway  # noqa: E402
from apps.orchestrator import interface as orchestrator  # noqa: E402
from apps.orchestrator import runner, waking  # noqa: E402
from apps.orchestrator.machine import Wake  # noqa: E402
from apps.orchestrator.models import ExecutionPlan, StageRun  # noqa: E402
from config.management.commands import work  # noqa: E402

#: Jobs run one after the other in this process, to count what one costs.
COUNTED = 20
#: Jobs that worker processes take from the broker.
FLOWING = 60
#: Calls timed for each kind of request.
CALLS = 200
FEW, MANY = 10_000, 1_000_000
BRIEF = {"topic": "Octopus hearts", "facts": ["An octopus has three hearts."], "duration": 24}


def accepted_at_once() -> UUID:
    """A job id that the instant critic accepts on the first attempt."""
    while (job := uuid4()).int % 2:
        continue
    return job


@contextmanager
def counted_queries() -> Iterator[Counter[str]]:
    """Counts the statements that any alias executes in this process."""
    counts: Counter[str] = Counter()

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        counts["queries"] += 1
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(connections[alias].execute_wrapper(count))
        yield counts


def run_here(job: UUID, messages: Counter[str]) -> None:
    """One whole job in this process; messages are counted instead of sent."""
    waiting: list[Wake] = []
    send, waking.wake = waking.wake, waiting.extend  # type: ignore[assignment]
    try:
        orchestrator.submit(job_id=job, brief=Brief(topic="x", facts=("y",)))
        while waiting:
            messages["messages"] += 1
            runner.run(waiting.pop(0).run_id)
    finally:
        waking.wake = send


def cost_of_a_job() -> None:
    messages: Counter[str] = Counter()
    run_here(accepted_at_once(), messages)  # warm
    messages.clear()
    jobs = [accepted_at_once() for _ in range(COUNTED)]
    began = time.process_time()
    with counted_queries() as queries:
        for job in jobs:
            run_here(job, messages)
    spent = time.process_time() - began
    own = StageRun.objects.filter(job_id__in=jobs).aggregate(s=Sum("cpu_seconds"))["s"]
    installation.bench(
        cpu_ms_per_job=1000 * (spent - own) / COUNTED,
        queries_per_job=queries["queries"] / COUNTED,
        messages_per_job=messages["messages"] / COUNTED,
        stage_runs_per_job=StageRun.objects.filter(job_id__in=jobs).count() / COUNTED,
    )


def flow(processes: int) -> float:
    """Jobs a second through real workers and the real broker."""
    jobs = [accepted_at_once() for _ in range(FLOWING)]
    child = work.worker(["quick", "heavy"], processes=processes, threads=4)
    workers = subprocess.Popen(
        child.command,
        cwd=installation.ROOT,
        env={**os.environ, **child.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        time.sleep(6)  # booted: a worker that is still importing is not what is measured
        for job in jobs:
            orchestrator.submit(job_id=job, brief=Brief(topic="x", facts=("y",)))
        plans = ExecutionPlan.objects.filter(job_id__in=jobs)
        while plans.filter(status="completed").count() < FLOWING:
            time.sleep(0.2)
    finally:
        workers.terminate()
        workers.wait()
    span = plans.aggregate(first=Min("created_at"), last=Max("ended_at"))
    seconds: float = (span["last"] - span["first"]).total_seconds()
    return FLOWING / seconds


def fill(rows: int) -> None:
    """Bring jobs and plans to `rows` rows, spread over statuses, platforms, channels and time."""
    columns = "(id, status, request_payload, created_at, updated_at, platform, channel, progress, stage,"
    columns += " submitted_at, idempotency_key, request_digest)"
    with connections["gateway"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM jobs")
        missing = rows - cursor.fetchone()[0]
        cursor.execute(
            f"INSERT INTO jobs {columns} SELECT gen_random_uuid(),"  # noqa: S608 (no outside text)
            " (array['completed','completed','completed','failed','cancelled'])[1 + n %% 5],"
            " jsonb_build_object('topic', 'short ' || n), now() - n * interval '20 seconds', now(),"
            " (array['youtube_shorts','instagram_reels','tiktok'])[1 + n %% 3],"
            " 'channel-' || n %% 1000, 1, '', now(), '', '' FROM generate_series(1, %s) n",
            [missing],
        )
        cursor.execute("ANALYZE jobs")
    with connections["orchestrator"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO execution_plans (id, job_id, persona_id, hook_type, retry_limit, current_retry,"
            " status, created_at, brief, progress, announced, ended_at)"
            " SELECT gen_random_uuid(), gen_random_uuid(), 'p', 'number', 1, 0, 'completed',"
            " now() - n * interval '20 seconds', '{}', 1, true, now() FROM generate_series(1, %s) n",
            [missing],
        )
        cursor.execute("ANALYZE execution_plans")


def median_ms(call: Callable[[], object]) -> float:
    """The median of CALLS calls, after a warm-up, in milliseconds."""
    for _ in range(10):
        call()
    times = []
    for _ in range(CALLS):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def requests() -> dict[str, float]:
    """Median times of the requests that a growing table could slow down."""
    from django.test import Client

    key = gateway.create_key(name=f"bench-{uuid4().hex[:6]}").key
    client = Client(headers={"Authorization": f"Bearer {key}"})
    job = accepted_at_once()
    run_here(job, Counter())
    made = client.post("/api/v1/jobs", BRIEF, content_type="application/json").json()["id"]

    def get(path: str) -> Callable[[], object]:
        def call() -> object:
            response = client.get(path)
            assert response.status_code == 200, response.content
            return response

        return call

    def create() -> object:
        response = client.post("/api/v1/jobs", BRIEF, content_type="application/json")
        assert response.status_code == 202, response.content
        return response

    middle = deep_page(client)
    return {
        "list": median_ms(get("/api/v1/jobs")),
        "list_filtered": median_ms(get("/api/v1/jobs?status=failed&platform=tiktok&channel=channel-8")),
        "list_deep": median_ms(get(middle)),
        "read": median_ms(get(f"/api/v1/jobs/{made}")),
        "create": median_ms(create),
    }


def deep_page(client: Any) -> str:
    """The address of a page some way into the list."""
    path = "/api/v1/jobs"
    for _ in range(20):
        path = client.get(path).json()["next"]
    return path


def growth() -> None:
    fill(FEW)
    few = requests()
    fill(MANY)
    many = requests()
    for name, value in few.items():
        installation.bench(**{f"{name}_ms_10k": value, f"{name}_ratio_1m": many[name] / value})


def main() -> None:
    cost_of_a_job()
    one, two = flow(1), flow(2)
    installation.bench(jobs_per_second_1=one, jobs_per_second_2=two, speedup_2=two / one)
    growth()


if __name__ == "__main__":
    main()
