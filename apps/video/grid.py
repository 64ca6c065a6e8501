"""Where the beats of the bed fall, and how a timeline is brought onto them. Numbers only; knows no story.

The grid starts with the video: beat n is heard at n * 60 / bpm seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, gcd

from apps.contracts.decision import Curve

#: Beats a minute the bed may have; outside, it drags or rattles.
SLOWEST_BPM, FASTEST_BPM = 84.0, 144.0
#: Beats in a bar; a video is a whole number of bars, so that its bed can loop.
BAR = 4
#: Milliseconds by which a cut may miss a beat and still be felt on it (field guide 3).
ON_BEAT_MS = 120
#: Share by which the tempo may differ from the mood's own for the sake of the cuts.
BEND = 0.2
#: Moments of a curve whose arousal makes the tempo.
SAMPLES = 24


@dataclass(frozen=True)
class Grid:
    """A whole number of bars over a whole number of frames."""

    bars: int
    frames: int

    def bpm(self, fps: int) -> float:
        """Beats a minute."""
        return self.bars * BAR * 60 * fps / self.frames

    def miss(self, frame: int) -> float:
        """Frames from `frame` to the nearest beat."""
        beat = self.frames / (self.bars * BAR)
        return abs((frame + beat / 2) % beat - beat / 2)


def tempo(curve: Curve) -> float:
    """Beats a minute for the curve's mean arousal: 84 at -1, 144 at +1 (field guide 3).

    Of the curve alone: were it of the voice too, one mended line would give every scene another tempo.
    """
    seconds = curve.points[-1].sec
    mean = sum(curve.at(seconds * (n + 0.5) / SAMPLES).arousal for n in range(SAMPLES)) / SAMPLES
    return SLOWEST_BPM + (FASTEST_BPM - SLOWEST_BPM) * (max(-1.0, min(1.0, mean)) + 1) / 2


def frames_of_beat(bpm: float, fps: int) -> int:
    """The whole number of frames nearest to one beat, inside the range of tempos."""
    shortest, longest = ceil(fps * 60 / FASTEST_BPM), floor(fps * 60 / SLOWEST_BPM)
    return max(shortest, min(longest, round(fps * 60 / bpm)))


def whole(frames: int, fps: int) -> int:
    """The least number of frames, `frames` or more, that lasts a whole number of milliseconds."""
    unit = _unit(fps)
    return ceil(frames / unit) * unit


def to_whole(frames: int, fps: int) -> int:
    """Frames to add (or take away) for the nearest whole number of milliseconds."""
    unit = _unit(fps)
    return round(frames / unit) * unit - frames


def _unit(fps: int) -> int:
    return fps // gcd(fps, 1000)


def best(
    cuts: Sequence[int], weights: Sequence[float], frames: int, spare: int, bpm: float, fps: int
) -> Grid:
    """The grid of `frames` to `frames + spare` frames whose beats are nearest the `cuts`, as frames.

    A tempo near `bpm` and few frames more count too. `frames` must be `whole`. Where no number of bars
    has a tempo in range, the nearest is taken.
    """
    grids = [g for more in range(0, spare + 1, _unit(fps)) for g in _grids(frames + more, bpm, fps)]
    return max(grids, key=lambda g: _nearness(g, cuts, weights, fps) - _cost(g, frames, bpm, fps))


def _grids(frames: int, bpm: float, fps: int) -> list[Grid]:
    exact = frames * bpm / (60 * BAR * fps)
    around = range(max(1, floor(exact * (1 - BEND))), ceil(exact * (1 + BEND)) + 1)
    grids = [Grid(bars, frames) for bars in around]
    inside = [g for g in grids if not _outside(g.bpm(fps))]
    return inside or [min(grids, key=lambda g: _outside(g.bpm(fps)))]


def _outside(bpm: float) -> float:
    return max(SLOWEST_BPM - bpm, bpm - FASTEST_BPM, 0.0)


def _nearness(grid: Grid, cuts: Sequence[int], weights: Sequence[float], fps: int) -> float:
    """1.3 where all cuts are on beats: a point for their share, the rest for how near they are."""
    far = ON_BEAT_MS * fps / 1000
    misses = [grid.miss(cut) for cut in cuts]
    marks = [(m <= far) + 0.3 * max(0.0, 1 - m / far) for m in misses]
    return sum(w * m for w, m in zip(weights, marks, strict=True)) / (sum(weights) or 1.0)


def _cost(grid: Grid, frames: int, bpm: float, fps: int) -> float:
    """What a grid takes from the mood's tempo and from the pace."""
    bpm_off = abs(grid.bpm(fps) / bpm - 1)
    return 0.3 * bpm_off + 0.3 * (grid.frames - frames) / fps + _outside(grid.bpm(fps))
