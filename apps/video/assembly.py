"""Segments and a mix into the finished file, without re-encoding a picture; and its stills."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from apps.foundation import ffmpeg
from apps.video.composition import STILLS
from apps.video.encoder import MUXING
from apps.video.planes import Plane

#: Samples an AAC encoder puts before the sound; without an edit list they are played, so as many are
#: taken from the sound's own beginning and the rest stays where it belongs.
PRIMING = 1024
#: Bits a second of the sound.
AUDIO_RATE = "192k"
#: ISO 639-2 codes MP4 wants; "und" where we know none.
_LANGUAGES = {
    "en": "eng", "es": "spa", "fr": "fra", "de": "deu", "it": "ita", "pt": "por", "hi": "hin", "nl": "nld",
    "pl": "pol", "ru": "rus", "tr": "tur", "el": "ell", "sv": "swe", "id": "ind", "mr": "mar", "uk": "ukr",
}  # fmt: skip
#: Stills on a contact sheet, how many in a row, and pixels between them.
SHEET_STILLS, SHEET_COLUMNS, GUTTER = 12, 6, 10
#: Ground of the contact sheet, BGR.
GROUND = (24, 18, 16)
#: JPEG quality of poster and sheet.
QUALITY = 88


def join(
    segments: Sequence[Path], sound: Path, target: Path, *, title: str, language: str, work: Path
) -> None:
    """Concatenate by stream copy, add the sound as AAC, and tag. `work` is a scratch folder.

    The title travels in a file: no text of a user is ever an argument. Raises UnableToRunFfmpeg.
    """
    listing, tags = work / "segments.txt", work / "tags.txt"
    listing.write_text("".join(f"file '{_quoted(path)}'\n" for path in segments), encoding="utf-8")
    tags.write_text(metadata(title), encoding="utf-8")
    inputs = ["-f", "concat", "-safe", "0", "-i", str(listing), "-i", str(sound), "-f", "ffmetadata"]
    streams = ["-i", str(tags), "-map", "0:v:0", "-map", "1:a:0", "-map_metadata", "2", "-c:v", "copy"]
    trimmed = ["-af", f"atrim=start_sample={PRIMING},asetpts=PTS-STARTPTS", "-ar", "48000", "-ac", "2"]
    audio = [*trimmed, "-c:a", "aac", "-b:a", AUDIO_RATE, "-fflags", "+bitexact"]
    spoken = ["-metadata:s:a:0", f"language={_LANGUAGES.get(language, 'und')}"]
    ffmpeg.run(["-loglevel", "error", *inputs, *streams, *audio, *spoken, *MUXING, str(target)])


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("'", "'\\''")


def metadata(title: str) -> str:
    """An ffmetadata file with the title and the disclosure that a machine made this."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in title).split())[:200]
    escaped = "".join(f"\\{c}" if c in "=;#\\" else c for c in plain)
    return f";FFMETADATA1\ntitle={escaped}\ncomment=AI-generated\n"


def still_at(video: Path, second: float, target: Path) -> None:
    """One full-size frame of `video` as JPEG."""
    place = ["-ss", f"{second:.3f}", "-i", str(video), "-frames:v", "1", "-q:v", "3", "-update", "1"]
    ffmpeg.run(["-loglevel", "error", *place, str(target)])


def best_still(strip: Plane) -> int:
    """Which still of a strip makes the best poster: colourful and full of contrast.

    Hasler and Süsstrunk's colourfulness (field guide 2.1) plus the spread of the luma.
    """
    return max(range(STILLS), key=lambda n: _appeal(_cell(strip, n)))


def _appeal(still: Plane) -> float:
    blue, green, red = (still[..., n].astype(np.float32) for n in range(3))
    rg, yb = red - green, (red + green) / 2 - blue
    colour = np.hypot(rg.std(), yb.std()) + 0.3 * np.hypot(rg.mean(), yb.mean())
    return float(colour + 0.5 * green.std())


def _cell(strip: Plane, n: int) -> Plane:
    width = strip.shape[1] // STILLS
    return strip[:, n * width : (n + 1) * width]


def sheet(strips: Sequence[Plane], spans: Sequence[tuple[int, int]]) -> Plane:
    """SHEET_STILLS moments evenly over the whole video on one picture, BGR.

    `strips` are the segments' stills, `spans` their [start, end) in milliseconds.
    """
    total = spans[-1][1]
    moments = [(k + 0.5) * total / SHEET_STILLS for k in range(SHEET_STILLS)]
    stills = [_nearest(strips, spans, ms) for ms in moments]
    h, w = stills[0].shape[:2]
    rows = -(-SHEET_STILLS // SHEET_COLUMNS)
    shape = (rows * (h + GUTTER) + GUTTER, SHEET_COLUMNS * (w + GUTTER) + GUTTER, 3)
    page = np.full(shape, GROUND, np.uint8)
    for n, still in enumerate(stills):
        y, x = (GUTTER + (n // SHEET_COLUMNS) * (h + GUTTER), GUTTER + (n % SHEET_COLUMNS) * (w + GUTTER))
        page[y : y + h, x : x + w] = still
    return page


def _nearest(strips: Sequence[Plane], spans: Sequence[tuple[int, int]], ms: float) -> Plane:
    n = next(k for k, (_, end) in enumerate(spans) if ms < end)
    start, end = spans[n]
    return _cell(strips[n], min(STILLS - 1, int((ms - start) / (end - start) * STILLS)))


def write_jpeg(image: Plane, target: Path) -> None:
    """Save a BGR picture."""
    cv2.imwrite(str(target), image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
