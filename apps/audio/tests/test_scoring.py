"""The door's `score`: which music a job gets, what is said of it, and what it takes."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
import soundfile

from apps.audio import interface
from apps.audio.beats import RATE
from apps.audio.models import AudioTrack
from apps.audio.tests.material import timeline
from apps.audio.tests.recordings import groove
from apps.contracts.brief import Brief, Providers
from apps.contracts.media import Mix, Narration
from apps.foundation import blobs
from apps.foundation.notices import heard
from apps.foundation.providers import UnableToProvide

pytestmark = pytest.mark.django_db(databases=["audio"])
JOB, SCRIPT = uuid4(), uuid4()


def score(provider: str = "", **wishes: Any) -> Mix:
    given = {"job_id": JOB, "attempt": 0, "script_id": SCRIPT, "timeline": timeline(bars=2), "seed": 4}
    return interface.score(narrations=(), provider=provider, **{**given, **wishes})


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """A folder with one credited track, configured."""
    place = tmp_path / "tracks"
    place.mkdir()
    soundfile.write(place / "bus.wav", groove(120.0, seconds=12.0), RATE)
    (place / "bus.txt").write_text("Night Bus by Jo Lee, CC BY 4.0")
    settings.MUSIC_FOLDER = str(place)
    return place


@pytest.mark.usefixtures("folder")
def test_the_users_own_music_is_credited_in_mix_and_row() -> None:
    mix = score("own")
    assert mix.credit == "Music: Night Bus by Jo Lee, CC BY 4.0"
    assert mix.integrated_lufs == pytest.approx(-14, abs=1)
    assert AudioTrack.objects.get(id=mix.id).provider == "own"
    assert score("own") == mix


def test_an_empty_folder_falls_back_and_says_so(folder: Path) -> None:
    (folder / "bus.wav").unlink()
    with heard() as told:
        mix = score("own, composed")
    assert mix.credit == ""
    assert [(n.kind, n.facts["provider"], n.facts["to"]) for n in told] == [
        ("provider_fell_back", "own", "composed")
    ]
    with pytest.raises(UnableToProvide, match="MUSIC_FOLDER"):
        score("own")


def test_stems_are_lossless_and_small() -> None:
    mix = score()
    sizes = {}
    for key in (mix.key, mix.voice_key, mix.bed_key):
        with blobs.local(key) as path:
            sizes[key] = path.stat().st_size
            assert soundfile.info(path).frames == mix.duration_ms * 48
    assert sizes[mix.bed_key] < 0.8 * sizes[mix.key]
    assert sizes[mix.voice_key] < 0.02 * sizes[mix.key]
    with blobs.local(mix.key) as whole, blobs.local(mix.bed_key) as bed:
        assert np.allclose(soundfile.read(whole)[0], soundfile.read(bed)[0], atol=1e-4)


def test_music_that_is_unknown_or_not_set_up_is_refused(settings: Any) -> None:
    def codes(music: str) -> list[tuple[str, str]]:
        brief = Brief(topic="x", providers=Providers(music=music))
        return [(problem.field, problem.code) for problem in interface.problems_with(brief)]

    settings.MUSIC_FOLDER = ""
    assert codes("own, kazoo") == [("providers.music", "unknown_provider")]
    assert codes("own") == [("providers.music", "provider_not_configured")]
    assert codes("own, composed") == codes("") == []


MEMORY = """
import resource, numpy as np
from apps.audio.composer import compose
from apps.audio.mixdown import Placed, mix_down
from apps.audio.synth import render
from apps.audio.tests.material import timeline
cut = timeline(bars=90, bpm=120)
noise = np.random.default_rng(0)
voice = (noise.standard_normal(48 * 170_000) * 0.1).astype(np.float32)
bed = render(compose(cut, seed=1), samples=cut.total_ms * 48)
programme = mix_down([Placed(samples=voice, start=4800)], bed)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, round(programme.integrated_lufs, 1))
"""


def test_three_minutes_are_mixed_in_less_than_half_a_gigabyte() -> None:
    done = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True)
    megabytes, lufs = done.stdout.split()
    assert int(megabytes) < 500
    assert float(lufs) == pytest.approx(-14, abs=1)


def test_another_persona_has_other_music() -> None:
    def bed(voice_id: str) -> np.ndarray:
        blobs.put_bytes("line.wav", _silence())
        line = Narration(
            ordinal=0, key="line.wav", duration_ms=200, words=(), voice_id=voice_id, provider="espeak"
        )
        mix = interface.score(
            job_id=uuid4(), attempt=0, script_id=SCRIPT, timeline=timeline(bars=2), narrations=(line,), seed=0
        )
        with blobs.local(mix.bed_key) as path:
            return soundfile.read(path)[0][:, 0]

    assert np.array_equal(bed("en-us+f3"), bed("en-us+f3"))
    assert abs(np.corrcoef(bed("en-us+f3"), bed("en-gb+m2"))[0, 1]) < 0.6


def _silence() -> bytes:
    file = io.BytesIO()
    soundfile.write(file, np.zeros(9600), 48_000, format="WAV", subtype="PCM_16")
    return file.getvalue()
