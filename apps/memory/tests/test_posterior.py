import random

import pytest

from apps.memory.posterior import (
    PRIOR_MEAN,
    PSEUDO_COUNT,
    TRUST,
    Sums,
    draw,
    platform_mean,
    posterior,
)


def seen(values: list[float], source: str = "platform") -> Sums:
    sums = Sums()
    for value in values:
        sums = sums.plus(value, TRUST[source])
    return sums


def test_one_lucky_video_moves_a_factor_less_than_many_good_ones() -> None:
    lucky, steady = posterior(seen([95.0])), posterior(seen([75.0] * 30))
    assert PRIOR_MEAN < lucky.mean < steady.mean < 75.0
    assert steady.sd < lucky.sd < posterior(Sums()).sd


def test_the_prior_weighs_eleven_videos_of_real_numbers() -> None:
    assert pytest.approx(11.1, abs=0.1) == PSEUDO_COUNT
    halfway = posterior(seen([80.0] * 11))
    assert halfway.mean == pytest.approx(70.0, abs=0.2)


def test_the_critic_alone_counts_for_a_tenth_of_real_numbers() -> None:
    judged, measured = posterior(seen([80.0] * 11, "critic")), posterior(seen([80.0], "platform"))
    assert judged.mean == pytest.approx(measured.mean, abs=0.2)


def test_evidence_that_is_taken_back_leaves_nothing() -> None:
    sums = seen([70.0, 40.0]).plus(40.0, -1.0, videos=-1)
    assert sums == seen([70.0])


def test_an_untried_factor_is_expected_to_do_as_its_platform_does() -> None:
    assert platform_mean([]) == PRIOR_MEAN
    assert platform_mean([seen([82.0] * 40, "critic"), seen([78.0] * 40, "critic")]) == pytest.approx(
        80, abs=1.0
    )


def test_a_draw_is_repeatable_and_spreads_as_the_posterior() -> None:
    belief = posterior(Sums())
    drawn = [draw(belief, recent_uses=0, key=str(n)) for n in range(4000)]
    mean = sum(drawn) / len(drawn)
    assert draw(belief, recent_uses=0, key="7") == drawn[7]
    assert mean == pytest.approx(belief.mean, abs=0.3)
    assert (sum((d - mean) ** 2 for d in drawn) / len(drawn)) ** 0.5 == pytest.approx(belief.sd, rel=0.05)
    assert draw(belief, recent_uses=9, key="7") < drawn[7] - 1


def test_learning_finds_the_better_style_and_keeps_trying_others() -> None:
    truth = {"a": 66.0, "b": 60.0, "c": 58.0, "d": 55.0}
    world, sums, used = random.Random(3), {name: Sums() for name in truth}, dict.fromkeys(truth, 0)
    for n in range(300):
        expected = platform_mean(sums.values())
        chosen = max(
            truth,
            key=lambda s: draw(posterior(sums[s], expected), recent_uses=0, key=f"{n}{s}"),
        )
        used[chosen] += 1
        sums[chosen] = sums[chosen].plus(world.gauss(truth[chosen], 15.0), TRUST["platform"])
    assert max(used, key=used.get) == "a"
    assert used["a"] > 120
    assert sum(count > 5 for count in used.values()) >= 3
