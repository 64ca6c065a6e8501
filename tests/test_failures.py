"""What a person reads when something goes wrong, and that what was finished is kept."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from dramatiq.middleware import TimeLimitExceeded

from apps.contracts.brief import Brief
from apps.contracts.progress import JobStatus
from apps.foundation.ffmpeg import UnableToRunFfmpeg
from apps.foundation.providers import ProviderUnavailable, UnableToProvide
from apps.orchestrator import interface as orchestrator
from apps.orchestrator import machine, runner
from apps.orchestrator.failures import failure_of
from apps.orchestrator.graph import Stage
from apps.orchestrator.models import StageRun
from apps.story import interface as story
from benchmarks import instant
from tests.inline import inline, run_all, run_job

BRIEF = Brief(topic="x", facts=("y",))

pytestmark = pytest.mark.django_db(databases="__all__")


def failing(monkeypatch: pytest.MonkeyPatch, stage: Stage, error: BaseException, times: int = 99) -> None:
    """Instant stages, of which one fails that many times."""
    left = [error] * times

    def work_of(asked: Stage) -> Any:
        if asked is stage and left:

            def fail(*args: Any, **inputs: Any) -> Any:
                raise left.pop()

            return fail
        return instant.WORK[asked]

    monkeypatch.setattr(runner, "work_of", work_of)
    monkeypatch.setattr(machine, "BACKOFF_SECONDS", 0.01)


def even_job() -> Any:
    while (job := uuid4()).int % 2:
        continue
    return job


def test_a_provider_that_is_away_for_a_moment_costs_only_a_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, Stage.NARRATE, ProviderUnavailable("timed out"), times=2)
    job = even_job()

    run_job(monkeypatch, job, BRIEF)

    assert orchestrator.snapshot(job).status is JobStatus.COMPLETED
    kinds = [e.event_type for e in orchestrator.events(job)]
    assert kinds.count("stage_retry") == 2


def test_a_provider_that_stays_away_fails_the_job_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, Stage.PICTURE, ProviderUnavailable("connection refused"))
    job = even_job()

    run_job(monkeypatch, job, BRIEF)

    snapshot = orchestrator.snapshot(job)
    assert snapshot.status is JobStatus.FAILED
    assert (snapshot.failure.code, snapshot.failure.stage) == ("provider_unavailable", "picture")
    assert "connection refused" in snapshot.failure.reason
    assert "retry" in snapshot.failure.remedy.lower()


def test_a_refusal_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, Stage.WRITE, UnableToProvide("The model declined. Reword the brief."))
    job = even_job()

    run_job(monkeypatch, job, BRIEF)

    assert StageRun.objects.get(job_id=job, stage="write").tries == 1
    assert orchestrator.snapshot(job).failure.reason == "The model declined. Reword the brief."


def test_retry_goes_on_from_what_was_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, Stage.ASSEMBLE, UnableToProvide("no"), times=1)
    job = even_job()
    run_job(monkeypatch, job, BRIEF)
    finished = dict(StageRun.objects.filter(job_id=job, state="done").values_list("id", "finished_at"))

    with inline(monkeypatch) as waiting:
        assert orchestrator.retry(job_id=job)
        run_all(waiting)

    assert orchestrator.snapshot(job).status is JobStatus.COMPLETED
    kept = dict(StageRun.objects.filter(id__in=finished).values_list("id", "finished_at"))
    assert kept == finished
    assert len(finished) > 20


def test_an_unexpected_error_shows_its_kind_but_not_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, Stage.WRITE, ValueError("the prompt was: tell me a secret"))
    job = even_job()

    run_job(monkeypatch, job, BRIEF)

    failure = orchestrator.snapshot(job).failure
    assert failure.code == "internal_error"
    assert "ValueError" in failure.reason
    assert "secret" not in str(failure)


def test_a_second_attempt_that_breaks_still_delivers_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    while not (job := uuid4()).int % 2:
        continue
    judged: list[int] = []

    def work_of(stage: Stage) -> Any:
        def judge_once(*args: Any, **inputs: Any) -> Any:
            judged.append(1)
            if len(judged) > 1:
                raise UnableToProvide("broken")
            return instant.WORK[stage](*args, **inputs)

        return judge_once if stage is Stage.JUDGE else instant.WORK[stage]

    monkeypatch.setattr(runner, "work_of", work_of)
    run_job(monkeypatch, job, BRIEF)

    snapshot = orchestrator.snapshot(job)
    assert snapshot.status is JobStatus.COMPLETED
    assert snapshot.take.attempt == 0
    assert "attempt_abandoned" in [e.event_type for e in orchestrator.events(job)]


@pytest.fixture
def small_disk(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """Media on a file system of 300 kB, which a real one fills at once."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small file system can only be mounted by root")
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "apps.foundation.blobs.SignedFileSystemStorage",
            "OPTIONS": {"location": str(folder)},
        },
    }
    yield folder
    subprocess.run(["umount", str(folder)], check=False)


def test_a_full_disk_fails_the_job_and_retry_goes_on_once_there_is_room(
    monkeypatch: pytest.MonkeyPatch, small_disk: Path, settings: Any
) -> None:
    orchestrator.seed()
    settings.FRAME_WIDTH, settings.FRAME_HEIGHT = 108, 192
    job = uuid4()
    brief = Brief(
        topic="Why an octopus has three hearts",
        facts=(
            "An octopus has three hearts.",
            "Its blood is blue.",
            "It has nine brains.",
            "It can squeeze through a coin-sized hole.",
        ),
        duration=15,
    )

    run_job(monkeypatch, job, brief)
    failed = orchestrator.snapshot(job)
    subprocess.run(["mount", "-o", "remount,size=200m", str(small_disk)], check=True)
    with inline(monkeypatch) as waiting:
        assert orchestrator.retry(job_id=job)
        run_all(waiting)

    assert (failed.status, failed.failure.code) == (JobStatus.FAILED, "disk_full")
    assert "Free some space" in failed.failure.remedy
    assert orchestrator.snapshot(job).status is JobStatus.COMPLETED


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PermissionError(13, "Permission denied"), "storage_unavailable"),
        (OSError(28, "No space left on device"), "disk_full"),
        (UnableToRunFfmpeg("... No space left on device"), "disk_full"),
        (UnableToRunFfmpeg("Invalid data found"), "ffmpeg_failed"),
        (TimeLimitExceeded(), "too_slow"),
        (KeyError("secret"), "internal_error"),
    ],
)
def test_every_kind_of_failure_says_what_to_do(error: BaseException, code: str) -> None:
    failure = failure_of(error, "compose")

    assert failure.code == code
    assert failure.remedy.endswith("what was finished is kept.")
    assert "secret" not in failure.reason


def test_the_api_promises_no_more_than_the_writer_takes() -> None:
    from apps.gateway import briefs

    longest = Brief(
        topic="a" * briefs.TOPIC_LIMIT,
        facts=tuple(f"{n} " + "fact " * ((briefs.FACT_LIMIT - 5) // 5) for n in range(briefs.FACTS_LIMIT)),
        source_text="word " * (briefs.SOURCE_LIMIT // 5),
    )

    assert [p for p in story.problems_with(longest) if "long" in p.code or "many" in p.code] == []
    longer = replace(longest, topic=longest.topic + "a")
    assert [p.field for p in story.problems_with(longer)] == ["topic"]
