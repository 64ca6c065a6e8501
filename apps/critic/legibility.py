"""Measures whether the captions can be read: contrast, place, time. It decides nothing."""

from collections.abc import Callable, Iterable

from apps.contracts.decision import Box
from apps.contracts.media import CaptionBox, Cue
from apps.critic.evidence import Evidence, Reading

#: Pixels of the reference frame that the safe box is given in.
REFERENCE_WIDTH, REFERENCE_HEIGHT = 1080, 1920
#: Pixels by which antialiasing may touch the box's edge.
TOLERANCE = 1.5
#: Seconds that a reading speed is taken over: word-timed cards are short, eyes read across them.
READING_STRETCH = 2.0
#: Reported where the video has no captions at all, so that no interval blames them.
NO_CAPTION_CONTRAST = 21.0


def measure(evidence: Evidence) -> tuple[Reading, ...]:
    """Readings of the worst caption in each respect; with its scene, unless several are as bad."""
    take = evidence.take
    safe = _scaled(evidence.plan.strategy.safe_box, take.width, take.height)
    return (
        Reading(name="captioned", value=_captioned_share(evidence)),
        _worst("caption_contrast", evidence, lambda box: box.contrast, min, none=NO_CAPTION_CONTRAST),
        _worst("caption_outside", evidence, lambda box: outside_share(box, safe), max, none=0.0),
        Reading(name="reading_speed", value=reading_speed(evidence.timeline.cues)),
    )


def outside_share(caption: CaptionBox, safe: Box) -> float:
    """Share of a caption's area that lies outside the safe box, 0-1."""
    width, height = caption.right - caption.left, caption.bottom - caption.top
    inside_x = min(caption.right, safe.right + TOLERANCE) - max(caption.left, safe.left - TOLERANCE)
    inside_y = min(caption.bottom, safe.bottom + TOLERANCE) - max(caption.top, safe.top - TOLERANCE)
    inside = min(max(inside_x, 0.0), width) * min(max(inside_y, 0.0), height)
    return 1.0 - inside / (width * height) if width * height > 0 else 0.0


def reading_speed(cues: tuple[Cue, ...]) -> float:
    """Highest characters a second (spaces count) over any run of cues that lasts READING_STRETCH."""
    fastest = 0.0
    for n, first in enumerate(cues):
        characters = 0
        for cue in cues[n:]:
            characters += len(" ".join(word.text for word in cue.words))
            seconds = (cue.end_ms - first.start_ms) / 1000
            if seconds >= READING_STRETCH or cue is cues[-1]:
                fastest = (
                    max(fastest, characters / max(seconds, 0.1)) if _long_enough(cues, seconds) else fastest
                )
                break
    return fastest


def _long_enough(cues: tuple[Cue, ...], seconds: float) -> bool:
    whole = (cues[-1].end_ms - cues[0].start_ms) / 1000
    return seconds >= min(READING_STRETCH, whole)


def _worst(
    name: str,
    evidence: Evidence,
    measured: Callable[[CaptionBox], float],
    pick: Callable[[Iterable[float]], float],
    *,
    none: float,
) -> Reading:
    values = {box: measured(box) for box in evidence.take.captions}
    if not values:
        return Reading(name=name, value=none)
    worst = pick(values.values())
    scenes = {evidence.ordinal_at(box.start_ms / 1000) for box, value in values.items() if value == worst}
    return Reading(name=name, value=worst, ordinal=scenes.pop() if len(scenes) == 1 else None)


def _captioned_share(evidence: Evidence) -> float:
    """Drawn captions as a share of the planned ones: people watch without sound."""
    planned = len(evidence.timeline.cues)
    return min(len(evidence.take.captions) / planned, 1.0) if planned else 1.0


def _scaled(box: Box, width: int, height: int) -> Box:
    x, y = width / REFERENCE_WIDTH, height / REFERENCE_HEIGHT
    return Box(
        left=round(box.left * x),
        top=round(box.top * y),
        right=round(box.right * x),
        bottom=round(box.bottom * y),
    )
