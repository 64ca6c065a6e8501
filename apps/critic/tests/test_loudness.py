import re
from pathlib import Path

import numpy as np
import pytest

from apps.critic.loudness import SILENT, integrated, true_peak, weighted_power
from apps.critic.tests.takes import RATE, _wav
from apps.foundation import ffmpeg


def ebur128(samples: np.ndarray, folder: Path) -> tuple[float, float]:
    """(LUFS, dBTP) as ffmpeg measures them."""
    path = folder / "sound.wav"
    _wav(path, samples)
    _, log = ffmpeg.run(["-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-"])
    summary = log[log.rindex("Summary:") :]
    return tuple(float(re.search(rf"{name}:\s+(-?[\d.]+)", summary)[1]) for name in ("I", "Peak"))


def speech_like(seed: int) -> np.ndarray:
    """Eight seconds of stereo noise bursts with pauses, so that both gates have work to do."""
    rng = np.random.default_rng(seed)
    t = np.arange(8 * RATE) / RATE
    envelope = np.clip(np.sin(2 * np.pi * 0.4 * t), 0, 1)[:, None]
    return (rng.normal(0, 0.12, (len(t), 2)) * envelope).astype(np.float32)


@pytest.mark.parametrize("seed", [1, 2])
def test_loudness_and_true_peak_agree_with_ebur128(seed: int, tmp_path: Path) -> None:
    samples = speech_like(seed)
    loudness, peak = ebur128(samples, tmp_path)
    assert integrated(weighted_power(samples)) == pytest.approx(loudness, abs=0.11)
    assert true_peak(samples) == pytest.approx(peak, abs=0.2)


def test_true_peak_finds_what_lies_between_the_samples() -> None:
    t = np.arange(RATE) / RATE
    sine = np.sin(2 * np.pi * RATE / 4 * t + np.pi / 4)[:, None].astype(np.float32)
    assert 20 * np.log10(np.abs(sine).max()) == pytest.approx(-3.01, abs=0.01)
    assert true_peak(np.repeat(sine, 2, axis=1)[200:-200]) == pytest.approx(0.0, abs=0.7)


def test_silence_has_no_loudness() -> None:
    assert integrated(weighted_power(np.zeros((RATE, 2), dtype=np.float32))) == SILENT
    assert integrated(weighted_power(np.zeros((100, 2), dtype=np.float32))) == SILENT
