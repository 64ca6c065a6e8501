"""The door: rows, blobs, and work that is not done twice."""

from dataclasses import replace
from uuid import uuid4

import pytest
import soundfile
from django.contrib.admin import site

from apps.audio import interface, narration
from apps.audio.admin import AudioTrackAdmin
from apps.audio.models import AudioTrack
from apps.audio.tests.material import PROFILE, line, timeline
from apps.contracts.brief import Brief, Providers
from apps.contracts.decision import Mood
from apps.contracts.identity import row_id
from apps.contracts.judgement import Directive, DirectiveKind
from apps.contracts.media import Mix, Narration
from apps.foundation import blobs
from apps.foundation.providers import UnableToProvide

pytestmark = pytest.mark.django_db(databases=["audio"])
JOB, SCRIPT = uuid4(), uuid4()


def narrate(text: str = "Nobody tells you this.", *, attempt: int = 0, ordinal: int = 0) -> Narration:
    return interface.narrate(
        job_id=JOB,
        attempt=attempt,
        script_id=SCRIPT,
        line=line(text, ordinal),
        language="en-US",
        voice=PROFILE,
    )


def score(narrations: tuple[Narration, ...], **wishes: object) -> Mix:
    given = {"job_id": JOB, "attempt": 0, "script_id": SCRIPT, "timeline": timeline(bars=2), "seed": 4}
    return interface.score(narrations=narrations, **{**given, **wishes})


def test_a_narration_is_kept_with_its_row() -> None:
    said = narrate()
    with blobs.local(said.key) as path:
        info = soundfile.info(path)
    assert (info.samplerate, info.channels, info.subtype) == (48_000, 1, "PCM_16")
    assert abs(info.duration * 1000 - said.duration_ms) < 1
    row = AudioTrack.objects.get(id=row_id(JOB, 0, "narration", 0))
    assert (row.storage_url, row.voice_id, row.script_id) == (said.key, "en-us+f3", SCRIPT)


def test_the_same_line_is_spoken_once_for_all_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    first = narrate()
    monkeypatch.setattr(narration, "record", lambda *a, **k: pytest.fail("spoken again"))
    assert narrate() == first
    assert narrate(attempt=1) == first
    assert AudioTrack.objects.count() == 2


def test_a_lost_blob_is_made_again() -> None:
    said = narrate()
    with blobs.local(said.key) as path:
        path.unlink()
    assert narrate() == said
    assert blobs.exists(said.key)


def test_a_mix_keeps_its_stems_and_what_was_measured() -> None:
    said = (narrate(), narrate("It has three hearts.", ordinal=1))
    mix = score(said)
    for key, channels in ((mix.key, 2), (mix.voice_key, 2), (mix.bed_key, 2)):
        with blobs.local(key) as path:
            info = soundfile.info(path)
        assert (info.samplerate, info.channels, info.frames) == (48_000, channels, mix.duration_ms * 48)
    assert mix.integrated_lufs == pytest.approx(-14, abs=1)
    assert mix.true_peak_dbtp <= -1.5
    assert score(said) == mix


def test_a_directive_makes_another_mix() -> None:
    said = (narrate(),)
    lower = Directive(kind=DirectiveKind.LOWER_BED, ordinal=None, amount=0.5, reason="bed too near")
    other = Directive(kind=DirectiveKind.MORE_MOTION, ordinal=None, amount=0.5, reason="still")
    plain = score(said)
    assert score(said, attempt=1, directives=(lower,)).key != plain.key
    assert score(said, attempt=1, directives=(other,)).key == plain.key


def test_captions_do_not_change_the_mix() -> None:
    said, cut = (narrate(),), timeline(bars=2)
    renamed = replace(cut, shots=tuple(replace(s, emotion="joy") for s in cut.shots))
    assert score(said, timeline=renamed).key == score(said, timeline=cut).key


def test_admin_lets_a_track_be_heard() -> None:
    said = narrate()
    player = AudioTrackAdmin(AudioTrack, site).player(AudioTrack.objects.get())
    assert player.startswith("<audio controls")
    assert said.key not in player  # only a signed link leads to it


def test_a_sample_is_spoken_once() -> None:
    asked = {"persona_id": "maya", "voice": PROFILE, "language": "en", "text": "Hello <b>there</b> {you}."}
    key = interface.speak_sample(**asked)
    assert blobs.exists(key)
    assert interface.speak_sample(**asked) == key
    assert "maya" not in key


def test_a_brief_is_refused_field_by_field() -> None:
    brief = Brief(topic="x", language="ja", providers=Providers(music="kazoo"))
    assert [(p.field, p.code) for p in interface.problems_with(brief)] == [
        ("providers.music", "unknown_provider"),
        ("language", "unspoken_language"),
    ]
    named = Brief(topic="x", providers=Providers(voice="parrot"))
    assert [p.field for p in interface.problems_with(named)] == ["providers.voice"]
    assert interface.problems_with(Brief(topic="x", language="hi")) == ()


def test_a_voice_that_is_not_set_up_says_what_to_set() -> None:
    unset = interface.problems_with(Brief(topic="x", providers=Providers(voice="elevenlabs, piper")))
    assert [(p.field, p.code) for p in unset] == [("providers.voice", "provider_not_configured")]
    assert "ELEVENLABS_API_KEY" in unset[0].remedy
    assert "PIPER_VOICE" in unset[0].remedy
    assert interface.problems_with(Brief(topic="x", providers=Providers(voice="elevenlabs, espeak"))) == ()
    assert interface.problems_with(Brief(topic="x", providers=Providers(voice="espeak, parrot")))


def test_a_language_is_spoken_if_one_of_the_voices_speaks_it(settings) -> None:
    settings.ELEVENLABS_API_KEY, settings.ELEVENLABS_VOICE = "k", "v"
    japanese = Brief(topic="x", language="ja", providers=Providers(voice="espeak, elevenlabs"))
    assert interface.problems_with(japanese) == ()
    georgian = replace(japanese, language="ka")
    assert [p.code for p in interface.problems_with(georgian)] == ["unspoken_language"]


def test_a_mood_makes_another_narration_and_a_hairs_breadth_of_it_does_not() -> None:
    said = {"job_id": JOB, "attempt": 0, "script_id": SCRIPT, "line": line("Hi there.", 1), "language": "en"}
    keys = [
        interface.narrate(**said, voice=PROFILE, mood=Mood(emotion="awe", valence=0, arousal=a)).key
        for a in (0.5, 0.52, -0.5)
    ]
    assert keys[0] == keys[1] != keys[2]


def test_speaks_what_the_design_promises() -> None:
    assert {"en", "es", "fr", "de", "it", "pt", "hi"} <= interface.languages()
    assert not {"ja", "zh", "ar"} & interface.languages()


def test_an_unknown_provider_is_said_so() -> None:
    with pytest.raises(UnableToProvide, match="parrot"):
        interface.narrate(
            job_id=JOB,
            attempt=0,
            script_id=SCRIPT,
            line=line("Hi."),
            language="en",
            voice=PROFILE,
            provider="parrot",
        )
