"""The user's own music: tracks in a folder, cut to the timeline. Analyses each once; needs no network."""

import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from apps.audio import beats, effects, excerpts, tracks
from apps.audio.composer import moods, turn
from apps.audio.credits import credit, plain
from apps.audio.effects import Turning
from apps.audio.loudness import SAMPLE_RATE
from apps.audio.providers import Bed
from apps.audio.tracks import Cut, Fit, Track
from apps.contracts.codec import from_json, to_json
from apps.contracts.media import Timeline
from apps.foundation import blobs, ffmpeg
from apps.foundation.notices import tell
from apps.foundation.providers import UnableToProvide

#: Files that are taken for music, and the containers that ffmpeg may find in them: never a playlist.
SUFFIXES = frozenset({".mp3", ".wav", ".flac", ".ogg", ".opus", ".m4a"})
CONTAINERS = "mp3,wav,w64,flac,ogg,mov"
#: Files looked at, and tracks the seed draws for the mood to choose among: a first job analyses no more.
MOST_FILES, DRAWN = 2000, 12
#: Bytes of a file, and seconds that are heard of it; longer ones are mixes, or no music.
MOST_BYTES, MOST_SECONDS = 300_000_000, 600
#: Seconds ffmpeg may take for one track.
TIMEOUT = 60.0
#: Seconds of crossfade at a seam: under a bar line it need only hide the cut, elsewhere it must carry.
CROSSFADE = {Fit.BEAT: 0.12, Fit.BAR: 0.12, Fit.FREE: 0.8}
#: dB by which the rise into the twist stands back behind somebody else's music.
RISE_DB = -12.0
#: Change of speed under which pitch may follow it: 0.5 % is a tenth of a semitone, and exact to the sample.
UNHEARD = 0.005


class UnableToHearTrack(Exception):
    """A file is no music that can be decoded; the message says why. Remove it or convert it."""


class OwnMusic:
    """A folder of tracks behind the Music protocol."""

    def __init__(self, *, folder: str) -> None:
        self.folder = folder

    def missing(self) -> str:
        if self.folder and Path(self.folder).is_dir():
            return ""
        return "Set MUSIC_FOLDER to a folder with tracks (mp3, wav, flac, ogg, m4a)."

    def bed(self, timeline: Timeline, *, samples: int, seed: int) -> Bed:
        """The track that suits best of those the seed draws, cut, stretched by at most 6 % and levelled."""
        if self.missing():
            raise UnableToProvide(self.missing())
        folder = Path(self.folder).resolve()
        known = list(_analysed(_drawn(_files(folder), folder, seed)))
        for path, track in sorted(known, key=lambda entry: tracks.misfit(entry[1], timeline)):
            try:
                bed = _bed(path, tracks.cut(track, timeline, seed), timeline, samples, seed)
                return Bed(samples=bed, credit=credit(path, folder, _tags(path)))
            except UnableToHearTrack as reason:
                _skipped(path, reason)
        raise UnableToProvide(
            "No track in MUSIC_FOLDER can be played; put one there, or name another provider."
        )


def _files(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    return sorted(path for path, _ in zip(found, range(MOST_FILES), strict=False))


def _drawn(files: Sequence[Path], folder: Path, seed: int) -> list[Path]:
    """Some of the files, the same for the same seed; a file that comes or goes moves no other."""

    def lot(path: Path) -> float:
        return random.Random(f"{seed}/{path.relative_to(folder)}").random()

    return sorted(files, key=lot)[:DRAWN]


def _analysed(files: Sequence[Path]) -> Iterator[tuple[Path, Track]]:
    for path in files:
        try:
            yield path, _track(path)
        except UnableToHearTrack as reason:
            _skipped(path, reason)


def _skipped(path: Path, reason: UnableToHearTrack) -> None:
    tell("music_skipped", track=plain(path.name)[:80], reason=str(reason))


def _track(path: Path) -> Track:
    """The analysis of a file, from storage where one of the same content was analysed before."""
    key = f"library/music/{_content(path)}.json"
    known = _stored(key)
    if known is not None:
        return known
    mono = _decoded(path, rate=beats.RATE, channels=1)[0]
    if len(mono) < tracks.SHORTEST * beats.RATE or not np.any(mono):
        raise UnableToHearTrack("it is silent or shorter than two seconds")
    track = tracks.analyse(mono)
    blobs.put_bytes(key, json.dumps(to_json(track)).encode())
    return track


def _stored(key: str) -> Track | None:
    """An analysis made before, unless it is damaged or of another version."""
    try:
        track = from_json(Track, json.loads(blobs.read_bytes(key)))
    except (FileNotFoundError, ValueError):
        return None
    return track if track.version == tracks.VERSION else None


def _content(path: Path) -> str:
    try:
        status = path.stat()
        if status.st_size > MOST_BYTES:
            raise UnableToHearTrack("the file is too large")
        return _digest(path, status.st_size, status.st_mtime_ns)
    except OSError:
        raise UnableToHearTrack("the file cannot be read") from None


@lru_cache(maxsize=4096)
def _digest(path: Path, size: int, changed_ns: int) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _bed(path: Path, cut: Cut, timeline: Timeline, samples: int, seed: int) -> NDArray[np.float32]:
    """The excerpt at its speed and length, with what of the twist and the curve can be given to it."""
    before = min(CROSSFADE[cut.fit], cut.start)
    source = _stretched(path, cut.start - before, cut.start + max(cut.pieces), cut.speed)
    lead = round(before / cut.speed * SAMPLE_RATE)
    ends = np.round(np.cumsum(cut.pieces) / sum(cut.pieces) * samples).astype(int)
    bed = excerpts.assemble(source, lead, np.diff([0, *ends]).tolist(), lead)
    count = timeline.bars * beats.METER
    bed = excerpts.ride(excerpts.compatible(bed), moods(timeline, count)[1])
    twist = turn(timeline, count)
    if twist is not None:
        riser, drop, strike = (
            round(beat * samples / count) for beat in (twist.riser, twist.drop, twist.strike)
        )
        turning = Turning(riser=riser, drop=drop, strike=strike)
        effects.silence(bed, turning)
        effects.rise(bed, turning, seed, RISE_DB)
    effects.swell(bed)
    return bed


def _stretched(path: Path, begin: float, end: float, speed: float) -> NDArray[np.float32]:
    """Seconds [begin, end) of a track, played `speed` times as fast at the same pitch."""
    part = f"atrim=start={begin:.5f}:end={end:.5f},asetpts=PTS-STARTPTS,aresample={SAMPLE_RATE}"
    turntable = f"asetrate={SAMPLE_RATE * speed:.0f},aresample={SAMPLE_RATE}"
    if abs(speed - 1.0) < UNHEARD:
        return _decoded(path, rate=SAMPLE_RATE, channels=2, filters=f"{part},{turntable}")
    try:
        return _decoded(path, rate=SAMPLE_RATE, channels=2, filters=f"{part},rubberband=tempo={speed:.6f}")
    except UnableToHearTrack:  # an ffmpeg without the library: the pitch follows by less than a semitone
        return _decoded(path, rate=SAMPLE_RATE, channels=2, filters=f"{part},{turntable}")


def _decoded(path: Path, *, rate: int, channels: int, filters: str = "anull") -> NDArray[np.float32]:
    """(channels, samples). Raises UnableToHearTrack."""
    stream = ["-af", filters, "-ac", str(channels), "-ar", str(rate), "-f", "f32le", "pipe:1"]
    raw = _asked(path, ["-vn", "-map", "0:a:0", "-t", str(MOST_SECONDS), *stream])
    audio = np.array(np.frombuffer(raw, "<f4").reshape(-1, channels).T, order="C")
    return np.nan_to_num(audio, copy=False, nan=0.0, posinf=0.0, neginf=0.0)


def _tags(path: Path) -> dict[str, str]:
    """Title, artist and licence as the file itself states them."""
    named: dict[str, str] = {}
    for place in ("0:s:0", "0"):  # Ogg has them in the stream, the others in the file
        text = _asked(path, ["-map_metadata", place, "-f", "ffmetadata", "pipe:1"]).decode(errors="replace")
        pairs = (line.partition("=") for line in text.splitlines() if "=" in line and line[0] != ";")
        named |= {name.lower(): value.replace("\\", "") for name, _, value in pairs}
    licence = named.get("license") or named.get("copyright", "")
    return {"title": named.get("title", ""), "artist": named.get("artist", ""), "licence": licence}


def _asked(path: Path, arguments: list[str]) -> bytes:
    """What ffmpeg makes of a file, which it gets under a name of ours."""
    with blobs.scratch() as folder:
        link = folder / f"track{path.suffix.lower()}"
        link.symlink_to(path)
        source = ["-protocol_whitelist", "file,pipe", "-format_whitelist", CONTAINERS, "-i", str(link)]
        try:
            return ffmpeg.run(["-loglevel", "error", *source, *arguments], timeout=TIMEOUT)[0]
        except ffmpeg.UnableToRunFfmpeg:
            raise UnableToHearTrack("it cannot be decoded") from None
