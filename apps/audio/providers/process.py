"""A speaking program as a process of its own. It outlives neither its call nor the worker that started it."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_TETHER = Path(__file__).with_name("tether.py")


class ProcessFailed(Exception):
    """The program ended badly or did not start; the message says which, never what it printed."""


class TooSlow(ProcessFailed):
    """The program was ended because it took too long."""


def run(line: Sequence[str], data: bytes, *, timeout: float) -> bytes:
    """What `line` writes to stdout when `data` is its stdin. Raises ProcessFailed (TooSlow).

    Whatever ends this call, a time limit included, ends the process and its children; when this process is
    killed, the kernel ends it. What it says on stderr may quote the text, and is thrown away.
    """
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", str(_TETHER), str(os.getpid()), *line],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        answer, _ = process.communicate(data, timeout=timeout)
    except subprocess.TimeoutExpired:
        raise TooSlow(f"took longer than {timeout:.0f} s") from None
    finally:
        _end(process)
    if process.returncode:
        raise ProcessFailed(f"ended with code {process.returncode}")
    return answer


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the whole group: a program's own children may have outlived it."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    finally:
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
