"""The user's own tracks: chosen, cut, credited; and what is no music, passed over."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from scipy import signal

from apps.audio import beats, tracks
from apps.audio.beats import RATE
from apps.audio.providers import own_music
from apps.audio.providers.own_music import OwnMusic
from apps.audio.tests.material import timeline
from apps.audio.tests.recordings import groove
from apps.foundation import blobs, ffmpeg
from apps.foundation.notices import Notice, heard
from apps.foundation.providers import UnableToProvide

TIMELINE = timeline(bars=6, bpm=118.0)
SAMPLES = TIMELINE.total_ms * 48


@pytest.fixture(autouse=True)
def told() -> Iterator[list[Notice]]:
    with heard() as notices:
        yield notices


def put(folder: Path, name: str, sound: np.ndarray, **tags: str) -> Path:
    """A track in the folder, encoded as its name says."""
    source = folder / "source.wav"
    soundfile.write(source, np.stack([sound, np.roll(sound, 12)], axis=1), RATE)
    named = [x for key, value in tags.items() for x in ("-metadata", f"{key}={value}")]
    ffmpeg.run(["-loglevel", "error", "-i", str(source), *named, str(folder / name)])
    source.unlink()
    return folder / name


def bed(folder: Path, seed: int = 1, **wishes: Any) -> own_music.Bed:
    given = {"timeline": TIMELINE, "samples": SAMPLES, **wishes}
    return OwnMusic(folder=str(folder)).bed(seed=seed, **given)


def rms_db(sound: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(sound**2) + 1e-12))


@pytest.fixture(scope="module")
def recording() -> np.ndarray:
    return groove(122.0, "house", seconds=30.0)


@pytest.mark.parametrize("suffix", ["mp3", "wav", "flac", "ogg", "m4a"])
def test_beats_of_the_track_fall_on_beats_of_the_timeline(
    tmp_path: Path, recording: np.ndarray, suffix: str
) -> None:
    put(tmp_path, f"song.{suffix}", recording)
    played = bed(tmp_path).samples
    assert played.shape == (2, SAMPLES)
    assert played.dtype == np.float32
    lap = signal.resample_poly(np.concatenate([played, played], axis=1).mean(axis=0), 1, 2)
    found = beats.find_pulse(beats.listen(lap.astype(np.float32)))
    assert found.tempo == pytest.approx(118.0, rel=0.005)
    off = (np.array(found.beats) + 0.25) % (60 / 118.0) - 0.25
    assert abs(np.median(off)) < 0.03


def test_the_end_leads_into_the_beginning_and_the_twist_is_waited_for(
    tmp_path: Path, recording: np.ndarray
) -> None:
    put(tmp_path, "song.flac", recording)
    played = bed(tmp_path).samples
    assert np.abs(played[:, 0] - played[:, -1]).max() < 0.06
    assert abs(rms_db(played[:, :7200]) - rms_db(played[:, -7200:])) <= 4
    twist = TIMELINE.shots[2].start_ms * 48
    usual = rms_db(played)
    assert rms_db(played[:, twist - 9600 : twist - 960]) < usual - 20
    assert rms_db(played[:, twist + 960 : twist + 24000]) > usual - 8


def test_a_track_without_a_beat_still_becomes_a_loop(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    wash = signal.sosfilt(signal.butter(2, 900, fs=RATE, output="sos"), rng.standard_normal(8 * RATE)) * 0.3
    put(tmp_path, "sea.ogg", wash.astype(np.float32))
    played = bed(tmp_path).samples
    assert played.shape == (2, SAMPLES)
    assert abs(rms_db(played[:, :7200]) - rms_db(played[:, -7200:])) <= 4
    quarter = SAMPLES // 4
    assert all(rms_db(played[:, n * quarter : (n + 1) * quarter]) > rms_db(played) - 10 for n in range(4))


def test_what_is_no_music_is_passed_over_and_said(
    tmp_path: Path, recording: np.ndarray, told: list[Notice]
) -> None:
    (tmp_path / "list.mp3").write_text("#EXTM3U\nfile:///etc/hostname\n")
    (tmp_path / "page.ogg").write_text("<html>")
    (tmp_path / "cut\u202e.mp3").write_bytes(b"\xff\xfb\x90\x00" * 20)
    (tmp_path / "gone.wav").symlink_to(tmp_path / "nowhere.wav")
    soundfile.write(tmp_path / "silent.wav", np.zeros(4 * RATE), RATE)
    put(tmp_path, "song.mp3", recording)
    assert bed(tmp_path).samples.any()
    skipped = {str(notice.facts["track"]) for notice in told if notice.kind == "music_skipped"}
    assert skipped == {"list.mp3", "page.ogg", "cut .mp3", "silent.wav"}


def test_an_empty_folder_cannot_provide(tmp_path: Path) -> None:
    assert OwnMusic(folder="").missing()
    assert not OwnMusic(folder=str(tmp_path)).missing()
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(UnableToProvide, match="MUSIC_FOLDER"):
            bed(folder)


@pytest.mark.parametrize(
    ("beside", "tags", "credit"),
    [
        ({"song.txt": "Night Bus by Jo Lee, CC BY 4.0\n"}, {}, "Music: Night Bus by Jo Lee, CC BY 4.0"),
        (
            {"song.txt": "Title: Night Bus\nArtist: Jo Lee\nLicense: CC0\n"},
            {"title": "other"},
            "Music: Night Bus by Jo Lee, CC0",
        ),
        ({"CREDITS.txt": "other.mp3: no\nsong.flac | Bus by Lee, CC0\n"}, {}, "Music: Bus by Lee, CC0"),
        ({}, {"title": "Bus\u202e {x}", "artist": "Lee"}, "Music: Bus {x} by Lee"),
        ({}, {}, "Music: song"),
    ],
)
def test_whoever_made_it_is_credited(
    tmp_path: Path, recording: np.ndarray, beside: dict[str, str], tags: dict[str, str], credit: str
) -> None:
    put(tmp_path, "song.flac", recording[: 10 * RATE], **tags)
    for name, text in beside.items():
        (tmp_path / name).write_text(text)
    assert bed(tmp_path, timeline=timeline(bars=2), samples=4000 * 48).credit == credit


def test_a_track_is_analysed_once(
    tmp_path: Path, recording: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "song.wav", recording)
    first = bed(tmp_path)
    monkeypatch.setattr(tracks, "analyse", lambda mono: pytest.fail("analysed again"))
    (tmp_path / "song.wav").rename(tmp_path / "renamed.wav")
    assert np.array_equal(bed(tmp_path).samples, first.samples)
    assert blobs.exists(f"library/music/{own_music._content(tmp_path / 'renamed.wav')}.json")


@pytest.mark.parametrize(("arousal", "chosen"), [(0.7, "chase"), (-0.5, "walk")])
def test_mood_chooses_among_the_tracks(tmp_path: Path, arousal: float, chosen: str) -> None:
    dull = signal.butter(4, 250, fs=RATE, output="sos")
    walk = signal.sosfilt(dull, groove(118.0, "half", seconds=16.0)).astype(np.float32)
    put(tmp_path, "walk.flac", walk, title="walk")
    put(tmp_path, "chase.flac", groove(118.0, "house", seconds=16.0), title="chase")
    mood = replace(TIMELINE, shots=tuple(replace(s, arousal=arousal, valence=0.0) for s in TIMELINE.shots))
    assert bed(tmp_path, timeline=mood).credit == f"Music: {chosen}"
