"""Runs a few child processes as one: all stop when one ends or when we are told to stop."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import FrameType

#: prctl's option of that name (linux/prctl.h).
PR_SET_PDEATHSIG = 1
#: Seconds children get to finish what they hold before they are killed; stage runs survive that too.
PATIENCE = 20.0


@dataclass(frozen=True)
class Child:
    """A command line, and what is added to its environment."""

    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


def run_together(wanted: Sequence[Child]) -> int:
    """Run the commands until one ends or SIGINT/SIGTERM comes; returns the worst exit code."""
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    # Only now: a signal that came between the two would end us and leave them.
    children = [_start(child) for child in wanted]
    while not stopping and all(child.poll() is None for child in children):
        time.sleep(0.1)
    code = 0 if stopping else max((child.poll() or 0) for child in children)
    _end(children)
    return code


def _start(child: Child) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        list(child.command),
        env={**os.environ, **child.environment},
        start_new_session=True,
        preexec_fn=partial(_die_with, os.getpid()),
    )


def _die_with(parent: int) -> None:
    """Ask the kernel for SIGTERM when the parent dies, so that kill -9 on it leaves no orphans."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before it could be asked
        os._exit(1)


def _end(children: "list[subprocess.Popen[bytes]]") -> None:
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    for child in children:
        try:
            child.wait(timeout=max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            print(f"killing process {child.pid}", file=sys.stderr)
            child.kill()
            child.wait()
