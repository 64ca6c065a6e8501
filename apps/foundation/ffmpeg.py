"""ffmpeg as a separate process. No text from a user ever goes into its arguments."""

import os
import re
import signal
import subprocess
from collections.abc import Sequence
from functools import cache

#: Seconds any one ffmpeg call may take; a hung encoder must not outlive its stage's lease for ever.
DEFAULT_TIMEOUT = 600.0
#: Characters of ffmpeg's last words that are worth keeping in an error.
TAIL = 600


class UnableToRunFfmpeg(RuntimeError):
    """ffmpeg failed, timed out, or is not there; the message holds its last words."""


@cache
def executable() -> str:
    """The ffmpeg to run: the one that FFMPEG names, else the one imageio-ffmpeg carries."""
    named = os.environ.get("FFMPEG")
    if named:
        return named
    import imageio_ffmpeg  # only where no other is named: a container may leave the wheel out

    path: str = imageio_ffmpeg.get_ffmpeg_exe()
    return path


def command(arguments: Sequence[str]) -> list[str]:
    """The whole command line: quiet, never asking, never reading the terminal."""
    return [executable(), "-hide_banner", "-nostdin", "-y", *arguments]


def run(
    arguments: Sequence[str], *, data: bytes | None = None, timeout: float = DEFAULT_TIMEOUT
) -> tuple[bytes, str]:
    """Run ffmpeg to its end; returns what it wrote to stdout and its log.

    `data` is piped to its stdin (then pass `-i pipe:0`). Raises UnableToRunFfmpeg. The process
    group dies with the call, also when a time limit interrupts it.
    """
    line = command(arguments)
    if data is not None:
        line.remove("-nostdin")
    process = start(line, stdin=subprocess.PIPE if data is not None else subprocess.DEVNULL)
    try:
        out, err = process.communicate(data, timeout=timeout)
    except subprocess.TimeoutExpired as late:
        raise UnableToRunFfmpeg(f"ffmpeg took longer than {timeout:.0f} s") from late
    finally:
        kill(process)
    log = err.decode(errors="replace")
    if process.returncode:
        raise UnableToRunFfmpeg(log[-TAIL:])
    return out, log


def start(line: Sequence[str], *, stdin: int = subprocess.PIPE) -> "subprocess.Popen[bytes]":
    """Start a command line in a process group of its own, all streams piped."""
    try:
        return subprocess.Popen(
            list(line), stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        )
    except OSError as missing:
        raise UnableToRunFfmpeg(f"cannot start {line[0]}: {missing}. Set FFMPEG to its path.") from missing


def kill(process: "subprocess.Popen[bytes]") -> None:
    """End a process group started here, if it still runs, and reap it."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def duration_ms(path: str) -> int:
    """A media file's length in milliseconds, as its container states it."""
    process = start(command(["-i", path]), stdin=subprocess.DEVNULL)
    _, err = process.communicate(timeout=60)
    found = re.search(r"Duration: (\d+):(\d+):(\d+)\.(\d+)", err.decode(errors="replace"))
    if not found:
        raise UnableToRunFfmpeg(f"{path} has no duration")
    hours, minutes, seconds, hundredths = (int(x) for x in found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + hundredths * 10
