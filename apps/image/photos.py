"""Image files of others as pixels: JPEG, PNG and WebP, upright, or refused with words. Bytes in, arrays out.

A file is measured by its header before it is decoded: a small file can unpack to more memory than there is.
"""

import struct
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]

#: Pixels above which a file is refused; decoded it would take half a gigabyte.
MOST_PIXELS = 120_000_000
#: Shorter side, pixels, that is still worth showing.
LEAST_SIDE = 64
#: Shorter side, pixels, down to which a larger JPEG is decoded at half size: twice as quick, nothing lost.
ENOUGH = 2200
#: Share of see-through pixels from which a picture counts as cut out.
CUT_OUT = 0.01
#: Markers of a JPEG frame header: baseline to progressive, without the tables C4, C8 and CC.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN, _END = 0xDA, b"\xff\xd9"
_KNOWN = "Use a JPEG, PNG or WebP file."


class UnableToReadImage(ValueError):
    """The file is no image that can be used; the message says why, and what to do."""


@dataclass(frozen=True)
class Photo:
    """Height x width x 3 bytes, BGR, upright. `alpha` is None where nothing is see-through."""

    pixels: Pixels
    alpha: Pixels | None = None


def read(data: bytes) -> Photo:
    """Decode an image file; of an animation, its first picture. Raises UnableToReadImage."""
    width, height = measure(data)
    if width * height > MOST_PIXELS:
        raise UnableToReadImage("The image is too large. Make it smaller than 120 megapixels.")
    if min(width, height) < LEAST_SIDE:
        raise UnableToReadImage(f"The image is too small. Use one of at least {LEAST_SIDE} pixels a side.")
    coloured = cv2.IMREAD_REDUCED_COLOR_2 if min(width, height) >= 2 * ENOUGH else cv2.IMREAD_COLOR
    if data[:2] != b"\xff\xd8":
        raw = _decoded(data, cv2.IMREAD_UNCHANGED)
        if raw.ndim == 3 and raw.shape[2] == 4:
            return _cut_out(_eight_bit(raw))
        coloured = cv2.IMREAD_COLOR
    return Photo(_decoded(data, coloured))


def _decoded(data: bytes, flags: int) -> npt.NDArray:
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error:
        image = None
    if image is None:
        raise UnableToReadImage(f"The image is damaged. {_KNOWN}")
    return image


def _eight_bit(image: npt.NDArray) -> Pixels:
    return image if image.dtype == np.uint8 else (image >> 8).astype(np.uint8)


def _cut_out(image: Pixels) -> Photo:
    pixels, alpha = np.ascontiguousarray(image[:, :, :3]), np.ascontiguousarray(image[:, :, 3])
    return Photo(pixels, alpha if (alpha < 250).mean() > CUT_OUT else None)


def measure(data: bytes) -> tuple[int, int]:
    """Width and height as the file's header states them, undecoded. Raises UnableToReadImage, also for a file
    that is cut short."""
    if data[:2] == b"\xff\xd8":
        return _measure_jpeg(data)
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) > 24:
        if b"IEND" not in data[-64:]:
            raise UnableToReadImage("The image is incomplete. Copy it again.")
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP" and len(data) > 30:
        return _measure_webp(data)
    raise UnableToReadImage(f"The file is not an image that can be read. {_KNOWN}")


def _measure_jpeg(data: bytes) -> tuple[int, int]:
    """From the frame header (ITU-T T.81, B.2.2); the file has to hold its scan to the end."""
    at, size, colours = 2, (0, 0), 0
    while at + 9 < len(data) and data[at] == 0xFF and data[at + 1] != _SCAN:
        if data[at + 1] in _FRAMES:
            height, width, colours = struct.unpack(">HHB", data[at + 5 : at + 10])
            size = (width, height)
        at += 1 if data[at + 1] == 0xFF else 2 + int.from_bytes(data[at + 2 : at + 4])
    if colours == 4:
        raise UnableToReadImage("The image is in print colours (CMYK). Save it as RGB.")
    if not colours or _END not in data[at:]:
        raise UnableToReadImage("The image is incomplete. Copy it again.")
    return size


def _measure_webp(data: bytes) -> tuple[int, int]:
    """From the first chunk (RFC 9649, 2.5 to 2.7)."""
    if int.from_bytes(data[4:8], "little") + 8 > len(data) + 1:
        raise UnableToReadImage("The image is incomplete. Copy it again.")
    kind = data[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return (
        int.from_bytes(data[26:28], "little") & 0x3FFF,
        int.from_bytes(data[28:30], "little") & 0x3FFF,
    )
