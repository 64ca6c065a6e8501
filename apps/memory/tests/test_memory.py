from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib import import_module
from io import StringIO
from time import process_time
from uuid import UUID, uuid4

import numpy as np
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connections, transaction

from apps.contracts.decision import Advice, FactorKind
from apps.contracts.judgement import Judgement, Scores, Verdict
from apps.contracts.performance import Performance
from apps.memory import interface as memory
from apps.memory import shelf
from apps.memory.models import (
    CreativeMemory,
    MemoryEvidence,
    MemoryUsage,
    PlatformModel,
    RememberedShort,
    VideoPerformance,
)
from apps.memory.moments import Moments, Short
from apps.memory.policy import label

pytestmark = pytest.mark.django_db(databases=["memory"])

FACTORS = {"hook": "question", "persona": "nova", "loop_technique": "return"}
DAY = date(2026, 5, 1)


def judgement(total: float, *, hook: float = 60.0, loop: float = 60.0, look: str = "") -> Judgement:
    return Judgement(
        id=uuid4(),
        attempt=0,
        scores=Scores(total=total, hook=hook, pacing=60.0, loop=loop),
        verdict=Verdict.ACCEPT,
        threshold=62.0,
        gates_failed=(),
        signals=(),
        directives=(),
        look=look,
    )


def numbers(completion: float = 0.5, *, day: date = DAY, views: int = 4000, **said: object) -> Performance:
    return Performance(day=day, views=views, completion=completion, **said)


def use(
    job_id: UUID | None = None, *, platform: str = "tiktok", factors: dict[str, str] = FACTORS, **more
) -> UUID:
    job_id = job_id or uuid4()
    memory.record_use(job_id=job_id, platform=platform, factors=factors, length_seconds=25.0, **more)
    return job_id


def remember(
    total: float,
    *,
    job_id: UUID | None = None,
    platform: str = "tiktok",
    factors: dict[str, str] = FACTORS,
    text: str = "",
    **scores: float,
) -> None:
    memory.remember(
        job_id=job_id or uuid4(),
        platform=platform,
        factors=factors,
        judgement=judgement(total, **scores),
        script_text=text,
    )


def row(kind: str, reference: str) -> CreativeMemory:
    return CreativeMemory.objects.get(type=kind, reference_id=reference, platform="tiktok")


def advice(kind: FactorKind, *names: str, platform: str = "tiktok", **more) -> dict[str, Advice]:
    given = memory.advise(platform=platform, candidates={kind: names}, **{"seed": 1, **more})
    return {a.reference_id: a for a in given}


def publish(completion: float, factors: dict[str, str], *, platform: str = "tiktok") -> UUID:
    job_id = use(platform=platform, factors=factors)
    memory.report(job_id=job_id, performances=(numbers(completion),))
    return job_id


# Uses and judgements


def test_a_use_counts_once_for_a_job() -> None:
    job_id = uuid4()
    for _ in range(3):
        use(job_id, propensities={"hook": 0.25})
    use(factors={"hook": "question"})
    assert row("hook", "question").reuse_count == 2
    assert row("persona", "nova").reuse_count == 1
    assert MemoryUsage.objects.count() == 4
    assert MemoryUsage.objects.get(job_id=job_id, memory__type="hook").propensity == 0.25
    assert MemoryUsage.objects.get(job_id=job_id, memory__type="persona").propensity is None


def test_a_job_is_remembered_once_and_its_newest_judgement_holds() -> None:
    job_id = uuid4()
    for total in (90.0, 90.0, 70.0):
        remember(total, job_id=job_id)
    held = row("persona", "nova")
    assert held.metadata["n"] == 1
    assert held.metadata["critic"] == {"n": 1, "sum": 70.0, "sum_squares": 4900.0}
    assert MemoryEvidence.objects.filter(memory=held).count() == 1


def test_each_factor_answers_for_its_own_part_of_the_score() -> None:
    remember(70.0, hook=95.0, loop=20.0)
    told = {kind: row(kind, name).metadata["critic"]["sum"] for kind, name in FACTORS.items()}
    assert told == {"hook": 95.0, "persona": 70.0, "loop_technique": 20.0}


# Advice


def test_advice_puts_every_candidate_in_order_and_says_why() -> None:
    for _ in range(20):
        publish(0.75, {"persona": "nova"})
        publish(0.25, {"persona": "gloom"})
    candidates = {FactorKind.PERSONA: ("gloom", "nova", "fresh"), FactorKind.HOOK: ("question",)}
    given = memory.advise(platform="tiktok", candidates=candidates, seed=4)
    personas = [a for a in given if a.kind is FactorKind.PERSONA]
    assert [a.draw for a in personas] == sorted((a.draw for a in personas), reverse=True)
    known = {a.reference_id: a for a in personas}
    assert known["nova"].score > known["fresh"].score > known["gloom"].score
    assert known["nova"].n == 20
    assert known["nova"].sd < known["fresh"].sd <= known["fresh"].prior_sd
    assert "with viewers over 20 shorts on tiktok, trusted as" in known["nova"].reason
    assert "untried on tiktok, expected" in known["fresh"].reason
    assert len(given) == 4
    assert memory.advise(platform="tiktok", candidates=candidates, seed=4) == given
    assert memory.advise(platform="tiktok", candidates=candidates, seed=5) != given


def test_the_better_persona_leads_more_often_but_not_always() -> None:
    for _ in range(30):
        publish(0.7, {"persona": "nova"})
        publish(0.35, {"persona": "gloom"})
    given = advice(FactorKind.PERSONA, "gloom", "nova", "fresh")
    samples = np.array([a.samples for a in given.values()])
    shares = dict(
        zip(given, np.bincount(samples.argmax(axis=0), minlength=3) / samples.shape[1], strict=True)
    )
    assert samples.shape == (3, 200)
    assert shares["nova"] > 0.7
    assert shares["gloom"] > 0.01


def test_what_the_critic_alone_says_moves_far_less_than_what_viewers_do() -> None:
    for _ in range(10):
        remember(95.0, platform="judged", factors={"hook": "question"}, hook=95.0)
        remember(35.0, platform="judged", factors={"hook": "stakes"}, hook=35.0)
        publish(0.7, {"persona": "nova"}, platform="watched")
        publish(0.3, {"persona": "gloom"}, platform="watched")
    judged = advice(FactorKind.HOOK, "question", "stakes", platform="judged")
    watched = advice(FactorKind.PERSONA, "nova", "gloom", platform="watched")
    moved = judged["question"].score - judged["stakes"].score
    assert 0 < 1.5 * moved < watched["nova"].score - watched["gloom"].score
    assert watched["nova"].sd < judged["question"].sd <= judged["question"].prior_sd
    assert "scored 95 with the critic over 10 shorts" in judged["question"].reason


def test_a_factor_used_of_late_draws_lower_in_its_channel_alone() -> None:
    fresh = advice(FactorKind.HOOK, "question", "stakes")
    for _ in range(5):
        use(factors={"hook": "question"}, channel="mine")
    tired = advice(FactorKind.HOOK, "question", "stakes", channel="mine")
    other = advice(FactorKind.HOOK, "question", "stakes", channel="theirs")
    assert tired["question"].draw < fresh["question"].draw
    assert tired["stakes"].draw == other["stakes"].draw
    assert "used 5 times of late" in tired["question"].reason
    assert "of late" not in other["question"].reason


def test_a_recipe_rests_after_three_in_a_row() -> None:
    for _ in range(3):
        use(channel="mine")
    candidates = {FactorKind.HOOK: ("question", "stakes"), FactorKind.PERSONA: ("nova", "sage")}
    rested = [
        a
        for a in memory.advise(platform="tiktok", channel="mine", candidates=candidates, seed=1)
        if "rests" in a.reason
    ]
    assert len(rested) == 1
    assert rested[0].reference_id in FACTORS.values()
    assert rested[0].draw < 20
    use(channel="mine", factors={**FACTORS, "persona": "sage"})
    again = memory.advise(platform="tiktok", channel="mine", candidates=candidates, seed=1)
    assert not any("rests" in a.reason for a in again)


def test_a_platform_expects_what_others_found_until_it_knows_better() -> None:
    for _ in range(25):
        publish(0.75, {"persona": "nova"}, platform="youtube_shorts")
        publish(0.3, {"persona": "gloom"}, platform="youtube_shorts")
    there = advice(FactorKind.PERSONA, "nova", "gloom", platform="youtube_shorts")
    here = advice(FactorKind.PERSONA, "nova", "gloom", platform="instagram_reels")
    gap = {name: a["nova"].score - a["gloom"].score for name, a in {"there": there, "here": here}.items()}
    assert 0 < gap["here"] < gap["there"]
    assert here["nova"].sd > there["nova"].sd
    for _ in range(25):
        publish(0.3, {"persona": "nova"}, platform="instagram_reels")
        publish(0.75, {"persona": "gloom"}, platform="instagram_reels")
    turned = advice(FactorKind.PERSONA, "nova", "gloom", platform="instagram_reels")
    assert turned["gloom"].score > turned["nova"].score


def test_the_shorts_of_one_platform_are_on_no_other_leaderboard() -> None:
    remember(95.0)
    assert memory.standings(platform="youtube_shorts") == ()
    assert {s.reference_id for s in memory.standings(platform="tiktok")} == set(FACTORS.values())
    assert [s.kind for s in memory.standings(platform="tiktok", kind="hook")] == ["hook"]


def test_an_unknown_factor_is_refused_and_nothing_is_written() -> None:
    with pytest.raises(memory.UnknownFactor, match="hook, persona"):
        use(factors={**FACTORS, "zodiac": "leo"})
    assert not CreativeMemory.objects.exists()
    assert not RememberedShort.objects.exists()


def test_the_database_refuses_a_kind_that_is_not_listed() -> None:
    with pytest.raises(IntegrityError), transaction.atomic(using="memory"):
        CreativeMemory.objects.create(type="zodiac", reference_id="leo", platform="tiktok", score=1.0)


# Real numbers


def test_the_newest_report_of_the_newest_day_holds_and_all_are_kept() -> None:
    job_id = use()
    first = memory.report(job_id=job_id, performances=(numbers(0.4),))
    later = memory.report(
        job_id=job_id, performances=(numbers(0.7, day=date(2026, 5, 4)), numbers(0.2, day=date(2026, 5, 2)))
    )
    corrected = memory.report(job_id=job_id, performances=(numbers(0.6, day=date(2026, 5, 4)),))
    assert first.total < corrected.total < later.total
    assert [p.completion for p in memory.performance_of(job_id)] == [0.4, 0.2, 0.6]
    assert VideoPerformance.objects.filter(job_id=job_id).count() == 4
    assert memory.rewards_of(job_id) == corrected
    assert row("persona", "nova").metadata["platform"]["n"] == 1


def test_the_same_report_again_changes_nothing() -> None:
    job_id = use()
    before = memory.report(job_id=job_id, performances=(numbers(0.4),))
    kept = shelf.moments(PlatformModel.objects.get())
    assert memory.report(job_id=job_id, performances=(numbers(0.4),)) == before
    assert VideoPerformance.objects.count() == 1
    assert np.allclose(shelf.moments(PlatformModel.objects.get()).xv, kept.xv)


def test_numbers_of_a_job_that_memory_does_not_know_are_refused() -> None:
    with pytest.raises(memory.UnableToLearn, match="does not know"):
        memory.report(job_id=uuid4(), performances=(numbers(),))
    assert memory.rewards_of(uuid4()) is None


def test_numbers_that_say_nothing_are_kept_and_teach_nothing() -> None:
    job_id = use()
    rewards = memory.report(job_id=job_id, performances=(Performance(day=DAY, views=0),))
    assert rewards.total is None
    assert len(memory.performance_of(job_id)) == 1
    assert row("persona", "nova").metadata.get("n", 0) == 0


def test_each_component_teaches_its_own_factor() -> None:
    for n in range(24):
        held = n % 2 == 0
        job_id = use(
            factors={"hook": "question" if held else "stakes", "persona": "nova" if n % 4 < 2 else "sage"}
        )
        memory.report(job_id=job_id, performances=(numbers(0.45, skip_rate=0.2 if held else 0.6),))
    hooks = advice(FactorKind.HOOK, "question", "stakes")
    personas = advice(FactorKind.PERSONA, "nova", "sage")
    assert hooks["question"].score > hooks["stakes"].score + 5
    assert abs(personas["nova"].score - personas["sage"].score) < 1


# What is shown


def test_a_channel_recalls_openings_and_looks_and_says_what_repeats() -> None:
    words = "Nobody tells you this about octopuses: they have three hearts and they taste with their arms."
    for n in range(12):
        job_id = use(channel="mine", factors={"hook": "question"})
        remember(70.0, job_id=job_id, factors={"hook": "question"}, text=words, look=f"{n:016x}")
    for name in ("stakes", "number", "mystery"):
        use(factors={"hook": name})
    shown = memory.recent(channel="mine")
    assert shown.openings == ("nobody tells you",) * 12
    assert shown.looks[0] == f"{11:016x}"
    assert len(shown.alerts) == 4
    assert "hook: the newest" in shown.alerts[0]
    assert memory.recent(channel="theirs").openings == ()
    kinds = {v.kind: v for v in memory.varieties(channel="mine")}
    assert kinds["hook"].alert
    assert (kinds["hook"].effective, kinds["hook"].known, kinds["hook"].used) == (1.0, 4, 1)
    stored = RememberedShort.objects.filter(channel="mine").first()
    assert b"octopus" not in bytes(stored.shingles)


def test_the_learning_curve_follows_rewards_once_there_are_any() -> None:
    jobs = [use() for _ in range(5)]
    for job_id in jobs:
        remember(80.0, job_id=job_id)
    memory.report(job_id=jobs[4], performances=(numbers(0.6),))
    curve = memory.learning_curve(platform="tiktok")
    assert [p.job_id for p in curve] == jobs
    assert [p.n for p in curve] == [1, 2, 3, 4, 5]
    assert [p.average for p in curve[:4]] == [80.0] * 4
    assert curve[4].average == curve[4].reward
    assert [p.n for p in memory.learning_curve(limit=2)] == [4, 5]
    assert memory.learning_curve(channel="other") == ()


def test_an_experiment_compares_what_may_be_best_and_is_least_known() -> None:
    for _ in range(30):
        publish(0.65, {"persona": "nova"})
        publish(0.15, {"persona": "gloom"})
    candidates = {FactorKind.PERSONA: ("gloom", "nova", "fresh"), FactorKind.HOOK: ("question",)}
    kind, levels, why = memory.design_experiment(platform="tiktok", candidates=candidates, n=2)
    assert kind is FactorKind.PERSONA
    assert set(levels) == {"nova", "fresh"}
    assert "persona" in why
    with pytest.raises(memory.UnableToDesign):
        memory.design_experiment(platform="tiktok", candidates={FactorKind.HOOK: ("question",)}, n=2)


def test_the_report_shows_the_leaderboard_the_critic_and_the_variety() -> None:
    for n in range(24):
        factors = {"persona": "nova" if n % 4 else "\x1b[31mgloom", "hook": "question"}
        job_id = use(factors=factors, channel="mine", propensities={"persona": 0.6 if n % 4 else 0.4})
        remember(70.0 + n % 5, job_id=job_id, text="Only this once you will see it. Look at the sea.")
        memory.report(job_id=job_id, performances=(numbers(0.5 if n % 4 else 0.3),))
    said = StringIO()
    call_command("memory_report", platform="tiktok", channel="mine", stdout=said, no_color=True)
    text = said.getvalue()
    assert "tiktok: 24 shorts, 24 judged, 24 with real numbers" in text
    assert "nova" in text
    assert "\x1b" not in text
    assert "rho" in text
    assert "lambda" in text
    assert "even choices would have earned" in text
    assert "Variety of channel mine" in text
    assert "begin with the same three words" in text
    with pytest.raises(CommandError, match="It knows: tiktok"):
        call_command("memory_report", platform="nowhere")


# Holding together


def test_rebuilding_from_the_rows_gives_what_was_learned_step_by_step() -> None:
    names = ("nova", "sage", "gloom")
    jobs = [use(factors={"persona": names[n % 3], "hook": "question"}) for n in range(12)]
    for n, job_id in enumerate(jobs):
        remember(40.0 + 4 * n, job_id=job_id, factors={})
        if n % 2:
            memory.report(job_id=job_id, performances=(numbers(0.3 + 0.03 * n),))
    remember(10.0, job_id=jobs[3], factors={})
    memory.report(job_id=jobs[1], performances=(numbers(0.9, day=date(2026, 6, 1)),))
    before = memory.standings(platform="tiktok")
    sums = {r.reference_id: r.metadata for r in CreativeMemory.objects.all()}
    PlatformModel.objects.update(sums=b"", labels=[], aged_to=0)
    CreativeMemory.objects.update(metadata={})
    call_command("rebuild_memory", stdout=StringIO())
    assert memory.standings(platform="tiktok") == before
    for held in CreativeMemory.objects.all():
        assert held.metadata["platform"] == pytest.approx(sums[held.reference_id]["platform"])
        assert held.score == pytest.approx(
            next(s.mean for s in before if s.reference_id == held.reference_id), abs=0.01
        )


def test_advice_costs_the_same_after_ten_thousand_shorts() -> None:
    """Three platforms, seven factors of six levels, all four components; seconds of this process."""
    levels = {kind: tuple(f"{kind.value}{n}" for n in range(6)) for kind in FactorKind}

    def quickest_after(shorts: int) -> float:
        chance, moments = np.random.default_rng(1), Moments()
        for _ in range(shorts):
            labels = tuple(label(kind.value, names[chance.integers(6)]) for kind, names in levels.items())
            real, critic = chance.normal(size=4), chance.normal(size=4)
            moments = moments.aged(1).plus(Short(labels=labels, real=tuple(real), critic=tuple(critic)))
        for platform in ("tiktok", "youtube_shorts", "instagram_reels"):
            facts = {"shorts": shorts, "aged_to": shorts, "labels": list(moments.labels)}
            PlatformModel.objects.update_or_create(
                platform=platform, defaults={**facts, "sums": shelf.packed(moments)}
            )
        memory.advise(platform="tiktok", candidates=levels, seed=1)
        took = []
        for seed in range(5):
            started = process_time()
            memory.advise(platform="tiktok", candidates=levels, seed=seed)
            took.append(process_time() - started)
        return min(took)

    assert quickest_after(10_000) < 2 * quickest_after(100)


@pytest.mark.timeout(600)
@pytest.mark.django_db(databases=["memory"], transaction=True)
def test_a_thousand_parallel_updates_lose_nothing() -> None:
    updates, threads = 1000, 8
    names = ("nova", "sage", "gloom", "max")

    def one_job(n: int) -> None:
        factors = {"hook": "question", "persona": names[n % 4]}
        job_id = use(factors=dict(reversed(factors.items())) if n % 2 else factors)
        remember(50.0 + n % 7, job_id=job_id, factors=factors)
        memory.report(job_id=job_id, performances=(numbers(0.2 + 0.001 * n),))

    def work(jobs: range) -> None:
        try:
            for n in jobs:
                one_job(n)
        finally:
            connections.close_all()

    jobs = updates // 3 + 1
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, [range(start, jobs, threads) for start in range(threads)]))
    held = row("hook", "question")
    assert held.reuse_count == jobs
    assert held.metadata["n"] == held.metadata["n_real"] == jobs
    assert held.metadata["critic"]["n"] == jobs
    assert held.metadata["critic"]["sum"] == pytest.approx(60.0 * jobs)
    assert sum(row("persona", name).metadata["n"] for name in names) == jobs
    assert sorted(RememberedShort.objects.values_list("ordinal", flat=True)) == list(range(1, jobs + 1))
    before = shelf.moments(PlatformModel.objects.get())
    memory.rebuild("tiktok")
    after = shelf.moments(PlatformModel.objects.get()).over(before.labels)
    assert np.allclose(after.xx, before.xx)
    assert np.allclose(after.xv, before.xv)


def test_a_decision_that_is_made_again_leaves_nothing_of_the_first() -> None:
    job_id = use(factors={"hook": "question", "persona": "nova"})
    use(job_id, factors={"hook": "number", "persona": "nova"})

    chosen = MemoryUsage.objects.filter(job_id=job_id).values_list("memory__reference_id", flat=True)
    assert sorted(chosen) == ["nova", "number"]
    counts = dict(CreativeMemory.objects.values_list("reference_id", "reuse_count"))
    assert counts == {"question": 0, "nova": 1, "number": 1}
    assert RememberedShort.objects.get(job_id=job_id).factors == {"hook": "number", "persona": "nova"}


def test_what_was_learned_before_factors_were_believed_jointly_is_carried_over() -> None:
    job_id = uuid4()
    for kind, name, value in (("hook", "number", 70.0), ("persona", "spark", 80.0)):
        row = CreativeMemory.objects.create(
            type=kind,
            reference_id=name,
            platform="tiktok",
            score=60.0,
            metadata={"n": 1, "weight": 0.09, "sum": 0.09 * value, "sum_squares": 0.09 * value**2},
        )
        MemoryEvidence.objects.create(memory=row, job_id=job_id, source="critic", value=value)

    import_module("apps.memory.migrations.0003_carry_over").carry_over(apps)

    short = RememberedShort.objects.get(job_id=job_id)
    assert short.factors == {"hook": "number", "persona": "spark"}
    assert short.critic == {"total": 80.0, "hook": 70.0, "pacing": 75.0, "loop": 75.0}
    advice = memory.advise(platform="tiktok", candidates={FactorKind.HOOK: ("number", "question")}, seed=1)
    assert {a.reference_id: a.n for a in advice} == {"number": 1, "question": 0}
    before = memory.standings(platform="tiktok")
    memory.rebuild("tiktok")
    assert memory.standings(platform="tiktok") == before
