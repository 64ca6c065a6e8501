"""A curve's timeline: checked, stretched to a length, and described in numbers. No I/O.

A timeline is a list of exactly {"sec": number, "emotion": word}; its last second is its own length.
"""

from itertools import pairwise
from math import cos, isfinite, pi
from typing import Any
from uuid import UUID

from apps.contracts.decision import Curve, CurvePoint
from apps.emotion.circumplex import EMOTIONS

#: Points of a timeline: fewer is no curve, more cannot be heard in a short.
POINTS = (2, 24)
#: Seconds a timeline may be written for.
LONGEST = 600.0
#: Valence between end and beginning up to which the curve loops without a jolt.
LOOP_GAP = 0.25
#: Moments at which a curve is looked at when it is described.
SAMPLES = 61


class UnableToUseTimeline(ValueError):
    """A timeline breaks a rule; the message names the point and what to do."""


def checked(timeline: Any) -> list[dict[str, Any]]:
    """The timeline, if it keeps every rule. Raises UnableToUseTimeline with the first that is broken."""
    if not isinstance(timeline, list):
        raise UnableToUseTimeline("A timeline is a list of points, each with sec and emotion.")
    least, most = POINTS
    if not least <= len(timeline) <= most:
        raise UnableToUseTimeline(f"A timeline has {least} to {most} points; this one has {len(timeline)}.")
    for number, point in enumerate(timeline, start=1):
        _check_point(number, point)
    _check_order([float(point["sec"]) for point in timeline])
    return timeline


def stretched(
    id: UUID, name: str, timeline: list[dict[str, Any]], length_seconds: float | None = None
) -> Curve:
    """The curve over `length_seconds` (None: over its own length); shape and order stay the same."""
    own = float(timeline[-1]["sec"])
    scale = 1.0 if length_seconds is None else length_seconds / own
    return Curve(id=id, name=name, points=tuple(_point(point, scale) for point in timeline))


def loop_gap(curve: Curve) -> float:
    """How far in valence the end lies from the beginning, 0-2."""
    return abs(curve.points[-1].valence - curve.points[0].valence)


def loops(curve: Curve) -> bool:
    """Whether the end leads back into the beginning: V(end) is about V(0)."""
    return loop_gap(curve) <= LOOP_GAP


def twist_at(curve: Curve) -> float:
    """Where valence turns most sharply after the first third, as a share of the length (0-1)."""
    end = curve.points[-1].sec
    inner = [n for n in range(1, len(curve.points) - 1) if curve.points[n].sec >= end / 3]
    return max(((_turn(curve, n), curve.points[n].sec / end) for n in inner), default=(0.0, 1.0))[1]


def peak_end(curve: Curve) -> float:
    """.4 peak + .4 end + .2 slope of valence, in [-1, 1] (Baumgartner 1997; field guide 3)."""
    valences = [point.valence for point in curve.points]
    slope = max(-1.0, min(1.0, valences[-1] - valences[0]))
    return 0.4 * max(valences) + 0.4 * valences[-1] + 0.2 * slope


def coefficients(curve: Curve) -> tuple[float, float, float]:
    """The arc as (a1, a2, a3): valence about its mean projected on cos(k pi u), u in [0, 1].

    Even shapes (man in a hole, Icarus) live in a2 and loop; a1 is a rise (negative) or a fall.
    """
    end = curve.points[-1].sec
    shares = [n / (SAMPLES - 1) for n in range(SAMPLES)]
    valences = [curve.at(share * end).valence for share in shares]
    mean = sum(valences) / SAMPLES
    first, second, third = (
        sum((v - mean) * cos(k * pi * u) for v, u in zip(valences, shares, strict=True)) * 2 / SAMPLES
        for k in (1, 2, 3)
    )
    return first, second, third


def _point(point: dict[str, Any], scale: float) -> CurvePoint:
    valence, arousal = EMOTIONS[point["emotion"]]
    sec = round(float(point["sec"]) * scale, 3)
    return CurvePoint(sec=sec, emotion=point["emotion"], valence=valence, arousal=arousal)


def _turn(curve: Curve, n: int) -> float:
    before, here, after = curve.points[n - 1 : n + 2]
    return abs(
        (here.valence - before.valence) / (here.sec - before.sec)
        - (after.valence - here.valence) / (after.sec - here.sec)
    )


def _check_point(number: int, point: Any) -> None:
    if not isinstance(point, dict) or set(point) != {"sec", "emotion"}:
        raise UnableToUseTimeline(f"Point {number} must have exactly sec and emotion.")
    sec, emotion = point["sec"], point["emotion"]
    if isinstance(sec, bool) or not isinstance(sec, int | float) or not isfinite(sec):
        raise UnableToUseTimeline(f"Point {number}: sec must be a number of seconds.")
    if not 0 <= sec <= LONGEST:
        raise UnableToUseTimeline(f"Point {number}: sec must lie between 0 and {LONGEST:g}; it is {sec:g}.")
    if not isinstance(emotion, str) or emotion not in EMOTIONS:
        known = ", ".join(sorted(EMOTIONS))
        raise UnableToUseTimeline(
            f"Point {number}: {str(emotion)[:40]!r} is no known emotion. Use one of: {known}."
        )


def _check_order(seconds: list[float]) -> None:
    if seconds[0] != 0:
        raise UnableToUseTimeline(f"The first point must be at second 0; it is at {seconds[0]:g}.")
    for number, (before, after) in enumerate(pairwise(seconds), start=2):
        if after <= before:
            raise UnableToUseTimeline(
                f"Point {number} is at second {after:g}, not after {before:g}: put the points in order."
            )
