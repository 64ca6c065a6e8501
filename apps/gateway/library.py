"""The library's own: small posters, channels, one order to many jobs, and rows older than the library."""

from collections.abc import Iterable
from uuid import UUID

import cv2
import numpy as np
from django.db import connections

from apps.contracts.progress import JobStatus
from apps.foundation import blobs
from apps.gateway import jobs
from apps.gateway.filters import shown_by
from apps.gateway.models import Job
from apps.gateway.shapes import BulkOutcome
from apps.orchestrator import interface as orchestrator

#: Pixels: a thumbnail is shown 108 to 180 px wide, on screens of up to two pixels each.
THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT = 270, 480
#: WebP quality; below, captions blur.
THUMBNAIL_QUALITY = 72
#: Jobs that one order takes.
BULK_LIMIT = 200
#: Rows that one sweep completes.
BACKFILL_LIMIT = 20
ORDERS = {"retry": jobs.retry, "cancel": jobs.cancel}

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
        else:
            done.append(job_id)
    return BulkOutcome(done=tuple(done), refused=refused)


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
