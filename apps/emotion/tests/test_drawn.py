"""A curve that a brief draws for itself."""

from uuid import uuid4

import pytest

from apps.contracts.brief import Brief
from apps.emotion import interface, models
from apps.emotion.tests.test_interface import FEARFUL

pytestmark = pytest.mark.django_db(databases=["emotion"])
DRAWN = ((0.0, "curiosity"), (0.25, "tension"), (0.8, "awe"))


def follow(points=DRAWN, **others):
    given = {"platform": "youtube_shorts", "length_seconds": 24, "audience": FEARFUL, "loop_weight": 0.2}
    return interface.choose(job_id=uuid4(), points=points, **given, **others)


def test_is_followed_over_the_whole_length_whatever_else_is_asked_for() -> None:
    curve, decision = follow(name="no such curve")

    assert [(p.sec, p.emotion) for p in curve.points] == [
        (0, "curiosity"),
        (6, "tension"),
        (19.2, "awe"),
        (24, "awe"),
    ]
    assert decision.value == curve.name
    assert "draws its own" in decision.reason


def test_is_kept_once_and_offered_to_nobody_else() -> None:
    first, second = follow()[0], follow()[0]
    other = follow(points=((0.0, "joy"), (1.0, "calm")))[0]

    assert first.id == second.id != other.id
    assert first.name not in interface.candidates("youtube_shorts")
    assert models.EmotionCurveRun.objects.filter(emotion_curve_id=first.id).count() == 2


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (((0.0, "joy"), (0.5, "boredom")), "boredom"),
        (((0.2, "joy"), (1.0, "calm")), "second 0"),
        (((0.0, "joy"), (0.8, "calm"), (0.4, "awe")), "in order"),
        (((0.0, "joy"), (1.4, "calm")), "0 to 1"),
        (((0.0, "joy"), (float("nan"), "calm")), "0 to 1"),
    ],
)
def test_that_breaks_a_rule_is_refused_with_words(points, said) -> None:
    (problem,) = interface.problems_with(Brief(topic="x", curve_points=points))

    assert problem.field == "curve_points"
    assert said in problem.reason


def test_a_word_that_means_an_emotion_is_that_emotion() -> None:
    assert follow(points=((0.0, "surprise"), (1.0, "calm")))[0].points[0].emotion == "shock"
