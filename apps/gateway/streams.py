"""A job as a stream of server-sent events (WHATWG HTML, section 9.2): what happened, and how it stands.

Bounded in time and number, since each stream holds a thread of the web server; while it waits it holds no
connection.
"""

import json
import threading
import time
from collections.abc import Generator, Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections

from apps.contracts.codec import to_json
from apps.contracts.progress import Failure, JobStatus, StageState
from apps.gateway import jobs
from apps.orchestrator import interface as orchestrator

#: Seconds between two looks at the database.
LOOK_EVERY = 1.0
#: Seconds after which the job's standing is read again though no event was recorded.
STAND_EVERY = 5.0
#: Seconds a stream lasts; the client comes back with Last-Event-ID, and a thread is free in between.
LIFETIME = 60.0
#: Seconds without anything to tell after which a comment is sent: a client that has gone is noticed by it.
HEARTBEAT = 2.0
#: Milliseconds a client waits before it comes back.
COME_BACK_MS = 1000
#: Events read at a time.
BATCH = 200
#: Seconds after which to try again where all streams are taken.
WAIT = 5
#: Aliases that a look uses.
ALIASES = ("gateway", "orchestrator")
ENDED = (JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED)


class UnableToStream(RuntimeError):
    """As many streams are open as this server takes. Ask for the job every second or two instead."""

    wait = WAIT


class _Slots:
    """How many streams may be open in this process; settings.STREAMS at most."""

    def __init__(self) -> None:
        self._lock, self._taken = threading.Lock(), 0

    def take(self) -> bool:
        with self._lock:
            if self._taken >= settings.STREAMS:
                return False
            self._taken += 1
            return True

    def give_back(self) -> None:
        with self._lock:
            self._taken -= 1


_slots = _Slots()


def follow(job_id: UUID, after: int) -> "Stream | None":
    """A job's events after number `after` and its standing, until it ends or LIFETIME is over.

    None where it has ended and nothing came after `after`: there is nothing to wait for (answer 204, and a
    browser's EventSource stops). Raises UnableToFindJob, and UnableToStream where too many are open.
    """
    status = jobs.summary(job_id).status
    if after and status in ENDED and not orchestrator.events(job_id, after=after, limit=1):
        return None
    if not _slots.take():
        raise UnableToStream(UnableToStream.__doc__)
    return Stream(job_id, after)


class Stream:
    """The bytes of one stream. Gives its place back when it ends, is closed, or is forgotten."""

    def __init__(self, job_id: UUID, after: int) -> None:
        self._pieces = _told(job_id, after)
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._pieces)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End it."""
        if self._open:
            self._open = False
            _slots.give_back()
            self._pieces.close()

    __del__ = close


def _told(job_id: UUID, after: int) -> Generator[bytes, None, None]:
    """The pieces of a stream, in the format of text/event-stream."""
    yield f"retry: {COME_BACK_MS}\n\n".encode()
    until = time.monotonic() + LIFETIME
    known: dict[str, Any] = {}
    looked = spoke = 0.0
    while (now := time.monotonic()) < until:
        events = orchestrator.events(job_id, after=after, limit=BATCH)
        standing = known if known and not events and now < looked + STAND_EVERY else _standing(job_id)
        looked = now if standing is not known else looked
        if standing["ended"]:  # what happened between the two looks is told too
            events += orchestrator.events(job_id, after=events[-1].seq if events else after, limit=BATCH)
        _let_go()
        pieces = [_piece(to_json(event), seq=event.seq) for event in events]
        pieces += [_piece(standing, name="snapshot")] if standing != known else []
        after, known = events[-1].seq if events else after, standing
        if known["ended"] and len(events) < BATCH:
            yield b"".join([*pieces, _piece(known, name="end")])
            return
        if pieces or now >= spoke + HEARTBEAT:
            yield b"".join(pieces) or b":\n\n"
            spoke = now
        if len(events) < BATCH:
            time.sleep(LOOK_EVERY)


def _piece(data: dict[str, Any], *, name: str = "", seq: int | None = None) -> bytes:
    """One event. JSON keeps whatever is in the data on one line."""
    lines = [f"id: {seq}"] if seq is not None else []
    lines += [f"event: {name}"] if name else []
    return "\n".join([*lines, f"data: {json.dumps(data)}", "", ""]).encode()


def _standing(job_id: UUID) -> dict[str, Any]:
    """How a job stands, in a few values: the whole of it is one call away."""
    row, snapshot = jobs.summary(job_id), orchestrator.snapshot(job_id)
    if snapshot is None:
        return _stands(row.status, row.progress, row.stage, row.failure)
    done = [view for view in snapshot.stages if view.state is StageState.DONE]
    return {
        **_stands(snapshot.status, max(row.progress, snapshot.progress), snapshot.stage, snapshot.failure),
        "attempt": snapshot.attempt,
        "pictures": sorted(snapshot.pictures),
        "stages_done": len(done),
        "stages_known": len(snapshot.stages),
    }


def _stands(status: JobStatus, progress: float, stage: str, failure: Failure | None) -> dict[str, Any]:
    return {
        "status": status.value,
        "progress": progress,
        "stage": stage,
        "ended": status in ENDED,
        "failure": to_json(failure) if failure else None,
        "attempt": 0,
        "pictures": [],
        "stages_done": 0,
        "stages_known": 0,
    }


def _let_go() -> None:
    """Give connections back while we wait; a test's own transaction is not ours to end."""
    for alias in ALIASES:
        if not connections[alias].in_atomic_block:
            connections[alias].close()
