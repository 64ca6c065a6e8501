"""Loudness, peaks, room for the voice and length of the finished mix."""

from pathlib import Path

import numpy as np
import pytest

from apps.audio import ducking, loudness, wave_files
from apps.audio.composer import compose
from apps.audio.mixdown import Placed, Programme, mix_down
from apps.audio.mixdown import lifts as lift_for
from apps.audio.narration import record
from apps.audio.providers.espeak import EspeakVoice
from apps.audio.synth import render
from apps.audio.tests.material import PROFILE, line, timeline
from apps.audio.tests.test_loudness import by_ffmpeg
from apps.foundation import ffmpeg

TIMELINE = timeline()
TEXTS = ("Nobody tells you this.", "It has three hearts, and two stop.", "Each arm thinks.", "So who is")


@pytest.fixture(scope="module")
def speech() -> list[Placed]:
    lines = [line(text, i) for i, text in enumerate(TEXTS)]
    spoken = [record(said, speaker=EspeakVoice(), language="en", voice=PROFILE) for said in lines]
    return [
        Placed(samples=s.samples, start=shot.voice_ms * 48)
        for s, shot in zip(spoken, TIMELINE.shots, strict=True)
    ]


@pytest.fixture(scope="module")
def bed() -> np.ndarray:
    return render(compose(TIMELINE, seed=5), samples=TIMELINE.total_ms * 48)


@pytest.fixture(scope="module")
def programme(speech: list[Placed], bed: np.ndarray) -> Programme:
    return mix_down(speech, bed)


def margin(programme: Programme) -> float:
    """LU between voice and bed while somebody speaks."""
    active = ducking.speaking(programme.voice[0])
    said, played = (loudness.powers(stem) for stem in (programme.voice, programme.bed))
    return loudness.during(said, active) - loudness.during(played, active)


def test_meets_the_target_loudness_under_the_ceiling(programme: Programme, tmp_path: Path) -> None:
    path = wave_files.write(tmp_path / "mix.wav", programme.mix)
    integrated, peak = by_ffmpeg(path)
    assert integrated == pytest.approx(-14, abs=0.5)
    assert integrated == pytest.approx(programme.integrated_lufs, abs=0.15)
    assert peak <= -1.5


def test_still_keeps_the_ceiling_after_aac(programme: Programme, tmp_path: Path) -> None:
    source = wave_files.write(tmp_path / "mix.wav", programme.mix)
    encoded = tmp_path / "mix.m4a"
    whole = ["-af", "atrim=start_sample=1024,asetpts=PTS-STARTPTS", "-ar", "48000", "-ac", "2"]
    ffmpeg.run(["-i", str(source), *whole, "-c:a", "aac", "-b:a", "192k", str(encoded)])
    integrated, peak = by_ffmpeg(encoded)
    assert integrated == pytest.approx(-14, abs=0.5)
    assert peak <= -1.5


def test_the_bed_lies_12_lu_under_the_voice(programme: Programme, speech: list[Placed]) -> None:
    assert margin(programme) >= 12
    for piece in speech:
        place = slice(piece.start, piece.start + len(piece.samples))
        heard = [loudness.integrated(stem[:, place]) for stem in (programme.voice, programme.bed)]
        assert heard[0] - heard[1] >= 12


def test_no_syllable_is_drowned_by_a_stroke_of_the_bed(programme: Programme) -> None:
    active = ducking.speaking(programme.voice[0])
    said, played = (loudness.powers(stem) for stem in (programme.voice, programme.bed))
    windows = [slice(at, at + 400) for at in range(0, len(active) - 400, 100)]
    spoken = [w for w in windows if active[w].mean() > 0.6]
    margins = [loudness.during(said[w], active[w]) - loudness.during(played[w], active[w]) for w in spoken]
    assert min(margins) >= 8


def test_the_bed_ends_as_loud_as_it_begins(programme: Programme) -> None:
    ends = [loudness.powers(programme.bed[:, part]).mean() for part in (slice(7200), slice(-7200, None))]
    assert abs(10 * np.log10(ends[1] / ends[0])) < 3


def test_the_bed_comes_back_where_nobody_speaks(programme: Programme, bed: np.ndarray) -> None:
    still = ~np.repeat(ducking.speaking(programme.voice[0]), 48)
    gain = np.sqrt((programme.bed**2).sum(axis=0) / np.maximum((bed**2).sum(axis=0), 1e-9))
    assert np.percentile(gain[still], 90) > 1.5 * np.percentile(gain[~still], 50)


def test_stems_add_up_to_the_mix_and_last_exactly_as_long(programme: Programme) -> None:
    assert programme.mix.shape == (2, TIMELINE.total_ms * 48)
    assert np.allclose(programme.voice + programme.bed, programme.mix, atol=1e-5)


def test_directives_are_obeyed(speech: list[Placed], bed: np.ndarray, programme: Programme) -> None:
    assert margin(mix_down(speech, bed, lower_bed=0.5)) == pytest.approx(margin(programme) + 3, abs=0.7)
    assert mix_down(speech, bed, harder=1.0).true_peak_dbtp < programme.true_peak_dbtp - 0.7


def test_a_livelier_shot_is_said_louder(bed: np.ndarray) -> None:
    lifts = lift_for([0.1, -0.4, 0.9, 0.5])
    assert lifts[1] < 0 <= lifts[0] < lifts[3] < lifts[2] <= 2
    assert lift_for([0.3, 0.3]) == [0.0, 0.0]
    assert lift_for([]) == []
    tone = np.sin(np.arange(24_000) / 20).astype(np.float32) * 0.1
    placed = [Placed(samples=tone, start=i * 72_000, lift_db=lift) for i, lift in enumerate(lifts)]
    voice = mix_down(placed, bed).voice[0]
    said = [np.std(voice[p.start : p.start + 24_000]) for p in placed]
    assert 20 * np.log10(said[2] / said[1]) == pytest.approx(lifts[2] - lifts[1], abs=0.3)


def test_the_curve_is_heard_more_where_that_is_ordered() -> None:
    plain, more = lift_for([0.1, -0.4, 0.9, 0.5]), lift_for([0.1, -0.4, 0.9, 0.5], follow=1.0)
    assert max(more) - min(more) > 1.5 * (max(plain) - min(plain))
    assert more[0] >= 0


def test_music_alone_and_silence_alone_can_be_mixed(bed: np.ndarray) -> None:
    assert mix_down([], bed).integrated_lufs == pytest.approx(-14, abs=0.5)
    assert not mix_down([], np.zeros_like(bed)).mix.any()


def test_speech_past_the_end_is_faded_not_cut(bed: np.ndarray) -> None:
    tone = np.full(96_000, 0.2, np.float32)
    voice = mix_down([Placed(samples=tone, start=bed.shape[1] - 24_000)], bed).voice
    assert abs(voice[0, -1]) < 0.01
