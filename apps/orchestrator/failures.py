"""What went wrong, for a person: no exception text that could carry a prompt or a secret."""

import errno
import traceback

from dramatiq.middleware import TimeLimitExceeded

from apps.contracts.brief import UnableToUseBrief
from apps.contracts.progress import Failure
from apps.foundation.ffmpeg import UnableToRunFfmpeg
from apps.foundation.providers import ProviderUnavailable, UnableToProvide

RETRY = "Press retry (or POST .../retry): what was finished is kept."


def failure_of(error: BaseException, stage: str) -> Failure:
    """The failure that `error` in `stage` means."""
    if isinstance(error, UnableToUseBrief):
        first = error.problems[0]
        return Failure(code="brief_unusable", stage=stage, reason=first.reason, remedy=first.remedy)
    if isinstance(error, ProviderUnavailable):
        return _failure(
            "provider_unavailable",
            stage,
            f"The provider for '{stage}' did not answer: {error}",
            f"Check that it is up and that its address and key are right. {RETRY}",
        )
    if isinstance(error, UnableToProvide):
        return _failure("provider_refused", stage, str(error), RETRY)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _failure("disk_full", stage, "The disk is full.", f"Free some space. {RETRY}")
    if isinstance(error, UnableToRunFfmpeg):
        full = "No space left" in str(error)
        return _failure(
            "disk_full" if full else "ffmpeg_failed",
            stage,
            "The disk is full." if full else f"ffmpeg failed while it worked on '{stage}'.",
            f"{'Free some space.' if full else 'See the worker log.'} {RETRY}",
        )
    if isinstance(error, TimeLimitExceeded):
        return _failure(
            "too_slow",
            stage,
            f"'{stage}' took longer than its time limit.",
            f"The machine may be overloaded: run fewer jobs at once. {RETRY}",
        )
    return _failure(
        "internal_error",
        stage,
        f"'{stage}' failed unexpectedly ({type(error).__name__}).",
        f"See the worker log. {RETRY}",
    )


def is_final(error: BaseException) -> bool:
    """Whether trying the same stage again cannot help."""
    disk_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return disk_full or isinstance(error, UnableToProvide | UnableToUseBrief)


def worker_lost(stage: str, tries: int) -> Failure:
    """The failure of a stage whose workers died, time after time."""
    return _failure(
        "worker_lost",
        stage,
        f"The worker died {tries} times while it worked on '{stage}'.",
        f"It may have run out of memory: see the system log. {RETRY}",
    )


def site(error: BaseException) -> str:
    """Where an error was raised, as file:line in function, without its message."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(
        f"{f.filename.rpartition('/apps/')[2]}:{f.lineno} {f.name}" for f in reversed(frames[-6:])
    )


def _failure(code: str, stage: str, reason: str, remedy: str) -> Failure:
    return Failure(code=code, stage=stage, reason=reason, remedy=remedy)
