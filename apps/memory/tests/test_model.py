"""The engines, on audiences whose tastes are known."""

import numpy as np
import pytest

from apps.memory.model import EFFECT_SD, GRANTED, Belief, believe
from apps.memory.moments import DISCOUNT, Moments, Short
from apps.memory.policy import BOLDNESS, FLOOR, effective, estimates, is_uniform, label, resting_levels, weigh

LEVELS = {"hook": ("a", "b", "c"), "persona": ("x", "y")}
WORTH = {"hook/a": 0.5, "hook/b": 0.0, "hook/c": -0.5, "persona/x": 0.2, "persona/y": -0.2}
LABELS = list(WORTH)


def short(labels: tuple[str, ...], real: float | None = None, critic: float | None = None) -> Short:
    return Short(
        labels=labels,
        real=None if real is None else (real,) * 4,
        critic=None if critic is None else (critic,) * 4,
    )


def watched(
    n: int, *, rho: float | None = None, sees: str = "take", likes: float = 0.0, seed: int = 1
) -> Moments:
    """Shorts with random factors, as viewers and (where `rho` is given) a critic found them."""
    chance, moments = np.random.default_rng(seed), Moments()
    for _ in range(n):
        labels = (label("hook", "abc"[chance.integers(3)]), label("persona", "xy"[chance.integers(2)]))
        luck, own = chance.standard_normal(2)
        success = sum(WORTH[name] for name in labels) + luck
        seen = (luck if sees == "take" else success) * (rho or 0.0)
        liked = likes * (labels[0] == "hook/c")
        critic = None if rho is None else 1.0 + 0.6 * (liked + seen + np.sqrt(1 - rho**2) * own)
        moments = moments.aged(1).plus(short(labels, success, critic))
    return moments


def gap(belief: Belief, better: str, worse: str) -> float:
    return float(belief.mean[belief.place[better]] - belief.mean[belief.place[worse]])


def error(belief: Belief) -> float:
    """Squared error of every difference between two hooks."""
    return sum((gap(belief, a, b) - WORTH[a] + WORTH[b]) ** 2 for a in LABELS[:3] for b in LABELS[:3])


def test_effects_are_found_and_shrunken() -> None:
    few, many = (believe("p", {"p": watched(n)}, "total", LABELS) for n in (30, 2000))
    assert 0 < gap(few, "hook/a", "hook/c") < 0.8
    assert gap(many, "hook/a", "hook/c") == pytest.approx(1.0, abs=0.3)
    assert few.shorts == pytest.approx(30, rel=0.04)
    assert many.covariance[1, 1] < few.covariance[1, 1] < many.before[1, 1]


def test_one_factor_is_not_credited_with_what_another_did() -> None:
    """Persona x always went with the good hook at first; a few shorts apart tell them from each other."""
    moments, chance = Moments(), np.random.default_rng(3)
    for n in range(240):
        together = n % 2 == 0
        labels = (
            ("hook/a", "persona/x") if together else ("hook/c", "persona/y" if n % 4 == 1 else "persona/x")
        )
        moments = moments.plus(
            short(labels, (0.8 if labels[0] == "hook/a" else 0.0) + chance.standard_normal())
        )
    belief = believe("p", {"p": moments}, "total", LABELS)
    apart = gap(belief, "persona/x", "persona/y")
    alone = moments.xv[1, 1, 0] / np.maximum(moments.xx[1, 0], 1)
    seen = dict(zip(moments.labels, alone, strict=True))
    assert seen["persona/x"] - seen["persona/y"] > 0.25
    assert abs(apart) < 0.2 < gap(belief, "hook/a", "hook/c")


def test_a_critic_who_sees_how_well_a_take_came_out_takes_luck_off_the_numbers() -> None:
    errors = {"with": 0.0, "without": 0.0}
    for seed in range(30):
        errors["with"] += error(believe("p", {"p": watched(200, rho=0.8, seed=seed)}, "total"))
        errors["without"] += error(believe("p", {"p": watched(200, seed=seed)}, "total"))
    assert errors["with"] < 0.75 * errors["without"]


def test_a_critic_who_sees_only_success_itself_is_not_mistaken_for_a_control() -> None:
    errors = {"with": 0.0, "without": 0.0}
    for seed in range(30):
        errors["with"] += error(
            believe("p", {"p": watched(300, rho=0.8, sees="outcome", seed=seed)}, "total")
        )
        errors["without"] += error(believe("p", {"p": watched(300, seed=seed)}, "total"))
    assert errors["with"] < 1.15 * errors["without"]


def test_a_critic_who_likes_a_poor_hook_neither_lifts_nor_sinks_it() -> None:
    gaps = dict.fromkeys((0.0, 1.5), 0.0)
    for likes in gaps:
        for seed in range(30):
            belief = believe("p", {"p": watched(300, rho=0.7, likes=likes, seed=seed)}, "total")
            gaps[likes] += gap(belief, "hook/b", "hook/c") / 30
    assert gaps[1.5] == pytest.approx(gaps[0.0], abs=0.06)


def test_the_critic_is_no_control_variate_before_twenty_pairs_and_measured_after() -> None:
    few = believe("p", {"p": watched(15, rho=0.8)}, "total").reading
    many = believe("p", {"p": watched(400, rho=0.8)}, "total").reading
    none = believe("p", {"p": watched(400, rho=0.0)}, "total").reading
    assert (few.rho, few.slope) == (0.0, 0.0)
    assert many.rho == pytest.approx(0.8, abs=0.08)
    # Success moves by 1 sd where the critic moves by 0.6.
    assert many.slope == pytest.approx(0.8 / 0.6, rel=0.15)
    assert abs(none.rho) < 0.15


def test_the_critic_alone_counts_for_a_tenth_of_real_numbers() -> None:
    judged, real = Moments(), Moments()
    for n in range(300):
        labels = ("hook/a",) if n % 2 else ("hook/b",)
        judged = judged.plus(short(labels, critic=1.0 if n % 2 else 0.0))
        real = real.plus(short(labels, 1.0 if n % 2 else 0.0))
    alone = believe("p", {"p": judged}, "total")
    assert alone.reading.trust == GRANTED
    assert alone.shorts == pytest.approx(300 * GRANTED**2)
    assert alone.real == 0
    assert (
        0
        < gap(alone, "hook/a", "hook/b")
        < 0.35 * gap(believe("p", {"p": real}, "total"), "hook/a", "hook/b")
    )


def test_platforms_teach_each_other_and_their_own_numbers_weigh_more() -> None:
    there = {"there": watched(400)}
    guess = believe("here", there, "total", LABELS)
    known = believe("there", there, "total", LABELS)
    assert 0.3 < gap(guess, "hook/a", "hook/c") < gap(known, "hook/a", "hook/c")
    turned = Moments()
    for n in range(300):
        turned = turned.plus(short(("hook/a",) if n % 2 else ("hook/c",), -1.0 if n % 2 else 1.0))
    assert gap(believe("here", {**there, "here": turned}, "total", LABELS), "hook/a", "hook/c") < 0
    alone = believe("there", there, "total", LABELS)
    both = believe("there", {**there, "here": turned}, "total", LABELS)
    assert 0 < gap(both, "hook/a", "hook/c") < gap(alone, "hook/a", "hook/c")


def test_what_is_taken_back_leaves_nothing_and_old_shorts_fade() -> None:
    one = short(("hook/a",), 0.7, 0.2)
    kept = Moments().plus(short(("hook/b",), 0.1)).aged(50)
    back = kept.plus(one).plus(one, -1.0)
    assert np.allclose(back.over(back.labels).xx, kept.over(back.labels).xx)
    assert np.allclose(back.xv, kept.over(back.labels).xv)
    assert kept.xx[1, 0, 0] == pytest.approx(DISCOUNT**50)
    assert pytest.approx(0.5, abs=0.01) == DISCOUNT**350


def test_draws_follow_the_means_more_as_real_numbers_come_but_leave_a_floor() -> None:
    shares = []
    for n in (0, 40, 1500):
        belief = believe("p", {"p": watched(n)}, "total", LABELS)
        drawn = weigh(dict.fromkeys(LEVELS, belief), LEVELS, seed=(n,), samples=3000)
        hooks = np.array([w.samples for w in drawn if w.kind == "hook"])
        shares.append(np.bincount(hooks.argmax(axis=0), minlength=3) / 3000)
    assert shares[0] == pytest.approx([1 / 3] * 3, abs=0.05)
    assert shares[0][0] < shares[1][0] < 0.99
    assert shares[2][2] == pytest.approx(FLOOR / 3, abs=0.012)


def test_one_plan_is_one_draw_of_the_whole_model() -> None:
    """A hook and a persona that were only seen together share their uncertainty, and so do their draws."""
    moments = Moments()
    for n in range(60):
        moments = moments.plus(short(("hook/a", "persona/x") if n % 2 else ("hook/b", "persona/y"), 0.0, 0.0))
    belief = believe("p", {"p": moments}, "total")
    levels = {"hook": ("a", "b"), "persona": ("x", "y")}
    drawn = {w.reference: w for w in weigh(dict.fromkeys(levels, belief), levels, samples=4000)}
    together = np.corrcoef(drawn["a"].samples, drawn["x"].samples)[0, 1]
    assert together < -0.1
    again = {w.reference: w for w in weigh(dict.fromkeys(levels, belief), levels, samples=4000)}
    assert again == drawn


def test_spreads_shrink_from_the_prior_and_a_single_candidate_has_one_too() -> None:
    belief = believe("p", {"p": watched(300)}, "total", LABELS)
    _, sd, before = estimates(belief, "hook", LEVELS["hook"])
    assert all(sd < 0.7 * before)
    mean, alone, _ = estimates(belief, "hook", ("a",))
    assert alone[0] > 0
    assert 45 < mean[0] < 65
    assert EFFECT_SD > 0
    assert BOLDNESS < 1


def test_a_uniform_channel_is_noticed_and_draws_more_boldly() -> None:
    same, mixed = [{"hook": "a"}] * 30, [{"hook": "abc"[n % 3]} for n in range(30)]
    assert is_uniform("hook", same, 3)
    assert not is_uniform("hook", mixed, 3)
    assert not is_uniform("hook", same[:5], 3)
    belief = believe("p", {"p": watched(300)}, "total", LABELS)
    spread = {}
    for name, past in {"same": same, "mixed": mixed}.items():
        drawn = weigh({"hook": belief}, {"hook": ("a", "b", "c")}, history=past, samples=2000)
        low, high = np.quantile(drawn[0].samples, [0.25, 0.75])
        spread[name] = high - low
    assert spread["same"] > 1.3 * spread["mixed"]
    assert effective([10, 10, 10]) == pytest.approx(3)
    assert effective([]) == 0


def test_of_a_recipe_shown_three_times_the_least_missed_level_rests() -> None:
    belief = believe("p", {"p": watched(2000)}, "total", LABELS)
    beliefs, past = dict.fromkeys(LEVELS, belief), [{"hook": "a", "persona": "x"}] * 3
    assert resting_levels(beliefs, LEVELS, past) == {"persona/x"}
    assert resting_levels(beliefs, LEVELS, past[:2]) == set()
    assert resting_levels(beliefs, {"hook": ("a",), "persona": ("x",)}, past) == set()
