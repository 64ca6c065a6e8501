"""What the chain does to a synthesiser, and what it leaves alone."""

import numpy as np
import pytest

from apps.audio import loudness, voice_chain
from apps.audio.providers import Utterance
from apps.audio.providers.espeak import EspeakVoice
from apps.audio.voice_chain import polish
from apps.contracts.decision import VoiceProfile

TEXT = "Nobody tells you this, but saving ten dollars a week changes everything. So start today."


def spoken(named: str, pitch: int) -> Utterance:
    profile = VoiceProfile(voices={"en": named}, rate=170, pitch=pitch)
    return EspeakVoice().speak(TEXT, language="en", voice=profile)


def distance(sound: np.ndarray, rate: int) -> float:
    """RMS of the octaves' distance from the spectrum of speech, 250 Hz to 8 kHz, in dB."""
    levels = voice_chain.octave_levels(voice_chain.resample(sound, rate))
    off = (levels - np.array([db for _, db in voice_chain.SPEECH]))[1:]
    return float(np.sqrt(np.mean((off - off[:5].mean()) ** 2)))


@pytest.mark.parametrize(("named", "pitch"), [("en-us+f3", 58), ("en-us+m3", 26), ("en+f4", 52)])
def test_a_synthesiser_comes_nearer_to_the_spectrum_of_people(named: str, pitch: int) -> None:
    said = spoken(named, pitch)
    before = distance(said.samples, said.sample_rate)
    after = distance(polish(said.samples, said.sample_rate, reference=said.reference), 48_000)
    assert after < 0.65 * before
    assert after < 2.5


def test_every_scene_of_a_speaker_is_mended_alike() -> None:
    profile = VoiceProfile(voices={"en": "en-us+f3"})
    short, long = (EspeakVoice().speak(t, language="en", voice=profile).reference for t in ("Hiss.", TEXT))
    assert np.array_equal(short, long)


def test_a_voice_that_sounds_like_a_person_keeps_its_colour() -> None:
    noise = np.random.default_rng(3).standard_normal(48_000) * 0.1
    swelling = noise * (0.2 + np.sin(np.linspace(0, 20, 48_000)) ** 2)
    before, after = (voice_chain.octave_levels(x) for x in (swelling, polish(swelling, 48_000)))
    change = (after - before)[1:5]
    assert np.ptp(change) < 1.0


def test_peaks_and_level_are_the_same_for_every_voice() -> None:
    said = spoken("en-us+m7", 56)
    out = polish(said.samples, said.sample_rate, reference=said.reference)
    assert loudness.integrated(out[np.newaxis]) == pytest.approx(voice_chain.LEVEL, abs=0.5)
    assert loudness.true_peak(out[np.newaxis]) <= voice_chain.LEVEL + voice_chain.CREST + 0.5
    assert abs(out[0]) < 1e-3
    assert abs(out[-1]) < 1e-3


def test_hiss_is_held_down_and_the_rest_is_not() -> None:
    rng = np.random.default_rng(5)
    hum = np.sin(2 * np.pi * 200 * np.arange(48_000) / 48_000) * 0.1
    hiss = np.diff(rng.standard_normal(48_001)) * 0.1
    hissing = hum.copy()
    hissing[20_000:26_000] += hiss[20_000:26_000]
    held = voice_chain.deess(hissing)
    power = [np.mean((x[21_000:25_000] - hum[21_000:25_000]) ** 2) for x in (held, hissing)]
    assert 10 * np.log10(power[0] / power[1]) < -3.0
    assert np.allclose(held[:15_000], hissing[:15_000], atol=1e-3)


def test_a_held_note_wavers_by_less_than_a_quarter_tone() -> None:
    tone = np.sin(2 * np.pi * 200 * np.arange(96_000) / 48_000)
    crossings = np.flatnonzero(np.diff(np.signbit(voice_chain.wander(tone)).astype(int)) == -1)
    cents = 1200 * np.log2(np.diff(crossings).astype(float) / 240)
    smooth = np.convolve(cents, np.ones(10) / 10, "valid")
    assert 2.0 < smooth.std() < 20.0
    assert np.abs(smooth).max() < 50.0


@pytest.mark.parametrize("reference", [None, np.zeros(4000, np.float32)])
def test_silence_stays_silence(reference: np.ndarray | None) -> None:
    assert np.abs(polish(np.zeros(4000, np.float32), 16_000, reference=reference)).max() < 1e-6
