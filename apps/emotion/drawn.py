"""A curve that a brief draws for itself, as a timeline like those of the catalogue. No I/O."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

from apps.contracts.codec import digest
from apps.emotion.circumplex import EMOTIONS, known_emotion
from apps.emotion.timeline import POINTS, UnableToUseTimeline, checked

#: Seconds a drawn curve is written for, as the catalogue's are; it is stretched to each short.
NOMINAL_SECONDS = 30.0
#: Hex digits of the drawing's digest in its name: the same drawing is the same curve to memory.
NAME_DIGITS = 8

Points = Sequence[tuple[float, str]]


def timeline_of(points: Points) -> list[dict[str, Any]]:
    """Points as (share of the length, emotion) into a checked timeline; the last emotion is held to the end.

    Raises UnableToUseTimeline with the first rule that is broken.
    """
    for number, (share, emotion) in enumerate(points, start=1):
        if not (isfinite(share) and 0 <= share <= 1):
            raise UnableToUseTimeline(
                f"Point {number} lies at {share:g}; shares of the length run from 0 to 1."
            )
        if known_emotion(emotion) is None:
            known = ", ".join(sorted(EMOTIONS))
            raise UnableToUseTimeline(
                f"Point {number}: {emotion[:40]!r} is no known emotion. Use one of: {known}."
            )
    timeline = [_point(share, emotion) for share, emotion in points]
    if timeline and timeline[-1]["sec"] < NOMINAL_SECONDS and len(timeline) < POINTS[1]:
        timeline.append({"sec": NOMINAL_SECONDS, "emotion": timeline[-1]["emotion"]})
    return checked(timeline)


def name_of(timeline: list[dict[str, Any]]) -> str:
    """What a drawn curve is called: follows from what is drawn, so that drawing it again finds it again."""
    return f"drawn_{digest(timeline)[:NAME_DIGITS]}"


def _point(share: float, emotion: str) -> dict[str, Any]:
    return {"sec": round(share * NOMINAL_SECONDS, 2), "emotion": known_emotion(emotion)}
