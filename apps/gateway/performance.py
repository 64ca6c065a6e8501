"""Real numbers of one published short: checked and handed on to memory; and where it was published.

The numbers themselves, and what they teach, are memory's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from apps.contracts.brief import BriefProblem
from apps.contracts.performance import Lesson, Performance
from apps.contracts.progress import JobStatus
from apps.foundation.transactions import in_transaction
from apps.gateway import jobs, models
from apps.gateway.briefs import shown_name, storable
from apps.gateway.learning_shapes import Publication
from apps.gateway.measures import DAYS_LIMIT, read_performance
from apps.gateway.video_links import ID_LIMIT, URL_LIMIT, id_in, video_ids
from apps.orchestrator import interface as orchestrator

#: How far ahead of now a publication may be set: platforms schedule that far.
SCHEDULED_AHEAD = timedelta(days=366)
#: Problems named in one refusal of a report.
PROBLEMS_LIMIT = 50
FIELDS = ("platform", "external_id", "url", "published_at")


class UnableToUseNumbers(ValueError):
    """Numbers, or a publication, that cannot be: `problems` names every wrong field."""

    def __init__(self, problems: Sequence[BriefProblem]) -> None:
        self.problems = tuple(problems)[:PROBLEMS_LIMIT]
        super().__init__("; ".join(f"{p.field}: {p.reason}" for p in self.problems))


class UnableToReport(RuntimeError):
    """This job has no finished short, so nobody can have watched it. Wait until it is completed."""


class UnableToPublish(RuntimeError):
    """This video is already another job's. Remove it there first, or see whether the id is right."""


class UnableToFindPublication(LookupError):
    """Nobody has said yet where this short was published."""


# One short -------------------------------------------------------------------------------------------


def record(job_id: UUID, data: object, *, source: str = "api") -> Lesson:
    """Hand on one day's numbers (a mapping) or several days' (a list of them).

    Raises UnableToFindJob, UnableToReport, UnableToUseNumbers.
    """
    if jobs.summary(job_id).status is not JobStatus.COMPLETED:
        raise UnableToReport(UnableToReport.__doc__)
    numbers = tuple(replace(one, source=source) if one.source == "api" else one for one in _read(data))
    return orchestrator.report(job_id=job_id, performances=numbers)


def lesson(job_id: UUID) -> Lesson:
    """What was reported of a short, and what it taught. Raises UnableToFindJob."""
    jobs.summary(job_id)
    return orchestrator.lesson(job_id)


def _read(data: object) -> Iterable[Performance]:
    now = today()
    if not isinstance(data, list | tuple):
        one, problems = read_performance(data, today=now)
        if one is None:
            raise UnableToUseNumbers(problems)
        return (one,)
    if not 1 <= len(data) <= DAYS_LIMIT:
        reason, remedy = f"A list holds 1 to {DAYS_LIMIT} days.", "Send one object for each day."
        raise UnableToUseNumbers([_problem("body", "out_of_range", reason, remedy)])
    read = [read_performance(one, today=now, prefix=f"{n}.") for n, one in enumerate(data)]
    problems = tuple(problem for _, found in read for problem in found)
    problems = problems or tuple(_repeated([one.day for one, _ in read if one]))
    if problems:
        raise UnableToUseNumbers(problems)
    return sorted((one for one, _ in read if one), key=lambda one: one.day)


def _repeated(days: Sequence[date]) -> Iterator[BriefProblem]:
    for n, day in enumerate(days):
        if day in days[:n]:
            reason = f"There are two reports of {day}."
            yield _problem(f"{n}.day", "repeated", reason, "Send each day once, with its newest numbers.")


# Where it was published ------------------------------------------------------------------------------


def publish(job_id: UUID, data: object) -> Publication:
    """Note where a short was published; again replaces it. Raises UnableToFindJob, UnableToUseNumbers and
    UnableToPublish."""
    job = jobs.summary(job_id)
    values = _read_publication(data, job.platform)
    try:
        with in_transaction("gateway"):
            row, _ = models.Publication.objects.using("gateway").update_or_create(
                job_id=job_id, defaults=values
            )
    except IntegrityError as taken:
        raise UnableToPublish(UnableToPublish.__doc__) from taken
    return _shown(row)


def publication(job_id: UUID) -> Publication:
    """Where a short was published. Raises UnableToFindJob, UnableToFindPublication."""
    jobs.summary(job_id)
    row = models.Publication.objects.filter(job_id=job_id).first()
    if row is None:
        raise UnableToFindPublication(UnableToFindPublication.__doc__)
    return _shown(row)


def unpublish(job_id: UUID) -> bool:
    """Forget where a short was published; False where nobody said it. Raises UnableToFindJob."""
    jobs.summary(job_id)
    return bool(models.Publication.objects.filter(job_id=job_id).delete()[0])


def _shown(row: models.Publication) -> Publication:
    return Publication(
        job_id=row.job_id,
        platform=row.platform,
        external_id=row.external_id,
        url=row.url,
        published_at=row.published_at,
    )


def _read_publication(data: object, platform: str) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        reason, remedy = "This must be an object.", 'Send {"url": "https://..."} or {"external_id": "..."}.'
        raise UnableToUseNumbers([_problem("body", "wrong_type", reason, remedy)])
    problems = [
        _problem(shown_name(name), "unknown_field", "There is no such field.", f"Use {', '.join(FIELDS)}.")
        for name in list(data)[:20]
        if name not in FIELDS
    ]
    texts = {"platform": 30, "external_id": ID_LIMIT, "url": URL_LIMIT}
    values: dict[str, Any] = {}
    for name, limit in texts.items():
        given = data.get(name)
        values[name] = given.strip() if isinstance(given, str) else ""
        wrong_type = given is not None and not isinstance(given, str)
        if wrong_type or len(values[name]) > limit or not storable(values[name]):
            reason = f"This must be a text of at most {limit} printable characters."
            problems.append(_problem(name, "wrong_type", reason, "Copy it from the platform."))
    values["published_at"], wrong = _moment(data.get("published_at"))
    problems += [wrong] if wrong else _unfit(values, platform)
    if problems:
        raise UnableToUseNumbers(problems)
    code = id_in(values["url"])
    own = values["external_id"] or code
    return {**values, "platform": platform, "external_id": own, "code": code if code != own else ""}


def _unfit(values: Mapping[str, Any], platform: str) -> list[BriefProblem]:
    if values["platform"] not in ("", platform):
        reason = f"This short was made for {platform}, and its numbers teach what wins there."
        return [_problem("platform", "other_platform", reason, "Leave platform out.")]
    if values["url"] and not values["url"].startswith(("https://", "http://")):
        return [_problem("url", "wrong_type", "This is no web address.", "Begin it with https://.")]
    if not video_ids(values["external_id"], values["url"]):
        reason = "Neither external_id nor url names a video."
        return [_problem("external_id", "missing", reason, "Copy the video's id or its address.")]
    return []


def _moment(value: object) -> tuple[datetime | None, BriefProblem | None]:
    if value is None or value == "":
        return None, None
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC) if moment else None
    except (ValueError, OverflowError):
        moment = None
    if moment and datetime(2005, 1, 1, tzinfo=UTC) <= moment <= timezone.now() + SCHEDULED_AHEAD:
        return moment, None
    reason, remedy = "This is no moment a short can be published at.", "Write it as 2026-01-31T18:00:00Z."
    return None, _problem("published_at", "out_of_range", reason, remedy)


def today() -> date:
    """The day it is, UTC."""
    return timezone.now().astimezone(UTC).date()


def _problem(field: str, code: str, reason: str, remedy: str) -> BriefProblem:
    return BriefProblem(field=field, code=code, reason=reason, remedy=remedy)
