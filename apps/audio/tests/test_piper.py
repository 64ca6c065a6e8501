"""Piper by its real command line, spoken by a small program that the tests write."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from apps.audio import narration
from apps.audio.providers import process
from apps.audio.providers.piper import PiperVoice
from apps.audio.tests.material import PROFILE, line
from apps.contracts.decision import VoiceProfile
from apps.foundation.providers import ProviderUnavailable, UnableToProvide

TEXT = "An octopus has three hearts."
#: What piper-tts 1.8 does with these options: one line from stdin, raw samples to stdout. Options it does not
#: know it reads aloud, so the stand-in refuses them.
PIPER = """#!{python}
import argparse, array, json, math, os, sys
p = argparse.ArgumentParser(allow_abbrev=False)
p.add_argument("-m", "--model", required=True)
p.add_argument("--output-raw", "--output_raw", action="store_true")
p.add_argument("-s", "--speaker", type=int, default=0)
p.add_argument("--length-scale", "--length_scale", type=float, default=1.0)
p.add_argument("--sentence-silence", type=float, default=0.0)
args = p.parse_args()
rate = json.load(open(args.model + ".json"))["audio"]["sample_rate"]
text = sys.stdin.read()
json.dump([vars(args), text], open(os.path.join(os.path.dirname(__file__), "asked.json"), "w"))
seconds = 0.06 * len(text) * args.length_scale
n = int(seconds * rate)
wave = [int(9000 * math.sin(i * 900 / rate) * math.sin(i * 14 / rate) ** 2) for i in range(n)]
sys.stdout.buffer.write(array.array("h", wave).tobytes())
"""


def program(folder: Path, code: str) -> str:
    file = folder / "piper"
    file.write_text(code.replace("{python}", sys.executable))
    file.chmod(0o755)
    return str(file)


def install(folder: Path, name: str, code: str = "en_US", rate: int = 22_050) -> Path:
    voice = folder / f"{name}.onnx"
    voice.write_bytes(b"not loaded here")
    told = {"audio": {"sample_rate": rate}, "espeak": {"voice": "en-us"}, "language": {"code": code}}
    Path(f"{voice}.json").write_text(json.dumps({**told, "inference": {"length_scale": 1.0}}))
    return voice


def asked(folder: Path) -> tuple[dict, str]:
    options, text = json.loads((folder / "asked.json").read_text())
    return options, text


def test_speaks_a_line_at_the_personas_pace(tmp_path: Path) -> None:
    voice = install(tmp_path, "en_US-lessac-medium")
    speaker = PiperVoice(path=str(voice), command=program(tmp_path, PIPER))
    spoken = speaker.speak(TEXT, language="en", voice=VoiceProfile(rate=170), speed=1.25)
    options, text = asked(tmp_path)
    assert text == f"{TEXT}\n"
    assert (options["model"], options["output_raw"]) == (str(voice), True)
    assert options["length_scale"] == pytest.approx(0.8)
    assert spoken.sample_rate == 22_050
    assert len(spoken.samples) / 22_050 == pytest.approx(0.06 * len(text) * 0.8, abs=0.01)


def test_words_are_found_by_ear_and_the_length_is_met(tmp_path: Path) -> None:
    install(tmp_path, "en_US-amy-low", rate=16_000)
    speaker = PiperVoice(path=str(tmp_path), command=program(tmp_path, PIPER))
    natural = narration.record(line(TEXT), speaker=speaker, language="en", voice=PROFILE)
    wanted = round(natural.duration_ms * 1.1)
    speech = narration.record(line(TEXT), speaker=speaker, language="en", voice=PROFILE, target_ms=wanted)
    assert speech.duration_ms == pytest.approx(wanted, rel=0.03)
    assert [w.text for w in speech.words] == TEXT.split()


def test_a_folder_speaks_the_languages_of_its_voices(tmp_path: Path) -> None:
    install(tmp_path, "de_DE-thorsten-medium", "de_DE")
    install(tmp_path, "en_US-libritts-high")
    install(tmp_path, "en_GB-alan-low", "en_GB")
    (tmp_path / "broken.onnx").write_bytes(b"")
    speaker = PiperVoice(path=str(tmp_path), command=program(tmp_path, PIPER))
    persona = VoiceProfile(voices={"en": "en-us+f3", "en@piper": "en_US-libritts-high#12"})
    assert speaker.languages() == {"de", "en"}
    assert speaker.voice_id("de", persona) == "de_DE-thorsten-medium"
    assert speaker.voice_id("en", persona) == "en_US-libritts-high#12"
    speaker.speak("Hi [[x]].", language="en", voice=persona)
    options, text = asked(tmp_path)
    assert options["speaker"] == 12
    assert "[[" not in text
    with pytest.raises(UnableToProvide, match="'fr'"):
        speaker.speak("Salut.", language="fr", voice=persona)


def test_says_what_is_missing(tmp_path: Path) -> None:
    assert "PIPER_VOICE" in PiperVoice(path="").missing()
    assert "holds no voice" in PiperVoice(path=str(tmp_path)).missing()
    assert "holds no voice" in PiperVoice(path=str(tmp_path / "gone.onnx")).missing()


@pytest.mark.parametrize("code", ["#!/bin/sh\necho secret >&2\nexit 3\n", None])
def test_a_program_that_fails_or_is_not_there_is_said_so(tmp_path: Path, code: str | None) -> None:
    voice = install(tmp_path, "en_US-a")
    command = program(tmp_path, code) if code else str(tmp_path / "nowhere")
    with pytest.raises(UnableToProvide, match="PIPER_COMMAND") as failure:
        PiperVoice(path=str(voice), command=command).speak(TEXT, language="en", voice=PROFILE)
    assert "secret" not in str(failure.value)


def alive(pid: int) -> bool:
    """Whether a process still does anything; one that is only not yet reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid)


SLOW = '#!/bin/sh\nsleep 60 &\necho "$$ $!" > "$(dirname "$0")/pids"\nwait\n'


def pids(folder: Path) -> list[int]:
    deadline = time.monotonic() + 5
    file = folder / "pids"
    while not (file.exists() and file.read_text().endswith("\n")) and time.monotonic() < deadline:
        time.sleep(0.02)
    return [int(pid) for pid in file.read_text().split()]


def test_a_time_limit_leaves_no_process_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    voice = install(tmp_path, "en_US-a")
    monkeypatch.setattr("apps.audio.providers.piper.TIMEOUT", 0.5)
    with pytest.raises(ProviderUnavailable, match="longer"):
        PiperVoice(path=str(voice), command=program(tmp_path, SLOW)).speak(TEXT, language="en", voice=PROFILE)
    assert all(gone(pid) for pid in pids(tmp_path))


def test_a_killed_worker_leaves_no_speaking_program_behind(tmp_path: Path) -> None:
    command = program(tmp_path, SLOW)
    code = f"from apps.audio.providers import process; process.run([{command!r}], b'x', timeout=60)"
    worker = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[3])
    speaking = pids(tmp_path)[0]
    assert alive(speaking)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    assert gone(speaking)
    os.kill(pids(tmp_path)[1], signal.SIGKILL)  # a shell's child is not the program's own


def test_an_interrupted_call_ends_its_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class TimeLimit(BaseException):
        pass

    def interrupted(*about: object, **more: object) -> None:
        pids(tmp_path)
        raise TimeLimit

    monkeypatch.setattr(subprocess.Popen, "communicate", interrupted)
    with pytest.raises(TimeLimit):
        process.run([program(tmp_path, SLOW)], b"x", timeout=60)
    assert all(gone(pid) for pid in pids(tmp_path))
