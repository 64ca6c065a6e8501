"""What went wrong, for a person: no exception text that could carry a prompt or a secret."""

import errno
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from dramatiq.middleware import TimeLimitExceeded

from apps.contracts.brief import UnableToUseBrief
from apps.contracts.progress import Failure
from apps.foundation.ffmpeg import UnableToRunFfmpeg
from apps.foundation.providers import ProviderPaused, ProviderUnavailable, UnableToProvide

RETRY = "Press retry (or POST .../retry): what was finished is kept."


@dataclass(frozen=True)
class _Kind:
    """One kind of failure. `{stage}`, `{message}` and `{error}` are filled in; `final`: trying again
    cannot help."""

    code: str
    reason: str
    remedy: str
    final: bool = False


def _is(*types: type[BaseException]) -> Callable[[BaseException], bool]:
    return lambda error: isinstance(error, types)


def _disk_is_full(error: BaseException) -> bool:
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return full or (isinstance(error, UnableToRunFfmpeg) and "No space left" in str(error))


def _is_storage(error: BaseException) -> bool:
    return isinstance(error, OSError) or type(error).__module__.startswith(("boto", "s3transfer"))


#: The first that fits. Messages are shown of our own errors only; others may quote what they were given.
KINDS: tuple[tuple[Callable[[BaseException], bool], _Kind], ...] = (
    (
        _is(UnableToUseBrief),
        _Kind("brief_unusable", "{message}", "Mend the brief and submit it again.", True),
    ),
    (
        _is(ProviderPaused),
        _Kind(
            "provider_paused",
            "'{stage}' waits: {message}",
            "Resume it in the admin, or cancel the job and name another provider in the brief.",
        ),
    ),
    (
        _is(ProviderUnavailable),
        _Kind(
            "provider_unavailable",
            "The provider for '{stage}' did not answer: {message}",
            "Check that it is up and that its address and key are right.",
        ),
    ),
    (_is(UnableToProvide), _Kind("provider_refused", "{message}", "", True)),
    (_disk_is_full, _Kind("disk_full", "The disk is full.", "Free some space.", True)),
    (
        _is(UnableToRunFfmpeg),
        _Kind("ffmpeg_failed", "ffmpeg failed while it worked on '{stage}'.", "See the worker's log."),
    ),
    (
        _is(TimeLimitExceeded),
        _Kind(
            "too_slow",
            "'{stage}' took longer than its time limit.",
            "The machine may be overloaded: run fewer jobs at once.",
        ),
    ),
    (
        _is_storage,
        _Kind(
            "storage_unavailable",
            "'{stage}' could not read or write its files ({error}).",
            "Check the folder or bucket that media are kept in, and its permissions.",
        ),
    ),
)
OTHER = _Kind("internal_error", "'{stage}' failed unexpectedly ({error}).", "See the worker's log.")
WORKER_LOST = _Kind(
    "worker_lost",
    "The worker died {message} times while it worked on '{stage}'.",
    "It may have run out of memory: see the system's log.",
)


def failure_of(error: BaseException, stage: str) -> Failure:
    """The failure that `error` in `stage` means."""
    return _failure(_kind_of(error), stage, message=str(error), error=type(error).__name__)


def is_final(error: BaseException) -> bool:
    """Whether trying the same stage again cannot help."""
    return _kind_of(error).final


def worker_lost(stage: str, tries: int) -> Failure:
    """The failure of a stage whose workers died, time after time."""
    return _failure(WORKER_LOST, stage, message=str(tries), error="")


def site(error: BaseException) -> str:
    """Where an error was raised, as file:line in function, without its message."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(
        f"{f.filename.rpartition('/apps/')[2]}:{f.lineno} {f.name}" for f in reversed(frames[-6:])
    )


def _kind_of(error: BaseException) -> _Kind:
    return next((kind for fits, kind in KINDS if fits(error)), OTHER)


def _failure(kind: _Kind, stage: str, *, message: str, error: str) -> Failure:
    filled = kind.reason.format(stage=stage, message=message, error=error)
    return Failure(code=kind.code, stage=stage, reason=filled, remedy=f"{kind.remedy} {RETRY}".strip())
