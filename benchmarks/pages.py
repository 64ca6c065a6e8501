"""How long the server works on each page, and how much each page weighs, with 100,000 jobs on record.

Run by `make bench-pages`. Times are the server alone (Django test client): p95 over CALLS requests of each
page, after a warm-up. Weight is what a browser loads the first time, media left out.
"""

import re
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks import installation

installation.fresh(
    "pages", STAGES="benchmarks.instant", ALLOWED_HOSTS="testserver,localhost", STUDIO_OPEN="1"
)
installation.prepare()

from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402

from apps.gateway import interface as gateway  # noqa: E402
from apps.orchestrator import runner, waking  # noqa: E402

#: Jobs on record.
ROWS = 100_000
#: Requests of each page.
CALLS = 60
#: Words of topics: some that every fifth topic has, and many that few have.
COMMON = ("octopus", "money", "history", "moon", "bees")
_JOBS = """
INSERT INTO jobs (id, status, request_payload, created_at, updated_at, platform, channel, progress, stage,
                  submitted_at, idempotency_key, request_digest, persona, score, poster_key, video_key)
SELECT gen_random_uuid(),
       CASE WHEN n <= 12 THEN 'running' WHEN n %% 23 = 0 THEN 'failed' WHEN n %% 31 = 0 THEN 'cancelled'
            ELSE 'completed' END,
       jsonb_build_object('topic', 'Why the ' || (%s::text[])[1 + n %% 5] || ' number ' || n || ' matters to '
                          || md5((n %% 9973)::text)),
       now() - n * interval '20 seconds', now(),
       (array['youtube_shorts','instagram_reels','tiktok'])[1 + n %% 3], 'channel-' || n %% 1000,
       CASE WHEN n <= 12 THEN 0.4 ELSE 1 END, CASE WHEN n <= 12 THEN 'compose' ELSE '' END, now(), '', '',
       (array['sharp_friend','calm_uncle','night_teller','lab_partner'])[1 + n %% 4],
       CASE WHEN n %% 23 <> 0 AND n %% 31 <> 0 AND n > 12 THEN 50 + (n * 7919) %% 50 END, '', ''
FROM generate_series(1, %s) n
"""
_PLANS = """
INSERT INTO execution_plans (id, job_id, persona_id, hook_type, retry_limit, current_retry, status,
                             created_at, brief, progress, announced, ended_at, delivered_attempt)
SELECT gen_random_uuid(), gen_random_uuid(), 'p', 'number', 1, 0, 'completed',
       now() - n * interval '20 seconds', '{}', 1, true, now() - n * interval '20 seconds', 0
FROM generate_series(1, %s) n
"""
_RUNS = """
INSERT INTO stage_runs (id, created_at, plan_id, job_id, attempt, stage, ordinal, digest, state, tries, wakes,
                        wake_at, seconds, cpu_seconds, reused)
SELECT gen_random_uuid(), created_at, id, job_id, 0, stage, k, '', 'done', 1, 0, created_at,
       1 + random() * 5, 1, false
FROM (SELECT * FROM execution_plans ORDER BY created_at DESC LIMIT 2000) newest,
     unnest(array['decide','write','script','narrate','picture','compose','time','score','assemble','judge'])
     stage, generate_series(0, 3) k
"""


def fill(rows: int) -> None:
    """Bring jobs and plans to `rows` rows, spread over statuses, platforms, channels, personas and time."""
    with connections["gateway"].cursor() as cursor:
        cursor.execute(_JOBS, [list(COMMON), rows])
        cursor.execute("VACUUM ANALYZE jobs")
    with connections["orchestrator"].cursor() as cursor:
        cursor.execute(_PLANS, [rows])
        cursor.execute(_RUNS)
        cursor.execute("VACUUM ANALYZE execution_plans")
        cursor.execute("VACUUM ANALYZE stage_runs")


def a_job() -> str:
    """One job that really ran, with instant stages; its id."""
    send, waking.wake = waking.wake, (waiting := []).extend  # type: ignore[assignment, var-annotated]
    try:
        job = gateway.submit_brief({"topic": "Octopus hearts", "facts": ["An octopus has three hearts."]})
        while waiting:
            runner.run(waiting.pop(0).run_id)
    finally:
        waking.wake = send
    return str(job.id)


def a_batch(rows: int) -> str:
    """A batch of `rows` briefs, of which every seventh is wrong; its id."""
    lines = ["topic,facts,duration"]
    lines += [f"Topic {n},Fact {n} is true.,{'long' if n % 7 == 0 else 24}" for n in range(rows)]
    batch, _ = gateway.check_batch("\n".join(lines).encode(), filename="bench.csv")
    return str(gateway.submit_batch(batch.id).id)


def p95_ms(call: Callable[[], Any]) -> float:
    """The 95th percentile of CALLS calls, after a warm-up, in milliseconds."""
    for _ in range(5):
        call()
    times = []
    for _ in range(CALLS):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1000)
    return sorted(times)[int(0.95 * CALLS)]


def pages(client: Client) -> dict[str, str]:
    """Each page by its name."""
    job, batch = a_job(), a_batch(2000)
    deep = "/library"
    for _ in range(10):
        found = client.get(deep, headers={"HX-Request": "true"}).content.decode()
        address = re.search(r'hx-get="(/library\?[^"]*cursor=[^"]+)"', found)
        assert address, found[-500:]
        deep = address[1].replace("&amp;", "&")
    return {
        "home": "/",
        "job": f"/jobs/{job}",
        "library": "/library",
        "library_deep": deep,
        "library_filtered": "/library?status=failed&platform=tiktok&persona=calm_uncle",
        "library_score": "/library?min_score=99&channel=channel-77",
        "library_search": "/library?q=octopus+matt",
        "library_search_rare": "/library?q=number+4242",
        "library_search_nothing": "/library?q=zebra",
        "insights": "/insights",
        "performance": "/insights/performance",
        "batch": "/batches",
        "batch_detail": f"/batches/{batch}",
        "keys": "/keys",
        "api_jobs_search": "/api/v1/jobs?q=moon&min_score=70",
    }


def weight(client: Client, page: str) -> float:
    """Kilobytes of a page with everything it loads from here that is no media, as a browser is sent it."""
    html = client.get(page).content.decode()
    linked = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', html))
    linked |= {f"/static/studio/{name}" for name in ("inter.woff2",)}
    total = len(html.encode()) + sum(len(b"".join(client.get(path))) for path in linked)
    return total / 1000


def main() -> None:
    fill(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
    client = Client(
        headers={"Authorization": f"Bearer {gateway.create_key('bench', reads_per_minute=10_000).key}"}
    )
    heaviest = 0.0
    for name, path in pages(client).items():
        answer = client.get(path)
        if answer.status_code == 404:
            continue
        assert answer.status_code == 200, (path, answer.status_code)
        installation.bench(**{f"{name}_p95_ms": p95_ms(lambda path=path: client.get(path))})  # type: ignore[misc]
        if not path.startswith("/api/"):
            installation.bench(**{f"{name}_kb": (heavy := weight(client, path))})
            heaviest = max(heaviest, heavy)
    installation.bench(heaviest_page_kb=heaviest)


if __name__ == "__main__":
    main()
