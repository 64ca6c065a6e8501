"""The gateway's door: what Studio, the REST API and the commands call.

Takes and returns contracts, ids and primitives. Knows no request, no form, no template.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from apps.contracts.brief import BriefProblem, UnableToUseBrief
from apps.contracts.decision import AudienceProfile, Curve, Persona, PlatformProfile
from apps.contracts.media import UnableToKeepUpload, Upload
from apps.contracts.progress import JobEvent, JobSnapshot
from apps.foundation import blobs
from apps.gateway import jobs as _jobs
from apps.gateway import keys as _keys
from apps.gateway.cursors import UnableToReadCursor
from apps.gateway.jobs import UnableToCancel, UnableToFindJob, UnableToRepeatRequest, UnableToRetry
from apps.gateway.keys import UnableToIssueKey
from apps.gateway.receiving import most_bytes
from apps.gateway.shapes import IssuedKey, JobDetail, JobPage, JobSummary, KeyHolder
from apps.orchestrator import interface as _orchestrator

__all__ = [
    "IssuedKey",
    "JobDetail",
    "JobPage",
    "JobSummary",
    "KeyHolder",
    "UnableToCancel",
    "UnableToFindJob",
    "UnableToIssueKey",
    "UnableToKeepUpload",
    "UnableToReadCursor",
    "UnableToRepeatRequest",
    "UnableToRetry",
    "UnableToShowMedia",
    "Upload",
    "audiences",
    "cancel",
    "caption_styles",
    "copy_video",
    "create_key",
    "curves",
    "events",
    "job",
    "jobs",
    "keep_upload",
    "languages",
    "media_key",
    "media_link",
    "personas",
    "picture_link",
    "platforms",
    "problems_with_brief",
    "providers",
    "retry",
    "revoke_key",
    "speak_sample",
    "submit_brief",
    "too_large",
    "verify_key",
]


class UnableToShowMedia(LookupError):
    """The job has no such file yet. Wait until it is completed."""


# Jobs


def submit_brief(data: object, *, idempotency_key: str = "", key_id: UUID | None = None) -> JobSummary:
    """Turn a mapping of brief fields into a job.

    The same non-empty `idempotency_key` (at most 255 characters) with the same brief is the same
    job, for each API key by itself. Raises UnableToUseBrief, which names every wrong field (nothing
    is written then), and UnableToRepeatRequest where the key stands for another brief.
    """
    return _jobs.submit(data, idempotency_key=idempotency_key, key_id=key_id)


def problems_with_brief(data: object) -> tuple[BriefProblem, ...]:
    """What `submit_brief` would refuse in these fields; empty where it would take them. Writes nothing."""
    try:
        _jobs.checked_brief(data)
    except UnableToUseBrief as unusable:
        return unusable.problems
    return ()


def job(job_id: UUID) -> JobDetail:
    """Everything of one job. Raises UnableToFindJob."""
    return _jobs.detail(job_id)


def jobs(filters: Mapping[str, str] | None = None, *, cursor: str = "", limit: int = 25) -> JobPage:
    """A page of at most 100 jobs, newest first; `filters` by status, platform and channel.

    Raises UnableToReadCursor.
    """
    return _jobs.page(filters=filters or {}, cursor=cursor, limit=limit)


def cancel(job_id: UUID) -> JobSummary:
    """Stop a job. Raises UnableToFindJob, UnableToCancel."""
    return _jobs.cancel(job_id)


def retry(job_id: UUID) -> JobSummary:
    """Go on with a failed or cancelled job. Raises UnableToFindJob, UnableToRetry."""
    return _jobs.retry(job_id)


def events(job_id: UUID, *, after: int = 0, limit: int = 200) -> tuple[JobEvent, ...]:
    """What happened to a job after event number `after`, oldest first. Raises UnableToFindJob."""
    _jobs.summary(job_id)
    return _orchestrator.events(job_id, after=after, limit=limit)


# Media


def media_key(job_id: UUID, name: str) -> str:
    """The storage key of a job's video, poster, sheet, srt or vtt.

    Raises UnableToFindJob, UnableToShowMedia.
    """
    key = _jobs.media_keys(_snapshot(job_id)).get(name)
    if key is None:
        raise UnableToShowMedia(UnableToShowMedia.__doc__)
    return key


def media_link(job_id: UUID, name: str) -> str:
    """A link that shows one of a job's files for an hour. Raises as `media_key` does."""
    return blobs.link(media_key(job_id, name))


def picture_link(job_id: UUID, ordinal: int) -> str:
    """A link that shows a scene's picture for an hour. Raises UnableToFindJob, UnableToShowMedia."""
    snapshot = _snapshot(job_id)
    key = snapshot.pictures.get(ordinal) if snapshot else None
    if key is None:
        raise UnableToShowMedia(UnableToShowMedia.__doc__)
    return blobs.link(key)


def keep_upload(path: Path, *, name: str, credit: str = "") -> Upload:
    """Keep an image or a clip of the user's own; the answer's `key` goes into a brief's `media`.

    `name` is what the user calls the file: its words say which scene it is for. `credit` is one line that
    names its maker and licence. The same file twice is kept once. Raises UnableToKeepUpload.
    """
    if path.stat().st_size > most_bytes():
        raise UnableToKeepUpload(*too_large())
    return _orchestrator.keep_upload(path, name, credit)


def too_large() -> tuple[str, str]:
    """Why a file is not taken that is larger than UPLOAD_MAX_MB, and what to do about it."""
    most = f"{most_bytes() / 1_000_000:g} MB"
    return (
        f"The file is larger than {most}.",
        f"Make it smaller, or shorter; together {most} are taken at once.",
    )


def copy_video(job_id: UUID, target: Path) -> None:
    """Write a finished job's video to the file `target`. Raises as `media_key` does."""
    with blobs.local(media_key(job_id, "video")) as video:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(video, target)


def _snapshot(job_id: UUID) -> JobSnapshot | None:
    _jobs.summary(job_id)
    return _orchestrator.snapshot(job_id)


# Catalogues


def platforms() -> tuple[PlatformProfile, ...]:
    """The platforms a brief may name."""
    return _orchestrator.platforms()


def audiences() -> tuple[AudienceProfile, ...]:
    """The audiences a brief may name."""
    return _orchestrator.audiences()


def personas() -> tuple[Persona, ...]:
    """The personas a brief may name."""
    return _orchestrator.personas()


def curves() -> tuple[Curve, ...]:
    """The emotion curves a brief may name."""
    return _orchestrator.curves()


def caption_styles() -> tuple[str, ...]:
    """The caption styles a brief may name."""
    return _orchestrator.caption_styles()


def languages() -> tuple[str, ...]:
    """The languages a brief may name: tags of those that can be both written and spoken."""
    return _orchestrator.languages()


def providers() -> dict[str, tuple[str, ...]]:
    """Names that a field of a brief's `providers` may hold, where they are known."""
    return _orchestrator.providers()


def speak_sample(persona_id: str) -> str:
    """The storage key of a persona's spoken sample, made where there is none yet."""
    return _orchestrator.speak_sample(persona_id)


# Keys


def create_key(name: str) -> IssuedKey:
    """A new API key; its `key` is readable this once. Raises UnableToIssueKey."""
    return _keys.issue(name)


def verify_key(key: str) -> KeyHolder | None:
    """Who an API key belongs to; None where it is unknown or revoked."""
    return _keys.holder(key)


def revoke_key(key_id: UUID) -> bool:
    """Refuse a key from now on; False where it is unknown or already revoked."""
    return _keys.revoke(key_id)
