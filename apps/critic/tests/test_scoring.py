from dataclasses import replace

import numpy as np
import pytest

from apps.contracts.judgement import DirectiveKind, Scores, Signal
from apps.critic.bands import PASS, bands_for
from apps.critic.directives import MOST, directives_for
from apps.critic.evidence import Reading
from apps.critic.remedies import REMEDIES
from apps.critic.scoring import (
    FIRST_THRESHOLD,
    HIGHEST,
    LOWEST,
    RECENT_DRAFTS,
    is_acceptable,
    signal_of,
    threshold_from,
    totalled,
    weights_for,
)
from apps.critic.tests.takes import plan

STRATEGY = plan().strategy
BANDS = bands_for(STRATEGY)
PARTS = {"hook": 80.0, "pacing": 70.0, "loop": 60.0, "sound": 90.0, "text": 90.0, "file": 100.0}


def signal(name: str, value: float, ordinal: int | None = None) -> Signal:
    return signal_of(Reading(name=name, value=value, ordinal=ordinal), BANDS[name])


def test_a_band_is_full_at_its_ideal_passes_at_its_edge_and_is_empty_beyond_its_feet() -> None:
    for name, band in BANDS.items():
        edge = band.low if band.low > float("-inf") else band.high
        assert signal(name, edge).score == pytest.approx(PASS if band.ideal is not None else 1.0)
        assert band.ideal is None or signal(name, band.ideal).score == 1.0
        for foot in (band.floor, band.ceiling):
            assert abs(foot) == float("inf") or signal(name, foot).score == 0.0


def test_no_score_falls_on_the_way_to_the_ideal() -> None:
    band = BANDS["speech_rate"]
    rising = [band.score(2.0 + 0.1 * n) for n in range(31)]
    falling = [band.score(5.0 + 0.1 * n) for n in range(36)]
    assert rising == sorted(rising)
    assert falling == sorted(falling, reverse=True)


def test_the_total_follows_the_platforms_weights() -> None:
    assert totalled(PARTS, {"hook": 0.4, "pacing": 0.35, "loop": 0.25}).total == pytest.approx(71.5)
    assert totalled(PARTS, {"hook": 1.0, "pacing": 0.0, "loop": 0.0}).total == 80.0


def test_a_weak_part_or_a_gate_forbids_acceptance_whatever_the_total() -> None:
    scores = Scores(total=90.0, hook=95.0, pacing=95.0, loop=60.0)
    assert is_acceptable(scores, PARTS, (), 62.0)
    assert not is_acceptable(scores, PARTS | {"loop": 49.0}, (), 62.0)
    assert not is_acceptable(scores, PARTS | {"sound": 49.0}, (), 62.0)
    assert not is_acceptable(scores, PARTS, ("black",), 62.0)
    assert not is_acceptable(scores, PARTS, (), 91.0)


def test_the_bar_is_the_40th_percentile_of_recent_drafts_within_bounds() -> None:
    assert threshold_from([90.0] * 9) == FIRST_THRESHOLD
    assert threshold_from([float(n) for n in range(60, 71)]) == 64.0
    assert threshold_from([99.9] * 50) == HIGHEST
    assert threshold_from([1.0] * 50) == LOWEST


def stream(name: str, count: int = 1000) -> np.ndarray:
    """Totals of first drafts as they come: some get better or worse, some are made to mislead."""
    rng, n = np.random.default_rng(5), np.arange(count)
    usual = {
        "steady": 78.0 + 0 * n,
        "rising": 65 + 25 * n / count,
        "falling": 90 - 25 * n / count,
        "better writer": np.where(n < 500, 70, 85),
        "worse voice": np.where(n < 500, 85, 70),
        "written for the critic": np.where(n < 300, 78, 94),
    }
    if name == "flood of junk":
        return np.where((n >= 400) & (n < 460), 20.0, 78 + rng.normal(0, 2.5, count))
    if name == "flood of brilliance":
        return np.where((n >= 400) & (n < 460), 97.0, 78 + rng.normal(0, 2.5, count))
    return usual[name] + rng.normal(0, 0.4 if "critic" in name else 2.5, count)


def accepted_in(totals: np.ndarray, trip: float = 0.0) -> np.ndarray:
    """Whether each draft of a stream is accepted, the bar taken from those before it."""
    rng, drafts, verdicts = np.random.default_rng(6), [], []
    for total in totals:
        tripped = rng.random() < trip
        verdicts.append(not tripped and total >= threshold_from(drafts[-RECENT_DRAFTS:]))
        drafts.append(0.0 if tripped else float(total))
    return np.array(verdicts)


@pytest.mark.parametrize(
    "name", ["steady", "rising", "falling", "better writer", "worse voice", "written for the critic"]
)
def test_drafts_that_drift_are_never_all_accepted_and_never_all_refused(name: str) -> None:
    accepted = accepted_in(stream(name))
    shares = [accepted[n : n + 100].mean() for n in range(100, 1000, 50)]
    assert min(shares) > 0.25
    assert max(shares) < 0.9
    assert accepted[100:].mean() == pytest.approx(0.6, abs=0.1)


@pytest.mark.parametrize("name", ["flood of junk", "flood of brilliance"])
def test_a_flood_of_misleading_drafts_shuts_out_no_honest_one_and_lets_few_pass_for_long(name: str) -> None:
    accepted = accepted_in(stream(name))
    assert 0.15 < accepted[460:520].mean() < 0.95
    assert accepted[560:].mean() == pytest.approx(0.6, abs=0.08)


def test_gates_that_trip_do_not_raise_the_share_of_retries() -> None:
    assert accepted_in(stream("steady"), trip=0.2)[100:].mean() == pytest.approx(0.6, abs=0.06)


def test_the_weights_lean_to_what_the_platform_ranks_by() -> None:
    plain = weights_for(STRATEGY)
    assert plain == pytest.approx(STRATEGY.weights)
    leaning = weights_for(replace(STRATEGY, priority_metrics=("replays", "unheard_of", "skip_rate")))
    assert sum(leaning.values()) == pytest.approx(1.0)
    assert leaning["loop"] > plain["loop"]
    assert (
        leaning["loop"] / plain["loop"]
        > leaning["hook"] / plain["hook"]
        > leaning["pacing"] / plain["pacing"]
    )


def test_a_tripped_gate_is_ordered_first_and_the_reason_names_value_and_interval() -> None:
    signals = (
        signal("speech_onset", 1.4, 0),
        signal("caption_outside", 0.3, 2),
        signal("longest_silence", 1.9, 3),
    )
    first, *others = directives_for(signals, BANDS, STRATEGY.weights)
    assert first.kind is DirectiveKind.RESTYLE_CAPTIONS
    assert first.ordinal is None
    assert {(o.kind, o.ordinal) for o in others} == {
        (DirectiveKind.TRIM_SILENCE, 0),
        (DirectiveKind.TRIM_SILENCE, 3),
    }
    assert "1.4 s, wanted at most 0.35 s" in others[0].reason


def test_orders_are_few_positive_and_never_the_same_twice() -> None:
    signals = tuple(signal(name, BANDS[name].floor - 1, 1) for name in REMEDIES if BANDS[name].floor > -1e9)
    orders = directives_for(signals, BANDS, STRATEGY.weights)
    assert len(orders) == MOST
    assert len({(o.kind, o.ordinal) for o in orders}) == MOST
    assert all(0 < o.amount <= 1 for o in orders)


def test_the_length_limit_is_the_platforms_own() -> None:
    longer = bands_for(replace(STRATEGY, max_length=180))
    assert signal("duration", 90.0).score == 0
    assert longer["duration"].score(90.0) == 1
