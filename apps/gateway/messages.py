"""What webhooks are sent: the bodies' shape, and how they are made of a job's row. Sends nothing."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from apps.contracts.codec import from_json, to_json
from apps.contracts.progress import Failure, JobStatus
from apps.gateway.models import Job


@dataclass(frozen=True, kw_only=True)
class ToldJob:
    """A job in a message: enough to act on, the rest is one call away.

    `links` has self and, once completed, video; both want an API key. They begin with PUBLIC_URL.
    """

    id: UUID
    status: JobStatus
    topic: str
    platform: str
    channel: str
    score: float | None
    created_at: datetime
    failure: Failure | None
    links: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class JobMessage:
    """The body of a message about a job. `timestamp` is when it happened, not when it is sent."""

    type: str
    timestamp: datetime
    data: ToldJob


def job_message(event_type: str, job: Job) -> str:
    """The body that tells of `job`, as compact JSON."""
    return _compact(to_json(JobMessage(type=event_type, timestamp=timezone.now(), data=_told(job))))


def ping_message(event_type: str, webhook_id: UUID) -> str:
    """The body of a message that only shows that the webhook works."""
    data = {"webhook_id": str(webhook_id), "message": "It works."}
    return _compact({"type": event_type, "timestamp": timezone.now().isoformat(), "data": data})


def _told(job: Job) -> ToldJob:
    at = f"{settings.PUBLIC_URL.rstrip('/')}/api/v1/jobs/{job.id}"
    done = job.status == JobStatus.COMPLETED
    return ToldJob(
        id=job.id,
        status=JobStatus(job.status),
        topic=job.request_payload.get("topic", ""),
        platform=job.platform,
        channel=job.channel,
        score=job.score,
        created_at=job.created_at,
        failure=from_json(Failure, job.failure) if job.failure else None,
        links={"self": at, **({"video": f"{at}/video"} if done else {})},
    )


def _compact(message: dict[str, Any]) -> str:
    return json.dumps(message, separators=(",", ":"))
