"""Numbers for Prometheus: requests as they happen, jobs and stages as they stand at the scrape."""

import os
from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from apps.gateway.models import ACTIVE, Job
from apps.orchestrator import interface as orchestrator

REQUESTS = Counter("hookloop_http_requests", "Requests answered", ["method", "route", "status"])
#: Bounds in seconds; a page should stay under 0.1.
LATENCY = Histogram(
    "hookloop_http_request_seconds",
    "Time to answer, without streaming the body",
    ["method", "route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
#: What "recent" means: long enough for a trend, short enough that counting it stays cheap.
RECENT = timedelta(hours=1)


class StateCollector:
    """How jobs and stages stand now. Counts what is active or recent only: a job table grows for ever."""

    def collect(self) -> Iterator[Metric]:
        """Gauges, read from the database."""
        yield _gauge("hookloop_jobs_active", "Jobs queued or running", _counts(status__in=ACTIVE), ACTIVE)
        since = timezone.now() - RECENT
        yield _gauge("hookloop_jobs_recent", "Jobs created in the last hour", _counts(created_at__gte=since))
        runs = GaugeMetricFamily(
            "hookloop_stage_runs", "Stage runs that are not done", labels=["stage", "state"]
        )
        for (stage, state), count in orchestrator.metrics()["stage_runs"].items():
            runs.add_metric([stage, state], count)
        yield runs


def metrics(request: HttpRequest) -> HttpResponse:
    """The Prometheus text format."""
    registry = CollectorRegistry()
    registry.register(StateCollector())
    text = generate_latest(_process_registry()) + generate_latest(registry)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _process_registry() -> CollectorRegistry:
    """This process's numbers, or those of all where PROMETHEUS_MULTIPROC_DIR gathers them."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


def _counts(**condition: object) -> dict[str, int]:
    rows = Job.objects.filter(**condition).order_by().values_list("status").annotate(Count("id"))
    return dict(rows)


def _gauge(
    name: str, text: str, counts: dict[str, int], always: list[str] | None = None
) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, text, labels=["status"])
    for status, count in {**dict.fromkeys(always or [], 0), **counts}.items():
        gauge.add_metric([status], count)
    return gauge
