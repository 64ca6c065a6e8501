"""Measures whether the captions can be read: contrast, place, time. It decides nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from apps.contracts.decision import Box
from apps.contracts.media import CaptionBox, Cue
from apps.critic.evidence import REFERENCE_HEIGHT, REFERENCE_WIDTH, Evidence, Reading
from apps.critic.lettering import letters_in, place_of

#: Pixels by which antialiasing may touch the box's edge.
TOLERANCE = 1.5
#: Seconds that a reading speed is taken over: word-timed cards are short, eyes read across them.
READING_STRETCH = 2.0
#: Reported where the video has no captions at all, so that no interval blames them.
NO_CAPTION_CONTRAST = 21.0
#: Pixels of height below which a card's letters are a blur, and the renderer is believed.
SMALLEST_CARD = 24
#: Share of the reported contrast below which a caption is looked for elsewhere in the picture, and from which
#: what is found there is the caption; and the share of it that strokes cover: leaves and bricks have some.
MISSED, SAME, MOVED_SHARE = 0.5, 0.7, 0.06


@dataclass(frozen=True)
class Card:
    """One caption as it is seen: when, where, with which contrast ratio, and whether it is there."""

    second: float
    boxes: tuple[Box, ...]  # as reported, and where it was found if that is elsewhere
    contrast: float
    drawn: bool = True


def measure(evidence: Evidence) -> tuple[Reading, ...]:
    """Readings of the worst caption in each respect; with its scene, unless several are as bad."""
    take = evidence.take
    safe = _scaled(evidence.plan.strategy.safe_box, take.width, take.height)
    seen = [_seen(evidence, cue, box) for cue, box in evidence.cards]
    return (
        Reading(name="captioned", value=_captioned_share(evidence, seen)),
        _worst("caption_contrast", evidence, seen, lambda card: card.contrast, min, none=NO_CAPTION_CONTRAST),
        _worst("caption_outside", evidence, seen, lambda card: _outside(card, safe), max, none=0.0),
        Reading(name="reading_speed", value=reading_speed(evidence.timeline.cues)),
    )


def _seen(evidence: Evidence, cue: Cue, box: CaptionBox) -> Card:
    """A caption as the file shows it in the middle of its time; as it was reported where the file's own
    letters are too small to be measured, or no frame was looked at."""
    place = _box_of(box)
    reported = Card(cue.start_ms / 1000, (place,), box.contrast)
    frame = evidence.closeup_at(middle_of(cue))
    if frame is None or frame.size != (evidence.take.width, evidence.take.height):
        return reported
    if box.bottom - box.top < SMALLEST_CARD or not _inside(place, frame.size):
        return reported
    letters = letters_in(frame, place)
    if letters.found and letters.contrast >= MISSED * box.contrast:
        return replace(reported, contrast=min(box.contrast, letters.contrast))
    moved = place_of(frame, place)
    elsewhere = letters_in(frame, moved)
    same = elsewhere.contrast >= SAME * box.contrast and elsewhere.share >= MOVED_SHARE
    if moved != place and elsewhere.found and same:
        return replace(reported, boxes=(place, moved), contrast=min(box.contrast, elsewhere.contrast))
    return replace(reported, contrast=min(box.contrast, letters.contrast), drawn=letters.found)


def middle_of(cue: Cue) -> float:
    """The second at which a caption is looked at: settled, and not yet leaving."""
    return (cue.start_ms + cue.end_ms) / 2000


def _outside(card: Card, safe: Box) -> float:
    return max(outside_share(box, safe) for box in card.boxes)


def outside_share(caption: Box | CaptionBox, safe: Box) -> float:
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
    seen: Sequence[Card],
    measured: Callable[[Card], float],
    pick: Callable[[Iterable[float]], float],
    *,
    none: float,
) -> Reading:
    values = [(card, measured(card)) for card in seen]
    if not values:
        return Reading(name=name, value=none)
    worst = pick(value for _, value in values)
    scenes = {evidence.ordinal_at(card.second) for card, value in values if value == worst}
    return Reading(name=name, value=worst, ordinal=scenes.pop() if len(scenes) == 1 else None)


def _captioned_share(evidence: Evidence, seen: Sequence[Card]) -> float:
    """Captions that can be seen as a share of the planned ones: people watch without sound."""
    planned = len(evidence.timeline.cues)
    return min(sum(card.drawn for card in seen) / planned, 1.0) if planned else 1.0


def _box_of(box: CaptionBox) -> Box:
    """Grown to even edges, as colour is coded."""
    left, top = box.left // 2 * 2, box.top // 2 * 2
    return Box(left=left, top=top, right=-(-box.right // 2) * 2, bottom=-(-box.bottom // 2) * 2)


def _inside(box: Box, size: tuple[int, int]) -> bool:
    return 0 <= box.left < box.right <= size[0] and 0 <= box.top < box.bottom <= size[1]


def _scaled(box: Box, width: int, height: int) -> Box:
    x, y = width / REFERENCE_WIDTH, height / REFERENCE_HEIGHT
    return Box(
        left=round(box.left * x),
        top=round(box.top * y),
        right=round(box.right * x),
        bottom=round(box.bottom * y),
    )
