"""A clip as a backdrop: its frames decoded one after the other by ffmpeg. Knows no motion and no storage."""

from pathlib import Path

from apps.foundation import ffmpeg
from apps.video.planes import Frame
from apps.video.sprites import Sprite, whole_sprite


class UnableToReadClip(ValueError):
    """A clip holds no frame that can be decoded; choose or upload another one."""


class Clip:
    """A clip at width x height (even), read forwards only; after its end it stands still."""

    def __init__(self, path: Path, width: int, height: int) -> None:
        self._size = (width, height)
        scaled = f"scale={width}:{height}:flags=bilinear,format=yuv420p"
        raw = ["-an", "-vf", scaled, "-f", "rawvideo", "pipe:1"]
        self._process = ffmpeg.start(
            ffmpeg.command(["-loglevel", "quiet", "-threads", "1", "-i", str(path), *raw])
        )
        self._shown = -1
        self._last = self._next()
        if self._last is None:
            self.close()
            raise UnableToReadClip("a clip has no frame that can be decoded; choose another one")

    def frame(self, n: int) -> Sprite:
        """Frame `n`, or the nearest there is. Asking for an earlier one than before gives the newest read."""
        while self._shown < n and (following := self._next()) is not None:
            self._last = following
        assert self._last is not None  # noqa: S101 - the constructor read the first
        return self._last

    def _next(self) -> Sprite | None:
        frame = Frame(*self._size)
        assert self._process.stdout is not None  # noqa: S101 - start() pipes it
        if self._process.stdout.readinto(frame.data.data) < frame.data.size:  # type: ignore[attr-defined]
            return None
        self._shown += 1
        return whole_sprite(frame.y, frame.u, frame.v)

    def close(self) -> None:
        """Stop decoding."""
        ffmpeg.kill(self._process)
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()
