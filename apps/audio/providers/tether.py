"""Becomes the program it is given, tied to the life of the process that asked. Run, never imported.

argv: the asking process's id, then the command line. Where the kernel has no such tie (it is Linux's), the
program simply runs.
"""

import ctypes
import os
import signal
import sys

#: prctl's option of that name (linux/prctl.h).
PR_SET_PDEATHSIG = 1
#: What a shell answers for a program that is not there.
NOT_FOUND = 127


def main() -> None:
    """Tie, then become."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != int(sys.argv[1]):
            sys.exit("whoever asked is gone")
    try:
        os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 (no shell is wanted)
    except OSError:
        sys.exit(NOT_FOUND)


if __name__ == "__main__":
    main()
