"""What an experiment may be said to show: nothing by luck, something after enough shorts."""

import random
from uuid import UUID, uuid4

import pytest

from apps.contracts.experiment import Trial
from apps.contracts.performance import Rewards
from apps.gateway.comparing import NEEDED, SIGMA, TAU, findings, more_shorts


def trial(critic=60.0, **rewards):
    return Trial(job_id=uuid4(), factors={}, rewards=Rewards(**rewards) if rewards else None, critic=critic)


def world(rng, effects, blocks):
    """Experiments on the same levels, each with an ease of its own; effects in sd."""
    made = {}
    for n in range(blocks):
        ease = rng.gauss(50, 10)
        made[UUID(int=n)] = {
            level: trial(total=ease + SIGMA * (effect + rng.gauss(0, 1))) for level, effect in effects.items()
        }
    return findings("persona", tuple(effects), made, UUID(int=0))


def test_one_pair_is_shrunk_to_nearly_nothing_however_far_apart() -> None:
    found = findings(
        "persona", ("a", "b"), {UUID(int=0): {"a": trial(total=98), "b": trial(total=2)}}, UUID(int=0)
    )

    (pair,) = found.comparisons
    assert found.winner is None
    assert pair.low < 0 < pair.difference < 10 < pair.high
    assert "can be told apart" in found.said


def test_levels_that_do_not_differ_get_a_winner_in_less_than_one_world_in_twenty() -> None:
    rng = random.Random(4)

    winners = [world(rng, {"a": 0, "b": 0, "c": 0}, 25).winner for _ in range(200)]

    assert sum(winner is not None for winner in winners) < 10


def test_a_large_difference_is_found_after_enough_shorts_and_not_before() -> None:
    rng = random.Random(5)
    effects = {"a": 0.0, "b": 1.0}

    early = [world(rng, effects, 3).winner for _ in range(60)]
    late = [world(rng, effects, 40).winner for _ in range(60)]

    assert early.count(None) > 55
    assert late.count("b") > 54
    assert late.count("a") == 0


def test_the_shorts_still_needed_follow_the_rule_of_the_field_guide() -> None:
    half_a_sigma = more_shorts(0.5 * SIGMA, 0.001, SIGMA, 0)

    assert half_a_sigma == pytest.approx(NEEDED / 0.25, abs=1)  # 63 of each
    assert more_shorts(0.5 * SIGMA, 0.001, SIGMA, 60) == half_a_sigma - 60
    prior = more_shorts(0.0, TAU * SIGMA * 2**0.5, SIGMA, 0)
    assert 100 < prior < 174  # before any evidence: levels that differ as much as levels do


def test_only_differences_inside_an_experiment_count() -> None:
    blocks = {UUID(int=n): {"a": trial(total=90.0)} if n % 2 else {"b": trial(total=10.0)} for n in range(40)}

    found = findings("persona", ("a", "b"), blocks, UUID(int=0))

    assert found.comparisons[0].n == 0
    assert found.winner is None
    assert [level.mean for level in found.levels] == [90.0, 10.0]


def test_a_factor_is_compared_by_its_own_part_of_the_reward_where_all_have_it() -> None:
    whole = {UUID(int=0): {"a": trial(total=50, hook=80), "b": trial(total=50, hook=20)}}
    partly = {UUID(int=0): {"a": trial(total=50, hook=80), "b": trial(total=50)}}

    assert findings("hook", ("a", "b"), whole, UUID(int=0)).measure == "hook"
    assert findings("hook", ("a", "b"), partly, UUID(int=0)).measure == "total"
    assert findings("persona", ("a", "b"), whole, UUID(int=0)).measure == "total"


def test_the_critic_stands_beside_and_decides_nothing() -> None:
    blocks = {UUID(int=n): {"a": trial(critic=95.0), "b": trial(critic=20.0)} for n in range(30)}

    found = findings("hook", ("a", "b"), blocks, UUID(int=0))

    assert (found.winner, found.shorts, found.comparisons[0].n) == (None, 0, 0)
    assert [level.critic_mean for level in found.levels] == [95.0, 20.0]
    assert "no" in found.said.lower()
