"""Real speech from the embedded voice."""

import time
from dataclasses import replace

import numpy as np
import pytest

from apps.audio import loudness, narration
from apps.audio.alignment import frame_levels, speech_bounds
from apps.audio.delivery import delivery
from apps.audio.narration import record, speakable
from apps.audio.providers.espeak import EspeakVoice
from apps.audio.tests.material import PROFILE, line
from apps.contracts.decision import Mood, VoiceProfile
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


def test_the_same_line_is_the_same_sound_also_a_second_later() -> None:
    first = spoken(SENTENCE).samples
    time.sleep(1.0)  # the synthesiser would seed its noise with the clock
    assert np.array_equal(first, spoken(SENTENCE).samples)


def moved(arousal: float, **wishes: object) -> narration.Speech:
    mood = Mood(emotion="awe", valence=0.0, arousal=arousal)
    return spoken(SENTENCE, delivery=delivery(mood, energy="medium"), **wishes)


def test_excitement_is_heard_in_pitch_and_pace() -> None:
    calm, excited = moved(-0.7), moved(0.9)
    assert _median_pitch(excited) > 1.1 * _median_pitch(calm)
    assert excited.duration_ms < 0.95 * calm.duration_ms
    for speech in (calm, excited):
        starts = [w.start_ms for w in speech.words]
        assert starts == sorted(set(starts))


def test_a_target_is_met_at_the_moods_own_pace() -> None:
    target = spoken(SENTENCE).duration_ms
    calm, excited = moved(-0.7, target_ms=target), moved(0.9, target_ms=target)
    assert excited.duration_ms < target < calm.duration_ms
    assert excited.duration_ms == pytest.approx(target, rel=0.08)
    assert calm.duration_ms == pytest.approx(target, rel=0.08)


def test_a_question_rises_and_a_statement_does_not_drop_dead() -> None:
    asked, told = spoken("So why does it swim at all?"), spoken("That is why it swims at all.")
    assert _last_pitch(asked) > 1.05 * _median_pitch(asked)
    assert 0.62 < _last_pitch(told) / _median_pitch(told) < 1.0


def test_a_stressed_word_is_higher_and_longer_and_the_others_stay_timed() -> None:
    texts = [Word(display=w, spoken=w) for w in ["We", "saw", "eleven", "of", "them", "there"]]
    marked = [replace(word, display="11") if word.spoken == "eleven" else word for word in texts]
    plain, loud = (
        record(Line(ordinal=0, words=tuple(words)), speaker=SPEAKER, language="en", voice=PROFILE)
        for words in (texts, marked)
    )
    assert [w.start_ms for w in loud.words[:3]] == pytest.approx(
        [w.start_ms for w in plain.words[:3]], abs=30
    )
    before, after = (_pitches(s)[s.words[2].start_ms // 10 : s.words[2].end_ms // 10] for s in (plain, loud))
    assert np.nanmedian(after) > 1.05 * np.nanmedian(before)
    assert loud.words[2].end_ms - loud.words[2].start_ms > plain.words[2].end_ms - plain.words[2].start_ms


def _pitches(speech: narration.Speech) -> np.ndarray:
    """Hz of each 10 ms, nan where there is no tone: the lag at which 40 ms resemble what follows most."""
    sound, size, found = speech.samples[::2], 960, []
    for first in range(0, len(sound) - 2 * size, 240):
        frame, ahead = sound[first : first + size], sound[first : first + 2 * size]
        power = np.convolve(ahead**2, np.ones(size), "valid") * np.sum(frame**2)
        alike = np.correlate(ahead, frame, "valid") / np.sqrt(power + 1e-12)
        lag = 60 + int(np.argmax(alike[60:400]))
        found.append(24_000 / lag if alike[lag] > 0.7 and np.sum(frame**2) > 0.05 else np.nan)
    return np.array(found)


def _median_pitch(speech: narration.Speech) -> float:
    return float(np.nanmedian(_pitches(speech)))


def _last_pitch(speech: narration.Speech) -> float:
    """The pitch of the end of the last word."""
    last = speech.words[-1]
    heard = _pitches(speech)[last.start_ms // 10 : last.end_ms // 10]
    return float(np.median(heard[~np.isnan(heard)][-8:]))


@pytest.mark.parametrize("rate", [150, 190])
def test_the_rate_is_words_a_minute_as_heard(rate: int) -> None:
    speech = spoken(
        "Saving just ten dollars a week sounds like nothing. After thirty years, it could buy you a house.",
        voice=VoiceProfile(voices={"en": "en-us"}, rate=rate),
    )
    assert len(speech.words) * 60_000 / speech.duration_ms == pytest.approx(rate, rel=0.12)


@pytest.mark.parametrize(
    ("language", "pace", "text"),
    [
        (
            "en",
            1.0,
            "Saving ten dollars a week sounds like nothing. After thirty years, it could buy you a house.",
        ),
        (
            "es",
            1.0,
            "Ahorrar diez dólares a la semana parece nada. Tras treinta años, podría comprarte una casa.",
        ),
        (
            "de",
            0.86,
            "Niemand sagt dir das, aber dein Gehirn belügt dich jeden Morgen, und der Mond sieht dabei zu.",
        ),
    ],
)
def test_a_language_is_spoken_at_the_pace_its_stories_are_planned_with(
    language: str, pace: float, text: str
) -> None:
    speech = spoken(text, language=language, voice=VoiceProfile(rate=170))
    assert len(speech.words) * 60_000 / speech.duration_ms == pytest.approx(170 * pace, rel=0.1)


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
