"""Our meter against ffmpeg's."""

import re
from pathlib import Path

import numpy as np
import pytest

from apps.audio import loudness, wave_files
from apps.foundation import ffmpeg


def by_ffmpeg(path: Path) -> tuple[float, float]:
    """Integrated LUFS and true peak dBTP as ffmpeg's ebur128 reads them."""
    _, log = ffmpeg.run(["-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-"])
    summary = log[log.rindex("Summary") :]
    read = [re.search(rf"{name}:\s+(-?[\d.]+)", summary) for name in ("I", "Peak")]
    return float(read[0][1]), float(read[1][1])


@pytest.mark.parametrize("seed", [1, 2])
def test_reads_what_ffmpeg_reads(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    audio = rng.standard_normal((2, 4 * loudness.SAMPLE_RATE)) * 0.1
    audio[:, : loudness.SAMPLE_RATE] *= 0.01  # quiet enough that the relative gate matters
    integrated, peak = by_ffmpeg(wave_files.write(tmp_path / "noise.wav", audio))
    assert loudness.integrated(audio) == pytest.approx(integrated, abs=0.1)
    assert loudness.true_peak(audio) == pytest.approx(peak, abs=0.3)


def test_finds_the_peak_between_two_samples() -> None:
    at = np.arange(4800)
    between = np.sin(2 * np.pi * at / 4 + np.pi / 4)  # every sample at 0.707, the wave at 1
    assert loudness.decibels(float(np.abs(between).max())) == pytest.approx(-3.0, abs=0.05)
    assert loudness.true_peak(between[np.newaxis]) == pytest.approx(0.0, abs=0.3)


def test_silence_has_no_loudness() -> None:
    assert loudness.integrated(np.zeros((2, 48_000))) == loudness.SILENCE
