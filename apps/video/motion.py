"""How pictures move: the camera over a shot, entrances on a word, idle life. Numbers only.

Distances are shares of the frame's width, so that every size moves alike.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, exp, pi, sin, tanh

from apps.contracts.media import Transition
from apps.contracts.story import Purpose

#: Share of full motion by the audience's visual energy.
ENERGY = {"low": 0.65, "medium": 0.85, "high": 1.0}
#: Share of the frame's width the nearest layer travels a second at full energy; faster blurs on a phone.
SPEED = 0.036
#: Longest way of the nearest layer, shares of the width, from and about the neutral pose; further would
#: show the edge of a layer with 12 % overscan.
REACH_FIRST, REACH = 0.09, 0.17
#: Growth of the nearest layer over a push at full energy.
PUSH = 0.11
#: Share of the nearest layer's travel that the far background makes: the parallax.
FAR = 0.4
#: What the critic's wish for more motion adds to a shot: how far the whole picture sways, shares of the
#: width, the seconds of one sway to the sides and of one up and down, and how far the camera draws near.
SWAY, SWAY_SECONDS, NEARER = 0.012, (1.9, 1.3), 0.12
#: Share of the frame's width a subject bobs, and the seconds of one bob.
BOB, BOB_SECONDS = 0.009, 2.2
#: Seconds before its word that a subject starts to act, so that it lands on the word.
ANTICIPATION = 0.10
#: Seconds an entrance takes.
ENTRANCE = 0.36
#: Seconds an entrance over a longer way takes: drawing near, and going away.
NEARING, LEAVING = 2.4, 0.7
#: Seconds a transition takes at the beginning of a shot, and at the end of the one before; longer would
#: take away from what is said.
ARRIVAL, DEPARTURE = 0.24, 0.20
#: Shares of the width that a whip tears the picture aside, and the zoom that hides its edges meanwhile.
WHIP, WHIP_ZOOM = 0.16, 0.30
#: Seconds the shutter is open in a whip; half of it, as film has it, would hardly be seen on a phone.
SHUTTER = 1 / 30
#: Zoom on either side of a cut that goes through the picture.
PLUNGE = 0.22
#: Light that is left at the bottom of a dip: dark enough to be felt, and never a black frame.
DIM = 0.32
#: Seconds that near layers glide on as a plain cut begins, and how far, shares of the width.
GLIDE_SECONDS, GLIDE = 0.36, 0.10
#: How far the video leaps towards the viewer as it begins, and the seconds until the height of that: the
#: first second has to move more than the rest (field guide 2.1, motion energy), and the first frame has to
#: show the whole picture all the same.
OPENING, OPENING_SECONDS = 0.1, 0.22
#: Seconds until the leap is over; until then every layer is resampled in every frame.
SETTLED_SECONDS = 0.9
#: Seconds of the first picture at the end of the loop scene, and how many times as long MEND_SEAM makes it.
RETURN, LONG_RETURN = 0.45, 2.2
#: Seconds a framing may stand before it is changed by a punch in (field guide 2.1: a change each 2-4 s),
#: and the least it has to stand to be seen.
FRAMING, SHORTEST_FRAMING = 3.2, 1.2
#: How much closer a punch in is, and one that is to be taken for a cut to another shot.
PUNCH, REFRAME = 1.09, 1.2
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
    """What an act does to a subject at one moment: offset in shares of the frame's width, growth about
    its own middle, opacity."""

    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0
    alpha: float = 1.0


@dataclass(frozen=True)
class Passage:
    """What a transition does to the whole picture at one moment; captions are not part of it.

    `x`: shares of the width that every layer is moved before it grows by `zoom` (`Camera.at` has it in
    its poses, `Camera.arrival` the zoom). `light`: what luma (above black) and chroma (about grey) are
    multiplied by. `smear`: shares of the width the picture
    travels while the shutter is open; 0 where there is nothing to blur.
    """

    x: float = 0.0
    zoom: float = 1.0
    light: float = 1.0
    smear: float = 0.0


#: Directions of travel (x, y); neighbours differ. Less to the sides than up and down, where a tall frame has
#: room to spare.
_MOVES = ((0.5, -0.6), (-0.6, 0.5), (0.25, 1.0), (-0.5, -0.8), (0.65, 0.4), (-0.3, -1.0))


@dataclass(frozen=True)
class Camera:
    """The motion of one shot: its direction, energy (0-1) and length in seconds.

    The first shot of a video starts from the neutral pose, the one the loop comes back to. `more` (0-1) is
    the critic's wish: beside more energy, a hand that holds the camera and draws near.
    """

    ordinal: int
    seconds: float
    energy: float
    purpose: Purpose
    first: bool
    enters: Transition = Transition.CUT
    leaves: Transition = Transition.CUT
    more: float = 0.0

    def at(self, t: float, depth: float) -> Pose:
        """The pose of a layer at `depth` (0 far, 1 near), `t` seconds into the shot (t < 0: before it).

        A whip is part of it: it moves all depths alike.
        """
        x, y = _MOVES[self.ordinal % len(_MOVES)]
        share = self._progress(t)
        travel = self._reach() * (FAR + (1 - FAR) * depth) * share
        # What draws near all the time draws near never; and growing costs four times as much as sliding.
        pushes = self.purpose is Purpose.TWIST
        scale = 1 + PUSH * self.energy * depth * share if pushes else 1.0
        aside, up = (self.more * SWAY * sin(2 * pi * t / seconds) for seconds in SWAY_SECONDS)
        return Pose(x=x * travel + aside + self.passage(t).x, y=y * travel + up, scale=scale)

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

    def passage(self, t: float) -> Passage:
        """What the shot's own halves of its two transitions do at `t`."""
        if t < ARRIVAL:
            return entering(self._enters, t, self._side(self.ordinal))
        remaining = self.seconds - t
        if remaining < DEPARTURE:
            return leaving(self.leaves, remaining, self._side(self.ordinal + 1))
        return Passage()

    def arrival(self, t: float) -> float:
        """Extra zoom of the whole picture, 1 when settled: the hook opens with a leap, transitions have
        theirs, other shots cut hard."""
        nearer = self.more * NEARER * max(0.0, min(1.0, t / max(self.seconds, 1e-6)))
        zoom = self.passage(t).zoom * (1 + nearer)
        if not self.first or t <= 0:
            return zoom
        rise, rest = t / OPENING_SECONDS, max(0.0, 1 - t / SETTLED_SECONDS)
        return zoom * (1 + OPENING * rise * exp(1 - rise) * rest**2)

    def glide(self, t: float, depth: float) -> float:
        """Extra x of near layers as a shot begins, so that a cut carries on moving."""
        if self.first or self._enters is not Transition.CUT or t >= GLIDE_SECONDS or not depth:
            return 0.0
        return self._side(self.ordinal) * GLIDE * depth * self.energy * (1 - t / GLIDE_SECONDS) ** 3

    @property
    def _enters(self) -> Transition:
        """A twist never comes in by a plain cut."""
        plain = self.enters is Transition.CUT and self.purpose is Purpose.TWIST
        return Transition.ZOOM if plain else self.enters

    @staticmethod
    def _side(ordinal: int) -> int:
        return 1 if ordinal % 2 else -1


def transition_into(purpose: Purpose, variety: int) -> Transition:
    """Hard cuts, but for the twist, where `variety` (any number that differs from video to video) picks."""
    if purpose is not Purpose.TWIST:
        return Transition.CUT
    return (Transition.WHIP, Transition.ZOOM, Transition.DIP)[variety % 3]


def entering(transition: Transition, t: float, side: int) -> Passage:
    """The half of a transition that lies in the shot it leads to, `t` seconds into that."""
    return _passage(transition, 1 - t / ARRIVAL, 3 * WHIP / ARRIVAL, side)


def leaving(transition: Transition, remaining: float, side: int) -> Passage:
    """The half that lies in the shot before, `remaining` seconds before its end."""
    return _passage(transition, 1 - remaining / DEPARTURE, 3 * WHIP / DEPARTURE, -side)


def _passage(transition: Transition, way: float, speed: float, side: int) -> Passage:
    """`way`: 0 at rest, 1 at the cut. Cubes and squares, so that rest is reached without a jolt."""
    if way <= 0 or transition is Transition.CUT:
        return Passage()
    way = min(1.0, way)
    if transition is Transition.WHIP:
        return Passage(side * WHIP * way**3, 1 + WHIP_ZOOM * way**2, smear=speed * way**2 * SHUTTER)
    if transition is Transition.ZOOM:
        return Passage(zoom=1 + PLUNGE * way**3)
    return Passage(zoom=1 + 0.06 * way**2, light=1 - (1 - DIM) * way**2)


def framings(
    seconds: float, begins: Sequence[float], *, longest: float = FRAMING, uneven: float = 0.0
) -> tuple[float, ...]:
    """The seconds of a shot at which its framing changes, so that none stands longer than `longest`.

    As few as that takes, evenly, each moved to the nearest of `begins` (when a caption comes up) that
    leaves its neighbours SHORTEST_FRAMING. The framing is closer after the first, 1 after the second...
    `uneven`: by what share of a part every other one is shorter.
    """
    parts = min(ceil(seconds / longest), max(1, int(seconds / SHORTEST_FRAMING)))
    changes: list[float] = []
    for n in range(1, parts):
        earliest = (changes[-1] if changes else 0.0) + SHORTEST_FRAMING
        latest = seconds - SHORTEST_FRAMING * (parts - n)
        even = max(earliest, min(latest, seconds * (n - uneven * (n % 2)) / parts))
        near = [b for b in begins if earliest <= b <= latest and abs(b - even) < longest / 3]
        changes.append(min(near, key=lambda b: abs(b - even), default=even))
    return tuple(changes)


def framing_at(t: float, changes: Sequence[float], closer: float = PUNCH) -> float:
    """The growth of the framing that stands at `t`: 1, and `closer` after every other change."""
    return closer if sum(t >= change for change in changes) % 2 else 1.0


def energy(arousal: float, visual_energy: str, more: float = 0.0) -> float:
    """0.35-1: how much of full motion a shot gets; `more` (0-1) is the critic's wish."""
    level = (0.55 + 0.45 * (max(-1.0, min(1.0, arousal)) + 1) / 2) * ENERGY.get(visual_energy, 0.85)
    return min(1.0, level + 0.5 * more)


def kept(
    centre: float, rest: float, length: float, grown: float, low: float, high: float, spill: float
) -> float:
    """Where the centre of something goes that stays between `low` and `high`: near them, ever less of the
    way is left. It is `length` long where it rests, and `grown` now. What rests beyond them goes no further
    out; by more than `spill`, it may leave.
    """
    starts, ends = rest - length / 2, rest + length / 2
    if starts < low - spill or ends > high + spill:
        return centre
    low, high = min(low, starts), max(high, ends)
    first, last = low + grown / 2, high - grown / 2
    if first >= last:
        return (low + high) / 2
    home = min(max(rest, first), last)
    room = (last if centre > home else first) - home
    return home + room * tanh((centre - home) / room) if abs(room) > 1e-6 else home


def bob(t: float, depth: float, phase: int, strength: float) -> float:
    """The y offset of a subject's idle bob; 0 at t = 0, so that the first frame stands still."""
    if not depth:
        return 0.0
    return BOB * depth * strength * sin(2 * pi * t / (BOB_SECONDS + 0.3 * (phase % 3)))


def return_seconds(seam: float) -> float:
    """Seconds for which the loop scene shows the first picture again; `seam` (0-1) is the critic's wish."""
    return RETURN * (1 + (LONG_RETURN - 1) * seam)


def returning(remaining: float, seconds: float = RETURN) -> float:
    """Extra zoom of the first picture `remaining` seconds before its last frame, there 1."""
    return 1 + 0.15 * max(0.0, min(1.0, remaining / seconds)) ** 2.5


def entrance(act: str, t: float, side: int = 1) -> Entrance | None:
    """A subject `t` seconds after it starts to act; None where it is not to be seen.

    All but "leave" come in: unseen before, neutral once they have arrived. "leave" is there before, and
    is gone after, to the `side` (1 right, -1 left).
    """
    if act == "leave":
        return _leave(t / LEAVING, side)
    if t < 0:
        return None
    if act == "near":
        return _near(t / NEARING)
    return _ACTS.get(act, _fade)(t / ENTRANCE)


def _near(u: float) -> Entrance:
    """Seen small at once, then grows, ever slower, until it stands there."""
    rest = 1 - min(1.0, u)
    return Entrance(scale=1 - 0.34 * rest**2.2, alpha=min(1.0, u * NEARING * 6))


def _leave(u: float, side: int) -> Entrance | None:
    """Leans back a little, then is off and away."""
    if u <= 0:
        return Entrance()
    if u >= 1:
        return None
    return Entrance(x=side * (1.9 * u**3 - 0.35 * u * (1 - u) ** 2), y=-0.05 * u**2)


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
    pulse = 0.05 * sin((u - 1) * pi) ** 2 * exp(-(u - 1) * 0.6) if 1 < u < 5 else 0.0
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
