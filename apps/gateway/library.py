"""The library's own: small posters, channels, one order to many jobs, and rows older than the library."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import cv2
import numpy as np
from django.db import connections
from django.db.models import QuerySet

from apps.contracts.progress import JobStatus
from apps.foundation import blobs
from apps.foundation.logs import get_logger
from apps.gateway import jobs, searching
from apps.gateway.filters import matching, shown_by
from apps.gateway.models import ACTIVE, Job
from apps.gateway.shapes import BulkOutcome
from apps.orchestrator import interface as orchestrator

#: Pixels: a thumbnail is shown 108 to 180 px wide, on screens of up to two pixels each.
THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT = 270, 480
#: WebP quality; below, captions blur.
THUMBNAIL_QUALITY = 72
#: Jobs that one order takes; each is a conversation with the orchestrator, 10 to 20 ms long.
BULK_LIMIT = 200
#: Jobs that one order cancels beside them where the orchestrator has not heard of them: rows of one table.
WAITING_LIMIT = 5_000
#: Jobs counted at most to say how many an order left.
LEFT_LIMIT = 10_000
#: Rows that one sweep completes.
BACKFILL_LIMIT = 20
ORDERS = {"retry": jobs.retry, "cancel": jobs.cancel}
#: What is said of a job whose order failed for a reason of our own.
BROKEN = "Something broke on our side with this one. It is in the log; try it again in a moment."
#: How a job must stand for an order.
OPEN_TO = {"retry": (JobStatus.FAILED.value, JobStatus.CANCELLED.value), "cancel": tuple(ACTIVE)}

#: Each channel by one look into the index of channels, however many jobs there are (loose index scan).
_CHANNELS = """
WITH RECURSIVE found AS (
    (SELECT channel FROM jobs ORDER BY channel LIMIT 1)
    UNION ALL
    SELECT (SELECT channel FROM jobs WHERE channel > found.channel ORDER BY channel LIMIT 1)
    FROM found WHERE found.channel IS NOT NULL
)
SELECT channel FROM found WHERE channel IS NOT NULL LIMIT %s
"""

log = get_logger(__name__)


class UnableToOrder(ValueError):
    """Only retry and cancel can be ordered, for at most 200 jobs at a time."""


def order(action: str, job_ids: Iterable[UUID]) -> BulkOutcome:
    """Retry or cancel many jobs; one that cannot be stops none of the others. Raises UnableToOrder."""
    wanted = list(dict.fromkeys(job_ids))
    if action not in ORDERS or len(wanted) > BULK_LIMIT:
        raise UnableToOrder(UnableToOrder.__doc__)
    done, refused = [], {}
    for job_id in wanted:
        try:
            ORDERS[action](job_id)
        except (jobs.UnableToFindJob, jobs.UnableToRetry, jobs.UnableToCancel) as impossible:
            refused[job_id] = str(impossible)
        except Exception as broken:  # whatever it is, it is this job's: the others are ordered all the same
            log.warning("order_failed", job=str(job_id), action=action, error=type(broken).__name__)
            refused[job_id] = BROKEN
        else:
            done.append(job_id)
    return BulkOutcome(done=tuple(done), refused=refused)


def order_matching(action: str, filters: Mapping[str, str], *, channels: Sequence[str] = ()) -> BulkOutcome:
    """Retry or cancel the newest 200 of the jobs that `filters` let through (as for jobs.page) and that it
    can be done to, and all at once up to 5,000 that only wait in line to be cancelled.

    `left` says how many more there are: asked again, it goes on with them. Raises UnableToOrder.
    """
    if action not in ORDERS:
        raise UnableToOrder(UnableToOrder.__doc__)
    rows = Job.objects.filter(matching(filters), status__in=OPEN_TO[action]).order_by("-created_at", "-id")
    rows, text = rows.filter(channel__in=channels) if channels else rows, filters.get("q", "")
    waiting = _found(rows.filter(submitted_at=None), text, WAITING_LIMIT) if action == "cancel" else []
    forgotten = jobs.forget_waiting(waiting) if waiting else []
    heard_of = rows.exclude(submitted_at=None) if action == "cancel" else rows
    outcome = order(action, _found(heard_of, text, BULK_LIMIT))
    like_them = (rows.filter(searching.searched(text)) if text else rows).order_by().values("id")
    left = like_them[: LEFT_LIMIT + len(outcome.refused)].count() - len(outcome.refused)
    return replace(outcome, done=(*forgotten, *outcome.done), left=max(left, 0))


def _found(rows: QuerySet[Job], text: str, limit: int) -> list[UUID]:
    if not text:
        return list(rows.values_list("id", flat=True)[:limit])
    return [row.id for row in searching.newest(rows.only("id"), text, limit)]


def channels(limit: int = 100) -> tuple[str, ...]:
    """Channels that have jobs, by name."""
    with connections["gateway"].cursor() as cursor:
        cursor.execute(_CHANNELS, [limit])
        return tuple(channel for (channel,) in cursor.fetchall())


def thumbnail_key(job_id: UUID) -> str:
    """The storage key of a small poster, made when it is first asked for; "" where there is no poster."""
    poster = Job.objects.filter(id=job_id).values_list("poster_key", flat=True).first()
    if not poster:
        return ""
    key = f"{poster.rpartition('.')[0] or poster}-small.webp"
    if not blobs.exists(key):
        try:
            blobs.put_bytes(key, _small(blobs.read_bytes(poster)))
        except (OSError, cv2.error):
            return ""
    return key


def _small(poster: bytes) -> bytes:
    picture = cv2.imdecode(np.frombuffer(poster, np.uint8), cv2.IMREAD_COLOR)
    small = cv2.resize(picture, (THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT), interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".webp", small, [cv2.IMWRITE_WEBP_QUALITY, THUMBNAIL_QUALITY])[1])


def backfill() -> None:
    """Ask after the pictures and scores of completed jobs that have none on record, newest first."""
    bare = Job.objects.filter(status=JobStatus.COMPLETED.value, poster_key=None).order_by("-created_at")
    for job_id in list(bare.values_list("id", flat=True)[:BACKFILL_LIMIT]):
        snapshot = orchestrator.snapshot(job_id)
        shown = shown_by(snapshot) if snapshot else {}
        Job.objects.filter(id=job_id).update(**{"poster_key": "", "video_key": "", **shown})
