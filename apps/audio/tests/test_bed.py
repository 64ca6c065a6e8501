"""The composed bed: it follows the curve, drops before the twist, loops, and is never twice the same."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy import signal

from apps.audio import drums, instruments, loudness
from apps.audio.composer import compose, mode_at, moods
from apps.audio.synth import render
from apps.audio.tests.material import timeline

TIMELINE = timeline(bars=6)
SAMPLES = TIMELINE.total_ms * 48
SEEDS = (3, 4, 5, 6)


@pytest.fixture(scope="module")
def beds() -> list[np.ndarray]:
    return [render(compose(TIMELINE, seed=seed), samples=SAMPLES) for seed in SEEDS]


@pytest.fixture(params=range(len(SEEDS)))
def bed(request: pytest.FixtureRequest, beds: list[np.ndarray]) -> np.ndarray:
    return beds[request.param]


def rms_db(audio: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(audio**2) + 1e-12))


def between(audio: np.ndarray, start_ms: float, end_ms: float) -> np.ndarray:
    return audio[:, int(start_ms * 48) : int(end_ms * 48)]


def brightness(audio: np.ndarray) -> float:
    """Octaves of the spectral centroid over 1 kHz."""
    hertz, power = signal.welch(audio.mean(axis=0), 48_000, nperseg=4096)
    return float(np.log2((hertz * power**0.5).sum() / (power**0.5).sum() / 1000))


def test_the_last_sample_leads_into_the_first(bed: np.ndarray) -> None:
    assert np.abs(bed[:, 0] - bed[:, -1]).max() <= 0.02
    assert abs(rms_db(bed[:, :7200]) - rms_db(bed[:, -7200:])) <= 4


def test_everything_falls_silent_just_before_the_twist(bed: np.ndarray) -> None:
    twist = TIMELINE.shots[2].start_ms
    before = rms_db(between(bed, twist - 1500, twist - 600))
    assert rms_db(between(bed, twist - 300, twist - 20)) < before - 15
    assert rms_db(between(bed, twist, twist + 400)) > before


def test_energy_and_brightness_follow_the_curve(bed: np.ndarray) -> None:
    bars = np.array_split(np.arange(SAMPLES), TIMELINE.bars)
    heard = np.array([[rms_db(bed[:, bar]), brightness(bed[:, bar])] for bar in bars])
    realised = ((heard - heard.mean(axis=0)) / heard.std(axis=0)).sum(axis=1)
    planned = moods(TIMELINE, TIMELINE.bars * 4)[1].reshape(-1, 4).mean(axis=1)
    assert np.corrcoef(planned, realised)[0, 1] >= 0.6


def test_a_livelier_shot_has_more_notes_and_strokes_and_brightness() -> None:
    piece = compose(TIMELINE, seed=1)
    quiet, lively = ((s.start_ms / 500, s.end_ms / 500) for s in TIMELINE.shots[1:3])

    def density(span: tuple[float, float]) -> float:
        events = [e.beat for e in (*piece.notes, *piece.hits)]
        return sum(span[0] <= beat < span[1] for beat in events) / (span[1] - span[0])

    assert density(lively) > 2.5 * density(quiet)
    assert piece.cutoff[int(lively[0]) + 1] > 4 * piece.cutoff[int(quiet[0]) + 1]


def test_valence_climbs_the_ladder_of_modes() -> None:
    ladder = [mode_at(v) for v in (-0.9, -0.3, 0.0, 0.3, 0.6, 0.9)]
    assert ladder == ["phrygian", "aeolian", "dorian", "mixolydian", "ionian", "lydian"]


def test_the_same_seed_is_the_same_piece() -> None:
    assert compose(TIMELINE, seed=3).notes == compose(TIMELINE, seed=3).notes


def test_seeds_differ_in_key_instruments_rhythm_and_sound(beds: list[np.ndarray]) -> None:
    pieces = [compose(TIMELINE, seed=seed) for seed in range(20)]
    for of in (
        lambda p: p.tonic,
        lambda p: tuple(sorted(p.instruments.values())),
        lambda p: (p.kit, tuple(sorted((h.drum, h.beat % 4) for h in p.hits))),
        lambda p: tuple((n.part, n.beat) for n in p.notes),
    ):
        assert len({of(piece) for piece in pieces}) >= 8
    for one, other in combinations(beds, 2):
        assert abs(np.corrcoef(one[0], other[0])[0, 1]) < 0.5
        assert np.abs(octave_levels(one) - octave_levels(other)).mean() > 0.7


def octave_levels(audio: np.ndarray) -> np.ndarray:
    """dB in each octave from 62 Hz, about their mean."""
    hertz, power = signal.welch(audio.mean(axis=0), 48_000, nperseg=4096)
    bands = [62.5 * 2**n for n in range(8)]
    levels = np.array([10 * np.log10(power[(hertz >= low) & (hertz < 2 * low)].mean()) for low in bands])
    return levels - levels.mean()


def test_moods_lean_to_other_players() -> None:
    def kits(arousal: float) -> list[str]:
        cut = replace(TIMELINE, shots=tuple(replace(s, arousal=arousal) for s in TIMELINE.shots))
        return [compose(cut, seed=seed).kit for seed in range(40)]

    calm, excited = kits(-0.8), kits(0.9)
    soft = [sum(kit in ("dusty", "hands") for kit in drawn) for drawn in (calm, excited)]
    assert soft[0] > 25 > 20 > soft[1]


def test_a_phone_that_plays_mono_loses_nothing(bed: np.ndarray) -> None:
    assert np.corrcoef(bed)[0, 1] > 0.3
    mono = np.repeat(bed.mean(axis=0, keepdims=True), 2, axis=0)
    assert loudness.integrated(mono) > loudness.integrated(bed) - 2


def test_there_is_neither_hiss_above_nor_rumble_below(bed: np.ndarray) -> None:
    hertz, power = signal.welch(bed, 48_000, nperseg=8192)
    share = 10 * np.log10(power[:, hertz > 16_000].sum() / power.sum())
    assert share < -30
    assert np.abs(bed.mean(axis=1)).max() < 1e-3


@pytest.mark.parametrize(
    ("part", "name"), [(p, n) for p in instruments.INSTRUMENTS for n in instruments.INSTRUMENTS[p]]
)
def test_an_instrument_is_in_tune_as_loud_as_its_rivals_and_starts_and_ends_in_silence(
    part: str, name: str
) -> None:
    pitch, seconds = instruments.REFERENCE[part]
    note = instruments.play(part, name, pitch, int(seconds * 48_000))
    assert np.abs(note[:, 0]).max() < 0.02 * np.abs(note).max()
    assert np.abs(note[:, -1]).max() < 0.02 * np.abs(note).max()
    spectrum = np.abs(np.fft.rfft(note.mean(axis=0) * np.hanning(note.shape[1]), 1 << 18))
    hertz = np.arange(len(spectrum)) * 48_000 / (1 << 18)
    near = np.abs(12 * np.log2(np.maximum(hertz, 1) / instruments.hertz(pitch))) < 0.5
    tuned = (hertz[near] * spectrum[near] ** 2).sum() / (spectrum[near] ** 2).sum()
    assert abs(1200 * np.log2(tuned / instruments.hertz(pitch))) < 12
    assert (spectrum[hertz > 12_000] ** 2).sum() < 1e-3 * (spectrum**2).sum()


@pytest.mark.parametrize("kit", sorted(drums.KITS))
def test_a_kit_strikes_cleanly(kit: str) -> None:
    for drum in drums.LEVELS:
        stroke = drums.stroke(kit, drum)
        assert 0.3 < np.abs(stroke).max() < 1.5
        assert abs(stroke[0]) < 0.02
        assert abs(stroke[-1]) < 0.02


@pytest.mark.parametrize(("bars", "bpm"), [(1, 96), (1, 144), (2, 84)])
def test_the_shortest_timelines_have_music_too(bars: int, bpm: float) -> None:
    short = timeline(bars=bars, bpm=bpm)
    played = render(compose(short, seed=0), samples=short.total_ms * 48)
    assert np.isfinite(played).all()
    assert played.shape == (2, short.total_ms * 48)
    assert rms_db(played) > -40
