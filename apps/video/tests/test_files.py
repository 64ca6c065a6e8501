"""The joined file, whatever goes into it: read box by box, and packet by packet."""

import re
import wave
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from apps.contracts.decision import FrameSpec
from apps.foundation import ffmpeg, mp4
from apps.video import assembly
from apps.video.encoder import Encoder

WIDTH, HEIGHT = 90, 160


def segment(path: Path, frames: int, fps: int) -> Path:
    """So many frames of a bar that wanders over noise."""
    noise = np.random.default_rng(frames).integers(60, 190, (HEIGHT, WIDTH), np.uint8)
    with Encoder(FrameSpec(width=WIDTH, height=HEIGHT, fps=fps), "superfast", path) as encoder:
        for n in range(frames):
            frame = encoder.next_frame()
            frame.y[:], frame.u[:], frame.v[:] = noise, 128, 100 + n % 50
            frame.y[:, n % WIDTH] = 235
            encoder.send()
    return path


def sound(path: Path, seconds: float, *, rate: int = 48_000, channels: int = 2, click: float = 0.5) -> Path:
    """A quiet hum with one click."""
    count = round(seconds * rate)
    samples = np.round(300 * np.sin(np.arange(count) * 2 * np.pi * 220 / rate)).astype("<i2")
    samples[round(click * rate) : round(click * rate) + 12] = 24_000
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(samples[:, None], channels, axis=1).tobytes())
    return path


def joined(
    folder: Path, frames: tuple[int, ...], fps: int, audio: Path, title: str = "t", language: str = "en"
) -> Path:
    parts = [segment(folder / f"it's {n}.mp4", count, fps) for n, count in enumerate(frames)]
    assembly.join(parts, audio, folder / "take.mp4", title=title, language=language, work=folder)
    return folder / "take.mp4"


def packets(path: Path, stream: str) -> list[tuple[int, int]]:
    """(presentation time, duration) of each packet, in the stream's own ticks, in order of presentation."""
    listed, _ = ffmpeg.run(["-i", str(path), "-map", f"0:{stream}", "-c", "copy", "-f", "framecrc", "-"])
    rows = [line.split(",") for line in listed.decode().splitlines() if not line.startswith("#")]
    return sorted((int(row[2]), int(row[3])) for row in rows)


def keyframes(path: Path) -> list[int]:
    """Indices of the frames that can be decoded by themselves."""
    given = ["-skip_frame", "nokey", "-i", str(path), "-map", "0:v", "-fps_mode", "passthrough"]
    listed, _ = ffmpeg.run([*given, "-f", "framecrc", "-"])
    ticks = packets(path, "v")[0][1]
    rows = [line.split(",") for line in listed.decode().splitlines() if not line.startswith("#")]
    base = re.search(rb"#tb 0: (\d+)/(\d+)", listed)
    clock = ffmpeg.run(["-i", str(path), "-map", "0:v", "-c", "copy", "-f", "framecrc", "-"])[0]
    copied = re.search(rb"#tb 0: (\d+)/(\d+)", clock)
    factor = int(base[1]) * int(copied[2]) / (int(base[2]) * int(copied[1]))
    return [round(int(row[2]) * factor / ticks) for row in rows]


def check(path: Path, frames: int, fps: int) -> None:
    """Everything that section 6 of the design asks of a file."""
    boxes = mp4.read(path)
    picture, speech = boxes.track("vide"), boxes.track("soun")
    seconds = frames / fps
    assert len(boxes.tracks) == 2
    assert boxes.order[0] == "ftyp"
    assert boxes.index_first
    assert boxes.edit_lists == 0
    assert (picture.codec, picture.profile, picture.colour) == ("avc1", 100, (1, 1, 1))
    assert picture.samples == frames
    assert picture.first_offset == speech.first_offset == 0
    assert picture.duration == pytest.approx(seconds, abs=0.001)
    assert speech.codec == "mp4a"
    assert 0 <= speech.duration - seconds <= 0.0214 + 0.001
    times = packets(path, "v")
    assert times[0][0] == 0, "the picture starts at zero"
    assert {b[0] - a[0] for a, b in pairwise(times)} == {times[0][1]}, "constant frame rate"
    assert packets(path, "a")[0][0] == 0, "the sound starts with it"
    keys = [*keyframes(path), frames]
    assert keys[0] == 0
    assert max(b - a for a, b in pairwise(keys)) <= 2 * fps
    _, described = ffmpeg.run(["-i", str(path), "-c", "copy", "-f", "null", "-"])
    assert re.search(r"Audio: aac \(LC\).*48000 Hz, stereo", described)
    assert re.search(rf"Video: h264 \(High\).*yuv420p\(tv, bt709.*{fps} fps", described)
    assert "AI-generated" in described


@pytest.mark.parametrize("fps", [24, 25, 30, 60])
@pytest.mark.parametrize("parts", [(96,), (30, 7, 61, 1, 45)], ids=["one segment", "many segments"])
def test_every_frame_rate_and_any_number_of_segments(tmp_path, fps, parts):
    made = joined(tmp_path, parts, fps, sound(tmp_path / "mix.wav", sum(parts) / fps))
    check(made, sum(parts), fps)


@pytest.mark.parametrize(("seconds", "channels"), [(0.6, 1), (2.9, 2), (3.1, 1), (9.0, 2)])
def test_a_sound_of_another_length_takes_that_of_the_picture(tmp_path, seconds, channels):
    made = joined(tmp_path, (60, 30), 30, sound(tmp_path / "mix.wav", seconds, channels=channels))
    check(made, 90, 30)


def test_a_minute_is_as_good_as_a_moment(tmp_path):
    parts = (300,) * 6
    check(joined(tmp_path, parts, 30, sound(tmp_path / "mix.wav", 60)), 1800, 30)


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_the_sound_stays_where_it_was(tmp_path, rate):
    made = joined(tmp_path, (45, 45), 30, sound(tmp_path / "mix.wav", 3, rate=rate, click=1.25))
    heard, _ = ffmpeg.run(["-i", str(made), "-f", "s16le", "-ac", "1", "-ar", "48000", "-"])
    at = np.abs(np.frombuffer(heard, "<i2").astype(int)).argmax() / 48_000
    assert at == pytest.approx(1.25, abs=0.001)


@pytest.mark.parametrize(
    "title",
    ["", "   ", "a\nb=c;d#e\\f", "🐙" * 400, "مرحبا", "\ud800", "'; rm -rf /", "[STREAM]", "%s{}\x00"],
)
def test_a_title_is_only_ever_a_title(tmp_path, title):
    made = joined(tmp_path, (30,), 30, sound(tmp_path / "mix.wav", 1), title=title)
    check(made, 30, 30)
    tags, _ = ffmpeg.run(["-i", str(made), "-f", "ffmetadata", "-"])
    names = {line.split("=")[0] for line in tags.decode().splitlines() if re.match(r"[a-z_]+=", line)}
    assert names <= {"title", "comment", "encoder", "major_brand", "minor_version", "compatible_brands"}


@pytest.mark.parametrize(
    ("language", "code"), [("hi", "hin"), ("pt-BR", "por"), ("EN", "eng"), ("x\ny", "und")]
)
def test_the_language_is_named_as_mp4_wants_it(tmp_path, language, code):
    assert assembly.language_code(language) == code
    made = joined(tmp_path, (30,), 30, sound(tmp_path / "mix.wav", 1), language=language)
    _, described = ffmpeg.run(["-i", str(made), "-c", "copy", "-f", "null", "-"])
    named = re.search(r"Stream #0:1.*?\((\w{3})\): Audio", described)
    assert (named[1] if named else "und") == code
