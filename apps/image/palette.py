"""Colours from a place and a mood: the place has its hues, the emotion draws them to its own light, arousal
makes them strong, valence makes them light. OKLCH keeps all hues equally strong to the eye.
"""

import math
from dataclasses import dataclass
from random import Random

from apps.contracts.decision import Mood

#: Emotion -> family of light. An emotion that is not listed takes the nearest on the circumplex.
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
#: OKLCH hues of each place in degrees: top of the sky, horizon, ground. Neighbours or clear opposites.
PLACES: dict[str, tuple[tuple[int, int, int], ...]] = {
    "sea": ((245, 200, 228), (222, 186, 205), (265, 212, 250)),
    "ocean": ((235, 205, 215), (30, 72, 222), (275, 45, 240)),
    "ice": ((240, 215, 228), (275, 225, 235)),
    "desert": ((62, 82, 62), (28, 76, 55), (205, 84, 66)),
    "forest": ((172, 128, 148), (200, 120, 142), (100, 112, 145)),
    "meadow": ((232, 200, 140), (205, 118, 138), (30, 78, 128)),
    "farm": ((225, 92, 100), (62, 86, 120)),
    "mountain": ((250, 212, 200), (305, 50, 275)),
    "space": ((285, 312, 295), (265, 228, 280)),
    "night": ((272, 300, 250), (250, 285, 195)),
    "city": ((236, 200, 262), (335, 45, 305), (195, 92, 250)),
    "vault": ((162, 132, 155), (188, 148, 166), (150, 100, 152)),
    "ruins": ((66, 86, 58), (32, 76, 48), (225, 82, 62)),
    "room": ((38, 62, 45), (342, 20, 48), (200, 188, 55)),
    "kitchen": ((56, 76, 48), (22, 42, 55), (152, 112, 62)),
    "lab": ((202, 182, 215), (280, 222, 250), (166, 150, 196)),
    "body": ((8, 22, 355), (342, 12, 348), (305, 350, 330)),
    "grid": ((272, 302, 282), (215, 190, 240), (296, 200, 266)),
    "stadium": ((146, 112, 140), (28, 62, 138), (250, 220, 142)),
    "studio": ((300, 332, 312), (42, 72, 32), (186, 160, 206), (346, 20, 332), (256, 216, 268)),
}
#: Family -> the hue its light is drawn to (degrees) and how far (0-1), lightness added, chroma multiplied.
LIGHTS: dict[str, tuple[float, float, float, float]] = {
    "bright": (82, 0.16, 0.04, 1.1),
    "wonder": (300, 0.12, 0.0, 1.05),
    "still": (200, 0.1, 0.02, 0.85),
    "golden": (66, 0.5, 0.0, 0.85),
    "dread": (350, 0.6, -0.13, 0.9),
    "heat": (25, 0.75, -0.04, 1.15),
    "sorrow": (258, 0.6, -0.08, 0.5),
}
#: Hue of the sun in each family's light, degrees.
SUNS = {"bright": 92, "wonder": 84, "still": 98, "golden": 75, "dread": 38, "heat": 60, "sorrow": 95}
#: Hues between which a dark ground looks like mud, degrees; it keeps to the nearer end.
MUD = (58, 140)
#: Degrees from the horizon's hue to the stage's, and from there to the accents: complements and triads.
HARMONIES = ((180, (120, 240, 60)), (150, (150, 210, 75)), (210, (150, 240, 60)), (120, (120, 180, 240)))
#: What the audience's visual energy does to chroma.
ENERGIES = {"low": 0.9, "medium": 1.0, "high": 1.12}


@dataclass(frozen=True, kw_only=True)
class Palette:
    """Colours as #rrggbb. `ink` is nearly black and `paper` nearly white, both in the key.

    From `top` to `glow` is the sky, from `floor` to `shade` the ground; `light` is what falls on both.
    """

    name: str
    top: str
    glow: str
    floor: str
    shade: str
    light: str
    sun: str
    stage: str
    stage_shade: str
    accents: tuple[str, ...]
    ink: str
    paper: str

    @property
    def colours(self) -> tuple[str, ...]:
        """All of them, the most characteristic first."""
        return (self.top, self.stage, *self.accents, self.glow, self.floor, self.shade, self.paper, self.ink)


def choose(
    mood: Mood, *, rng: Random, turn: int = 0, place: str = "studio", energy: str = "medium"
) -> Palette:
    """A palette for `mood` in a place; `rng` picks among the place's schemes, `turn` steps on from there.

    `energy` is the audience's visual energy: low, medium or high.
    """
    family = family_of(mood)
    schemes = PLACES.get(place, PLACES["studio"])
    index = (rng.randrange(len(schemes)) + turn) % len(schemes)
    away, accents = HARMONIES[(rng.randrange(len(HARMONIES)) + turn) % len(HARMONIES)]
    goal, pull, lift, vivid = LIGHTS[family]
    sky, horizon, ground = schemes[index]
    top, glow = _drawn_to(sky, goal, pull), _drawn_to(horizon, goal, pull)
    floor = _earthy(_drawn_to(ground, goal, pull * 0.15))
    arousal = (_bounded(mood.arousal) + 1) / 2
    lift += 0.04 * _bounded(mood.valence)
    chroma = (0.085 + 0.085 * arousal) * vivid * ENERGIES.get(energy, 1.0)
    stage = (glow + away) % 360
    return Palette(
        name=f"{place}-{family}-{index + 1}",
        top=oklch(0.50 + lift, chroma * 1.15, top),
        glow=oklch(0.76 + lift, chroma, glow),
        floor=oklch(0.60 + lift * 0.6, chroma, floor),
        shade=oklch(0.40 + lift * 0.3, chroma * 0.8, floor),
        light=oklch(0.94 + lift / 3, chroma * 0.55, glow),
        sun=oklch(0.90 + lift / 3, 0.07 + 0.07 * arousal, SUNS[family]),
        stage=oklch(0.87 + lift / 3, 0.085 + 0.05 * arousal, stage),
        stage_shade=oklch(0.70 + lift, 0.12 + 0.05 * arousal, stage - 12),
        accents=tuple(_accent((stage + turn_by) % 360, step) for step, turn_by in enumerate(accents)),
        ink=oklch(0.19, 0.05, floor),
        paper=oklch(0.985, 0.012, stage),
    )


def _drawn_to(hue: float, goal: float, pull: float) -> float:
    """A hue moved towards another by a share of the shorter way round the wheel."""
    return (hue + pull * ((goal - hue + 180) % 360 - 180)) % 360


def _earthy(hue: float) -> float:
    low, high = MUD
    return hue if not low < hue < high else low if hue - low < high - hue else high


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


def _accent(hue: float, step: int) -> str:
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
