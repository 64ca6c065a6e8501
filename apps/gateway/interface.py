"""The gateway's door: what Studio, the REST API and the commands call.

Takes and returns contracts, ids and primitives. Knows no request, no form, no template.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from uuid import UUID

from apps.contracts.brief import BriefProblem, UnableToUseBrief
from apps.contracts.decision import AudienceProfile, Curve, Mood, Persona, PlatformProfile
from apps.contracts.media import UnableToKeepUpload, Upload
from apps.contracts.progress import JobEvent, JobSnapshot
from apps.foundation import blobs
from apps.foundation.providers import ProviderUnavailable, UnableToProvide
from apps.gateway import briefs as _briefs
from apps.gateway import jobs as _jobs
from apps.gateway import library as _library
from apps.gateway import streams as _streams
from apps.gateway.batches import UnableToFindBatch, UnableToSubmitBatch
from apps.gateway.batches import cancel as cancel_batch
from apps.gateway.batches import check as check_batch
from apps.gateway.batches import manifest as batch_manifest
from apps.gateway.batches import page as batches
from apps.gateway.batches import read as batch
from apps.gateway.batches import rows as batch_rows
from apps.gateway.batches import safe_rows as manifest_cells
from apps.gateway.batches import submit as submit_batch
from apps.gateway.batches import videos as batch_videos
from apps.gateway.cursors import UnableToReadCursor
from apps.gateway.deliveries import (
    UnableToFindDelivery,
    deliveries,
    delivery,
    ping_webhook,
    replay_delivery,
    replay_failed,
)
from apps.gateway.experiments import VARIANTS as EXPERIMENT_SIZES
from apps.gateway.experiments import UnableToFindExperiment
from apps.gateway.experiments import channel_of as experiment_channel
from apps.gateway.experiments import create as create_experiment
from apps.gateway.experiments import jobs_of as experiment_jobs
from apps.gateway.experiments import of_job as experiment_of
from apps.gateway.experiments import page as experiments
from apps.gateway.experiments import read as experiment
from apps.gateway.imports import UnableToReadExport
from apps.gateway.imports import import_export as import_performance
from apps.gateway.imports import preview as preview_performance
from apps.gateway.insights import (
    leaderboard,
    learning_curve,
    mend_statistics,
    stage_times,
    throughput,
    today,
    varieties,
)
from apps.gateway.jobs import (
    UnableToCancel,
    UnableToFindJob,
    UnableToRepeatRequest,
    UnableToRetry,
    UnableToUseChannel,
    cancel,
    channel_of,
    retry,
)
from apps.gateway.jobs import detail as job
from apps.gateway.jobs import some as some_jobs
from apps.gateway.kept import UnableToFindKept, forget, keep, kept
from apps.gateway.keys import UnableToIssueKey, scopes
from apps.gateway.keys import every_key as keys
from apps.gateway.keys import holder as verify_key
from apps.gateway.keys import issue as create_key
from apps.gateway.keys import revoke as revoke_key
from apps.gateway.learning_shapes import Experiment, ExperimentSummary, PerformanceImport, Variant
from apps.gateway.library import BULK_LIMIT, UnableToOrder, channels
from apps.gateway.library import LEFT_LIMIT as ORDER_LEFT_LIMIT
from apps.gateway.library import order as order_jobs
from apps.gateway.library import order_matching as order_matching_jobs
from apps.gateway.pausing import (
    Provider,
    UnableToFindProvider,
    UnableToPause,
    UnableToResume,
    pause_provider,
    provider,
    providers_asked,
    resume_provider,
)
from apps.gateway.performance import (
    UnableToFindPublication,
    UnableToPublish,
    UnableToReport,
    UnableToUseNumbers,
    publication,
    publish,
    unpublish,
)
from apps.gateway.performance import lesson as performance_of
from apps.gateway.performance import record as record_performance
from apps.gateway.receiving import most_bytes
from apps.gateway.revising import UnableToFindScene, UnableToRevise, revise_scene
from apps.gateway.shapes import (
    Batch,
    BatchPage,
    BatchRow,
    BatchRowPage,
    BulkOutcome,
    Delivery,
    DeliveryPage,
    IssuedKey,
    IssuedWebhook,
    JobDetail,
    JobPage,
    JobSummary,
    KeyHolder,
    KeySummary,
    ManifestRow,
    Webhook,
)
from apps.gateway.sheets import BYTES_LIMIT as BATCH_BYTES_LIMIT
from apps.gateway.sheets import COLUMNS as BATCH_COLUMNS
from apps.gateway.sheets import UnableToReadSheet
from apps.gateway.sheets import template as batch_template
from apps.gateway.sound import FLOOR_DB as LEVELS_FLOOR_DB
from apps.gateway.sound import STEP as LEVELS_STEP
from apps.gateway.sound import levels
from apps.gateway.streams import UnableToStream
from apps.gateway.throttles import count_call
from apps.gateway.webhooks import (
    UnableToFindWebhook,
    UnableToUseWebhook,
    change_webhook,
    create_webhook,
    delete_webhook,
    rotate_webhook_secret,
    webhook,
    webhook_events,
    webhooks,
)
from apps.orchestrator import interface as _orchestrator
from apps.orchestrator.interface import UnableToLearn

__all__ = [
    "BATCH_BYTES_LIMIT",
    "BATCH_COLUMNS",
    "BULK_LIMIT",
    "EXPERIMENT_SIZES",
    "LEVELS_FLOOR_DB",
    "LEVELS_STEP",
    "ORDER_LEFT_LIMIT",
    "Batch",
    "BatchPage",
    "BatchRow",
    "BatchRowPage",
    "BulkOutcome",
    "Delivery",
    "DeliveryPage",
    "Experiment",
    "ExperimentSummary",
    "IssuedKey",
    "IssuedWebhook",
    "JobDetail",
    "JobPage",
    "JobSummary",
    "KeyHolder",
    "KeySummary",
    "ManifestRow",
    "PerformanceImport",
    "Provider",
    "UnableToCancel",
    "UnableToFindBatch",
    "UnableToFindDelivery",
    "UnableToFindExperiment",
    "UnableToFindJob",
    "UnableToFindKept",
    "UnableToFindProvider",
    "UnableToFindPublication",
    "UnableToFindScene",
    "UnableToFindWebhook",
    "UnableToIssueKey",
    "UnableToKeepUpload",
    "UnableToLearn",
    "UnableToOrder",
    "UnableToPause",
    "UnableToPublish",
    "UnableToReadCursor",
    "UnableToReadExport",
    "UnableToReadSheet",
    "UnableToRepeatRequest",
    "UnableToReport",
    "UnableToResume",
    "UnableToRetry",
    "UnableToRevise",
    "UnableToShowMedia",
    "UnableToSpeak",
    "UnableToStream",
    "UnableToSubmitBatch",
    "UnableToUseChannel",
    "UnableToUseNumbers",
    "UnableToUseWebhook",
    "Upload",
    "Variant",
    "Webhook",
    "audiences",
    "batch",
    "batch_manifest",
    "batch_rows",
    "batch_template",
    "batch_videos",
    "batches",
    "brief_limits",
    "cancel",
    "cancel_batch",
    "caption_styles",
    "change_webhook",
    "channel_of",
    "channels",
    "check_batch",
    "copy_video",
    "count_call",
    "create_experiment",
    "create_key",
    "create_webhook",
    "curves",
    "delete_webhook",
    "deliveries",
    "delivery",
    "emotions",
    "events",
    "experiment",
    "experiment_channel",
    "experiment_jobs",
    "experiment_of",
    "experiments",
    "forget",
    "import_performance",
    "job",
    "jobs",
    "keep",
    "keep_upload",
    "kept",
    "keys",
    "languages",
    "leaderboard",
    "learning_curve",
    "levels",
    "manifest_cells",
    "media_key",
    "media_link",
    "mend_statistics",
    "order_jobs",
    "order_matching_jobs",
    "pause_provider",
    "performance_of",
    "personas",
    "picture_link",
    "ping_webhook",
    "platforms",
    "preview_performance",
    "problems_with_brief",
    "provider",
    "providers",
    "providers_asked",
    "publication",
    "publish",
    "record_performance",
    "replay_delivery",
    "replay_failed",
    "resume_provider",
    "retry",
    "revise_scene",
    "revoke_key",
    "rotate_webhook_secret",
    "scopes",
    "some_jobs",
    "speak_sample",
    "stage_times",
    "stream",
    "submit_batch",
    "submit_brief",
    "throughput",
    "thumbnail_key",
    "thumbnail_link",
    "today",
    "too_large",
    "unpublish",
    "varieties",
    "verify_key",
    "webhook",
    "webhook_events",
    "webhooks",
]


class UnableToShowMedia(LookupError):
    """The job has no such file yet. Wait until it is completed."""


class UnableToSpeak(RuntimeError):
    """No voice can say it now; the message says why."""


# Jobs


def submit_brief(
    data: object, *, idempotency_key: str = "", key_id: UUID | None = None, channels: Sequence[str] = ()
) -> JobSummary:
    """Turn a mapping of brief fields into a job.

    The same non-empty `idempotency_key` (at most 255 characters) with the same brief is the same
    job, for each API key by itself. Raises UnableToUseBrief, which names every wrong field (nothing
    is written then), and UnableToRepeatRequest where the key stands for another brief. Where
    `channels` are given the brief's must be among them: UnableToUseChannel.
    """
    return _jobs.submit(data, idempotency_key=idempotency_key, key_id=key_id, channels=channels)


def problems_with_brief(data: object) -> tuple[BriefProblem, ...]:
    """What `submit_brief` would refuse in these fields; empty where it would take them. Writes nothing."""
    try:
        _jobs.checked_brief(data)
    except UnableToUseBrief as unusable:
        return unusable.problems
    return ()


def jobs(
    filters: Mapping[str, str] | None = None,
    *,
    cursor: str = "",
    limit: int = 25,
    channels: Sequence[str] = (),
) -> JobPage:
    """A page of at most 100 jobs, newest first; with `channels` jobs of no other channel.

    `filters` by status, platform, channel, persona, batch (an id), min_score and max_score (0-100), and q:
    the beginnings of words of the topic, channel or persona, or of the job's id. Raises UnableToReadCursor.
    """
    return _jobs.page(filters=filters or {}, cursor=cursor, limit=limit, channels=channels)


def events(job_id: UUID, *, after: int = 0, limit: int = 200) -> tuple[JobEvent, ...]:
    """What happened to a job after event number `after`, oldest first. Raises UnableToFindJob."""
    _jobs.summary(job_id)
    return _orchestrator.events(job_id, after=after, limit=limit)


def stream(job_id: UUID, *, after: int = 0) -> Iterator[bytes] | None:
    """The same as it happens, as text/event-stream: events with their number as id, `snapshot` when the job
    stands differently, `end` when nothing more comes.

    Lasts a minute at most; ask again with `after`. None: the job has ended and nothing came after. Close what
    is not read to its end. Raises UnableToFindJob, and UnableToStream where too many are open.
    """
    return _streams.follow(job_id, after)


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


def thumbnail_key(job_id: UUID) -> str:
    """The storage key of a small poster. Raises UnableToShowMedia."""
    key = _library.thumbnail_key(job_id)
    if not key:
        raise UnableToShowMedia(UnableToShowMedia.__doc__)
    return key


def thumbnail_link(job_id: UUID) -> str:
    """A link that shows a small poster for an hour. Raises UnableToShowMedia."""
    return blobs.link(thumbnail_key(job_id))


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


def emotions() -> tuple[Mood, ...]:
    """The emotions that `curve_points` of a brief may name, liveliest first."""
    return _orchestrator.emotions()


def brief_limits() -> dict[str, int]:
    """How much of a brief's fields fits: characters of topic, fact and source_text; how many facts, media,
    curve_points."""
    return dict(_briefs.LIMITS)


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
    """The storage key of a persona's spoken sample, made where there is none yet. Raises UnableToSpeak."""
    try:
        return _orchestrator.speak_sample(persona_id)
    except (ProviderUnavailable, UnableToProvide) as silent:
        raise UnableToSpeak(f"No voice can say it now: {silent}") from silent
