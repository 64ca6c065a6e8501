"""The timeline: where shots, lines and bars fall, from the voice as it was really spoken. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, gcd

from apps.contracts.decision import Curve
from apps.contracts.judgement import Directive, DirectiveKind
from apps.contracts.media import Cue, Narration, Shot, Timeline
from apps.contracts.story import Purpose, Scene, Story
from apps.video.cues import into_cards, shifted, time_cards

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
#: Share of the video that may be silence (field guide 2.1, Pacing).
MAX_SILENCE = 0.12
#: Share of the air that TRIM_SILENCE at amount 1 takes away.
TRIM = 0.6
#: Beats a minute the bed may have; outside, it drags or rattles.
SLOWEST_BPM, FASTEST_BPM = 84.0, 144.0
#: Milliseconds at the very end without the last caption: there the first frame already stands.
SEAM_MS = 67


class UnableToLayOut(ValueError):
    """Story and narrations do not belong together; narrate every scene of the story once."""


@dataclass(frozen=True, kw_only=True)
class _Slot:
    scene: Scene
    narration: Narration
    arousal: float
    air_ms: int


def lay_out(
    *,
    story: Story,
    narrations: Sequence[Narration],
    curve: Curve,
    fps: int,
    directives: Sequence[Directive] = (),
) -> Timeline:
    """Place every scene: air, then its line, cut to whole frames, contiguous.

    A shot's length depends on its own line alone (the last one also fills the final bar), so that
    mending one scene leaves the others' frames as they are. `total_ms` is a whole number of frames
    and of milliseconds, and `bpm` is such that it is also a whole number of bars.
    Raises UnableToLayOut where a scene has no narration.
    """
    slots = _fit_silence(_slots(story, narrations, curve), _trim(directives))
    frames = [ceil((s.air_ms + s.narration.duration_ms) * fps / 1000) for s in slots]
    frames[-1] += _closing_frames(sum(frames), slots[-1], frames[-1], fps)
    bounds = [sum(frames[:n]) for n in range(len(frames) + 1)]
    total_ms = round(bounds[-1] * 1000 / fps)
    bars = _bars(total_ms, _tempo(slots))
    shots = tuple(
        _shot(slot, curve, story, _ms(a, fps), _ms(b, fps), total_ms)
        for slot, a, b in zip(slots, bounds, bounds[1:], strict=False)
    )
    return Timeline(total_ms=total_ms, fps=fps, bpm=bars * 240_000 / total_ms, bars=bars, shots=shots)


def _slots(story: Story, narrations: Sequence[Narration], curve: Curve) -> list[_Slot]:
    by_ordinal = {n.ordinal: n for n in narrations}
    if not story.scenes or {s.ordinal for s in story.scenes} != set(by_ordinal):
        raise UnableToLayOut("every scene needs exactly one narration")
    slots = []
    for n, scene in enumerate(story.scenes):
        arousal = curve.at(_planned_second(scene, story, curve)).arousal
        air = LEAD_MS if n == 0 else _air(scene.purpose, arousal)
        slots.append(_Slot(scene=scene, narration=by_ordinal[scene.ordinal], arousal=arousal, air_ms=air))
    return slots


def _planned_second(scene: Scene, story: Story, curve: Curve) -> float:
    """The middle of the scene as planned, on the curve's own clock."""
    planned = max(story.total_duration, 1)
    return (scene.start_sec + scene.end_sec) / 2 / planned * curve.points[-1].sec


def _air(purpose: Purpose, arousal: float) -> int:
    if purpose is Purpose.TWIST:
        return BEAT_MS
    excited, calm = AIR_MS
    return round(calm + (excited - calm) * (max(-1.0, min(1.0, arousal)) + 1) / 2)


def _trim(directives: Sequence[Directive]) -> float:
    wanted = [d.amount for d in directives if d.kind is DirectiveKind.TRIM_SILENCE]
    return 1 - TRIM * min(1.0, max(wanted, default=0.0))


def _fit_silence(slots: list[_Slot], factor: float) -> list[_Slot]:
    """Air times `factor`, and less where it would be more than MAX_SILENCE of the whole."""
    voice = sum(s.narration.duration_ms for s in slots)
    allowed = voice * MAX_SILENCE / (1 - MAX_SILENCE) - LEAD_MS - TAIL_MS * 2
    air = sum(s.air_ms for s in slots[1:]) * factor
    if air > allowed:
        # In coarse steps: were it exact, one mended line would move the frames of all the others.
        factor *= floor(10 * max(0.0, allowed / air)) / 10
    rest = [replace(s, air_ms=max(MIN_AIR_MS, round(s.air_ms * factor))) for s in slots[1:]]
    return [slots[0], *rest]


def _closing_frames(frames: int, last: _Slot, last_frames: int, fps: int) -> int:
    """Frames to add so that the tail is long enough and the total is a whole number of milliseconds."""
    spare_ms = last_frames * 1000 / fps - last.air_ms - last.narration.duration_ms
    needed = frames + max(0, ceil((TAIL_MS - spare_ms) * fps / 1000))
    unit = fps // gcd(fps, 1000)
    return ceil(needed / unit) * unit - frames


def _tempo(slots: Sequence[_Slot]) -> float:
    """Beats a minute for the mean arousal: 84 at -1, 144 at +1 (field guide 3: tempo carries arousal)."""
    weight = sum(s.narration.duration_ms for s in slots) or 1
    mean = sum(s.arousal * s.narration.duration_ms for s in slots) / weight
    return SLOWEST_BPM + (FASTEST_BPM - SLOWEST_BPM) * (max(-1.0, min(1.0, mean)) + 1) / 2


def _bars(total_ms: int, tempo: float) -> int:
    """The number of bars whose tempo over `total_ms` is nearest `tempo`, inside the range if any is."""
    exact = total_ms * tempo / 240_000
    choices = {max(1, int(exact)), max(1, ceil(exact))}
    return min(choices, key=lambda n: _tempo_error(n * 240_000 / total_ms, tempo))


def _tempo_error(bpm: float, tempo: float) -> tuple[bool, float]:
    return not SLOWEST_BPM <= bpm <= FASTEST_BPM, abs(bpm - tempo)


def _ms(frame: int, fps: int) -> int:
    return round(frame * 1000 / fps)


def _shot(slot: _Slot, curve: Curve, story: Story, start: int, end: int, total: int) -> Shot:
    mood = curve.at(_planned_second(slot.scene, story, curve))
    voice_ms = start + slot.air_ms
    return Shot(
        ordinal=slot.scene.ordinal,
        purpose=slot.scene.purpose,
        start_ms=start,
        end_ms=end,
        voice_ms=voice_ms,
        arousal=mood.arousal,
        valence=mood.valence,
        emotion=mood.emotion,
        cues=_cues(slot.narration, voice_ms, start, end, closing=end == total),
    )


def _cues(narration: Narration, voice_ms: int, start: int, end: int, *, closing: bool) -> tuple[Cue, ...]:
    words = shifted([w for w in narration.words if w.text.strip()], voice_ms, end)
    until = max(words[-1].end_ms, end - SEAM_MS) if closing and words else end
    return time_cards(into_cards(words), from_ms=start, until_ms=min(until, end))
