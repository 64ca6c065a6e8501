"""Real speech from the embedded voice."""

import numpy as np
import pytest

from apps.audio import loudness, narration
from apps.audio.alignment import frame_levels, speech_bounds
from apps.audio.narration import record, speakable
from apps.audio.providers.espeak import EspeakVoice
from apps.audio.tests.material import PROFILE, line
from apps.contracts.decision import VoiceProfile
from apps.contracts.story import Line, Word
from apps.foundation.providers import UnableToProvide

SPEAKER = EspeakVoice()
SENTENCE = "An octopus has three hearts, and two of them stop when it swims."


def spoken(text: str, **wishes: object) -> narration.Speech:
    wishes = {"language": "en", "voice": PROFILE, **wishes}
    return record(line(text), speaker=SPEAKER, **wishes)


def test_speech_begins_at_once_and_every_word_has_its_time() -> None:
    speech = spoken(SENTENCE)
    onset, end = speech_bounds(speech.samples, loudness.SAMPLE_RATE)
    assert onset <= 30
    assert speech.duration_ms - end <= 150
    assert [w.text for w in speech.words] == SENTENCE.split()
    edges = [t for w in speech.words for t in (w.start_ms, w.end_ms)]
    assert edges == sorted(edges)
    assert edges[0] >= 0
    assert edges[-1] <= speech.duration_ms


def test_a_word_after_a_pause_is_timed_by_ear() -> None:
    speech = spoken("Stop. Patience. Wait.")
    levels = frame_levels(speech.samples, loudness.SAMPLE_RATE)
    for before, word in zip(speech.words, speech.words[1:], strict=False):
        sound = (
            np.flatnonzero(levels[before.end_ms // 10 + 2 :] > -26)[0] * 10 + before.end_ms // 10 * 10 + 20
        )
        assert abs(word.start_ms - sound) <= 60


@pytest.mark.parametrize("factor", [0.9, 1.1])
def test_a_target_within_reach_is_met(factor: float) -> None:
    wanted = round(spoken(SENTENCE).duration_ms * factor)
    assert spoken(SENTENCE, target_ms=wanted).duration_ms == pytest.approx(wanted, rel=0.03)


def test_a_target_out_of_reach_does_not_make_the_voice_gabble() -> None:
    natural = spoken(SENTENCE).duration_ms
    assert spoken(SENTENCE, target_ms=natural // 3).duration_ms >= natural * 0.83


def test_the_same_line_is_the_same_sound() -> None:
    assert np.array_equal(spoken(SENTENCE).samples, spoken(SENTENCE).samples)


@pytest.mark.parametrize("rate", [150, 190])
def test_the_rate_is_words_a_minute_as_heard(rate: int) -> None:
    speech = spoken(
        "Saving just ten dollars a week sounds like nothing. After thirty years, it could buy you a house.",
        voice=VoiceProfile(voices={"en": "en-us"}, rate=rate),
    )
    assert len(speech.words) * 60_000 / speech.duration_ms == pytest.approx(rate, rel=0.12)


def test_every_language_on_offer_is_spoken() -> None:
    for language in SPEAKER.languages():
        speech = spoken(SENTENCE, language=language, voice=VoiceProfile())
        assert loudness.integrated(speech.samples[np.newaxis]) == pytest.approx(-21, abs=1)


def test_personas_sound_different() -> None:
    low = spoken("Same words.", voice=VoiceProfile(voices={"en": "en-us+m3"}, pitch=20))
    high = spoken("Same words.", voice=VoiceProfile(voices={"en": "en-us+f2"}, pitch=80))
    assert _pitch(high) > 1.3 * _pitch(low)


def _pitch(speech: narration.Speech) -> float:
    """Hz: the lag, between 60 and 400 Hz, at which the sound most resembles itself."""
    spectrum = np.abs(np.fft.rfft(speech.samples, 2 * len(speech.samples))) ** 2
    resemblance = np.fft.irfft(spectrum)[120:800]
    return 48_000 / (120 + int(np.argmax(resemblance)))


@pytest.mark.parametrize("text", ["😀 🎉", "", "\x01\x02", "​ ‮"])
def test_nothing_that_can_be_said_becomes_a_short_silence(text: str) -> None:
    speech = spoken(text)
    assert 300 <= speech.duration_ms <= 1000
    assert len(speech.words) == len(text.split())
    assert not speech.samples.any()


def test_hostile_text_is_only_text() -> None:
    speech = spoken("{x} \\N <break/> %s $(id) 'quote' \x0150P مرحبا done 🎉")
    assert len(speech.words) == 10
    assert speech.words[-1].text == "🎉"
    assert speakable("a\x01b🎉\u202ec") == "a b c"


def test_a_token_keeps_its_written_form() -> None:
    dollars = Line(ordinal=0, words=(Word(display="$1,200", spoken="twelve hundred dollars"),))
    speech = record(dollars, speaker=SPEAKER, language="en", voice=PROFILE)
    assert [w.text for w in speech.words] == ["$1,200"]


@pytest.mark.parametrize("name", ["../../etc", "en us", "xx-nothing"])
def test_a_voice_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(UnableToProvide):
        spoken("Hello.", voice=VoiceProfile(voices={"en": name}))
