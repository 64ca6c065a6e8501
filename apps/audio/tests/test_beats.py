"""Beats against recordings whose beats are known."""

import numpy as np
import pytest

from apps.audio import beats, tracks
from apps.audio.beats import RATE, Pulse
from apps.audio.tests.material import timeline
from apps.audio.tests.recordings import groove


def pulse(recording: np.ndarray) -> Pulse:
    return beats.find_pulse(beats.listen(recording))


def off_ms(found: Pulse, bpm: float, first: float = 0.37, every: int = 1) -> float:
    """Median distance of the beats (or of every so many from the downbeat on) to where they were played."""
    period = every * 60.0 / bpm
    places = np.array(found.beats[found.downbeat if every > 1 else 0 :: every])
    return float(np.median(np.abs((places - first + period / 2) % period - period / 2))) * 1000


@pytest.mark.parametrize("kind", ["pop", "house"])
@pytest.mark.parametrize("bpm", [84.0, 97.5, 111.3, 128.0, 143.0, 168.0])
def test_finds_tempo_beats_and_bars(bpm: float, kind: str) -> None:
    found = pulse(groove(bpm, kind))
    assert found.tempo == pytest.approx(bpm, rel=0.002)
    assert off_ms(found, bpm) < 10
    assert off_ms(found, bpm, every=4) < 10
    assert found.clarity > 0.8


@pytest.mark.parametrize("change", [{"swing": 0.16}, {"fade_in": 8.0}])
def test_swing_and_a_fade_in_do_not_mislead(change: dict[str, float]) -> None:
    found = pulse(groove(104.0, **change))
    assert found.tempo == pytest.approx(104.0, rel=0.003)
    assert off_ms(found, 104.0) < 12


@pytest.mark.parametrize("bpm", [72.0, 140.0, 176.0])
def test_half_time_is_found_at_the_tempo_or_an_octave_of_it(bpm: float) -> None:
    found = pulse(groove(bpm, "half"))
    octaves = np.log2(found.tempo / bpm)
    assert abs(octaves - round(octaves)) < 0.01
    assert found.clarity > tracks.CLEAR


def test_noise_silence_and_scraps_have_no_clear_beat() -> None:
    noise = np.random.default_rng(0).standard_normal(12 * RATE).astype(np.float32)
    for sound in (noise, np.zeros(12 * RATE, np.float32), groove(120.0)[: 2 * RATE], np.zeros(0, np.float32)):
        assert pulse(sound).clarity < tracks.CLEAR


def test_a_bright_quick_track_is_more_excited_than_a_slow_dull_one() -> None:
    quick, slow = tracks.analyse(groove(150.0, "house")), tracks.analyse(groove(76.0, "half"))
    assert quick.arousal > slow.arousal + 0.2


@pytest.mark.parametrize(
    ("bpm", "bars", "fit"), [(118.0, 4, "beat"), (61.0, 4, "beat"), (100.0, 12, "bar"), (99.0, 2, "free")]
)
def test_a_track_is_stretched_by_six_percent_at_most(bpm: float, bars: int, fit: str) -> None:
    track = tracks.analyse(groove(120.0))
    cut = tracks.cut(track, timeline(bars=bars, bpm=bpm), seed=1)
    assert cut.fit == fit
    assert abs(cut.speed - 1) <= tracks.MAX_STRETCH
    if fit == "beat":
        assert min(abs(cut.start - at) for at in track.beats[track.downbeat :: 4]) < 0.01
        assert sum(cut.pieces) / cut.speed * 1000 == pytest.approx(
            timeline(bars=bars, bpm=bpm).total_ms, rel=1e-3
        )


def test_a_short_track_is_played_again_from_its_first_bar() -> None:
    cut = tracks.cut(tracks.analyse(groove(120.0, seconds=11.0)), timeline(bars=10, bpm=120), seed=0)
    assert len(cut.pieces) > 1
    assert sum(cut.pieces) == pytest.approx(20.0, abs=0.1)
