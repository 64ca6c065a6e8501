"""ElevenLabs, over real HTTP: its own times are believed where they make sense."""

import base64
import json

import numpy as np
import pytest

from apps.audio import narration
from apps.audio.delivery import delivery
from apps.audio.providers import web
from apps.audio.providers.elevenlabs import ElevenLabsVoice
from apps.audio.tests.material import PROFILE, line
from apps.audio.tests.speech_service import Answer, Service, serving, syllables_of_sound
from apps.contracts.decision import Mood, VoiceProfile
from apps.foundation.notices import heard
from apps.foundation.providers import ProviderUnavailable, UnableToProvide

TEXT = "It has three naïve hearts."
SOUND = syllables_of_sound(7)
KEY = "xi-very-secret"
#: Milliseconds at which the service says that each character begins: 50 apart after a tenth of a second.
STARTS = [0.1 + 0.05 * i for i in range(len(TEXT))]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "PAUSES", (0.01, 0.02))


def answer(characters: str = TEXT, starts: list[float] | None = STARTS, **changes: object) -> Answer:
    told = {
        "audio_base64": base64.b64encode((SOUND * 32767).astype("<i2").tobytes()).decode(),
        "alignment": starts
        and {
            "characters": list(characters),
            "character_start_times_seconds": starts,
            "character_end_times_seconds": [s + 0.05 for s in starts],
        },
        "normalized_alignment": None,
        **changes,
    }
    return Answer(kind="application/json", body=json.dumps(told).encode())


def voice(service: Service, **wishes: object) -> ElevenLabsVoice:
    given = {"base_url": service.url, "key": KEY, "voice": "Rachel01", "model": "eleven_multilingual_v2"}
    return ElevenLabsVoice(**{**given, **wishes})


def test_words_begin_where_the_service_says() -> None:
    with serving(answer()) as service:
        spoken = voice(service).speak(TEXT, language="en", voice=PROFILE)
    assert [(TEXT[m.first : m.first + m.length], round(m.ms)) for m in spoken.marks] == [
        ("It", 100),
        ("has", 250),
        ("three", 450),
        ("naïve", 750),
        ("hearts.", 1050),
    ]
    assert len(spoken.samples) == len(SOUND)


def test_asks_for_times_samples_voice_and_mood() -> None:
    persona = VoiceProfile(voices={"en": "en-us+f3", "en@elevenlabs": "b/ob"}, rate=170)
    excited = delivery(Mood(emotion="awe", valence=0.5, arousal=1.0), energy="medium")
    with serving(answer()) as service, heard() as told:
        speaker = voice(service, usd_per_million=300.0, model="eleven_turbo_v2_5")
        speaker.speak(TEXT, language="en", voice=persona, delivery=excited)
    asked = service.asked[0]
    assert asked.path == "/v1/text-to-speech/b%2Fob/with-timestamps?output_format=pcm_24000"
    assert asked.headers["xi-api-key"] == KEY
    assert (asked.body["text"], asked.body["language_code"]) == (TEXT, "en")
    assert asked.body["voice_settings"]["stability"] == pytest.approx(0.3)
    assert asked.body["voice_settings"]["speed"] == pytest.approx(1.06)
    assert told[0].facts["cost_usd"] == pytest.approx(len(TEXT) * 300e-6)


def test_a_model_that_refuses_to_be_told_a_language_is_not_told() -> None:
    with serving(answer()) as service:
        voice(service).speak(TEXT, language="en", voice=PROFILE)
    assert "language_code" not in service.asked[0].body


@pytest.mark.parametrize(
    "odd",
    [
        answer(starts=None),
        answer(starts=[0.5] * len(TEXT)),
        answer(characters=TEXT.upper()),
        answer(starts=STARTS[:-3]),
    ],
    ids=["no times", "all the same", "another text", "too few"],
)
def test_times_that_make_no_sense_are_found_by_ear_instead(odd: Answer) -> None:
    with serving(odd) as service:
        assert voice(service).speak(TEXT, language="en", voice=PROFILE).marks == ()
        speech = narration.record(line(TEXT), speaker=voice(service), language="en", voice=PROFILE)
    starts = [w.start_ms for w in speech.words]
    assert starts == sorted(set(starts))
    assert [w.text for w in speech.words] == TEXT.split()


def test_no_credit_is_not_a_wrong_key() -> None:
    spent = json.dumps({"detail": {"status": "quota_exceeded", "message": f"no credits for {TEXT}"}}).encode()
    with (
        serving(Answer(status=401, kind="application/json", body=spent)) as service,
        pytest.raises(UnableToProvide, match="credit") as refused,
    ):
        voice(service).speak(TEXT, language="en", voice=PROFILE)
    assert TEXT not in str(refused.value)


@pytest.mark.parametrize(
    "broken",
    [
        Answer(kind="application/json", body=b"[1, 2"),
        Answer(kind="application/json", body=b'{"detail": "later"}'),
        answer(audio_base64="%%%"),
    ],
    ids=["half", "other", "not base64"],
)
def test_an_answer_that_cannot_be_read_may_be_better_next_time(broken: Answer) -> None:
    with serving(broken) as service, pytest.raises(ProviderUnavailable) as failure:
        voice(service).speak(TEXT, language="en", voice=PROFILE)
    assert "later" not in str(failure.value)


def test_a_page_in_place_of_an_answer_names_the_setting() -> None:
    page = Answer(kind="text/html", body=b"<html></html>")
    with serving(page) as service, pytest.raises(UnableToProvide, match="ELEVENLABS_BASE_URL"):
        voice(service).speak(TEXT, language="en", voice=PROFILE)


def test_says_what_is_missing_and_what_it_does_not_speak() -> None:
    assert "ELEVENLABS_API_KEY" in ElevenLabsVoice(key="", voice="v", model="m").missing()
    unset = ElevenLabsVoice(key=KEY, voice="", model="m")
    assert "ELEVENLABS_VOICE" in unset.missing()
    assert KEY not in repr(unset)
    with pytest.raises(UnableToProvide, match="ELEVENLABS_VOICE"):
        unset.speak(TEXT, language="en", voice=PROFILE)
    with pytest.raises(UnableToProvide, match="'ka'"):
        ElevenLabsVoice(key=KEY, voice="v", model="m").speak(TEXT, language="ka", voice=PROFILE)


def test_silence_is_not_believed() -> None:
    quiet = base64.b64encode(np.zeros(24_000, "<i2").tobytes()).decode()
    with serving(answer(audio_base64=quiet)) as service, pytest.raises(ProviderUnavailable):
        narration.record(line(TEXT), speaker=voice(service), language="en", voice=PROFILE)
