"""Segments and a mix into the finished file, without re-encoding a picture; and its stills."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from apps.contracts.media import Shot
from apps.foundation import ffmpeg, mp4
from apps.video import contact_sheet
from apps.video.composition import STILLS
from apps.video.encoder import MUXING
from apps.video.planes import Plane

#: Samples an AAC encoder puts before the sound; without an edit list they are played, so as many are
#: taken from the sound's own beginning and the rest stays where it belongs.
PRIMING = 1024
#: Samples and bits a second of the sound.
SAMPLE_RATE, AUDIO_RATE = 48_000, "192k"
#: ISO 639-2 codes MP4 wants; "und" where we know none.
_LANGUAGES = {
    "ar": "ara", "bg": "bul", "bn": "ben", "ca": "cat", "cs": "ces", "da": "dan", "de": "deu", "el": "ell",
    "en": "eng", "es": "spa", "et": "est", "fa": "fas", "fi": "fin", "fr": "fra", "gu": "guj", "he": "heb",
    "hi": "hin", "hr": "hrv", "hu": "hun", "id": "ind", "it": "ita", "ja": "jpn", "ko": "kor", "lt": "lit",
    "lv": "lav", "mr": "mar", "ms": "msa", "nb": "nob", "ne": "nep", "nl": "nld", "no": "nor", "pa": "pan",
    "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus", "sk": "slk", "sl": "slv", "sr": "srp", "sv": "swe",
    "ta": "tam", "te": "tel", "th": "tha", "tr": "tur", "uk": "ukr", "ur": "urd", "vi": "vie", "zh": "zho",
}  # fmt: skip
#: Milliseconds after a caption comes up, and before it goes, in which it is not at rest.
SETTLING_MS, GOING_MS = 170, 100
#: Seconds of the opening move, from which no poster is taken.
OPENING = 0.75
#: JPEG quality of poster and sheet.
QUALITY = 88


def join(
    segments: Sequence[Path], sound: Path, target: Path, *, title: str, language: str, work: Path
) -> None:
    """Concatenate by stream copy, add the sound as AAC, and tag. `work` is a scratch folder.

    The sound is made as long as the picture: cut, or followed by silence. The title travels in a file: no
    text of a user is ever an argument. Raises UnableToRunFfmpeg, UnableToReadMp4.
    """
    listing, tags = work / "segments.txt", work / "tags.txt"
    listing.write_text("".join(f"file '{_quoted(path)}'\n" for path in segments), encoding="utf-8")
    tags.write_text(metadata(title), encoding="utf-8")
    inputs = ["-f", "concat", "-safe", "0", "-i", str(listing), "-i", str(sound), "-f", "ffmetadata"]
    streams = ["-i", str(tags), "-map", "0:v:0", "-map", "1:a:0", "-map_metadata", "2", "-c:v", "copy"]
    audio = ["-af", _fitted(sum(map(_seconds, segments))), "-ac", "2", "-c:a", "aac", "-b:a", AUDIO_RATE]
    spoken = ["-metadata:s:a:0", f"language={language_code(language)}", "-fflags", "+bitexact"]
    ffmpeg.run(["-loglevel", "error", *inputs, *streams, *audio, *spoken, *MUXING, str(target)])


def _seconds(segment: Path) -> float:
    track = mp4.read(segment).track("vide")
    return track.duration if track else 0.0


def _fitted(seconds: float) -> str:
    """The filter that brings a sound to a length, less what the encoder is going to put before it."""
    samples = round(seconds * SAMPLE_RATE)
    cut = f"atrim=start_sample={PRIMING}:end_sample={samples},asetpts=PTS-STARTPTS"
    return f"aresample={SAMPLE_RATE},{cut},apad=whole_len={samples - PRIMING}"


def language_code(language: str) -> str:
    """A BCP 47 language as the ISO 639-2 code that MP4 wants; "und" where we know none."""
    return _LANGUAGES.get(language.partition("-")[0].lower(), "und")


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


def poster_second(strip: Plane, shot: Shot) -> float:
    """The second of the video's first shot that makes the best poster: of its stills the most colourful
    one whose caption is whole and at rest, or where none is, the middle of the last caption."""
    length = (shot.end_ms - shot.start_ms) / 1000
    calm = [n for n in range(STILLS) if _is_calm(shot, _still_second(n, length))]
    if calm:
        return _still_second(max(calm, key=lambda n: _appeal(_cell(strip, n))), length)
    middles = [(cue.start_ms + cue.end_ms) / 2000 - shot.start_ms / 1000 for cue in shot.cues]
    return middles[-1] if middles else length / 2


def _still_second(n: int, length: float) -> float:
    return (n + 0.5) / STILLS * length


def _is_calm(shot: Shot, second: float) -> bool:
    """Whether the opening move is over and a caption stands as it will stay."""
    ms = shot.start_ms + second * 1000
    settled = any(c.start_ms + SETTLING_MS <= ms <= c.end_ms - GOING_MS for c in shot.cues)
    return settled and second >= OPENING


def _appeal(still: Plane) -> float:
    """Colourful and full of contrast: Hasler and Süsstrunk's colourfulness (field guide 2.1) plus the
    spread of the luma."""
    blue, green, red = (still[..., n].astype(np.float32) for n in range(3))
    rg, yb = red - green, (red + green) / 2 - blue
    colour = np.hypot(rg.std(), yb.std()) + 0.3 * np.hypot(rg.mean(), yb.mean())
    return float(colour + 0.5 * green.std())


def _cell(strip: Plane, n: int) -> Plane:
    width = strip.shape[1] // STILLS
    return strip[:, n * width : (n + 1) * width]


def sheet(strips: Sequence[Plane], spans: Sequence[tuple[int, int]]) -> Plane:
    """The contact sheet, BGR. `strips` are the segments' stills, `spans` their [start, end) in ms."""
    return contact_sheet.sheet([[_cell(strip, n) for n in range(STILLS)] for strip in strips], spans)


def write_jpeg(image: Plane, target: Path) -> None:
    """Save a BGR picture."""
    cv2.imwrite(str(target), image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
