"""What has been learned, and how fast the house works: numbers drawn as SVG. One call a section, no rule."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.contracts.brief import Brief, BriefProblem
from apps.contracts.decision import Persona
from apps.contracts.judgement import MendStatistics
from apps.contracts.performance import LearningPoint, Standing
from apps.contracts.progress import JobStatus, Output, StageTime
from apps.gateway import interface as gateway
from apps.studio import names, numbers
from apps.studio.access import studio_page

#: Shorts on the learning curve, and dots drawn at most: more would be one smear.
CURVE, DOTS = 500, 100
#: The platform that is shown unless another is asked for: a brief's own default.
USUAL = Brief(topic="").platform
#: Shorts before which their mean says too little to be drawn.
SETTLED = 4
#: Days of throughput.
DAYS = 14
#: Size of the learning curve's drawing and of one interval's, in SVG units.
WIDTH, HEIGHT = 880, 240
SPAN = 200
#: Points that the scale of a leaderboard is rounded to.
STEP = 5
#: Shorts the form offers to report numbers of, newest first; any other is named by its id.
OFFERED = 50
#: Rows of an import's preview; the rest is counted.
PREVIEWED = 200


@dataclass(frozen=True)
class Bar:
    """An interval and a point on a common scale, in SVG units from the left."""

    low: float
    width: float
    dot: float


@dataclass(frozen=True)
class Place:
    """One factor on the leaderboard."""

    standing: Standing
    name: str
    bar: Bar
    rank: int


@dataclass(frozen=True)
class Board:
    """All factors of one kind; `ticks` label the scale."""

    title: str
    places: list[Place]
    ticks: list[tuple[float, int]]


@dataclass(frozen=True)
class Chart:
    """The learning curve: dots of single shorts, a line of their moving average, and the scale."""

    dots: list[tuple[float, float, bool]]
    line: str
    ticks: list[tuple[float, int]]
    first: float
    last: float
    shorts: int
    real: int


@require_safe
@studio_page
def insights(request: HttpRequest) -> HttpResponseBase:
    """Everything on one page, for one platform and one channel."""
    platforms = gateway.platforms()
    known = [one.platform for one in platforms]
    asked = request.GET.get("platform", "")
    platform = next((name for name in (asked, USUAL, *known) if name in known), "")
    channel = request.GET.get("channel", "").strip()[:50].replace("\x00", "")
    points = gateway.learning_curve(platform=platform, channel=channel, limit=CURVE)
    context = {
        "platforms": platforms,
        "platform": platform,
        "channel": channel,
        "channels": gateway.channels(),
        "boards": boards(gateway.leaderboard(platform), gateway.personas()),
        "chart": chart(points) if len(points) > 1 else None,
        "mends": [(mend, _bar(mend.low, mend.share, mend.high, 0, 1)) for mend in _tried(platform)],
        "varieties": gateway.varieties(channel or "default"),
        "stages": _stages(gateway.stage_times()),
        "days": _days(days := gateway.throughput(days=DAYS)),
        "ended": sum(day.ended for day in days),
        "span": SPAN,
        "size": (WIDTH, HEIGHT),
    }
    return render(request, "studio/insights.html", context)


def _tried(platform: str) -> list[MendStatistics]:
    return [mend for mend in gateway.mend_statistics(platform) if mend.tried]


def boards(standings: Iterable[Standing], personas: Sequence[Persona] = ()) -> list[Board]:
    """A board for each kind that there is evidence of, on one scale for all."""
    tried = [one for one in standings if one.n or one.uses]
    if not tried:
        return []
    low, high = _scale([one.low for one in tried], [one.high for one in tried])
    ticks = [(_at(value, low, high), value) for value in _ticks(low, high)]
    order = [str(kind) for kind in names.FACTORS]
    ranked = sorted(tried, key=lambda one: (order.index(one.kind) if one.kind in order else 99, one.kind))
    found = {kind: list(ones) for kind, ones in groupby(ranked, key=lambda one: one.kind)}
    return [
        Board(names.factors(kind), _places(ones, low, high, personas), ticks) for kind, ones in found.items()
    ]


def _places(found: Iterable[Standing], low: int, high: int, personas: Sequence[Persona] = ()) -> list[Place]:
    ranked = sorted(found, key=lambda one: -one.mean)
    return [
        Place(
            standing=one,
            name=names.level(one.kind, one.reference_id, personas),
            bar=_bar(one.low, one.mean, one.high, low, high),
            rank=rank,
        )
        for rank, one in enumerate(ranked, 1)
    ]


def _scale(lows: Sequence[float], highs: Sequence[float]) -> tuple[int, int]:
    low = max(int(min(lows) // STEP) * STEP, 0)
    high = min(-int(-max(highs) // STEP) * STEP, 100)
    return low, max(high, low + STEP)


def _ticks(low: int, high: int) -> list[int]:
    step = next((step for step in (5, 10, 20, 25, 50) if (high - low) / step <= 4), 100)
    return [value for value in range(0, 101, step) if low <= value <= high]


def _at(value: float, low: float, high: float) -> float:
    return round((min(max(value, low), high) - low) / (high - low) * SPAN, 1)


def _bar(low: float, middle: float, high: float, least: float, most: float) -> Bar:
    start, end = _at(low, least, most), _at(high, least, most)
    return Bar(low=start, width=round(max(end - start, 1), 1), dot=_at(middle, least, most))


def chart(points: Sequence[LearningPoint]) -> Chart:
    """The learning curve's drawing; every so many shorts are dots where there are too many."""
    values = [_value(point) for point in points]
    drawn = [*values, *(point.average for point in points)]
    low, high = _scale(drawn, drawn)
    count = len(points)

    def x(n: int) -> float:
        return round(n / max(count - 1, 1) * WIDTH, 1)

    def y(value: float) -> float:
        return round((1 - (min(max(value, low), high) - low) / (high - low)) * HEIGHT, 1)

    every = max(1, -(-count // DOTS))
    dots = [
        (x(n), y(values[n]), point.reward is not None) for n, point in enumerate(points) if n % every == 0
    ]
    line = " ".join(
        f"{x(n)},{y(point.average)}" for n, point in enumerate(points) if n % every == 0 and n >= SETTLED
    )
    return Chart(
        dots=dots,
        line=f"{line} {x(count - 1)},{y(points[-1].average)}",
        ticks=[(y(value), value) for value in _ticks(low, high)],
        first=points[min(19, count - 1)].average,
        last=points[-1].average,
        shorts=count,
        real=sum(point.reward is not None for point in points),
    )


def _value(point: LearningPoint) -> float:
    value = point.reward if point.reward is not None else point.critic
    return point.average if value is None else value


def _stages(times: Sequence[StageTime]) -> list[tuple[StageTime, float]]:
    """Each stage with its share of the longest, for its bar."""
    most = max((one.per_job for one in times), default=0) or 1
    return [(one, round(one.per_job / most, 4)) for one in times]


def _days(days: Sequence[Output]) -> list[dict[str, Any]]:
    """Each day's column, in SVG units of a drawing 560 wide and 100 high."""
    most, count = max((day.ended for day in days), default=0) or 1, len(days) or 1
    return [
        {
            "day": day,
            "x": n * 560 // count + 4,
            "completed": round(day.completed / most * 100, 1),
            "rest": round((day.failed + day.cancelled) / most * 100, 1),
            "top": round(100 - day.ended / most * 100, 1),
            "base": round(100 - day.completed / most * 100, 1),
        }
        for n, day in enumerate(days)
    ]


# Numbers of one's own ----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@studio_page
def performance(request: HttpRequest) -> HttpResponseBase:
    """Enter the numbers of one short, or send a platform's export and look at it first."""
    if request.method != "POST":
        return _entry(request)
    typed = {"job": request.POST.get("job", "").strip(), **numbers.typed(request.POST)}
    job_id = _job_id(typed["job"], _offered())
    if job_id is None:
        problem = _problem("job", "This names no short.", "Choose one, or copy the address of its page.")
        return _entry(request, typed, [problem], status=422)
    try:
        lesson = gateway.record_performance(job_id, numbers.values(typed), source="studio")
    except gateway.UnableToUseNumbers as unusable:
        return _entry(request, typed, unusable.problems, status=422)
    except (gateway.UnableToFindJob, gateway.UnableToReport, gateway.UnableToLearn) as impossible:
        problem = _problem("job", str(impossible), "")
        return _entry(request, typed, [problem], status=422)
    messages.success(request, f"Noted. {names.worded(lesson.said)}")
    return redirect("studio:insights-performance")


def _entry(
    request: HttpRequest,
    typed: dict[str, str] | None = None,
    problems: Iterable[BriefProblem] = (),
    *,
    file_problem: BriefProblem | None = None,
    status: int = 200,
) -> HttpResponse:
    offered, found = _offered(), list(problems)
    typed = typed or {"job": _named(request.GET.get("job", ""), offered), "day": f"{timezone.now():%Y-%m-%d}"}
    context = {
        "typed": typed,
        "fields": numbers.fields(typed, found),
        "job_problems": [p for p in found if p.field == "job"],
        "day_problems": [p for p in found if p.field == "day"],
        "other_problems": [p for p in found if p.field not in ("job", "day", *numbers.NAMES)],
        "file_problems": [file_problem] if file_problem else [],
        "shorts": list(offered),
    }
    return render(request, "studio/insights_performance.html", context, status=status)


def _offered() -> dict[str, UUID]:
    """The newest finished shorts, each by a name that says which it is."""
    shorts = gateway.jobs({"status": JobStatus.COMPLETED.value}, limit=OFFERED).jobs
    return {
        f"{' '.join(one.topic.split())} · {names.proper(one.platform)} · {str(one.id)[:8]}": one.id
        for one in shorts
    }


def _named(job_id: str, offered: dict[str, UUID]) -> str:
    return next((name for name, known in offered.items() if str(known) == job_id), job_id[:40])


def _job_id(text: str, offered: dict[str, UUID]) -> UUID | None:
    if known := offered.get(" ".join(text.split())):
        return known
    try:
        return UUID(text.rstrip("/").rpartition("/")[2])
    except ValueError:
        return None


def _problem(field: str, reason: str, remedy: str) -> BriefProblem:
    return BriefProblem(field=field, code="unusable", reason=reason, remedy=remedy)


@require_http_methods(["POST"])
@studio_page
def preview(request: HttpRequest) -> HttpResponseBase:
    """What an export says of which shorts; nothing is written."""
    file: Any = request.FILES.get("file")
    if file is None:
        return _refused(request, "No file was chosen.", "Choose a CSV that a platform exported.")
    if file.too_large or file.size > gateway.BATCH_BYTES_LIMIT:
        return _refused(request, "The file is too large.", "Export a shorter time, or split it.")
    content = file.read()
    try:
        found = gateway.preview_performance(content, filename=file.name or "")
    except gateway.UnableToReadExport as unreadable:
        return _refused(request, str(unreadable), "")
    context = {
        "found": found,
        "rows": found.rows[:PREVIEWED],
        "hidden": max(len(found.rows) - PREVIEWED, 0),
        "token": gateway.keep(content),
        "filename": file.name or "",
        "measures": _measured(found),
    }
    return render(request, "studio/insights_preview.html", context)


def _measured(found: gateway.PerformanceImport) -> list[str]:
    """The numbers that any row has."""
    known = [row.performance for row in found.rows if row.performance]
    return [name for name in numbers.NAMES if any(getattr(one, name) is not None for one in known)]


def _refused(request: HttpRequest, reason: str, remedy: str) -> HttpResponse:
    return _entry(request, file_problem=_problem("file", reason, remedy), status=422)


@require_http_methods(["POST"])
@studio_page
def take_over(request: HttpRequest) -> HttpResponseBase:
    """Write what the preview showed."""
    token = request.POST.get("token", "")
    try:
        content = gateway.kept(token)
        done = gateway.import_performance(content, filename=request.POST.get("filename", "")[:200])
        gateway.forget(token)
    except gateway.UnableToFindKept as gone:
        return _refused(request, str(gone), "")
    except gateway.UnableToReadExport as unreadable:
        return _refused(request, str(unreadable), "")
    shorts = f"{done.jobs:,} short{'s' if done.jobs != 1 else ''}"
    messages.success(request, f"{done.written:,} rows about {shorts} were taken over; memory has learned.")
    return redirect("studio:insights")
