"""How much air each line of a video gets, and so how long each shot is. Numbers only; knows no story."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, floor

from apps.contracts.story import Purpose
from apps.video import grid
from apps.video.grid import Grid

#: Milliseconds before the first line; its first word must be heard by 0.30 s (hook onset).
LEAD_MS = 100
#: Milliseconds after the last line at least; rounding to a whole frame adds < 100 more, and more than
#: 150 in all would be heard as a hole when the video loops.
TAIL_MS = 50
#: Milliseconds of air before a line: at arousal +1 and at arousal -1.
AIR_MS = (120, 250)
#: Milliseconds of silence before the twist: the one deliberate beat.
BEAT_MS = 400
#: Milliseconds: air is never trimmed below this; lines would run into each other.
MIN_AIR_MS = 60
#: Milliseconds of air that no line, and no twist, goes without where lines are spoken to the beat.
LEAST_AIR_MS, LEAST_BEAT_MS = 30, 300
#: Milliseconds to the next beat that are easily waited for, and the share of lines that must need no more
#: before all of them wait: otherwise the voice would stumble along behind the bed.
EASY_WAIT_MS, SPOKEN_TO_BEAT = 170, 2 / 3
#: Milliseconds between two lines at most. Recordings begin and end with 100 ms of their own, and the
#: critic counts a gap of more than 0.8 s as a hole.
LONGEST_GAP_MS = 690
#: Milliseconds that may be added before the last line so that more cuts meet a beat.
SPARE_MS = 450
#: How much more than another cut the one to the twist counts.
TWIST_WEIGHT = 2.0
#: Share of the video that may be silence (field guide 2.1, Pacing).
MAX_SILENCE = 0.12


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One line on its way to a place: `ms` of voice, `air_ms` before it, `frames` in all."""

    purpose: Purpose
    arousal: float
    ms: int
    first: bool = False
    last: bool = False
    hushed: bool = False  # before the twist: what it waits is not to lengthen the silence there
    air_ms: int = 0
    frames: int = 0


Spacing = tuple[list[Slot], Grid]


def space(slots: Sequence[Slot], bpm: float, fps: int, *, trim: float = 1.0) -> Spacing:
    """Air and frames for every slot, and the beats they go with.

    Where lines were spoken to the beat (`line_lengths`) every shot is a whole number of beats; else the beats
    are laid where most cuts are. `trim` below 1 takes air away, and then the beat does not matter.
    """
    slots = [replace(a, hushed=b.purpose is Purpose.TWIST) for a, b in pairwise(slots)] + [slots[-1]]
    to_the_beat = _to_the_beat(slots, bpm, fps) if trim == 1.0 else None
    return to_the_beat or _as_spoken(slots, bpm, fps, trim)


def line_lengths(planned_ms: int, slot: Slot, bpm: float, fps: int) -> tuple[int, ...]:
    """How long a line may be spoken, milliseconds, for the cut after it to fall on a beat: the lengths
    within half and twice the planned one."""
    beat = grid.frames_of_beat(bpm, fps) * 1000 / fps
    air = _least_ms(slot) + EASY_WAIT_MS / 2
    most = ceil((2 * planned_ms + air) / beat)
    lengths = (round(n * beat - air) for n in range(1, most + 1))
    return tuple(ms for ms in lengths if planned_ms / 2 <= ms <= planned_ms * 2)


def _least_ms(slot: Slot) -> int:
    """Air before the line at least, and after it."""
    before = LEAD_MS if slot.first else LEAST_BEAT_MS if slot.purpose is Purpose.TWIST else LEAST_AIR_MS
    return before + (TAIL_MS if slot.last else 0)


def _to_the_beat(slots: Sequence[Slot], bpm: float, fps: int) -> Spacing | None:
    """Shots of whole beats; None where that would leave holes."""
    beat = grid.frames_of_beat(bpm, fps)
    beats = [ceil((s.ms + _least_ms(s)) * fps / 1000 / beat) for s in slots]
    placed = [_waiting(s, n * beat, fps) for s, n in zip(slots, beats, strict=True)]
    easy = sum(
        n * beat * 1000 / fps - s.ms - _least_ms(s) <= EASY_WAIT_MS for s, n in zip(slots, beats, strict=True)
    )
    for n in _resting(slots)[: -sum(beats) % grid.BAR]:
        placed[n] = _waiting(slots[n], placed[n].frames + beat, fps)
    bars, odd = divmod(sum(s.frames for s in placed), beat * grid.BAR)
    if odd or easy < SPOKEN_TO_BEAT * len(slots):
        return None
    off = grid.to_whole(bars * beat * grid.BAR, fps)
    placed[-1] = replace(placed[-1], frames=placed[-1].frames + off)
    bearable = max(_gaps(placed, fps), default=0.0) <= LONGEST_GAP_MS and _silence(placed, fps) <= MAX_SILENCE
    return (placed, Grid(bars, sum(s.frames for s in placed))) if bearable else None


def _resting(slots: Sequence[Slot]) -> list[int]:
    """Where a beat of rest does most good: before the last line, after the hook, then from the end; the
    twist has a rest of its own."""
    order = dict.fromkeys([len(slots) - 1, 1, *range(len(slots) - 2, 1, -1)])
    return [
        n for n in order if n < len(slots) and not slots[n].first and slots[n].purpose is not Purpose.TWIST
    ]


def _waiting(slot: Slot, frames: int, fps: int) -> Slot:
    """The slot over so many frames, half of what it waits before its line and half after; a hook speaks
    at once, and around the twist and at the end nothing is left for after."""
    wait = frames * 1000 / fps - slot.ms - _least_ms(slot)
    before = slot.last or slot.hushed or slot.purpose is Purpose.TWIST
    share = 0.0 if slot.first else 1.0 if before else 0.5
    least = _least_ms(slot) - (TAIL_MS if slot.last else 0)
    return replace(slot, frames=frames, air_ms=floor(least + share * wait))


def _gaps(placed: Sequence[Slot], fps: int) -> list[float]:
    """Milliseconds from the end of each line to the beginning of the next."""
    return [a.frames * 1000 / fps - a.air_ms - a.ms + b.air_ms for a, b in pairwise(placed)]


def _silence(placed: Sequence[Slot], fps: int) -> float:
    """Share of the whole without a voice."""
    return 1 - sum(s.ms for s in placed) * fps / 1000 / sum(s.frames for s in placed)


def _as_spoken(slots: Sequence[Slot], bpm: float, fps: int, trim: float) -> Spacing:
    """Shots as long as their lines; the tempo and the air before the last line follow the cuts."""
    fitted = _fit_silence([replace(s, air_ms=_air(s)) for s in slots], trim)
    placed = [replace(s, frames=ceil((s.air_ms + s.ms) * fps / 1000)) for s in fitted]
    frames = [s.frames for s in placed]
    ends = placed[-1].air_ms + placed[-1].ms + TAIL_MS
    least = grid.whole(sum(frames[:-1]) + max(frames[-1], ceil(ends * fps / 1000)), fps)
    cuts = [sum(frames[:n]) for n in range(1, len(frames))]
    weights = [TWIST_WEIGHT if s.purpose is Purpose.TWIST else 1.0 for s in placed[1:]]
    found = grid.best(cuts, weights, least, _spare(placed, least, fps) if trim == 1.0 else 0, bpm, fps)
    length = frames[-1] + found.frames - sum(frames)
    air = LEAD_MS if placed[-1].first else floor(length * 1000 / fps - placed[-1].ms - TAIL_MS)
    placed[-1] = replace(placed[-1], frames=length, air_ms=air)
    return placed, found


def _air(slot: Slot) -> int:
    if slot.first:
        return LEAD_MS
    if slot.purpose is Purpose.TWIST:
        return BEAT_MS
    excited, calm = AIR_MS
    return round(calm + (excited - calm) * (max(-1.0, min(1.0, slot.arousal)) + 1) / 2)


def _fit_silence(slots: list[Slot], factor: float) -> list[Slot]:
    """Air times `factor`, and less where it would be more than MAX_SILENCE of the whole."""
    voice = sum(s.ms for s in slots)
    allowed = voice * MAX_SILENCE / (1 - MAX_SILENCE) - LEAD_MS - TAIL_MS * 2
    air = sum(s.air_ms for s in slots[1:]) * factor
    if air > max(allowed, 0):
        # In coarse steps: were it exact, one mended line would move the frames of all the others.
        factor *= floor(10 * max(0.0, allowed) / air) / 10
    rest = [replace(s, air_ms=max(MIN_AIR_MS, round(s.air_ms * factor))) for s in slots[1:]]
    return [slots[0], *rest]


def _spare(placed: Sequence[Slot], frames: int, fps: int) -> int:
    """Frames that may be added before the last line without making a hole."""
    if len(placed) < 3:
        return 0
    voice = sum(s.ms for s in placed)
    silence = voice / (1 - MAX_SILENCE) - frames * 1000 / fps
    gap = LONGEST_GAP_MS - placed[-1].air_ms
    return max(0, floor(min(SPARE_MS, silence, gap) * fps / 1000))
