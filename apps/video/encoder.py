"""Raw frames piped into x264: one shot, one MP4 that can be joined to others without re-encoding."""

import contextlib
import fcntl
from pathlib import Path
from types import TracebackType
from typing import Self

from apps.contracts.decision import FrameSpec
from apps.foundation import ffmpeg
from apps.video.planes import Frame
from apps.video.ring import Ring

#: Constant rate factor: visually clean at 1080x1920 (field guide 1.1: 18-20).
CRF = 19
#: What scenes that slide and drift do not need of x264's `veryfast`: a wide motion search, weighted fades,
#: small partitions of B-frames, a long look ahead. A fifth less work and a tenth less size for SSIM 0.9920
#: instead of 0.9924 (measured; subme=1 would save as much again, and cost 5 % of size).
TUNING = "me=dia:weightp=0:direct=temporal:partitions=i8x8,i4x4,p8x8:rc-lookahead=5"
#: Seconds between keyframes at most; platforms ask for closed groups of <= 2 s.
KEYFRAME_SECONDS = 2
#: Encoder threads a segment; two segments may be rendered at once.
THREADS = 2
#: Bytes of the pipe to ffmpeg; the default 64 KiB would wake both sides 48 times a frame.
PIPE_BYTES = 1 << 20
#: Movie timescale units in one frame; the same in every segment, so that they join exactly.
TICKS = 512

#: What every file here is muxed with: index first, no edit lists, picture starting at zero
#: (field guide 1.1, the edit-list trap).
MUXING = ["-movflags", "+faststart+negative_cts_offsets", "-use_editlist", "0"]
_COLOUR = ["-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]


def arguments(frame: FrameSpec, preset: str, target: Path) -> list[str]:
    """ffmpeg's arguments: yuv420p frames on stdin to H.264 High in MP4."""
    raw = ["-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", f"{frame.width}x{frame.height}"]
    x264 = ["-c:v", "libx264", "-preset", preset, "-profile:v", "high", "-level:v", "4.2", "-crf", str(CRF)]
    tuning = ["-x264-params", TUNING]
    rate = ["-maxrate", "12M", "-bufsize", "24M", "-g", str(KEYFRAME_SECONDS * frame.fps)]
    group = ["-bf", "2", "-flags", "+cgop", "-threads", str(THREADS), "-pix_fmt", "yuv420p"]
    clock = ["-fps_mode", "cfr", "-video_track_timescale", str(frame.fps * TICKS)]
    clean = ["-map_metadata", "-1", "-fflags", "+bitexact"]
    source = ["-loglevel", "error", *raw, "-framerate", str(frame.fps), *_COLOUR, "-i", "pipe:0", "-an"]
    return [*source, *x264, *tuning, *rate, *group, *_COLOUR, *clock, *clean, *MUXING, str(target)]


class Encoder:
    """A running encoder: in `with Encoder(...) as encoder:` paint `encoder.next_frame()`, `encoder.send()`.

    Raises UnableToRunFfmpeg from `send` or on leaving the block. Its process group never outlives
    the block.
    """

    def __init__(self, frame: FrameSpec, preset: str, target: Path) -> None:
        self._process = ffmpeg.start(ffmpeg.command(arguments(frame, preset, target)))
        assert self._process.stdin is not None  # noqa: S101 - start() pipes it
        self._pipe = self._process.stdin.fileno()
        self._ring = Ring(frame.width, frame.height, _widened(self._pipe))

    def next_frame(self) -> Frame:
        """Where to paint the next frame; holds an older one."""
        return self._ring.turn()

    def send(self) -> None:
        """Hand the frame over; returns once ffmpeg has taken all of it but what a pipe holds."""
        try:
            self._ring.send(self._pipe)
        except BrokenPipeError as gone:
            raise ffmpeg.UnableToRunFfmpeg(self._last_words()) from gone

    def _last_words(self) -> str:
        _, err = self._process.communicate(timeout=ffmpeg.DEFAULT_TIMEOUT)
        return err.decode(errors="replace")[-ffmpeg.TAIL :]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                words = self._last_words()
                if self._process.returncode:
                    raise ffmpeg.UnableToRunFfmpeg(words)
        finally:
            ffmpeg.kill(self._process)
            self._ring.close()
            for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()


def _widened(pipe: int) -> int:
    """Widen a pipe where the system allows it; returns the bytes it holds."""
    with contextlib.suppress(OSError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return fcntl.fcntl(pipe, fcntl.F_GETPIPE_SZ)
