"""The timeline: where shots, lines and bars fall, from the voice as it was really spoken. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from apps.contracts.decision import Curve
from apps.contracts.judgement import Directive, DirectiveKind
from apps.contracts.media import Cue, Narration, Shot, Timeline, Transition
from apps.contracts.story import Scene, Story
from apps.video import grid, motion, spacing
from apps.video.cues import into_cards, shifted, time_cards
from apps.video.spacing import Slot

#: Share of the air that TRIM_SILENCE at amount 1 takes away.
TRIM = 0.6
#: Seconds that a framing may stand under QUICKEN_CUTS: at the least amount, and at 1.
SLOW_CUTS, QUICK_CUTS = 2.8, 1.9
#: Share by which every other of those framings is shorter: uneven lengths hold better than a constant beat.
UNEVEN = 0.3
#: Milliseconds at the very end without the last caption: there the first frame already stands.
SEAM_MS = 67


class UnableToLayOut(ValueError):
    """Story and narrations do not belong together; narrate every scene of the story once."""


def lay_out(
    *,
    story: Story,
    narrations: Sequence[Narration],
    curve: Curve,
    fps: int,
    directives: Sequence[Directive] = (),
) -> Timeline:
    """Place every scene: air, then its line, cut to whole frames, contiguous, as far as can be on beats.

    A shot's length depends on its own line alone (the last one also fills the final bar; where lines were
    spoken to the beat, rests of whole beats may move), so that mending one scene leaves the others'
    frames as they are. `total_ms` is a whole number of frames and of milliseconds, and `bpm` is such
    that it is also a whole number of bars. Raises UnableToLayOut where a scene has no narration.
    """
    lines = _lines(story, narrations)
    slots = [_slot(scene, line, story, curve) for scene, line in zip(story.scenes, lines, strict=True)]
    placed, found = spacing.space(slots, grid.tempo(curve), fps, trim=_trim(directives))
    bounds = [_ms(frame, fps) for frame in accumulate((s.frames for s in placed), initial=0)]
    moves = [*_transitions(story, curve), Transition.CUT]
    shots = tuple(
        _quickened(
            _shot(
                scene, line, story, curve, (start, start + slot.air_ms, end), closing=slot.last, moves=change
            ),
            directives,
            closing=slot.last,
        )
        for scene, line, slot, (start, end), change in zip(
            story.scenes, lines, placed, pairwise(bounds), pairwise(moves), strict=True
        )
    )
    bpm = found.bars * grid.BAR * 60_000 / bounds[-1]
    return Timeline(total_ms=bounds[-1], fps=fps, bpm=bpm, bars=found.bars, shots=shots)


def line_lengths(scene: Scene, story: Story, curve: Curve, fps: int) -> tuple[int, ...]:
    """How long the line of `scene` may be spoken, milliseconds, for its shot to end on a beat: the lengths
    about its planned seconds, any of which will do. Lines that keep to them make every cut a beat."""
    slot = _slot(scene, None, story, curve)
    planned_ms = (scene.end_sec - scene.start_sec) * 1000
    return spacing.line_lengths(planned_ms, slot, grid.tempo(curve), fps)


def _lines(story: Story, narrations: Sequence[Narration]) -> list[Narration]:
    by_ordinal = {n.ordinal: n for n in narrations}
    if not story.scenes or {s.ordinal for s in story.scenes} != set(by_ordinal):
        raise UnableToLayOut("every scene needs exactly one narration")
    return [by_ordinal[scene.ordinal] for scene in story.scenes]


def _slot(scene: Scene, line: Narration | None, story: Story, curve: Curve) -> Slot:
    return Slot(
        purpose=scene.purpose,
        arousal=curve.at(_planned_second(scene, story, curve)).arousal,
        ms=line.duration_ms if line else 0,
        first=scene.ordinal == story.scenes[0].ordinal,
        last=scene.ordinal == story.scenes[-1].ordinal,
    )


def _planned_second(scene: Scene, story: Story, curve: Curve) -> float:
    """The middle of the scene as planned, on the curve's own clock."""
    planned = max(story.total_duration, 1)
    return (scene.start_sec + scene.end_sec) / 2 / planned * curve.points[-1].sec


def _trim(directives: Sequence[Directive]) -> float:
    wanted = [d.amount for d in directives if d.kind is DirectiveKind.TRIM_SILENCE]
    return 1 - TRIM * min(1.0, sum(wanted))


def _quickened(shot: Shot, directives: Sequence[Directive], *, closing: bool) -> Shot:
    """The shot with cuts to other framings inside it, as far as it was ordered; its frames stay as many."""
    wanted = [
        d.amount
        for d in directives
        if d.kind is DirectiveKind.QUICKEN_CUTS and d.ordinal in (None, shot.ordinal)
    ]
    if not wanted:
        return shot
    longest = SLOW_CUTS + (QUICK_CUTS - SLOW_CUTS) * min(1.0, sum(wanted))
    seconds = (shot.end_ms - shot.start_ms) / 1000 - (motion.RETURN if closing else 0.0)
    begins = [(cue.start_ms - shot.start_ms) / 1000 for cue in shot.cues]
    cuts = motion.framings(seconds, begins, longest=longest, uneven=UNEVEN)
    return replace(shot, reframes=tuple(round(1000 * second) for second in cuts))


def _transitions(story: Story, curve: Curve) -> list[Transition]:
    """How each shot begins. What varies them is the plan's, so that a mended line changes none."""
    variety = curve.id.int + story.total_duration + len(story.scenes)
    return [
        Transition.CUT if n == 0 else motion.transition_into(scene.purpose, variety)
        for n, scene in enumerate(story.scenes)
    ]


def _ms(frame: int, fps: int) -> int:
    return round(frame * 1000 / fps)


def _shot(
    scene: Scene,
    line: Narration,
    story: Story,
    curve: Curve,
    times: tuple[int, int, int],
    *,
    closing: bool,
    moves: tuple[Transition, Transition],
) -> Shot:
    start, voice, end = times
    mood = curve.at(_planned_second(scene, story, curve))
    return Shot(
        ordinal=scene.ordinal,
        purpose=scene.purpose,
        start_ms=start,
        end_ms=end,
        voice_ms=voice,
        arousal=mood.arousal,
        valence=mood.valence,
        emotion=mood.emotion,
        cues=_cues(line, voice, start, end, closing=closing),
        enters=moves[0],
        leaves=moves[1],
    )


def _cues(narration: Narration, voice_ms: int, start: int, end: int, *, closing: bool) -> tuple[Cue, ...]:
    words = shifted([w for w in narration.words if w.text.strip()], voice_ms, end)
    until = max(words[-1].end_ms, end - SEAM_MS) if closing and words else end
    return time_cards(into_cards(words), from_ms=start, until_ms=min(until, end))
