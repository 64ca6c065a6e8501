"""A person changes one scene of a finished short: only that is made anew, and theirs is delivered."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from apps.contracts.progress import JobSnapshot, JobStatus
from apps.gateway import interface as gateway
from apps.orchestrator import interface as orchestrator
from apps.orchestrator.models import StageRun
from tests.inline import inline, run_all

BRIEF = {
    "topic": "Why an octopus has three hearts",
    "facts": [
        "An octopus has three hearts.",
        "Two hearts pump blood to the gills, and the third pumps it to the rest of the body.",
        "The third heart stops beating when the octopus swims.",
        "Octopus blood is blue, because it carries oxygen with copper instead of iron.",
    ],
    "duration": 15,
}
WORDS = "Two hearts feed the gills and one feeds the rest."


def snapshot_of(job_id: UUID) -> JobSnapshot:
    snapshot = orchestrator.snapshot(job_id)
    assert snapshot is not None
    return snapshot


def made_anew(job_id: UUID, attempt: int) -> set[tuple[str, int]]:
    runs = StageRun.objects.filter(job_id=job_id, attempt=attempt, reused=False)
    return set(runs.values_list("stage", "ordinal"))


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_makes_only_the_changed_scene_anew_and_delivers_it_whatever_the_critic_says(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.FRAME_WIDTH, settings.FRAME_HEIGHT, settings.RETRY_LIMIT = 270, 480, 0
    orchestrator.seed()
    key = gateway.create_key("reviser").key
    client = Client(headers={"Authorization": f"Bearer {key}"})
    with inline(monkeypatch) as waiting:
        job_id = gateway.submit_brief(BRIEF).id
        run_all(waiting)
        first = snapshot_of(job_id)
        address = f"/api/v1/jobs/{job_id}/scenes/1"

        said = client.post(address, {"narration": WORDS}, content_type="application/json")
        assert said.status_code == 202, said.content
        assert (said.json()["status"], said.json()["progress"] < 1) == ("running", True)
        assert snapshot_of(job_id).take == first.take  # what was delivered stays meanwhile
        run_all(waiting)

        second = snapshot_of(job_id)
        assert second.status is JobStatus.COMPLETED
        assert second.attempt == first.attempt + 1
        assert second.story is not None
        assert second.story.scenes[1].narration == WORDS
        assert second.take is not None
        assert second.take != first.take
        anew = made_anew(job_id, second.attempt)
        assert ("narrate", 1) in anew
        assert ("narrate", 0) not in anew
        assert {n for stage, n in anew if stage == "picture"} == {1}

        client.post(address, {"visual": "a red balloon"}, content_type="application/json")
        run_all(waiting)
        third = snapshot_of(job_id)
        assert third.story is not None
        assert third.story.scenes[1].narration == WORDS
        assert {s for s, _ in made_anew(job_id, third.attempt)}.isdisjoint({"narrate", "time", "score"})

        client.post(address, {"narration": "Something else."}, content_type="application/json")
        gateway.cancel(job_id)
        assert gateway.job(job_id).summary.status is JobStatus.COMPLETED
        assert snapshot_of(job_id).take == third.take


@pytest.mark.django_db(databases="__all__")
def test_refuses_to_revise_what_is_not_finished_not_there_or_not_sayable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    orchestrator.seed()
    with inline(monkeypatch):
        job_id = gateway.submit_brief(BRIEF).id
    key = gateway.create_key("reviser").key
    client = Client(headers={"Authorization": f"Bearer {key}"})

    def answer(path: str, body: Any) -> int:
        code: int = client.post(f"/api/v1/jobs/{path}", body, content_type="application/json").status_code
        return code

    assert answer(f"{job_id}/scenes/0", {"narration": "Other words."}) == 409
    assert answer(f"{job_id}/scenes/0", {"narration": " "}) == 422
    assert answer(f"{job_id}/scenes/0", {"words": "x"}) == 400
    assert answer(f"{UUID(int=1)}/scenes/0", {"narration": "Other words."}) == 404
