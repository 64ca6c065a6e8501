"""Clips of others, made fit to be a picture's backmost layer."""

import re
from random import Random

import numpy as np
import pytest

from apps.contracts.decision import FrameSpec, Mood
from apps.foundation import ffmpeg
from apps.image import clips, palette
from apps.image.clips import UnableToReadClip, frame_clip, liveliest, look_at, stretch_of
from apps.image.tests.media import clip

FRAME = FrameSpec(width=180, height=320, fps=30)
COLOURS = palette.choose(Mood(emotion="awe", valence=0.4, arousal=0.5), rng=Random(7))


def frames_of(path) -> np.ndarray:
    out, _ = ffmpeg.run(["-i", str(path), "-f", "rawvideo", "-pix_fmt", "bgr24", "pipe:1"])
    return np.frombuffer(out, np.uint8).reshape(-1, 358, 202, 3)


def told_of(path) -> str:
    return ffmpeg.run(["-i", str(path), "-f", "null", "-"])[1]


@pytest.mark.parametrize(
    ("name", "size"), [("a.mp4", (360, 640)), ("a.webm", (360, 640)), ("a.mov", (640, 360))]
)
def test_becomes_a_silent_clip_of_the_canvas_at_the_frame_rate(tmp_path, name, size):
    seen = look_at(clip(tmp_path / name, size=size, seconds=2))
    target = tmp_path / "made" / "clip.mp4"
    target.parent.mkdir()

    framed = frame_clip(seen, target, FRAME, COLOURS, seconds=2)

    told = told_of(target)
    assert (seen.width, seen.height) == size
    assert "Audio" not in told
    assert re.search(r"h264.*yuv420p\(tv, bt709", told)
    assert "202x358" in told
    assert "30 fps" in told
    assert len(frames_of(target)) == round((2 * clips.SPARE + clips.SPARE_SECONDS) * 30)
    assert framed.layers[0].data == target.read_bytes()
    assert framed.style == "clip"


def test_plays_the_liveliest_stretch(tmp_path):
    seen = look_at(clip(tmp_path / "a.mp4", seconds=9, lively=(5, 8)))

    stretch = stretch_of(seen, 1.0)

    assert 4.4 <= stretch.start <= 6.0
    assert stretch.length == pytest.approx(2.3)


def test_does_not_start_in_the_dark_or_play_over_a_cut():
    looks = np.full((60, 9, 16, 3), 100, np.uint8)
    looks[:8] = 3
    looks[30:] = 230
    looks[31:, ::2] += 5

    assert 1.4 <= liveliest(looks, 3.0) <= 3.0 or liveliest(looks, 3.0) >= 6.0


@pytest.mark.parametrize(
    ("length", "slower", "turns"), [(2.0, 1.5, False), (3.0, 1.2, False), (1.0, 1.0, True)]
)
def test_makes_a_short_clip_last(tmp_path, length, slower, turns):
    stretch = stretch_of(look_at(clip(tmp_path / "a.mp4", seconds=length)), 2.0)

    assert stretch.slower == pytest.approx(slower, abs=0.05)
    assert stretch.turns is turns


def test_a_very_short_clip_goes_forth_and_back(tmp_path):
    seen = look_at(clip(tmp_path / "a.mp4", seconds=0.8, fps=30))
    target = tmp_path / "made.mp4"

    frame_clip(seen, target, FRAME, COLOURS, seconds=4)

    shown = frames_of(target).astype(int)
    assert abs(len(shown) - (4 * clips.SPARE + clips.SPARE_SECONDS) * 30) <= 2
    steps = np.abs(np.diff(shown, axis=0)).mean(axis=(1, 2, 3))
    assert steps.max() < 4 * np.median(steps)


def test_one_window_about_the_subject_for_the_whole_stretch(tmp_path):
    seen = look_at(clip(tmp_path / "a.mp4", size=(960, 540), seconds=2, at=0.8))
    target = tmp_path / "made.mp4"

    frame_clip(seen, target, FRAME, COLOURS, seconds=1)

    shown = frames_of(target)
    red = shown[:, :, :, 2].astype(int) - shown[:, :, :, 0] > 60
    assert 0.3 < np.nonzero(red)[2].mean() / 202 < 0.7
    still = shown[:, 300:, 20:180].astype(int)
    assert np.abs(still[0] - still[-1]).mean() < 4


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x00\x00\x18ftypmp42" + bytes(400),
        b"\x1a\x45\xdf\xa3" + bytes(400),
        b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/x.ts\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"<html></html>",
    ],
)
def test_refuses_what_is_no_clip(tmp_path, data):
    file = tmp_path / "a.mp4"
    file.write_bytes(data)

    with pytest.raises(UnableToReadClip, match="MP4"):
        look_at(file)


def test_a_clip_that_is_cut_short_is_used_as_far_as_it_goes_or_refused(tmp_path):
    whole = clip(tmp_path / "a.webm", seconds=2)
    part = tmp_path / "b.webm"
    part.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])

    assert 0 < look_at(part).seconds < 2


def test_turns_a_clip_upright(tmp_path):
    lying = clip(tmp_path / "a.mp4", size=(640, 360), seconds=1)
    turned = tmp_path / "b.mp4"
    ffmpeg.run(["-display_rotation", "90", "-i", str(lying), "-c", "copy", str(turned)])

    seen = look_at(turned)

    assert (seen.width, seen.height) == (360, 640)
    assert seen.looks.shape[1] > seen.looks.shape[2]


def made_by_ffmpeg(path, size: str, *options: str):
    ffmpeg.run(["-f", "lavfi", "-i", f"testsrc2=s={size}:r=25:d=1", *options, str(path)])
    return path


def test_pixels_that_are_not_square_are_made_so(tmp_path):
    coded = ("-vf", "setsar=64/45", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")

    seen = look_at(made_by_ffmpeg(tmp_path / "a.mp4", "360x288", *coded))

    assert (seen.width, seen.height) == (512, 288)
    assert seen.looks.shape[2] / seen.looks.shape[1] == pytest.approx(16 / 9, rel=0.05)


def test_an_odd_size_and_full_colour_are_taken(tmp_path):
    coded = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-pix_fmt", "yuv444p")
    seen = look_at(made_by_ffmpeg(tmp_path / "a.webm", "303x541", *coded))

    assert frame_clip(seen, tmp_path / "made.mp4", FRAME, COLOURS, seconds=1).layers


def test_a_phones_high_dynamic_range_is_as_bright_as_any_clip(tmp_path):
    coded = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
    plain = look_at(made_by_ffmpeg(tmp_path / "a.mp4", "360x640", *coded))
    to_hlg = (
        "zscale=t=arib-std-b67:p=2020:m=2020_ncl:npl=203:tin=bt709:pin=bt709:min=bt709,format=yuv420p10le"
    )
    tagged = ("-color_primaries", "bt2020", "-color_trc", "arib-std-b67", "-colorspace", "bt2020nc")
    coded = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error")
    high = look_at(made_by_ffmpeg(tmp_path / "b.mp4", "360x640", "-vf", to_hlg, *coded, *tagged))

    for seen, name in ((plain, "a"), (high, "b")):
        frame_clip(seen, tmp_path / f"made-{name}.mp4", FRAME, COLOURS, seconds=1)

    one, other = (frames_of(tmp_path / f"made-{name}.mp4")[0].mean() for name in "ab")
    assert 0.8 < other / one < 1.15


def test_a_clip_of_one_picture_stands(tmp_path):
    coded = ("-frames:v", "1", "-c:v", "libx264", "-pix_fmt", "yuv420p")
    seen = look_at(made_by_ffmpeg(tmp_path / "a.mp4", "360x640", *coded))
    target = tmp_path / "made.mp4"

    frame_clip(seen, target, FRAME, COLOURS, seconds=1)

    assert len(frames_of(target)) >= 60
