"""The timeline under the player as drawings: what stands where, in shares of the length. No I/O."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from apps.contracts.decision import Curve
from apps.contracts.media import Shot, Timeline, Transition
from apps.studio.sound import FLOOR_DB, STEP

#: Width and height of a line's drawing, in SVG units; the page stretches it.
WIDTH, HEIGHT = 1000, 60
#: Seconds between the marks of the ruler, for videos up to so many seconds.
RULER = ((12, 2), (40, 5), (90, 10), (float("inf"), 30))
#: Arousal from the bottom to the top of the drawing; the calmest emotion of all lies at -0.5.
AROUSAL = (-0.6, 1.0)
#: Moments at which the planned curve is drawn.
SAMPLES = 80
#: Seconds over which the realised energy is smoothed; shorter shows syllables, longer hides scenes.
SMOOTH_SECONDS = 2.0
#: What realised energy is made of and how much each counts: loudness, words a second, cuts.
SHARES = (0.5, 0.25, 0.25)
#: Loudest level that the drawing has room for, dB full scale.
CEILING_DB = -6.0


@dataclass(frozen=True)
class Block:
    """A stretch of the timeline: `at` and `wide` in per cent of the length, `second` where it starts."""

    at: str
    wide: str
    second: str
    kind: str
    words: str


@dataclass(frozen=True)
class Tracks:
    """Everything drawn under the player."""

    seconds: str
    scenes: tuple[Block, ...]
    cues: tuple[Block, ...]
    cuts: tuple[Block, ...]
    moods: tuple[Block, ...]
    ruler: tuple[Block, ...]
    planned: str


@dataclass(frozen=True)
class Heard:
    """What was heard of the finished file: an area for loudness and a line for realised energy."""

    loudness: str
    realised: str


def tracks(timeline: Timeline, curve: Curve, narrations: Sequence[str]) -> Tracks:
    """The drawings of a timeline; `narrations` are the scenes' words by ordinal."""
    total = timeline.total_ms
    stretch = total / _length_ms(curve)

    def block(start: float, end: float, kind: str, words: str) -> Block:
        share = 100 / total
        return Block(
            f"{start * share:.2f}%", f"{(end - start) * share:.2f}%", f"{start / 1000:.2f}", kind, words
        )

    return Tracks(
        seconds=f"{total / 1000:.2f}",
        scenes=tuple(
            block(s.start_ms, s.end_ms, s.purpose.value, _narration(s, narrations)) for s in timeline.shots
        ),
        cues=tuple(
            block(c.start_ms, c.end_ms, "", " ".join(word.text for word in c.words)) for c in timeline.cues
        ),
        cuts=tuple(block(start, start, kind, kind) for start, kind in _cuts(timeline)),
        moods=tuple(
            block(p.sec * 1000 * stretch, p.sec * 1000 * stretch, "", p.emotion) for p in curve.points
        ),
        ruler=tuple(block(s * 1000, s * 1000, "", f"{s} s") for s in _marks(total / 1000)),
        planned=_planned(curve),
    )


def heard(levels: Sequence[float], timeline: Timeline, curve: Curve) -> Heard:
    """The loudness as an area, and the realised energy as a line at the planned curve's scale.

    Realised energy is the mean of three z-scores over the video: loudness, words a second, cuts. Its own
    scale means nothing, so it is given the planned arousal's mean and spread: only its shape is compared.
    """
    if len(levels) < 2:
        return Heard("", "")
    energy = _realised(np.asarray(levels), timeline)
    planned = np.array(_arousal(curve, len(levels)))
    spread = max(float(planned.std()), 0.15)
    line = np.clip(planned.mean() + energy * spread, -1, 1)
    share = [(level - FLOOR_DB) / (CEILING_DB - FLOOR_DB) for level in levels]
    xs = [(n + 0.5) * WIDTH / len(levels) for n in range(len(levels))]
    area = [f"{x:.0f},{HEIGHT * (1 - min(max(s, 0), 1)):.1f}" for x, s in zip(xs, share, strict=True)]
    return Heard(f"0,{HEIGHT} {' '.join(area)} {WIDTH},{HEIGHT}", _polyline(xs, line.tolist()))


def _realised(levels: np.ndarray, timeline: Timeline) -> np.ndarray:
    count = len(levels)
    speech, cuts = np.zeros(count), np.zeros(count)
    for cue in timeline.cues:
        for word in cue.words:
            speech[min(int(word.start_ms / 1000 / STEP), count - 1)] += 1
    for start, _ in _cuts(timeline):
        cuts[min(int(start / 1000 / STEP), count - 1)] += 1
    parts = [_z(_smooth(series)) for series in (levels, speech, cuts)]
    mixed = sum(share * part for share, part in zip(SHARES, parts, strict=True))
    return _z(np.asarray(mixed))


def _smooth(series: np.ndarray) -> np.ndarray:
    reach = max(int(SMOOTH_SECONDS / STEP), 1)
    window = np.hanning(reach * 2 + 1)
    padded = np.pad(series, reach, mode="edge")
    return np.convolve(padded, window / window.sum(), mode="valid")


def _z(series: np.ndarray) -> np.ndarray:
    spread = float(series.std())
    return (series - series.mean()) / spread if spread > 1e-9 else np.zeros(len(series))


def _cuts(timeline: Timeline) -> list[tuple[int, str]]:
    """Every change of picture but the first: between shots, and to another framing inside one."""
    between = [(shot.start_ms, _entering(shot)) for shot in timeline.shots[1:]]
    inside = [(s.start_ms + ms, "reframe") for s in timeline.shots for ms in getattr(s, "reframes", ())]
    return sorted(between + inside)


def _entering(shot: Shot) -> str:
    return "cut" if shot.enters is Transition.CUT else shot.enters.value


def _narration(shot: Shot, narrations: Sequence[str]) -> str:
    return narrations[shot.ordinal] if shot.ordinal < len(narrations) else ""


def _marks(seconds: float) -> range:
    step = next(step for longest, step in RULER if seconds <= longest)
    return range(0, int(seconds) + 1, step)


def _planned(curve: Curve) -> str:
    return _polyline([n * WIDTH / (SAMPLES - 1) for n in range(SAMPLES)], _arousal(curve, SAMPLES))


def _arousal(curve: Curve, count: int) -> list[float]:
    """The planned arousal at so many moments from start to end. Planned for whole seconds, the curve is
    stretched to the real length."""
    end = curve.points[-1].sec
    return [curve.at(n * end / max(count - 1, 1)).arousal for n in range(count)]


def _length_ms(curve: Curve) -> float:
    return max(curve.points[-1].sec, 1e-3) * 1000


def _polyline(xs: Sequence[float], arousal: Sequence[float]) -> str:
    low, high = AROUSAL
    shares = [(high - min(max(a, low), high)) / (high - low) for a in arousal]
    return " ".join(f"{x:.0f},{share * HEIGHT:.1f}" for x, share in zip(xs, shares, strict=True))
