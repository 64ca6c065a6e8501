"""What providers tell beside their results becomes events of the job, and its usage."""

from typing import Any
from uuid import uuid4

import pytest

from apps.contracts.brief import Brief
from apps.contracts.progress import JobStatus, Usage
from apps.foundation import notices
from apps.foundation.providers import (
    ProviderUnavailable,
    UnableToProvide,
    first_to_deliver,
    names_in,
)
from apps.orchestrator import interface as orchestrator
from apps.orchestrator import machine, runner
from apps.orchestrator.graph import Stage
from benchmarks import instant
from tests.inline import run_job

BRIEF = Brief(topic="x", facts=("y",))


def ask(name: str) -> str:
    """Of three providers one is away, one refuses, one delivers."""
    if name == "away":
        raise ProviderUnavailable("away did not answer")
    if name == "choosy":
        raise UnableToProvide("choosy does not draw octopuses")
    return f"a picture by {name}"


def test_the_first_provider_that_can_deliver_does_and_the_others_are_told() -> None:
    with notices.heard() as told:
        delivered = first_to_deliver(names_in("away, choosy,steady"), ask)

    assert delivered == ("steady", "a picture by steady")
    assert [(n.kind, n.facts["provider"], n.facts["to"]) for n in told] == [
        ("provider_fell_back", "away", "choosy"),
        ("provider_fell_back", "choosy", "steady"),
    ]


def test_where_no_provider_delivers_the_last_one_says_why() -> None:
    with pytest.raises(ProviderUnavailable, match="away did not answer"):
        first_to_deliver(("choosy", "away"), ask)


@pytest.mark.django_db(databases="__all__")
def test_a_fall_back_and_what_was_spent_are_on_the_jobs_record(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = iter([ProviderUnavailable("the model is busy"), None])

    def work_of(asked: Stage) -> Any:
        def write(*args: Any, **inputs: Any) -> Any:
            notices.tell_usage(provider="llm", tokens_in=100, tokens_out=20, cost_usd=0.25)
            if (error := next(tries)) is not None:
                raise error
            first_to_deliver(("away", "steady"), ask)
            return instant.WORK[asked](*args, **inputs)

        return write if asked is Stage.WRITE else instant.WORK[asked]

    monkeypatch.setattr(runner, "work_of", work_of)
    monkeypatch.setattr(machine, "BACKOFF_SECONDS", 0.01)
    job = uuid4()
    while job.int % 2:
        job = uuid4()

    run_job(monkeypatch, job, BRIEF)

    snapshot = orchestrator.snapshot(job)
    assert snapshot.status is JobStatus.COMPLETED
    assert snapshot.usage == Usage(calls=2, tokens_in=200, tokens_out=40, cost_usd=0.5)
    fell = [e.metadata for e in orchestrator.events(job) if e.event_type == "provider_fell_back"]
    assert [(m["provider"], m["to"], m["stage"]) for m in fell] == [("away", "steady", "write")]
