"""Providers that an operator has put to rest, and the stage runs that wait for them.

A pause is a row that is ended, never deleted: who paused what, when and why stays known.
"""

import re
from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone

from apps.contracts.pausing import PROVIDER_KINDS, Pause
from apps.contracts.progress import StageState
from apps.foundation.transactions import in_transaction
from apps.orchestrator.graph import GRAPH, Stage
from apps.orchestrator.machine import ALIAS, Wake
from apps.orchestrator.models import PausedProvider, StageRun

#: The kind of provider that each stage asks; the others ask none.
KIND_OF: dict[Stage, str] = {
    Stage.WRITE: "writer",
    Stage.PICTURE: "pictures",
    Stage.NARRATE: "voice",
    Stage.SCORE: "music",
}
#: Characters of a reason; the column is this wide.
REASON_LIMIT = 300
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


class UnableToPause(ValueError):
    """The provider cannot be paused; the message says why."""


def paused_names(stage: Stage) -> frozenset[str]:
    """The paused providers that `stage` would ask."""
    kind = KIND_OF.get(stage)
    if kind is None:
        return frozenset()
    return frozenset(_standing().filter(kind=kind).values_list("name", flat=True))


def pauses() -> tuple[Pause, ...]:
    """Every pause that holds now, newest first."""
    return tuple(_pause(row) for row in _standing().order_by("-created_at"))


def pause(*, kind: str, name: str, by: str, reason: str) -> Pause:
    """Have no stage ask this provider any more; what it is doing now it may finish. Raises UnableToPause."""
    if kind not in PROVIDER_KINDS:
        raise UnableToPause(f"There is no such kind of provider. Choose one of {', '.join(PROVIDER_KINDS)}.")
    if not _NAME.fullmatch(name):
        raise UnableToPause("A provider's name is small letters, digits, _ and -, such as pexels.")
    try:
        with in_transaction(ALIAS):
            row = PausedProvider.objects.create(
                kind=kind, name=name, paused_by=by, reason=reason.strip()[:REASON_LIMIT]
            )
    except IntegrityError as twice:
        raise UnableToPause(f"{name} is paused already.") from twice
    return _pause(row)


def resume(*, kind: str, name: str, by: str) -> list[Wake] | None:
    """Ask the provider again from now on; returns the runs that waited. None: it was not paused."""
    now = timezone.now()
    with in_transaction(ALIAS):
        if not _standing().filter(kind=kind, name=name).update(resumed_at=now, resumed_by=by):
            return None
        stages = [stage for stage, asked in KIND_OF.items() if asked == kind]
        waiting = StageRun.objects.filter(
            state=StageState.READY, stage__in=stages, error__code="provider_paused"
        )
        wakes = _wakes(waiting.values_list("id", "stage"))
        waiting.update(wake_at=now, wakes=0)
    return wakes


def _wakes(runs: Iterable[tuple[UUID, str]]) -> list[Wake]:
    return [Wake(run_id, GRAPH[Stage(stage)].queue) for run_id, stage in runs]


def _standing() -> "QuerySet[PausedProvider]":
    return PausedProvider.objects.using(ALIAS).filter(resumed_at=None)


def _pause(row: PausedProvider) -> Pause:
    return Pause(kind=row.kind, name=row.name, paused_by=row.paused_by, reason=row.reason, at=row.created_at)
