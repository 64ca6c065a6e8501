"""Frames in shared memory, handed to a pipe as pages instead of being copied. Needs Linux."""

import mmap
import os

import numpy as np

from apps.video.planes import Frame, size_of


class Ring:
    """Frames of width x height that take turns. A pipe that holds `pipe_bytes` refers to the pages of the
    newest ones, so there is one more of them than it can hold."""

    def __init__(self, width: int, height: int, pipe_bytes: int) -> None:
        self._bytes = size_of(width, height)
        self._step = -(-self._bytes // mmap.PAGESIZE) * mmap.PAGESIZE
        count = 2 + pipe_bytes // self._bytes
        self._file = os.memfd_create("frames", os.MFD_CLOEXEC)
        os.ftruncate(self._file, count * self._step)
        # Never closed by hand: numpy views refer to it, and it goes with the last of them.
        memory = mmap.mmap(self._file, count * self._step)
        self._frames = [
            Frame(width, height, np.frombuffer(memory, np.uint8, self._bytes, n * self._step))
            for n in range(count)
        ]
        self._turn = -1

    def turn(self) -> Frame:
        """The frame whose turn it is to be painted."""
        self._turn = (self._turn + 1) % len(self._frames)
        return self._frames[self._turn]

    def send(self, pipe: int) -> None:
        """Move the newest frame's pages into `pipe`. Raises BrokenPipeError where nobody reads."""
        offset, left = self._turn * self._step, self._bytes
        while left:
            moved = os.splice(self._file, pipe, left, offset_src=offset)
            offset, left = offset + moved, left - moved

    def close(self) -> None:
        """Give the memory back."""
        self._frames.clear()
        os.close(self._file)
