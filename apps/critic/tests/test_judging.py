from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from apps.contracts.judgement import DirectiveKind, Judgement, Verdict
from apps.critic import interface as critic
from apps.critic.models import CriticFeedback, CriticScore
from apps.critic.scoring import FIRST_THRESHOLD
from apps.critic.tests import takes
from apps.critic.tests.takes import Draft
from apps.foundation import blobs

pytestmark = pytest.mark.django_db(databases=["critic"])


@pytest.fixture(scope="module")
def whole() -> Draft:
    return takes.sound_draft()


def stored(draft: Draft, folder: Path) -> Draft:
    video, voice = takes.render(draft, folder)
    blobs.put("take.mp4", video)
    blobs.put("voice.wav", voice)
    return draft


def judged(draft: Draft, *, job_id: UUID, attempt: int = 0) -> Judgement:
    return critic.judge(
        job_id=job_id,
        attempt=attempt,
        take=takes.take_of(draft),
        timeline=draft.timeline,
        story=draft.story,
        script=draft.script,
        plan=takes.plan(),
        mix=takes.mix_of(draft),
    )


def a_row(total: float, **more: object) -> CriticScore:
    columns = {
        "job_id": uuid4(),
        "platform": "youtube_shorts",
        "total_score": total,
        "hook_score": total,
        "pacing_score": total,
        "loop_score": total,
        "verdict": "accept",
        "threshold": 62.0,
    }
    return CriticScore(**{**columns, **more})


def test_judging_twice_is_judging_once_and_reads_back_as_it_was(whole: Draft, tmp_path: Path) -> None:
    job_id, draft = uuid4(), stored(whole, tmp_path)
    first = judged(draft, job_id=job_id)
    assert judged(draft, job_id=job_id) == first
    assert first.verdict is Verdict.ACCEPT
    assert first.directives == ()
    assert critic.judgements_of(job_id) == (first,)
    assert (CriticScore.objects.count(), CriticFeedback.objects.count()) == (1, 1)


def test_a_take_with_a_caption_outside_is_sent_back_with_an_order(whole: Draft, tmp_path: Path) -> None:
    job_id, draft = uuid4(), stored(whole, tmp_path)
    outside = replace(draft, captions=tuple(takes.moved(box, 30) for box in draft.captions))
    judgement = judged(outside, job_id=job_id)
    assert judgement.verdict is Verdict.RETRY
    assert judgement.gates_failed == ("caption_outside",)
    first = judgement.directives[0]
    assert (first.kind, first.signal) == (DirectiveKind.RESTYLE_CAPTIONS, "caption_outside")
    assert judged(draft, job_id=job_id, attempt=1).verdict is Verdict.ACCEPT
    assert [j.attempt for j in critic.judgements_of(job_id)] == [0, 1]


@pytest.mark.parametrize(
    ("ordinal", "order"), [(0, DirectiveKind.REWRITE_HOOK), (1, DirectiveKind.MEND_FACTS)]
)
def test_a_figure_that_no_source_holds_is_sent_back_to_the_writer_of_its_scene(
    whole: Draft, tmp_path: Path, ordinal: int, order: DirectiveKind
) -> None:
    invented = takes.claiming(stored(whole, tmp_path), ordinal, unsourced=("97",))
    judgement = judged(invented, job_id=uuid4())
    assert judgement.verdict is Verdict.RETRY
    assert judgement.gates_failed == ("unsourced_figures",)
    first = judgement.directives[0]
    assert (first.kind, first.ordinal or 0) == (order, ordinal)
    assert "97" not in first.reason


def test_a_name_that_no_source_holds_costs_and_does_not_forbid(whole: Draft, tmp_path: Path) -> None:
    named = takes.claiming(stored(whole, tmp_path), 1, unsourced_names=("Atlantis",))
    judgement = judged(named, job_id=uuid4())
    assert judgement.verdict is Verdict.ACCEPT
    assert next(s.score for s in judgement.signals if s.name == "unsourced_names") < 1


def test_a_retry_is_held_to_the_bar_of_its_first_attempt(whole: Draft, tmp_path: Path) -> None:
    job_id, draft = uuid4(), stored(whole, tmp_path)
    first = judged(draft, job_id=job_id)
    CriticScore.objects.bulk_create([a_row(75.0) for _ in range(12)])
    assert judged(draft, job_id=job_id, attempt=1).threshold == first.threshold
    assert judged(draft, job_id=uuid4()).threshold == 75.0


def test_the_bar_is_of_the_platform_and_of_first_drafts_alone(whole: Draft, tmp_path: Path) -> None:
    CriticScore.objects.bulk_create([a_row(78.0, platform="tiktok") for _ in range(12)])
    CriticScore.objects.bulk_create([a_row(78.0, attempt=1) for _ in range(12)])
    assert judged(stored(whole, tmp_path), job_id=uuid4()).threshold == FIRST_THRESHOLD
