"""Whole renders on real ffmpeg: segments, their joint, the file's boxes."""

import gc
import subprocess
import wave
from dataclasses import replace
from uuid import UUID

import numpy as np
import psutil
import pytest

from apps.contracts.brief import Brief
from apps.contracts.media import Mix
from apps.foundation import blobs, ffmpeg, mp4
from apps.video import encoder, interface
from apps.video.assembly import metadata
from apps.video.models import Video
from apps.video.planes import UnableToReadPicture
from apps.video.subtitles import to_srt, to_vtt
from apps.video.tests.examples import (
    CURVE,
    FRAME,
    JOB,
    LINES,
    SAFE,
    STRATEGY,
    narrations,
    picture,
    story,
    write_layers,
)

SHORT = ("An octopus has three hearts.", "It is blue inside.", "Swimming stops one.", "So remember:")


@pytest.fixture
def storage(settings, tmp_path):
    settings.ENCODER_PRESET = "superfast"
    return tmp_path


def timeline(lines=SHORT, pace=0.6):
    return interface.lay_out(
        story=story(lines),
        script=None,
        narrations=narrations(lines, pace),
        curve=CURVE,
        strategy=STRATEGY,
        frame=FRAME,
    )


def pictures(folder):
    made = []
    for n in range(4):
        keys = tuple(
            blobs.put(f"jobs/{JOB}/layer-{n}-{k}.png", f) for k, f in enumerate(write_layers(folder, n))
        )
        made.append(picture(n, keys))
    return made


def composed(line, drawn, shot, **changes):
    last = shot is line.shots[-1]
    wanted = {
        "job_id": JOB,
        "attempt": 1,
        "shot": shot,
        "picture": drawn[shot.ordinal],
        "loop_picture": drawn[0] if last else None,
        "opening": line.shots[0] if last else None,
        "frame": FRAME,
        "safe_box": SAFE,
        "caption_style": "bold_pop",
        "language": "en",
        "visual_energy": "high",
    }
    return interface.compose(**{**wanted, **changes})


def click_mix(total_ms, at_ms):
    """Silence with one click, as the mix."""
    samples = np.zeros((total_ms * 48, 2), "<i2")
    samples[at_ms * 48 : at_ms * 48 + 24] = 20000
    with blobs.scratch() as folder:
        with wave.open(str(folder / "mix.wav"), "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(48000)
            file.writeframes(samples.tobytes())
        blobs.put(f"jobs/{JOB}/mix.wav", folder / "mix.wav")
    return Mix(
        id=UUID(int=5),
        key=f"jobs/{JOB}/mix.wav",
        voice_key="",
        bed_key="",
        duration_ms=total_ms,
        integrated_lufs=-14.0,
        true_peak_dbtp=-1.6,
        voice_id="v",
    )


def taken(line, segments, title="Three hearts", click_ms=1000):
    return interface.assemble(
        job_id=JOB,
        attempt=1,
        segments=tuple(segments),
        mix=click_mix(line.total_ms, click_ms),
        timeline=line,
        frame=FRAME,
        title=title,
        language="en",
    )


def luma(path):
    out, _ = ffmpeg.run(
        ["-i", str(path), "-vf", "scale=90:160:flags=area,format=gray", "-f", "rawvideo", "-"]
    )
    return np.frombuffer(out, np.uint8).reshape(-1, 160, 90).astype(float) / 255


@pytest.mark.django_db(databases=["video"])
def test_another_setting_of_the_encoder_makes_another_segment(storage, monkeypatch):
    line, drawn = timeline(), pictures(storage)
    first = composed(line, drawn, line.shots[1])
    again = composed(line, drawn, line.shots[1])
    monkeypatch.setattr(encoder, "TUNING", "me=hex")
    other = composed(line, drawn, line.shots[1])

    assert again.key == first.key
    assert other.key != first.key


@pytest.mark.django_db(databases=["video"])
def test_makes_a_file_every_platform_accepts(storage):
    line, drawn = timeline(), pictures(storage)
    segments = [composed(line, drawn, shot) for shot in line.shots]
    take = taken(line, segments, title='50% = {x} "; \\ # & 🐙\nnext')
    with blobs.local(take.key) as path:
        boxes, frames = mp4.read(path), luma(path)
        sound, _ = ffmpeg.run(["-i", str(path), "-f", "s16le", "-ac", "1", "-"])
        _, described = ffmpeg.run(["-i", str(path), "-f", "null", "-"])
    picture_track, sound_track = boxes.track("vide"), boxes.track("soun")
    assert boxes.order[0] == "ftyp"
    assert boxes.index_first
    assert boxes.edit_lists == 0
    assert (picture_track.codec, picture_track.profile) == ("avc1", 100)
    assert picture_track.colour == (1, 1, 1)
    assert picture_track.first_offset == 0
    assert picture_track.samples == len(frames) == line.total_ms * 30 // 1000
    assert picture_track.duration == pytest.approx(line.total_ms / 1000, abs=0.002)
    assert sound_track.duration == pytest.approx(line.total_ms / 1000, abs=0.025)
    click = np.abs(np.frombuffer(sound, "<i2").astype(int)).argmax() / 48
    assert click == pytest.approx(1000, abs=3), "the sound must stay where the mix has it"
    assert "AI-generated" in described
    assert '50% = {x} "; \\ # & 🐙 next' in described
    # the loop: no wider step from the last frame to the first than between frames
    steps = np.abs(np.diff(frames, axis=0)).mean((1, 2))
    assert np.abs(frames[-1] - frames[0]).mean() / (np.median(steps) + 1e-4) <= 2
    assert min(box.contrast for box in take.captions) >= 4.5
    assert [(box.start_ms, box.end_ms) for box in take.captions] == [
        (c.start_ms, c.end_ms) for c in line.cues
    ]
    row = Video.objects.using("video").get(id=take.id)
    assert (row.resolution, row.duration) == ("270x480", round(line.total_ms / 1000))
    for key in (take.poster_key, take.sheet_key, take.srt_key, take.vtt_key):
        assert blobs.exists(key)
    again = taken(line, segments, title='50% = {x} "; \\ # & 🐙\nnext')
    assert again == take
    assert Video.objects.using("video").count() == 1


def test_a_shot_already_rendered_is_not_rendered_again(storage, monkeypatch):
    line, drawn = timeline(LINES, 1.0), pictures(storage)
    first = composed(line, drawn, line.shots[1])
    longer = timeline((LINES[0] + " Really, it does.", *LINES[1:]), 1.0)
    assert longer.shots[1].start_ms > line.shots[1].start_ms
    monkeypatch.setattr(interface, "render", lambda *a: pytest.fail("rendered again"))
    drawn[1] = replace(drawn[1], id=UUID(int=1234))
    moved = composed(longer, drawn, longer.shots[1], attempt=2)
    assert moved.key == first.key
    assert moved.captions == first.captions


def test_a_new_look_is_a_new_segment(storage):
    line, drawn = timeline(), pictures(storage)
    keys = {composed(line, drawn, line.shots[1], caption_style=s).key for s in interface.caption_styles()}
    assert len(keys) == 3


def test_the_same_shot_gives_the_same_bytes(storage):
    line, drawn = timeline(), pictures(storage)
    once = blobs.read_bytes(composed(line, drawn, line.shots[1]).key)
    assert blobs.read_bytes(composed(line, drawn, line.shots[1], job_id=UUID(int=3)).key) == once


def test_nothing_is_left_running_or_lying_about_after_a_failure(storage):
    line, drawn = timeline(), pictures(storage)
    blobs.put_bytes(drawn[1].layers[1].key, b"not a picture")
    before = {p.pid for p in psutil.Process().children(recursive=True)}
    with pytest.raises(UnableToReadPicture):
        composed(line, drawn, line.shots[1])
    assert {p.pid for p in psutil.Process().children(recursive=True)} <= before
    assert list((storage / "scratch").iterdir()) == []


def test_an_encoder_that_dies_is_an_error_and_not_a_hang(storage, settings):
    line, drawn = timeline(), pictures(storage)
    settings.ENCODER_PRESET = "no-such-preset"
    with pytest.raises(ffmpeg.UnableToRunFfmpeg):
        composed(line, drawn, line.shots[1])
    gc.collect()


def test_no_text_of_a_user_is_an_argument(storage, monkeypatch):
    seen = []
    real = subprocess.Popen

    def spy(line, *args, **options):
        seen.append(" ".join(map(str, line)))
        return real(line, *args, **options)

    monkeypatch.setattr(interface, "_record", lambda *a: None)
    line, drawn = timeline(), pictures(storage)
    monkeypatch.setattr(subprocess, "Popen", spy)
    taken(line, [composed(line, drawn, shot) for shot in line.shots], title="Zanzibar")
    assert seen
    assert not any(word in call for call in seen for word in ("Zanzibar", "octopus", "hearts"))


def test_subtitles_hold_every_word_and_no_markup():
    line = timeline(("An --> <b>arrow</b> {\\an8} & more.", *SHORT[1:]))
    srt, vtt = to_srt(line.cues), to_vtt(line.cues)
    assert srt.count(" --> ") == len(line.cues)
    assert "<b>" not in srt + vtt
    assert "{\\an8}" not in srt
    assert vtt.startswith("WEBVTT\n\n")
    assert "&lt;b&gt;arrow" in vtt
    assert "&amp;" in vtt
    assert vtt.count("-->") == len(line.cues)


def test_a_title_cannot_add_a_tag_of_its_own():
    lines = metadata("x\ncomment=made by hand\n[CHAPTER]").splitlines()
    assert len(lines) == 3
    assert lines[1] == "title=x comment\\=made by hand [CHAPTER]"
    assert lines[2] == "comment=AI-generated"


def test_a_style_or_script_we_cannot_show_is_refused_up_front():
    problems = interface.problems_with(Brief(topic="x", caption_style="neon", language="ar"))
    assert {p.field for p in problems} == {"caption_style", "language"}
    assert interface.problems_with(Brief(topic="x", caption_style="bold_pop", language="hi")) == ()


@pytest.mark.parametrize(
    "data", [b"", b"\0\0\0\x08free", b"\0\0\0\x18ftypisom\0\0", b"\0\0\0\x02ftyp" + b"x" * 40]
)
def test_a_broken_file_is_no_mp4(tmp_path, data):
    (tmp_path / "x.mp4").write_bytes(data)
    with pytest.raises(mp4.UnableToReadMp4):
        mp4.read(tmp_path / "x.mp4")


def test_the_box_walker_sees_edit_lists_and_a_late_index(tmp_path):
    source = ["-f", "lavfi", "-i", "testsrc=s=64x64:d=0.3", "-c:v", "libx264", "-pix_fmt", "yuv420p"]
    ffmpeg.run([*source, str(tmp_path / "plain.mp4")])
    boxes = mp4.read(tmp_path / "plain.mp4")
    assert boxes.edit_lists > 0
    assert not boxes.index_first
