"""Colours from a mood: hue from the emotion, chroma from arousal, lightness from valence.

Hues are chosen by hand as families that go together; OKLCH keeps them equally strong to the eye.
"""

import math
from dataclasses import dataclass
from random import Random

from apps.contracts.decision import Mood

#: Emotion -> family of hue schemes. An emotion that is not listed takes the nearest on the circumplex.
FAMILIES = {
    "joy": "bright",
    "triumph": "bright",
    "hope": "bright",
    "awe": "wonder",
    "curiosity": "wonder",
    "calm": "still",
    "relief": "still",
    "nostalgia": "golden",
    "tension": "dread",
    "fear": "dread",
    "anger": "heat",
    "shock": "heat",
    "sadness": "sorrow",
}
#: Valence and arousal of one emotion of each family (field guide 3).
ANCHORS = {
    "bright": (0.75, 0.55),
    "wonder": (0.45, 0.6),
    "still": (0.55, -0.3),
    "golden": (0.2, -0.3),
    "dread": (-0.55, 0.75),
    "heat": (-0.35, 0.9),
    "sorrow": (-0.7, -0.4),
}
#: OKLCH hues in degrees: top of the ground, foot of the ground, stage, three accents.
SCHEMES: dict[str, tuple[tuple[int, int, int, tuple[int, int, int]], ...]] = {
    "bright": (
        (20, 350, 92, (195, 92, 330)),
        (305, 340, 90, (60, 95, 195)),
        (235, 270, 95, (25, 95, 340)),
        (165, 200, 95, (30, 95, 345)),
        (45, 15, 100, (210, 100, 330)),
    ),
    "wonder": (
        (275, 310, 90, (190, 90, 340)),
        (255, 285, 195, (95, 340, 60)),
        (320, 285, 75, (190, 90, 30)),
        (200, 250, 85, (70, 340, 150)),
        (290, 255, 160, (60, 330, 95)),
    ),
    "still": (
        (200, 235, 95, (60, 160, 20)),
        (165, 195, 85, (70, 220, 30)),
        (255, 225, 70, (190, 95, 20)),
        (140, 170, 95, (50, 200, 85)),
    ),
    "golden": (
        (50, 25, 85, (190, 85, 20)),
        (25, 350, 75, (200, 85, 50)),
        (330, 300, 85, (190, 95, 30)),
    ),
    "dread": (
        (285, 315, 95, (150, 95, 30)),
        (255, 280, 55, (30, 95, 190)),
        (345, 300, 80, (60, 95, 190)),
        (190, 235, 100, (30, 100, 330)),
    ),
    "heat": (
        (28, 10, 95, (60, 95, 200)),
        (5, 335, 90, (195, 95, 40)),
        (45, 25, 100, (260, 100, 200)),
        (330, 300, 100, (160, 100, 40)),
    ),
    "sorrow": (
        (255, 270, 220, (60, 200, 330)),
        (230, 255, 75, (190, 40, 290)),
        (290, 265, 60, (220, 95, 345)),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Palette:
    """Colours as #rrggbb. `ink` is nearly black and `paper` nearly white, both in the key."""

    name: str
    top: str
    foot: str
    glow: str
    stage: str
    stage_shade: str
    accents: tuple[str, ...]
    ink: str
    paper: str

    @property
    def colours(self) -> tuple[str, ...]:
        """All of them, the most characteristic first."""
        return (self.top, self.stage, *self.accents, self.foot, self.glow, self.paper, self.ink)


def choose(mood: Mood, *, rng: Random, turn: int = 0) -> Palette:
    """A palette for `mood`; `rng` picks among the family's schemes, `turn` steps on from there."""
    family = family_of(mood)
    schemes = SCHEMES[family]
    index = (rng.randrange(len(schemes)) + turn) % len(schemes)
    top, foot, stage, accents = schemes[index]
    energy = (_bounded(mood.arousal) + 1) / 2
    lift = 0.05 * _bounded(mood.valence)
    chroma = 0.095 + 0.115 * energy
    return Palette(
        name=f"{family}-{index + 1}",
        top=oklch(0.47 + lift, chroma, top),
        foot=oklch(0.29 + lift / 2, chroma * 0.8, foot),
        glow=oklch(0.66 + lift, chroma, (top + foot) / 2 if abs(top - foot) < 180 else top),
        stage=oklch(0.86 + lift / 2, 0.085 + 0.05 * energy, stage),
        stage_shade=oklch(0.72 + lift, 0.12 + 0.06 * energy, stage - 12),
        accents=tuple(_accent(hue, step) for step, hue in enumerate(accents)),
        ink=oklch(0.20, 0.06, foot),
        paper=oklch(0.985, 0.012, stage),
    )


def family_of(mood: Mood) -> str:
    """The family of hue schemes for a mood: by its emotion's name, else by valence and arousal."""
    if mood.emotion in FAMILIES:
        return FAMILIES[mood.emotion]
    here = (_bounded(mood.valence), _bounded(mood.arousal))
    return min(ANCHORS, key=lambda family: math.dist(here, ANCHORS[family]))


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """OKLCH (lightness 0-1, chroma 0-0.4, hue in degrees) as #rrggbb.

    Chroma gives way until the colour is in sRGB. Matrices: B. Ottosson, "A perceptual color space", 2020.
    """
    rgb = _linear(lightness, chroma, hue)
    while chroma > 0.001 and not all(-0.001 <= part <= 1.001 for part in rgb):
        chroma *= 0.94
        rgb = _linear(lightness, chroma, hue)
    return "#" + "".join(f"{round(255 * _encoded(part)):02x}" for part in rgb)


def channels(colour: str) -> tuple[int, int, int]:
    """#rrggbb as three numbers 0-255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mixed(first: str, second: str, share: float) -> str:
    """Between two colours: `share` 0 is the first, 1 the second."""
    parts = zip(channels(first), channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def _accent(hue: int, step: int) -> str:
    """A clear accent: yellows are only yellow when light, the others grow deeper with each step."""
    is_yellow = 60 <= hue <= 125
    return oklch(0.87 if is_yellow else 0.80 - 0.05 * step, 0.17, hue)


def _linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _encoded(part: float) -> float:
    part = min(1.0, max(0.0, part))
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _bounded(value: float) -> float:
    return min(1.0, max(-1.0, value))
