"""What the admin's first page shows: today's jobs, how they were judged, what failed, what waits."""

from typing import Any

from apps.contracts.progress import Day, JobStatus
from apps.gateway import interface as gateway
from apps.orchestrator import interface as orchestrator

#: Jobs listed, and failed ones among them.
NEWEST, FAILED = 8, 5
#: Size of the chart of hours, in SVG units, and of a bar's share of its hour.
WIDTH, HEIGHT, BAR = 480.0, 96.0, 0.7


def context() -> dict[str, Any]:
    """Everything that the template `admin/today.html` names."""
    day = orchestrator.today()
    return {
        "day": day,
        "accepted_share": _share(day.accepted_first, day.delivered),
        "judged": _judged(day),
        "hours": _hours(day.submitted_by_hour),
        "failures": sorted(day.failures.items(), key=lambda pair: -pair[1]),
        "queue": _queue(),
        "pauses": orchestrator.pauses(),
        "newest": gateway.jobs(limit=NEWEST).jobs,
        "failed_jobs": gateway.jobs({"status": JobStatus.FAILED.value}, limit=FAILED).jobs,
    }


def _share(part: int, whole: int) -> int | None:
    """Whole per cent; None where there is nothing to share."""
    return round(100 * part / whole) if whole else None


def _judged(day: Day) -> list[dict[str, Any]]:
    """The three ways a short was delivered, as parts of one bar 100 wide."""
    parts = (
        ("first", "accepted as first made", day.accepted_first),
        ("later", "accepted after a retry", day.accepted_later),
        ("best", "best take, never accepted", day.delivered_best),
    )
    shown, left = [], 0.0
    for kind, words, count in parts:
        width = 100 * count / day.delivered if day.delivered else 0.0
        shown.append(
            {"kind": kind, "words": words, "count": count, "x": round(left, 2), "width": round(width, 2)}
        )
        left += width
    return shown


def _hours(counts: tuple[int, ...]) -> list[dict[str, Any]]:
    """A bar for each hour of the day."""
    step, most = WIDTH / len(counts), max(*counts, 1)
    return [
        {
            "hour": hour,
            "count": count,
            "x": round(hour * step + step * (1 - BAR) / 2, 1),
            "width": round(step * BAR, 1),
            "height": round(HEIGHT * count / most, 1),
            "y": round(HEIGHT - HEIGHT * count / most, 1),
        }
        for hour, count in enumerate(counts)
    ]


def _queue() -> list[tuple[str, int, int]]:
    """Each stage that has work: its name, runs that wait, runs under way."""
    runs = orchestrator.metrics()["stage_runs"]
    stages = sorted({stage for stage, _ in runs})
    return [(stage, runs.get((stage, "ready"), 0), runs.get((stage, "running"), 0)) for stage in stages]
