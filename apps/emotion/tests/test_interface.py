"""The emotion door on a real database."""

from math import hypot
from uuid import uuid4

import pytest

from apps.contracts.brief import Brief
from apps.contracts.decision import Advice, AudienceProfile, FactorKind
from apps.emotion import interface, models
from apps.emotion.timeline import loops, twist_at

pytestmark = pytest.mark.django_db(databases=["emotion"])

FEARFUL = AudienceProfile(
    key="parents",
    name="Parents",
    attention_span=7.0,
    language_mix={"en": 1.0},
    visual_energy="medium",
    emotion_bias=("relief", "fear", "gibberish"),
)


@pytest.fixture(autouse=True)
def _seeded() -> None:
    interface.seed()


def choose(platform: str = "youtube_shorts", loop_weight: float = 0.2, **others: object):
    given = {"job_id": uuid4(), "length_seconds": 24, "audience": FEARFUL, **others}
    return interface.choose(platform=platform, loop_weight=loop_weight, **given)


def test_seeding_twice_changes_nothing_and_keeps_what_a_curator_edited() -> None:
    edited = [{"sec": 0, "emotion": "joy"}, {"sec": 30, "emotion": "joy"}]
    models.EmotionCurve.objects.filter(name="icarus").update(timeline=edited)

    report = interface.seed()

    assert (report.added, report.updated, report.kept) == (0, 0, 1)
    assert models.EmotionCurve.objects.get(name="icarus").timeline == edited


def test_the_catalogue_hooks_at_once_and_turns_late() -> None:
    curves = interface.curves()

    assert len(curves) >= 10
    assert sum(loops(curve) for curve in curves) >= 5
    for curve in curves:
        assert hypot(curve.points[0].valence, curve.points[0].arousal) >= 0.3, curve.name
        assert 0.6 <= twist_at(curve) <= 0.9, (curve.name, twist_at(curve))


def test_a_platforms_own_curve_stands_in_for_the_general_one() -> None:
    own = models.EmotionCurve.objects.create(
        name="icarus",
        platform="tiktok",
        timeline=[{"sec": 0, "emotion": "joy"}, {"sec": 9, "emotion": "joy"}],
    )

    here = {curve.name: curve for curve in interface.curves("tiktok")}
    elsewhere = {curve.name: curve for curve in interface.curves("youtube_shorts")}

    assert here["icarus"].id == own.id != elsewhere["icarus"].id
    assert "double_take" in here
    assert "double_take" not in elsewhere
    assert len(interface.curves()) == len(here) + 1


def test_what_the_audience_looks_for_decides_without_advice() -> None:
    curve, decision = choose(loop_weight=0.0)

    assert decision.name == "emotion_curve"
    assert decision.value == curve.name == "fear_then_relief"
    assert "relief" in decision.reason
    assert curve.points[-1].sec == 24


def test_a_platform_that_rewards_loops_gets_a_curve_that_loops() -> None:
    curve, decision = choose(loop_weight=0.6)

    assert loops(curve)
    assert "loop weight of 60%" in decision.reason


def test_a_name_in_the_brief_wins_and_advice_tips_the_rest() -> None:
    told = tuple(
        Advice(kind=FactorKind.EMOTION_CURVE, reference_id=n, score=60, sd=9, n=3, draw=d, reason=f"drew {d}")
        for n, d in (("icarus", 95), ("fear_then_relief", 55), ("oedipus", 50))
    )

    named, why = choose(name="oedipus", advice=told)
    tipped, reason = choose(advice=told)

    assert (named.name, why.reason) == ("oedipus", "The brief asks for it.")
    assert tipped.name == "icarus"
    assert "drew 95" in reason.reason


def test_choosing_twice_keeps_one_run() -> None:
    job_id = uuid4()

    first = choose(job_id=job_id)
    second = choose(job_id=job_id)

    assert first == second
    assert models.EmotionCurveRun.objects.filter(job_id=job_id).count() == 1


def test_an_unknown_or_foreign_curve_is_a_problem_that_names_the_known() -> None:
    (unknown,) = interface.problems_with(Brief(topic="x", curve="zig\x00\ud800", platform="\x00"))
    (foreign,) = interface.problems_with(Brief(topic="x", curve="double_take", platform="youtube_shorts"))

    assert (unknown.field, foreign.code) == ("curve", "unknown_curve")
    assert "icarus" in unknown.remedy
    assert interface.problems_with(Brief(topic="x", curve="icarus")) == ()
    with pytest.raises(interface.UnknownCurve, match="icarus"):
        choose(name="zigzag")


def test_a_curve_switched_off_after_submission_still_serves_its_job() -> None:
    models.EmotionCurve.objects.filter(name="icarus").update(active=False)

    curve, _ = choose(name="icarus")

    assert curve.name == "icarus"
    assert "icarus" not in interface.candidates("youtube_shorts")
