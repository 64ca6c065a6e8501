"""How long the server works on each page, and how much each page weighs, with 100,000 jobs on record.

Run by `make bench-pages`. A page is asked of the WSGI application as a web server does, so that opening and
closing connections counts: p95 over CALLS requests, after a warm-up. Weight is what a browser loads the first
time, media left out. `NAME_cpu_ms` is this process's own part of a mean request: it tells a busy machine from
a slow page.
"""

import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks import installation, page_rows

if __name__ == "__main__":
    installation.fresh(
        "pages", STAGES="benchmarks.instant", ALLOWED_HOSTS="testserver,localhost", STUDIO_OPEN="1"
    )
    installation.prepare()

from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.urls import reverse

from apps.gateway import interface as gateway
from apps.gateway.models import Batch, WebhookEndpoint
from apps.orchestrator import runner, waking
from config.wsgi import application

#: Jobs on record.
ROWS = 100_000
#: Requests of each page.
CALLS = 40
#: Pages of the library that are turned before the deep one.
DEEP = 10
#: Bytes that compression saves nothing on are not counted; everything else is weighed as it is sent.
KB = 1000
#: What a browser loads for every page beside what the page links to.
FONTS = ("/static/studio/inter.woff2",)


@dataclass(frozen=True)
class Browser:
    """Somebody who asks: as a person who is signed in, and with an API key."""

    cookie: str
    key: str

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """The status and the body of a page."""
        sent = {"Cookie": self.cookie, "Authorization": f"Bearer {self.key}", **headers}
        statuses: list[str] = []

        def start(status: str, headers: Any, exc_info: Any = None, /) -> Callable[[bytes], object]:
            statuses.append(status)
            return lambda data: None

        answer = application(RequestFactory(headers=sent).get(path).environ, start)
        body = b"".join(answer)
        answer.close()
        return int(statuses[0][:3]), body

    def text(self, path: str, **headers: str) -> str:
        """A page that must be there."""
        status, body = self.get(path, **headers)
        assert status == 200, (path, status, body[:300])
        return body.decode()


def browser() -> Browser:
    """An administrator with a key that is not throttled here."""
    client = Client()
    client.force_login(User.objects.create_superuser("bench"))
    key = gateway.create_key("bench", reads_per_minute=10_000).key
    return Browser(cookie="; ".join(f"{c.key}={c.value}" for c in client.cookies.values()), key=key)


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


def deep(asking: Browser) -> str:
    """The address of the library's page after DEEP others."""
    address = "/library"
    for _ in range(DEEP):
        found = re.search(
            r'hx-get="(/library\?[^"]*cursor=[^"]+)"', asking.text(address, **{"HX-Request": "true"})
        )
        assert found, address
        address = found[1].replace("&amp;", "&")
    return address


def studio_pages(asking: Browser) -> dict[str, str]:
    """Each page of Studio by its name."""
    job, batch = a_job(), Batch.objects.filter(total=page_rows.BATCH_ROWS).first()
    webhook = WebhookEndpoint.objects.first()
    found = {
        "home": "/",
        "job": f"/jobs/{job}",
        "job_live": f"/jobs/{job}/live",
        "library": "/library",
        "library_deep": deep(asking),
        "library_filtered": "/library?status=failed&platform=tiktok&persona=dadi",
        "library_score": "/library?min_score=99&channel=channel-77",
        "library_score_rare": "/library?min_score=99&status=failed",
        "search_common": "/library?q=octopus+matt",
        "search_every": "/library?q=why",
        "search_rare": "/library?q=number+4242",
        "search_nothing": "/library?q=zebra",
        "search_apart": "/library?q=octopus+money",
        "search_common_rarely": "/library?q=why&channel=channel-77&min_score=97",
        "search_cjk": "/library?q=%E7%AB%A0%E9%B1%BC",
        "insights": "/insights",
        "insights_channel": "/insights?platform=tiktok&channel=channel-77",
        "performance": "/insights/performance",
        "experiments": "/experiments",
        "experiment_new": "/experiments/new",
        "keys": "/keys",
        "batches": "/batches",
    }
    if batch and webhook:
        found |= {
            "batch": f"/batches/{batch.id}",
            "batch_problems": f"/batches/{batch.id}?only=problems",
            "batch_failed": f"/batches/{batch.id}?only=failed",
            "batch_live": f"/batches/{batch.id}/live",
            "webhook": f"/keys/webhooks/{webhook.id}",
            "webhook_failed": f"/keys/webhooks/{webhook.id}?status=failed",
        }
    return found


def api_pages(studio: dict[str, str]) -> dict[str, str]:
    """What clients of the API read, the things they ask for again and again first."""
    job, batch = studio["job"], studio["batch"]
    return {
        "api_job": f"/api/v1{job}",
        "api_jobs": "/api/v1/jobs?limit=100",
        "api_jobs_search": "/api/v1/jobs?q=moon&min_score=70",
        "api_events": f"/api/v1{job}/events",
        "api_batch": f"/api/v1{batch}",
        "api_batch_rows": f"/api/v1{batch}/rows?limit=100",
        "api_batches": "/api/v1/batches",
    }


def admin_pages(job: str) -> dict[str, str]:
    """The admin's first page, every list of it, a job found by its id, and a plan with its runs."""
    found = {"admin_today": reverse("admin:index")}
    for model in admin.site._registry:
        meta = model._meta
        address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        found[f"admin_{meta.model_name}"] = address
    jobs = reverse("admin:gateway_job_changelist")
    return found | {
        "admin_job_failed": f"{jobs}?status__exact=failed",
        "admin_job_found": f"{jobs}?q={job[-36:][:8]}",
        "admin_job_last_page": f"{jobs}?p=100",
        "admin_job_one": reverse("admin:gateway_job_change", args=[job[-36:]]),
    }


def measured(call: Callable[[], object]) -> tuple[float, float]:
    """The 95th percentile of CALLS calls, and the mean CPU of one, after a warm-up; both in milliseconds."""
    for _ in range(3):
        call()
    times, cpu = [], time.process_time()
    for _ in range(CALLS):
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1000)
    return sorted(times)[int(0.95 * CALLS)], (time.process_time() - cpu) * 1000 / CALLS


def weight(asking: Browser, page: str) -> float:
    """Kilobytes of a page with everything it loads from here that is no media, as a browser is sent it."""
    html = asking.text(page)
    linked = {*re.findall(r'(?:href|src)="(/static/[^"#]+)', html), *FONTS}
    return (len(html.encode()) + sum(len(asking.get(path)[1]) for path in linked)) / KB


def report(asking: Browser, pages: dict[str, str]) -> Iterator[tuple[str, float, float]]:
    """Measure pages; name, time and kilobytes of each."""
    for name, path in pages.items():
        asking.text(path)
        p95, cpu = measured(lambda path=path: asking.text(path))  # type: ignore[misc]
        kb = 0.0 if path.startswith("/api/") else weight(asking, path)
        weighed = {f"{name}_weight_kb": kb} if kb else {}
        installation.bench(**{f"{name}_p95_ms": p95, f"{name}_cpu_ms": cpu}, **weighed)
        yield name, p95, kb


def main() -> None:
    page_rows.fill(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
    asking = browser()
    studio = studio_pages(asking)
    pages = {"health": "/health", **studio, **api_pages(studio), **admin_pages(studio["job"])}
    found = list(report(asking, pages))
    installation.bench(slowest_page_ms=max(p95 for _, p95, _ in found), pages=len(found))
    installation.bench(heaviest_page_kb=max(kb for _, _, kb in found))


if __name__ == "__main__":
    main()
