"""Memory that one shot after another is composed in. Arrays only; knows no sprite.

New pages must be cleared by the system before they can be written to, which takes longer than what is
then written into them; pages that are used again need not be.
"""

from typing import ClassVar

import numpy as np

from apps.video.planes import Plane

#: Bytes of a workspace. Pages that are never written to take none; what does not fit gets memory of its own.
ROOM = 256 << 20
#: Planes begin at a multiple of so many bytes, a line of the processor's cache.
ALIGNED = 64


class Workspace:
    """Room for planes that are all given up at once. One shot's; not for two threads at a time."""

    _idle: ClassVar[list[Plane]] = []

    def __init__(self) -> None:
        try:
            self._memory = self._idle.pop()
        except IndexError:
            self._memory = np.empty(ROOM, np.uint8)
        self._used = 0
        #: How often everything was given up; what was made before that is no more.
        self.era = 0

    def plane(self, rows: int, width: int) -> Plane:
        """An unwritten plane, which stands until `clear`."""
        begin, size = self._used, rows * width
        if begin + size > self._memory.size:
            return np.empty((rows, width), np.uint8)
        self._used += -(-size // ALIGNED) * ALIGNED
        return self._memory[begin : begin + size].reshape(rows, width)

    def clear(self) -> None:
        """Give up every plane."""
        self._used = 0
        self.era += 1

    def close(self) -> None:
        """Leave the memory to the next shot; nothing made here may be used any more."""
        self.clear()
        self._idle.append(self._memory)
        self._memory = self._memory[:0]
