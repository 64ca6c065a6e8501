from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connections, transaction

from apps.contracts.decision import FactorKind
from apps.contracts.judgement import Judgement, Scores, Verdict
from apps.memory import interface as memory
from apps.memory import ledger
from apps.memory.models import CreativeMemory, MemoryEvidence, MemoryUsage

pytestmark = pytest.mark.django_db(databases=["memory"])

FACTORS = {"hook": "question", "persona": "nova", "loop_technique": "return"}


def judgement(total: float, *, hook: float = 60.0, loop: float = 60.0) -> Judgement:
    return Judgement(
        id=uuid4(),
        attempt=0,
        scores=Scores(total=total, hook=hook, pacing=60.0, loop=loop),
        verdict=Verdict.ACCEPT,
        threshold=62.0,
        gates_failed=(),
        signals=(),
        directives=(),
    )


def remember(
    total: float, *, job_id: UUID | None = None, factors: dict[str, str] = FACTORS, **scores: float
) -> None:
    memory.remember(
        job_id=job_id or uuid4(), platform="tiktok", factors=factors, judgement=judgement(total, **scores)
    )


def row(kind: str, reference: str) -> CreativeMemory:
    return CreativeMemory.objects.get(type=kind, reference_id=reference, platform="tiktok")


def test_a_use_counts_once_for_a_job() -> None:
    job_id = uuid4()
    for _ in range(3):
        memory.record_use(job_id=job_id, platform="tiktok", factors=FACTORS)
    memory.record_use(job_id=uuid4(), platform="tiktok", factors={"hook": "question"})
    assert row("hook", "question").reuse_count == 2
    assert row("persona", "nova").reuse_count == 1
    assert MemoryUsage.objects.count() == 4


def test_a_job_is_remembered_once_and_its_newest_judgement_holds() -> None:
    job_id = uuid4()
    for total in (90.0, 90.0, 70.0):
        remember(total, job_id=job_id)
    held = row("persona", "nova")
    assert held.metadata["n"] == 1
    assert held.metadata["sum"] / held.metadata["weight"] == pytest.approx(70.0)
    assert MemoryEvidence.objects.filter(memory=held).count() == 1


def test_each_factor_answers_for_its_own_part_of_the_score() -> None:
    remember(70.0, hook=95.0, loop=20.0)
    means = {kind: row(kind, ref).metadata for kind, ref in FACTORS.items()}
    assert {kind: m["sum"] / m["weight"] for kind, m in means.items()} == pytest.approx(
        {"hook": 95.0, "persona": 70.0, "loop_technique": 20.0}
    )


def test_advice_puts_every_candidate_in_order_and_says_why() -> None:
    for _ in range(40):
        remember(95.0, factors={"persona": "nova"})
        remember(30.0, factors={"persona": "gloom"})
    candidates = {FactorKind.PERSONA: ("gloom", "nova", "fresh"), FactorKind.HOOK: ("question",)}
    advice = memory.advise(platform="tiktok", candidates=candidates, seed=4)
    personas = [a for a in advice if a.kind is FactorKind.PERSONA]
    assert [a.draw for a in personas] == sorted((a.draw for a in personas), reverse=True)
    known = {a.reference_id: a for a in personas}
    assert known["nova"].score > known["fresh"].score > known["gloom"].score
    assert known["nova"].n == 40
    assert "won 95 over 40 shorts on tiktok" in known["nova"].reason
    assert "untried on tiktok" in known["fresh"].reason
    assert len(advice) == 4
    assert memory.advise(platform="tiktok", candidates=candidates, seed=4) == advice
    assert memory.advise(platform="tiktok", candidates=candidates, seed=5) != advice


def test_the_better_persona_is_drawn_first_more_often_but_not_always() -> None:
    for _ in range(30):
        remember(80.0, factors={"persona": "nova"})
        remember(50.0, factors={"persona": "gloom"})
    candidates = {FactorKind.PERSONA: ("gloom", "nova")}
    first = [
        memory.advise(platform="tiktok", candidates=candidates, seed=n)[0].reference_id for n in range(100)
    ]
    assert 70 < first.count("nova") < 100


def test_a_factor_used_of_late_draws_lower() -> None:
    candidates = {FactorKind.HOOK: ("question",)}
    fresh = memory.advise(platform="tiktok", candidates=candidates, seed=1)[0]
    for _ in range(5):
        memory.record_use(job_id=uuid4(), platform="tiktok", factors={"hook": "question"})
    tired = memory.advise(platform="tiktok", candidates=candidates, seed=1)[0]
    assert tired.draw < fresh.draw - 1
    assert "used 5 times of late" in tired.reason


def test_platforms_do_not_mix() -> None:
    remember(95.0)
    assert memory.leaderboard(platform="youtube_shorts") == ()
    assert {a.reference_id for a in memory.leaderboard(platform="tiktok")} == set(FACTORS.values())


def test_an_unknown_factor_is_refused_and_nothing_is_written() -> None:
    with pytest.raises(ledger.UnknownFactor, match="hook, persona"):
        memory.record_use(job_id=uuid4(), platform="tiktok", factors={**FACTORS, "zodiac": "leo"})
    assert not CreativeMemory.objects.exists()


def test_the_database_refuses_a_kind_that_is_not_listed() -> None:
    with pytest.raises(IntegrityError), transaction.atomic(using="memory"):
        CreativeMemory.objects.create(type="zodiac", reference_id="leo", platform="tiktok", score=1.0)


@pytest.mark.django_db(databases=["memory"], transaction=True)
def test_parallel_jobs_lose_nothing() -> None:
    jobs, threads = 60, 6

    def one_job(n: int) -> None:
        factors = FACTORS if n % 2 else dict(reversed(FACTORS.items()))
        job_id = uuid4()
        for _ in range(2):
            memory.record_use(job_id=job_id, platform="tiktok", factors=factors)
            remember(50.0 + n, job_id=job_id, factors=factors)

    def work(numbers: range) -> None:
        try:
            for n in numbers:
                one_job(n)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, [range(start, jobs, threads) for start in range(threads)]))
    held = row("persona", "nova")
    assert held.reuse_count == jobs
    assert held.metadata["n"] == jobs
    assert held.metadata["sum"] / held.metadata["weight"] == pytest.approx(50.0 + (jobs - 1) / 2)
    rebuilt = ledger.rebuild(held)
    assert rebuilt.n == jobs
    assert rebuilt.sum == pytest.approx(held.metadata["sum"])
