"""What the API answers: frozen documents, and how they are made from the door's answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.reverse import reverse

from apps.contracts.brief import Brief
from apps.contracts.decision import Plan
from apps.contracts.judgement import Judgement, Mend
from apps.contracts.media import Timeline
from apps.contracts.progress import Failure, JobEvent, JobStatus, StageView, Usage
from apps.contracts.story import Story
from apps.gateway.interface import JobDetail, JobSummary

#: Where each file of a finished job is linked from, beside its video.
FILES = ("poster", "sheet", "srt", "vtt")
#: What every job links to, and by which route.
LINKED = {"self": "job", "events": "job-events", "stream": "job-stream"}


@dataclass(frozen=True, kw_only=True)
class FieldProblem:
    """One wrong field: why, and what to do about it."""

    field: str
    code: str
    reason: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A problem document (RFC 9457). `errors` names every wrong field, where fields are wrong."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: tuple[FieldProblem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job in a list. `progress` is in [0, 1]; `links` has self, and thumbnail once there is a poster."""

    id: UUID
    status: JobStatus
    progress: float
    stage: str
    topic: str
    platform: str
    channel: str
    created_at: datetime
    updated_at: datetime
    failure: Failure | None
    persona: str
    score: float | None
    links: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class JobList:
    """One page of jobs, newest first; `next` is null on the last page."""

    results: tuple[Job, ...]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class JobDocument:
    """Everything of one job: what was asked, decided, written, made and judged.

    `links` has self, events, stream, video, and (once completed) download, poster, sheet, srt and vtt, which
    need no key and expire after an hour. `pictures` maps a scene's ordinal to such a link. `credits` has a
    line for each work of others in the video; `usage` is what paid-for providers took so far. `timeline` has
    the shots, cuts and captions in milliseconds; `mends` say what each order of a retry did.
    """

    id: UUID
    status: JobStatus
    progress: float
    stage: str
    attempt: int
    topic: str
    platform: str
    channel: str
    created_at: datetime
    updated_at: datetime
    failure: Failure | None
    brief: Brief
    plan: Plan | None
    story: Story | None
    scores: tuple[Judgement, ...]
    stages: tuple[StageView, ...]
    pictures: dict[int, str]
    credits: tuple[str, ...]
    usage: Usage
    links: dict[str, str]
    timeline: Timeline | None = None
    mends: tuple[Mend, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Loudness:
    """RMS in dB full scale for each `step` seconds of the finished video; `floor` is silence."""

    step: float
    floor: float
    levels: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class EventList:
    """What happened to a job, oldest first. Ask again with `after` set to `last` for what is new."""

    results: tuple[JobEvent, ...]
    last: int


def job_document(summary: JobSummary, request: Request) -> Job:
    """A job in a list."""
    links = {"self": "job", **({"thumbnail": "job-thumbnail"} if summary.poster_mark else {})}
    return Job(
        **_common(summary),
        persona=summary.persona,
        score=summary.score,
        links={name: _url(route, summary.id, request) for name, route in links.items()},
    )


def detail_document(detail: JobDetail, request: Request) -> JobDocument:
    """Everything of one job."""
    snapshot = detail.snapshot
    return JobDocument(
        **_common(detail.summary),
        attempt=snapshot.attempt if snapshot else 0,
        brief=detail.brief,
        plan=snapshot.plan if snapshot else None,
        story=snapshot.story if snapshot else None,
        scores=snapshot.judgements if snapshot else (),
        stages=snapshot.stages if snapshot else (),
        pictures={n: request.build_absolute_uri(link) for n, link in detail.pictures.items()},
        credits=snapshot.take.credits if snapshot and snapshot.take else (),
        usage=snapshot.usage if snapshot else Usage(),
        links=_links(detail, request),
        timeline=snapshot.timeline if snapshot else None,
        mends=snapshot.mends if snapshot else (),
    )


def _common(summary: JobSummary) -> dict[str, Any]:
    names = ("id", "status", "progress", "stage", "topic", "platform", "channel")
    times = ("created_at", "updated_at", "failure")
    return {name: getattr(summary, name) for name in (*names, *times)}


def _links(detail: JobDetail, request: Request) -> dict[str, str]:
    job_id = detail.summary.id
    links = {name: _url(route, job_id, request) for name, route in LINKED.items()}
    if detail.media:
        links["video"] = _url("job-video", job_id, request)
        links["download"] = request.build_absolute_uri(detail.media["video"])
        links.update({name: request.build_absolute_uri(detail.media[name]) for name in FILES})
    return links


def _url(name: str, job_id: UUID, request: Request) -> str:
    url: str = reverse(f"api:{name}", args=[job_id], request=request)
    return url
