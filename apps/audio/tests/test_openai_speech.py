"""The speech API, over real HTTP: good answers of several kinds, and every kind of bad luck."""

import numpy as np
import pytest

from apps.audio import narration
from apps.audio.delivery import delivery
from apps.audio.providers import web
from apps.audio.providers.openai_speech import SpeechApi
from apps.audio.tests.material import PROFILE, line
from apps.audio.tests.speech_service import Answer, Service, as_file, serving, syllables_of_sound
from apps.contracts.decision import Mood, VoiceProfile
from apps.foundation.notices import heard
from apps.foundation.providers import ProviderUnavailable, UnableToProvide

TEXT = "An octopus has three hearts."
SOUND = syllables_of_sound(7)
GOOD = Answer(body=as_file(SOUND))
KEY = "sk-very-secret"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "PAUSES", (0.01, 0.02))


def api(service: Service, **wishes: object) -> SpeechApi:
    given = {"base_url": f"{service.url}/v1", "key": KEY, "model": "tts-1", "voice": "alloy"}
    return SpeechApi(**{**given, **wishes})


def speak(service: Service, **wishes: object):
    return api(service, **wishes).speak(TEXT, language="en", voice=PROFILE)


@pytest.mark.parametrize("kind", ["WAV", "MP3", "FLAC", "OGG"])
def test_sound_comes_back_whatever_its_format(kind: str) -> None:
    with serving(Answer(body=as_file(SOUND, kind=kind), kind="application/octet-stream")) as service:
        spoken = speak(service)
    assert len(spoken.samples) / spoken.sample_rate == pytest.approx(len(SOUND) / 24_000, abs=0.06)
    assert np.abs(spoken.samples).max() == pytest.approx(0.3, abs=0.2)


def test_headerless_samples_are_taken_at_the_rate_they_have() -> None:
    raw = (SOUND * 32767).astype("<i2").tobytes()
    with serving(Answer(body=raw + b"\x00", kind="audio/pcm")) as service:
        spoken = speak(service)
    assert len(spoken.samples) / spoken.sample_rate == pytest.approx(len(SOUND) / 24_000, abs=0.001)


def test_a_stream_whose_header_lies_about_its_length_is_read_whole() -> None:
    file = bytearray(as_file(SOUND))
    file[4:8] = file[40:44] = b"\xff\xff\xff\xff"
    with serving(Answer(body=bytes(file))) as service:
        spoken = speak(service)
    assert len(spoken.samples) / spoken.sample_rate == pytest.approx(len(SOUND) / 24_000, abs=0.05)


def test_asks_for_the_personas_voice_pace_and_mood() -> None:
    persona = VoiceProfile(voices={"en": "en-us+f3", "en@openai": "nova"}, rate=187)
    excited = delivery(Mood(emotion="awe", valence=0.5, arousal=0.9), energy="high")
    with serving(GOOD) as service:
        spoken = api(service, model="gpt-4o-mini-tts")
        assert spoken.voice_id("en", persona) == "nova"
        spoken.speak(TEXT, language="en", voice=persona, delivery=excited)
    asked = service.asked[0]
    assert asked.path == "/v1/audio/speech"
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert (asked.body["input"], asked.body["voice"]) == (TEXT, "nova")
    assert asked.body["speed"] == pytest.approx(1.1 * 1.06, abs=0.001)
    assert "excited" in asked.body["instructions"]
    assert "instructions" not in _asked_by("tts-1")


def _asked_by(model: str) -> dict:
    with serving(GOOD) as service:
        speak(service, model=model)
    return service.asked[0].body


def test_tells_what_it_cost() -> None:
    with serving(GOOD) as service, heard() as told:
        speak(service, usd_per_million=15.0)
    assert [(n.kind, n.facts["provider"], n.facts["calls"]) for n in told] == [("provider_used", "openai", 1)]
    assert told[0].facts["cost_usd"] == pytest.approx(len(TEXT) * 15e-6)


@pytest.mark.parametrize(
    "bad",
    [
        Answer(status=429, headers={"retry-after": "0.05"}),
        Answer(status=500),
        Answer(status=503, kind="text/html", body=b"<h1>busy</h1>"),
        Answer(body=GOOD.body[:2000], cut=5000),
    ],
    ids=["429", "500", "503", "cut off"],
)
def test_bad_luck_that_passes_is_waited_for(bad: Answer) -> None:
    with serving(bad, GOOD) as service:
        assert speak(service).samples.size
    assert len(service.asked) == 2


def test_trouble_that_stays_is_the_orchestrators() -> None:
    with serving(Answer(status=502)) as service, pytest.raises(ProviderUnavailable, match="502"):
        speak(service)
    assert len(service.asked) == 3


def test_a_service_that_wants_a_long_wait_is_not_waited_for() -> None:
    with serving(Answer(status=429, headers={"retry-after": "300"})) as service:
        with pytest.raises(ProviderUnavailable):
            speak(service)
        assert len(service.asked) == 1


def test_a_service_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "TRY_SECONDS", 0.2)
    with serving(Answer(delay=0.6)) as service, pytest.raises(ProviderUnavailable, match="in time"):
        speak(service)


def test_nobody_there_is_said_so() -> None:
    with serving(GOOD) as service:
        gone = service
    with pytest.raises(ProviderUnavailable, match="reached"):
        speak(gone)


@pytest.mark.parametrize(
    ("answer", "setting"),
    [
        (
            Answer(status=401, kind="application/json", body=b'{"error": {"message": "bad sk-very"}}'),
            "SPEECH_API_KEY",
        ),
        (Answer(status=400, body=TEXT.encode()), "SPEECH_VOICE"),
        (Answer(status=404), "SPEECH_BASE_URL"),
        (Answer(status=302, headers={"location": "http://127.0.0.1:9/elsewhere"}), "SPEECH_BASE_URL"),
        (Answer(kind="text/html; charset=utf-8", body=b"<html>sign in</html>"), "SPEECH_BASE_URL"),
        (Answer(kind="application/json", body=b'{"ok": true}'), "SPEECH_BASE_URL"),
        (Answer(status=429, body=b'{"error": {"code": "insufficient_quota"}}'), "credit"),
        (Answer(status=402), "credit"),
    ],
    ids=["401", "400", "404", "redirect", "page", "json", "quota", "402"],
)
def test_what_no_waiting_mends_says_what_to_do(answer: Answer, setting: str) -> None:
    with serving(answer) as service, pytest.raises(UnableToProvide, match=setting) as refused:
        speak(service)
    assert len(service.asked) == 1
    assert KEY not in str(refused.value)
    assert TEXT not in str(refused.value)


def test_bytes_that_are_no_sound_are_not_believed() -> None:
    with serving(Answer(body=b"RIFF" + bytes(3000))) as service, pytest.raises(ProviderUnavailable):
        speak(service)


def test_a_flood_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MAX_BYTES", 100_000)
    with serving(Answer(body=bytes(400_000))) as service, pytest.raises(UnableToProvide, match="more than"):
        speak(service)


@pytest.mark.parametrize("sound", [SOUND[:5000], np.tile(SOUND, 12), np.zeros(24_000, np.float32)])
def test_sound_that_cannot_be_the_line_is_not_believed(sound: np.ndarray) -> None:
    with (
        serving(Answer(body=as_file(sound))) as service,
        pytest.raises(ProviderUnavailable, match="syllables"),
    ):
        narration.record(line(TEXT), speaker=api(service), language="en", voice=PROFILE)


def test_a_line_is_paid_for_twice_at_most() -> None:
    with serving(GOOD) as service:  # this voice does not care which speed it is asked for
        natural = narration.record(line(TEXT), speaker=api(service), language="en", voice=PROFILE)
        assert len(service.asked) == 1
        wanted = round(natural.duration_ms * 1.2)
        speech = narration.record(
            line(TEXT), speaker=api(service), language="en", voice=PROFILE, target_ms=wanted
        )
        assert len(service.asked) == 3
        near = round(natural.duration_ms * 1.06)
        stretched = narration.record(
            line(TEXT), speaker=api(service), language="en", voice=PROFILE, target_ms=near
        )
        assert len(service.asked) == 4
    assert speech.duration_ms == pytest.approx(natural.duration_ms * 1.08, rel=0.01)
    assert stretched.duration_ms == pytest.approx(near, rel=0.01)
    assert [w.text for w in stretched.words] == TEXT.split()
    assert stretched.words[-1].end_ms <= stretched.duration_ms


def test_says_what_is_missing() -> None:
    nothing = SpeechApi(base_url="", key="", model="m", voice="v")
    assert "SPEECH_BASE_URL" in nothing.missing()
    with pytest.raises(UnableToProvide, match="SPEECH_BASE_URL"):
        nothing.speak(TEXT, language="en", voice=PROFILE)
    assert KEY not in repr(SpeechApi(base_url="", key=KEY, model="m", voice="v"))


def test_languages_may_be_fewer_than_the_official_ones() -> None:
    few = SpeechApi(base_url="http://x", model="kokoro", voice="v", spoken=("en", "ja"))
    assert few.languages() == {"en", "ja"}
    with pytest.raises(UnableToProvide, match="de"):
        few.speak("Hallo.", language="de", voice=PROFILE)
