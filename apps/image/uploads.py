"""A file that somebody sent: is it an image or a clip that can be shown, and how shall it be called?

Paths and names in, plain values out; no Django, nothing stored. A file is what its bytes say, not
its name, and it is measured before it is decoded.
"""

import re
import threading
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from apps.contracts.media import LayerKind, UnableToKeepUpload
from apps.foundation import ffmpeg
from apps.image import clips, photos

#: Pixels of an image, and of a clip's frame, above which it is refused before it is decoded.
MOST_PIXELS, MOST_CLIP_PIXELS = 60_000_000, 36_000_000
#: Bytes of an image file; it is held in memory while it is checked.
MOST_IMAGE_BYTES = 80_000_000
#: Shorter side of a clip's frame, pixels, that is still worth showing.
LEAST_SIDE = 64
#: Seconds one look at a clip may take.
TIMEOUT = 30.0
#: UTF-8 bytes of a kept name; longer ones are cut. File systems allow 255, with extension and companions.
NAME_BYTES = 120
#: Characters of a credit line.
CREDIT_LIMIT = 200
#: What an upload's key looks like.
KEY = re.compile(r"uploads/[0-9a-f]{32}/[^/\\\x00-\x1f]{1,160}\.(?:jpg|png|webp|mp4|mov|webm)")

_FORMATS = "Send a JPEG, PNG or WebP image, or an MP4, MOV or WebM clip."
_UNKNOWN = "This is neither an image nor a clip that can be read."
_DAMAGED = "The clip is damaged or incomplete."
_AGAIN = "Copy or export it again, as MP4 with H.264 where you can choose."
#: Brands (ISO 14496-12, 4.3) of still pictures in the container that clips have.
_STILLS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
#: A decoded image may take half a gigabyte: one is decoded at a time.
_decoding = threading.Lock()


@dataclass(frozen=True)
class Checked:
    """What a file turned out to be; upright size in pixels, `seconds` 0 for an image."""

    kind: LayerKind
    extension: str
    width: int
    height: int
    seconds: float = 0.0


def check(path: Path) -> Checked:
    """Decode enough of a file to know that it can be shown. Raises UnableToKeepUpload."""
    if not (size := path.stat().st_size):
        raise UnableToKeepUpload("The file is empty.", "Choose the file again.")
    with path.open("rb") as handle:
        head = handle.read(64)
    if image := _image_extension(head):
        if size > MOST_IMAGE_BYTES:
            most = MOST_IMAGE_BYTES // 1_000_000
            raise UnableToKeepUpload(
                f"The image file is larger than {most} MB.", "Save it as JPEG, or smaller."
            )
        return _checked_image(path.read_bytes(), image)
    return _checked_clip(path, _clip_extension(head))


def safe_name(name: str, default: str) -> str:
    """The words of a file's name, without folders and extension, fit for a key in any storage.

    Letters, marks and digits of every script are kept: a file is chosen for a scene by its words.
    """
    stem = re.split(r"[/\\]", name)[-1].rpartition(".")[0] or re.split(r"[/\\]", name)[-1]
    plain = "".join(
        c if unicodedata.category(c)[0] in "LMN" else "-" for c in unicodedata.normalize("NFC", stem)
    )
    words = re.sub("-+", "-", plain).strip("-")
    return words.encode()[:NAME_BYTES].decode(errors="ignore").strip("-") or default


def credit_line(text: str) -> str:
    """A credit as one printable line of at most CREDIT_LIMIT characters."""
    shown = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    return " ".join(shown.split())[:CREDIT_LIMIT].strip()


def is_key(text: str) -> bool:
    """Whether `text` could be an upload's key; nothing else leads into storage from a brief."""
    return KEY.fullmatch(text) is not None and ".." not in text


def credit_key(key: str) -> str:
    """Where the credit of the upload at `key` lies, if it has one."""
    return f"{key.rpartition('.')[0]}.txt"


def _image_extension(head: bytes) -> str:
    if head.startswith(b"\xff\xd8"):
        return "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    return "webp" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else ""


def _clip_extension(head: bytes) -> str:
    if head[4:8] == b"ftyp" and head[8:12] in _STILLS:
        raise UnableToKeepUpload("This is a HEIC or AVIF image.", "Save it as JPEG or PNG.")
    try:
        container = clips.container_of(head)
    except clips.UnableToReadClip:
        raise UnableToKeepUpload(_UNKNOWN, _FORMATS) from None
    if container == "matroska":
        if b"webm" not in head:
            raise UnableToKeepUpload("This is a Matroska file.", _FORMATS)
        return "webm"
    return "mov" if head[8:12] == b"qt  " or head[4:8] != b"ftyp" else "mp4"


def _checked_image(data: bytes, extension: str) -> Checked:
    try:
        width, height = photos.measure(data)
        if width * height > MOST_PIXELS:
            most = MOST_PIXELS // 1_000_000
            raise UnableToKeepUpload(f"The image has more than {most} megapixels.", "Make it smaller.")
        with _decoding:
            rows, columns = photos.read(data).pixels.shape[:2]
    except photos.UnableToReadImage as unreadable:
        reason, _, remedy = str(unreadable).partition(". ")
        raise UnableToKeepUpload(f"{reason}.", remedy) from None
    if (columns > rows) != (width > height):  # turned upright as its EXIF asks
        width, height = height, width
    return Checked(LayerKind.IMAGE, extension, width, height)


def _checked_clip(path: Path, extension: str) -> Checked:
    source = _opened(path, "matroska" if extension == "webm" else "mov")
    first = _log([*source, "-map", "0:v:0", "-frames:v", "1", "-f", "null", "-"])
    shown = re.search(r"Output #0.*?Video: [^\n]*?, (\d{1,5})x(\d{1,5})", first, re.DOTALL)
    if not shown or not _frames(first):
        raise UnableToKeepUpload(_DAMAGED, _AGAIN)
    width, height = int(shown[1]), int(shown[2])
    if min(width, height) < LEAST_SIDE:
        raise UnableToKeepUpload(
            "The clip is too small.", f"Send one of at least {LEAST_SIDE} pixels a side."
        )
    whole = _log([*source, "-map", "0:v:0", "-c", "copy", "-f", "null", "-"])
    if "partial file" in whole or "File ended prematurely" in whole:
        raise UnableToKeepUpload(_DAMAGED, _AGAIN)
    return Checked(LayerKind.CLIP, extension, width, height, _seconds(whole))


def _opened(path: Path, container: str) -> list[str]:
    """Input arguments: that container and no other, no addresses followed, no frame too large for memory."""
    bounded = ["-max_pixels", str(MOST_CLIP_PIXELS), "-threads", "1"]
    return [*bounded, "-protocol_whitelist", "file", "-f", container, "-i", str(path)]


def _log(arguments: list[str]) -> str:
    try:
        return ffmpeg.run(arguments, timeout=TIMEOUT)[1]
    except ffmpeg.UnableToRunFfmpeg as failed:
        if "No space left" in str(failed):
            raise
        if "max pixel count" in str(failed):
            raise UnableToKeepUpload(
                "The clip's frames are too large.", "Export it in 4K or smaller; 1080 x 1920 is enough."
            ) from None
        raise UnableToKeepUpload(_DAMAGED, _AGAIN) from None


def _frames(log: str) -> int:
    counts = re.findall(r"frame=\s*(\d+)", log)
    return int(counts[-1]) if counts else 0


def _seconds(log: str) -> float:
    """How long the pictures run, as the packets say."""
    found = re.findall(r"time=(\d+):(\d+):(\d+\.\d+)", log)
    if not found:
        raise UnableToKeepUpload(_DAMAGED, _AGAIN)
    hours, minutes, seconds = found[-1]
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
