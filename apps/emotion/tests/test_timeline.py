"""Timelines: refused with a clear reason, stretched, read at any second."""

from uuid import UUID

import pytest

from apps.emotion.timeline import (
    UnableToUseTimeline,
    checked,
    coefficients,
    loops,
    peak_end,
    stretched,
    twist_at,
)

ID = UUID(int=1)
HOLE = [
    {"sec": 0, "emotion": "curiosity"},
    {"sec": 12, "emotion": "fear"},
    {"sec": 22, "emotion": "hope"},
    {"sec": 30, "emotion": "curiosity"},
]


@pytest.mark.parametrize(
    ("timeline", "says"),
    [
        ({}, "list of points"),
        ([HOLE[0]], "2 to 24 points"),
        ([{"sec": n, "emotion": "joy"} for n in range(25)], "has 25"),
        ([{"sec": 1, "emotion": "joy"}, {"sec": 2, "emotion": "joy"}], "first point must be at second 0"),
        ([HOLE[0], {"sec": 0, "emotion": "joy"}], "Point 2 is at second 0, not after 0"),
        ([HOLE[0], {"sec": 5, "emotion": "<script>"}], "'<script>' is no known emotion"),
        ([HOLE[0], {"sec": -1, "emotion": "joy"}], "between 0 and 600"),
        ([HOLE[0], {"sec": float("nan"), "emotion": "joy"}], "must be a number"),
        ([HOLE[0], {"sec": True, "emotion": "joy"}], "must be a number"),
        ([HOLE[0], {"sec": 5, "emotion": ["joy"]}], "no known emotion"),
        ([HOLE[0], {"sec": 5, "emotion": "joy", "colour": "red"}], "exactly sec and emotion"),
    ],
)
def test_refuses_a_broken_timeline_and_says_how(timeline: object, says: str) -> None:
    with pytest.raises(UnableToUseTimeline, match=says):
        checked(timeline)


def test_stretching_keeps_the_shape_and_ends_on_the_length() -> None:
    curve = stretched(ID, "hole", HOLE, 20)

    assert [point.sec for point in curve.points] == pytest.approx([0, 8, 14.667, 20], abs=0.001)
    assert [point.emotion for point in curve.points] == ["curiosity", "fear", "hope", "curiosity"]
    assert stretched(ID, "hole", HOLE).points[-1].sec == 30


def test_a_curve_is_linear_between_points_and_holds_beyond_them() -> None:
    curve = stretched(ID, "hole", HOLE)

    middle = curve.at(6)
    assert (middle.valence, middle.arousal) == pytest.approx((-0.2, 0.65))
    assert curve.at(7).emotion == "fear"
    assert curve.at(99).emotion == "curiosity"


def test_a_hole_loops_and_a_climb_does_not() -> None:
    climb = [{"sec": 0, "emotion": "tension"}, {"sec": 30, "emotion": "triumph"}]

    assert loops(stretched(ID, "hole", HOLE))
    assert not loops(stretched(ID, "climb", climb))
    assert peak_end(stretched(ID, "climb", climb)) > peak_end(stretched(ID, "hole", HOLE))


def test_coefficients_tell_a_climb_from_a_hole() -> None:
    climb = [{"sec": 0, "emotion": "sadness"}, {"sec": 30, "emotion": "triumph"}]

    even = [{**point, "sec": sec} for point, sec in zip(HOLE, (0, 15, 29, 30), strict=True)]

    rise, hole = coefficients(stretched(ID, "climb", climb)), coefficients(stretched(ID, "hole", even))

    assert rise[0] < -0.3
    assert abs(rise[1]) < 0.05
    assert hole[1] > 2 * abs(hole[0])


def test_the_twist_is_the_sharpest_turn_after_the_first_third() -> None:
    assert twist_at(stretched(ID, "hole", HOLE)) == pytest.approx(0.4)
