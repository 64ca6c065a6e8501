"""A clip of somebody else's as a picture's backmost layer: its liveliest stretch, cropped to its subject.

Paths in, a silent H.264 file of the canvas's size out; knows no Django. Every number in a filter is ours,
and a file is opened as what its first bytes say it is: ffmpeg's guess could be a playlist with addresses.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from apps.contracts.decision import FrameSpec
from apps.foundation import ffmpeg
from apps.image import framing, grading, png, saliency
from apps.image.palette import Palette, channels
from apps.image.saliency import Window

Pixels = npt.NDArray[np.uint8]

#: Seconds of a clip that are looked at, from its start; more costs more than it finds.
LOOKED_AT = 24.0
#: Looks a second, and the longer side of what is looked at, pixels.
LOOKS, LOOK_SIDE = 5, 96
#: A clip is stored as long as its scene is planned, times this, and a second: narration runs over plans.
SPARE, SPARE_SECONDS = 1.3, 1.0
#: How much a short clip may be slowed before it looks slowed.
SLOWEST = 1.5
#: Seconds of a very short clip that are played forth and back; the frames of it are held in memory.
TURNED = 2.4
#: Seconds below which a clip is a picture that stands.
STANDS = 0.4
#: Mean difference (0-1) of two looks from which it is a cut, and mean luma (0-1) below which it is a fade.
CUT, DARK = 0.22, 0.06
#: Pixels of a frame above which a clip is refused: a small file can unpack to more memory than there is.
MOST_PIXELS = 36_000_000
#: x264's constant quality: nothing is seen of it after the second encoding.
QUALITY = 16
#: Seconds one pass over a clip may take.
TIMEOUT = 240.0
#: First bytes of the containers that are read: ISO media (mp4, mov) by its first box, Matroska (webm).
_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_EBML = b"\x1a\x45\xdf\xa3"
#: How HDR is told, and its way to BT.709: 203 cd/m2 is white (ITU-R BT.2408), what is brighter is rolled off.
_HDR = ("smpte2084", "arib-std-b67")
_TONED = (
    "zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt709,tonemap=tonemap=mobius:desat=0,"
    "zscale=t=bt709:m=bt709:r=tv"
)
_DAMAGED = "The clip cannot be read. Use an MP4, MOV or WebM file, and copy it again if it is one."


class UnableToReadClip(ValueError):
    """The file is no clip that can be used; the message says why, and what to do."""


@dataclass(frozen=True)
class Clip:
    """What is known of a clip: its upright size in pixels, seconds, how to open it, and looks at it.

    `looks` is n x height x width x 3 (BGR), LOOKS a second.
    """

    path: Path
    opened_as: str
    width: int
    height: int
    seconds: float
    colours: str
    looks: Pixels


@dataclass(frozen=True)
class Stretch:
    """What is played: from `start`, `length` seconds of the source, `slower` times as long; `turns`: forth
    and back, again and again."""

    start: float
    length: float
    slower: float = 1.0
    turns: bool = False


def look_at(path: Path) -> Clip:
    """Measure a clip and look at its first LOOKED_AT seconds. Raises UnableToReadClip."""
    with path.open("rb") as handle:
        opened_as = container_of(handle.read(16))
    side = f"{LOOK_SIDE}:{LOOK_SIDE}:force_original_aspect_ratio=decrease:force_divisible_by=2"
    chain = f"fps={LOOKS}:round=up,{_SQUARE},scale={side}:flags=area,format=bgr24"
    out, log = _run([*_opened(path, opened_as), "-t", f"{LOOKED_AT}", "-vf", chain, *_RAW])
    shape = re.search(r"Output #0.*?Video: rawvideo[^\n]*?, (\d+)x(\d+)", log, re.DOTALL)
    source = re.search(r"Stream #0:\d+.*?: Video: ([^\n]*?), (\d{2,5})x(\d{2,5})(?: \[SAR (\d+):(\d+))?", log)
    if not shape or not source or not out:
        raise UnableToReadClip(_DAMAGED)
    width, height = int(shape[1]), int(shape[2])
    looks = np.frombuffer(out, np.uint8)[: len(out) // (width * height * 3) * width * height * 3]
    squared = round(int(source[2]) * int(source[4] or 1) / max(1, int(source[5] or 1)))
    size = sorted((squared, int(source[3])), reverse=width >= height)
    return Clip(
        path=path,
        opened_as=opened_as,
        width=size[0],
        height=size[1],
        seconds=_seconds(log, len(looks) // (width * height * 3)),
        colours=source[1],
        looks=looks.reshape(-1, height, width, 3),
    )


def container_of(head: bytes) -> str:
    """ffmpeg's name of the container that a file with these first bytes is. Raises UnableToReadClip."""
    if head[4:8] in _BOXES:
        return "mov"
    if head.startswith(_EBML):
        return "matroska"
    raise UnableToReadClip(_DAMAGED)


def stretch_of(clip: Clip, seconds: float) -> Stretch:
    """What of the clip to play in a scene planned for `seconds`: where it moves most, without a cut."""
    wanted = seconds * SPARE + SPARE_SECONDS
    if clip.seconds >= wanted:
        return Stretch(min(liveliest(clip.looks, wanted), clip.seconds - wanted), wanted)
    if clip.seconds * SLOWEST >= seconds:
        return Stretch(0.0, clip.seconds, min(SLOWEST, wanted / clip.seconds))
    return Stretch(0.0, min(clip.seconds, TURNED), turns=clip.seconds >= STANDS)


def liveliest(looks: Pixels, seconds: float) -> float:
    """The second from which `seconds` of the clip move most; the first of equals."""
    luma = looks.mean(axis=3, dtype=np.float32) / 255
    moved = np.abs(np.diff(luma, axis=0)).mean(axis=(1, 2))
    dark = luma.mean(axis=(1, 2)) < DARK
    worth = np.where(moved > CUT, -1.0, np.minimum(moved, 0.1)) - 0.2 * dark[1:]
    window = max(1, min(len(worth), round(seconds * LOOKS) - 1))
    sums = np.convolve(worth, np.ones(window), "valid") if len(worth) else np.zeros(1)
    return float(np.argmax(np.round(sums, 4))) / LOOKS


def frame_clip(
    clip: Clip, target: Path, frame: FrameSpec, palette: Palette, *, seconds: float, precious: bool = False
) -> framing.Framed:
    """Write the clip's best stretch to `target`, fit to be layer 0, and say how it was framed.

    Raises UnableToReadClip.
    """
    stretch, canvas = stretch_of(clip, seconds), framing.canvas_size(frame)
    first = int(stretch.start * LOOKS)
    looks = clip.looks[first : first + max(1, round(stretch.length * LOOKS))]
    found, size = _interest(looks), (clip.width, clip.height)
    window = framing.crop_of(size, found, canvas, precious=precious)
    grade = grading.grade_for(looks[len(looks) // 2], palette)
    pre = f"{_flat(clip)},{_SQUARE},{grading.as_filter(grade)}"
    if window is not None:
        placed = f"[0:v]{pre},{_cropped(window)},scale={_size(canvas)}:flags=lanczos[placed]"
    else:
        placed = _before_its_blur(clip, frame, canvas, found, pre)
    veil = target.with_name("shade.png")
    veil.write_bytes(_veil(canvas, palette.ink))
    _encode(clip, stretch, placed, veil, target, frame, seconds * SPARE + SPARE_SECONDS)
    preview = framing.preview_of(first_frame(target, canvas), frame)
    return framing.Framed((framing.FramedLayer(target.read_bytes(), 0.0),), preview, "clip")


def first_frame(path: Path, canvas: tuple[int, int]) -> Pixels:
    """The first picture of a file of ours, BGR."""
    out, _ = _run(["-i", str(path), "-frames:v", "1", "-pix_fmt", "bgr24", *_RAW])
    return np.frombuffer(out, np.uint8).reshape(canvas[1], canvas[0], 3)


_RAW = ("-f", "rawvideo", "pipe:1")
#: Pixels made square where they are not.
_SQUARE = "scale=w='trunc(iw*sar/2)*2':h=ih,setsar=1"


def _opened(path: Path, opened_as: str, start: float = 0.0) -> list[str]:
    bounded = ["-max_pixels", str(MOST_PIXELS), "-protocol_whitelist", "file"]
    return [*bounded, "-f", opened_as, "-ss", f"{start:.3f}", "-i", str(path)]


def _run(arguments: list[str]) -> tuple[bytes, str]:
    try:
        return ffmpeg.run(arguments, timeout=TIMEOUT)
    except ffmpeg.UnableToRunFfmpeg as failed:
        if "No space left" in str(failed):
            raise
        raise UnableToReadClip(_DAMAGED) from None


def _seconds(log: str, looks: int) -> float:
    """As the container says, but not longer than there is to see."""
    found = re.search(r"Duration: (\d+):(\d+):(\d+\.\d+)", log)
    seen = looks / LOOKS
    if not found:
        return seen
    stated = int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3])
    return stated if seen >= LOOKED_AT - 1 else min(stated, seen)


def _interest(looks: Pixels) -> saliency.Map:
    """Where the eye goes over a stretch: what stands out in its pictures, and what moves."""
    few = looks[:: max(1, len(looks) // 8)]
    maps = [saliency.saliency(look) for look in few]
    if len(looks) > 1:
        moved = np.abs(np.diff(looks.mean(axis=3, dtype=np.float32), axis=0)).mean(axis=0)
        maps.append(saliency.resized_to(moved, maps[0]))
    return saliency.together(maps)


def _flat(clip: Clip) -> str:
    """To limited-range BT.709, from whatever it is in."""
    if any(name in clip.colours for name in _HDR):
        return f"{_TONED},format=yuv420p"
    untagged = "bt" not in clip.colours and "smpte" not in clip.colours
    matrix = "bt709" if untagged and min(clip.width, clip.height) >= 720 else "auto"
    return f"scale=in_color_matrix={matrix}:out_color_matrix=bt709:out_range=tv,format=yuv420p"


def _cropped(window: Window) -> str:
    width, height = window.right - window.left, window.bottom - window.top
    return (
        f"crop=w='2*floor(iw*{width:.5f}/2)':h='2*floor(ih*{height:.5f}/2)'"
        f":x='iw*{window.left:.5f}':y='ih*{window.top:.5f}'"
    )


def _before_its_blur(
    clip: Clip, frame: FrameSpec, canvas: tuple[int, int], found: saliency.Map, pre: str
) -> str:
    """The clip across the canvas, as much of its sides off as holds no subject, before its own blur."""
    behind = framing.widest((clip.width, clip.height), found, canvas)
    tallest = canvas[1] * framing.CARD_HEIGHT
    least = canvas[0] / clip.width * max(1 / framing.MOST_ENLARGED, clip.height / tallest)
    strip = framing.closest(found, least)
    aspect = (strip.right - strip.left) * clip.width / clip.height
    width = min(canvas[0], 2 * round(canvas[1] * aspect / 2))
    height = 2 * round(width / aspect / 2)
    middle = (canvas[1] - frame.height) / 2 + framing.CARD_MIDDLE * frame.height
    top = max(0, 2 * round((middle - height / 2) / 2))
    small = (2 * round(canvas[0] / 24), 2 * round(canvas[1] / 24))
    return (
        f"[0:v]{pre},split[one][two];"
        f"[one]{_cropped(behind)},scale={_size(small)}:flags=area,gblur=sigma={small[0] / 7:.2f}:steps=2,"
        f"scale={_size(canvas)}:flags=bicubic,lutyuv=y='16+(val-16)*0.62'[far];"
        f"[two]{_cropped(strip)},scale={width}:{height}:flags=lanczos[near];"
        f"[far][near]overlay=x={(canvas[0] - width) // 2}:y={top}[placed]"
    )


def _encode(
    clip: Clip, stretch: Stretch, placed: str, veil: Path, target: Path, frame: FrameSpec, seconds: float
) -> None:
    """Play the stretch for `seconds` into `target`; a picture that ends early stands."""
    timed = f"setpts={stretch.slower:.4f}*(PTS-STARTPTS),fps={frame.fps}:round=up"
    turned = ",split[forth][turn];[turn]reverse[back];[forth][back]concat" if stretch.turns else ""
    held = "" if stretch.turns else ",tpad=stop=-1:stop_mode=clone"
    graph = (
        f"{placed};[1:v]format=yuva420p[veil];[placed][veil]overlay=format=yuv420,{timed}{turned}{held},"
        "setsar=1,format=yuv420p[out]"
    )
    once = target.with_name("once.mp4") if stretch.turns else target
    frames = round(seconds * frame.fps)
    # -t before -i: only so much of the source is read.
    source = ["-t", f"{stretch.length:.3f}", *_opened(clip.path, clip.opened_as, stretch.start)]
    limit = [] if stretch.turns else ["-frames:v", str(frames)]
    made = ["-filter_complex", graph, "-map", "[out]", *limit, *_coded(frame), str(once)]
    _run([*source, "-i", str(veil), *made])
    if stretch.turns:
        again = ["-stream_loop", "-1", "-i", str(once), "-frames:v", str(frames), "-c", "copy", "-an"]
        _run([*again, "-movflags", "+faststart", str(target)])


def _coded(frame: FrameSpec) -> list[str]:
    """H.264 in BT.709, closed groups of a second, nothing else in the file."""
    return [
        *("-c:v", "libx264", "-preset", "veryfast", "-crf", str(QUALITY), "-pix_fmt", "yuv420p"),
        *("-g", str(frame.fps), "-x264-params", "open-gop=0", "-r", str(frame.fps)),
        *("-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv"),
        *("-an", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1", "-movflags", "+faststart"),
    ]


def _veil(canvas: tuple[int, int], ink: str) -> bytes:
    """The shade as an RGBA PNG."""
    alpha = np.rint(grading.shade(*canvas) * 255).astype(np.uint8)
    colour = np.broadcast_to(np.array(channels(ink), np.uint8), (*alpha.shape, 3))
    return png.encode(np.dstack((colour, alpha)))


def _size(size: tuple[int, int]) -> str:
    return f"{size[0]}:{size[1]}"
