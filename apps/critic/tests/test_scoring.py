from dataclasses import replace

import pytest

from apps.contracts.judgement import DirectiveKind, Scores, Signal
from apps.critic.directives import MOST, REMEDIES, directives_for
from apps.critic.evidence import Reading
from apps.critic.scoring import PASS, bands_for, is_acceptable, signal_of, threshold_from, totalled
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
    assert threshold_from([90.0] * 9) == 62.0
    assert threshold_from([float(n) for n in range(60, 71)]) == 64.0
    assert threshold_from([99.0] * 50) == 80.0
    assert threshold_from([1.0] * 50) == 55.0


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
