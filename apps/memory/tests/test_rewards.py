from datetime import date

import pytest

from apps.contracts.performance import Performance
from apps.memory.replay import Logged, check
from apps.memory.rewards import Measured, measures_of, rewards_among, weight_of
from apps.memory.variety import likeness, look_of, shingles


def numbers(views: int = 1000, **said: float) -> Performance:
    return Performance(day=date(2026, 5, 1), views=views, **said)


def measured(length: float = 25.0, channel: str = "c", **said: float) -> Measured:
    return Measured(measures=measures_of(numbers(**said), length), length=length, channel=channel)


def total(short: Measured, others: list[Measured] | None = None) -> float:
    found = rewards_among(short, others or []).total
    assert found is not None
    return found


def test_the_same_completion_is_worth_more_for_a_longer_short() -> None:
    assert total(measured(50.0, completion=0.5)) > total(measured(15.0, completion=0.5)) + 10
    # Nobody is rewarded for length itself: what e^(-d / 55) keeps is the middle at any length.
    assert total(measured(15.0, completion=0.761)) == pytest.approx(50, abs=1)
    assert total(measured(50.0, completion=0.403)) == pytest.approx(50, abs=1)


def test_a_short_is_compared_with_those_of_its_length_first() -> None:
    # Around 25 s this platform's viewers stay far longer than expected, around 60 s far shorter.
    others = [measured(25.0, completion=0.8) for _ in range(60)]
    others += [measured(60.0, completion=0.1) for _ in range(60)]
    for length, completion in ((25.0, 0.8), (60.0, 0.1)):
        usual = measured(length, completion=completion)
        assert total(usual, others) == pytest.approx(50, abs=8)
        assert abs(total(usual) - 50) > 15


def test_a_channel_that_always_does_well_is_compared_with_itself() -> None:
    crowd = [measured(channel="small", completion=0.4) for _ in range(60)]
    star = [measured(channel="star", completion=0.7) for _ in range(60)]
    usual = measured(channel="star", completion=0.7)
    assert total(usual, crowd + star) < total(measured(channel="new", completion=0.7), crowd + star) - 5


@pytest.mark.parametrize(
    ("part", "worse", "better"),
    [
        ("hook", {"skip_rate": 0.6}, {"skip_rate": 0.2}),
        ("hook", {"engaged_views": 300}, {"engaged_views": 800}),
        ("loop", {"replays": 20}, {"replays": 300}),
        ("loop", {"average_watch_seconds": 20.0}, {"average_watch_seconds": 31.0}),
        ("pacing", {"completion": 0.3}, {"completion": 0.7}),
        ("share", {"shares": 2, "reach": 900}, {"shares": 90, "reach": 900}),
    ],
)
def test_each_component_follows_its_own_numbers(part: str, worse: dict, better: dict) -> None:
    low, high = (getattr(rewards_among(measured(**said), []), part) for said in (worse, better))
    assert 0 <= low < high - 5 <= 95


def test_pacing_is_not_blamed_for_those_who_swiped_away() -> None:
    poor_hook = rewards_among(measured(completion=0.3, skip_rate=0.6), [])
    good_hook = rewards_among(measured(completion=0.3, skip_rate=0.2), [])
    assert poor_hook.pacing > good_hook.pacing
    assert poor_hook.hook < good_hook.hook


def test_numbers_that_say_nothing_give_no_rewards() -> None:
    assert rewards_among(measured(views=0), []).total is None
    only_views = rewards_among(measured(), [])
    assert (only_views.total, only_views.hook, only_views.share) == (None, None, None)
    assert weight_of(numbers(views=5)) < 0.5 < 0.97 < weight_of(numbers(views=500))


def test_absurd_numbers_stay_on_the_scale() -> None:
    short = measured(
        0.0, completion=1.0, replays=10**12, shares=10**12, average_watch_seconds=1e9, skip_rate=0.0
    )
    found = rewards_among(short, [measured(completion=0.0, replays=0)])
    assert all(0 <= value <= 100 for value in (found.total, found.hook, found.loop, found.share))


def test_scripts_are_compared_by_phrases_that_cannot_be_read() -> None:
    one = shingles("The octopus has three hearts and blue blood in its arms")
    same = shingles("the Octopus has three hearts, and blue blood in its arms!")
    other = shingles("Nine of ten coffee farms are smaller than two football fields")
    assert len(one) == 8 * 8
    assert one == same
    assert likeness([one, same]) == 1.0
    assert likeness([one, other]) == 0.0
    assert likeness([one]) == likeness([shingles("too short")]) == 0.0


def test_a_look_is_sixteen_hex_digits_or_none() -> None:
    assert look_of("00FFaa0011223344") == "00ffaa0011223344"
    assert look_of("<script>") == look_of("12") == ""


def test_the_policy_is_checked_against_even_choices_on_its_own_shorts() -> None:
    """Of two levels the better (60) was chosen four times of five, the other (40) once."""
    made = [Logged(reward=60.0, propensities=(0.8,), evens=(0.5,))] * 80
    made += [Logged(reward=40.0, propensities=(0.2,), evens=(0.5,))] * 20
    found = check(made)
    assert found is not None
    assert found.mean == pytest.approx(56)
    assert found.even == pytest.approx(50)
    assert found.half < 10
    assert check(made[:5]) is None
