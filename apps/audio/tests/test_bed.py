"""The composed bed: it follows the curve, drops before the twist, and loops."""

import numpy as np
import pytest

from apps.audio import loudness
from apps.audio.composer import compose, mode_at
from apps.audio.synth import render
from apps.audio.tests.material import timeline

TIMELINE = timeline()
SAMPLES = TIMELINE.total_ms * 48


@pytest.fixture(scope="module")
def bed() -> np.ndarray:
    return render(compose(TIMELINE, seed=3), samples=SAMPLES)


def rms_db(audio: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(audio**2) + 1e-12))


def between(audio: np.ndarray, start_ms: float, end_ms: float) -> np.ndarray:
    return audio[:, int(start_ms * 48) : int(end_ms * 48)]


def test_the_last_sample_leads_into_the_first(bed: np.ndarray) -> None:
    lap = np.concatenate([bed, bed], axis=1)
    around = np.abs(np.diff(lap[:, SAMPLES - 480 : SAMPLES + 480])).max()
    assert np.abs(bed[:, 0] - bed[:, -1]).max() <= 0.02 + around / 2
    assert abs(rms_db(bed[:, :7200]) - rms_db(bed[:, -7200:])) <= 6


def test_everything_falls_silent_just_before_the_twist(bed: np.ndarray) -> None:
    twist = TIMELINE.shots[2].start_ms
    before = rms_db(between(bed, twist - 1500, twist - 600))
    assert rms_db(between(bed, twist - 350, twist - 20)) < before - 15
    assert rms_db(between(bed, twist, twist + 400)) > before


def test_a_livelier_shot_has_more_notes_and_strokes_and_brightness() -> None:
    piece = compose(TIMELINE, seed=1)
    quiet, lively = ((s.start_ms / 500, s.end_ms / 500) for s in TIMELINE.shots[1:3])

    def density(span: tuple[float, float]) -> float:
        events = [e.beat for e in (*piece.notes, *piece.hits)]
        return sum(span[0] <= beat < span[1] for beat in events) / (span[1] - span[0])

    assert density(lively) > 3 * density(quiet)
    assert piece.cutoff[int(lively[0]) + 1] > 4 * piece.cutoff[int(quiet[0]) + 1]


def test_valence_climbs_the_ladder_of_modes() -> None:
    ladder = [mode_at(v) for v in (-0.9, -0.3, 0.0, 0.3, 0.6, 0.9)]
    assert ladder == ["phrygian", "aeolian", "dorian", "mixolydian", "ionian", "lydian"]


def test_seeds_differ_in_what_is_played(bed: np.ndarray) -> None:
    pieces = [compose(TIMELINE, seed=seed) for seed in range(6)]
    assert len({(p.tonic, p.pluck, tuple(n.pitch for n in p.notes)) for p in pieces}) == 6
    assert compose(TIMELINE, seed=3).notes == pieces[3].notes
    other = render(pieces[4], samples=SAMPLES)
    assert abs(np.corrcoef(bed[0], other[0])[0, 1]) < 0.7


def test_a_phone_that_plays_mono_loses_nothing(bed: np.ndarray) -> None:
    assert np.corrcoef(bed)[0, 1] > 0
    mono = np.repeat(bed.mean(axis=0, keepdims=True), 2, axis=0)
    assert loudness.integrated(mono) > loudness.integrated(bed) - 3


def test_one_shot_of_one_bar_is_enough() -> None:
    short = timeline(bars=1, bpm=96)
    assert np.isfinite(render(compose(short, seed=0), samples=short.total_ms * 48)).all()
