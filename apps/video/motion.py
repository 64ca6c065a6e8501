"""How pictures move: the camera over a shot, entrances on a word, idle life. Numbers only.

Distances are shares of the frame's width, so that every size moves alike.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, pi, sin

from apps.contracts.story import Purpose

#: Share of full motion by the audience's visual energy.
ENERGY = {"low": 0.65, "medium": 0.85, "high": 1.0}
#: Share of the frame's width the nearest layer travels a second at full energy; faster blurs on a phone.
SPEED = 0.036
#: Longest way of the nearest layer, shares of the width, from and about the neutral pose; further would
#: show the edge of a layer with 12 % overscan.
REACH_FIRST, REACH = 0.09, 0.17
#: Growth of the nearest layer over a push at full energy.
PUSH = 0.14
#: Share of the nearest layer's travel that the far background makes: the parallax.
FAR = 0.4
#: Share of the frame's width a subject bobs, and the seconds of one bob.
BOB, BOB_SECONDS = 0.009, 2.2
#: Seconds before its word that a subject starts to act, so that it lands on the word.
ANTICIPATION = 0.10
#: Seconds an entrance takes.
ENTRANCE = 0.36
#: Seconds a shot's own arrival (zoom settling, whip) takes; longer would blur what is said.
ARRIVAL = 0.24
#: How much closer the video begins, and the seconds until it has drawn back: the first second has to
#: move more than the rest (field guide 2.1, motion energy).
OPENING, OPENING_SECONDS = 0.12, 0.75
#: Seconds of the first picture at the end of the loop scene.
RETURN = 0.45
#: Seconds a framing may stand before it is changed by a punch in (field guide 2.1: a change each 2-4 s).
FRAMING = 3.2
#: How much closer a punch in is.
PUNCH = 1.09
#: Where the zooms aim, shares of width and height: low in the subject, so that it grows away from the
#: captions below it.
FOCUS = (0.5, 0.48)


@dataclass(frozen=True)
class Pose:
    """Where a layer stands: offset in shares of the frame's width, and growth about FOCUS."""

    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0


@dataclass(frozen=True)
class Entrance:
    """What an act does to a subject at one moment: offset, growth about its own middle, opacity."""

    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0
    alpha: float = 1.0


#: Directions of travel (x, y) and whether near layers grow; neighbours differ in every respect.
_MOVES = ((1.0, -0.25, 1), (-1.0, 0.2, 0), (0.3, 1.0, 1), (-0.8, -0.5, -1), (0.9, 0.5, 0), (-0.4, -1.0, 1))


@dataclass(frozen=True)
class Camera:
    """The motion of one shot: its direction, energy (0-1) and length in seconds.

    The first shot of a video starts from the neutral pose, the one the loop comes back to.
    """

    ordinal: int
    seconds: float
    energy: float
    purpose: Purpose
    first: bool

    def at(self, t: float, depth: float) -> Pose:
        """The pose of a layer at `depth` (0 far, 1 near), `t` seconds into the shot (t < 0: before it)."""
        x, y, growth = _MOVES[self.ordinal % len(_MOVES)]
        share = self._progress(t)
        travel = self._reach() * (FAR + (1 - FAR) * depth) * share
        scale = 1 + growth * PUSH * self.energy * depth * share if depth else 1.0
        return Pose(x=x * travel, y=y * travel, scale=scale)

    def _reach(self) -> float:
        return min(SPEED * self.seconds, REACH_FIRST if self.first else REACH) * self.energy

    def _progress(self, t: float) -> float:
        """-0.5..0.5 over a shot, half steady and half eased, so that it never stands; 0..1 over the
        first, fastest at once: the hook has to move when nobody has decided to stay yet."""
        u = t / max(self.seconds, 1e-6)
        if self.first:
            return 1 - (1 - u) * abs(1 - u)
        clipped = max(0.0, min(1.0, u))
        return 0.7 * u + 0.3 * clipped * clipped * (3 - 2 * clipped) - 0.5

    def arrival(self, t: float) -> float:
        """Extra zoom, 1 when settled: the hook opens by drawing back, the twist lands with a punch,
        other shots cut hard."""
        if self.first:
            return 1 + OPENING * (1 - max(0.0, min(1.0, t / OPENING_SECONDS))) ** 2
        if self.purpose is not Purpose.TWIST or t >= ARRIVAL:
            return 1.0
        return 1 + 0.22 * (1 - t / ARRIVAL) ** 3

    def glide(self, t: float, depth: float) -> float:
        """Extra x of near layers as a shot begins, so that a cut carries on moving."""
        if self.first or self.purpose is Purpose.TWIST or t >= ARRIVAL * 1.5 or not depth:
            return 0.0
        side = 1 if self.ordinal % 2 else -1
        return side * 0.10 * depth * self.energy * (1 - t / (ARRIVAL * 1.5)) ** 3


def energy(arousal: float, visual_energy: str, more: float = 0.0) -> float:
    """0.35-1: how much of full motion a shot gets; `more` (0-1) is the critic's wish."""
    level = (0.55 + 0.45 * (max(-1.0, min(1.0, arousal)) + 1) / 2) * ENERGY.get(visual_energy, 0.85)
    return min(1.0, level + 0.5 * more)


def bob(t: float, depth: float, phase: int, strength: float) -> float:
    """The y offset of a subject's idle bob; 0 at t = 0, so that the first frame stands still."""
    if not depth:
        return 0.0
    return BOB * depth * strength * sin(2 * pi * t / (BOB_SECONDS + 0.3 * (phase % 3)))


def returning(remaining: float) -> float:
    """Extra zoom of the first picture `remaining` seconds before its last frame, there 1."""
    return 1 + 0.15 * max(0.0, min(1.0, remaining / RETURN)) ** 2.5


def entrance(act: str, t: float) -> Entrance | None:
    """A subject `t` seconds after it starts to act; None before, neutral once it has arrived."""
    if t < 0:
        return None
    return _ACTS.get(act, _fade)(t / ENTRANCE)


def _fade(u: float) -> Entrance:
    return Entrance(alpha=min(1.0, u * 2))


def _pop(u: float) -> Entrance:
    return Entrance(scale=max(0.02, _back(u)), alpha=min(1.0, u * 5))


def _rise(u: float) -> Entrance:
    return Entrance(y=0.22 * (1 - _back(u)), alpha=min(1.0, u * 3))


def _slide(side: int) -> Callable[[float], Entrance]:
    def slide(u: float) -> Entrance:
        return Entrance(x=side * 0.7 * (1 - _back(u, 1.2)), alpha=min(1.0, u * 4))

    return slide


def _shake(u: float) -> Entrance:
    swing = 0.022 * sin(u * ENTRANCE * 2 * pi * 7) * exp(-u * 1.1) if u < 4 else 0.0
    return Entrance(x=swing, scale=max(0.02, _back(min(1.0, u * 1.6))), alpha=min(1.0, u * 5))


def _count(u: float) -> Entrance:
    pulse = 0.05 * sin(u * pi * 2) * exp(-u * 0.6) if 1 < u < 5 else 0.0
    return Entrance(scale=max(0.02, _back(u)) + pulse, alpha=min(1.0, u * 5))


def _back(u: float, overshoot: float = 1.9) -> float:
    """easeOutBack: past the goal, then home (Penner's easing equations)."""
    if u >= 1:
        return 1.0
    v = u - 1
    return 1 + (overshoot + 1) * v**3 + overshoot * v**2


_ACTS: dict[str, Callable[[float], Entrance]] = {
    "still": _fade,
    "pop": _pop,
    "rise": _rise,
    "slide_left": _slide(1),
    "slide_right": _slide(-1),
    "shake": _shake,
    "count": _count,
}
