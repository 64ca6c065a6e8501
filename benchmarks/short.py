"""A short to render: six drawn scenes of 25 s, with captions. Plain engines; no database, no servers."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from apps.contracts.codec import digest
from apps.contracts.decision import Box, FrameSpec, Mood
from apps.contracts.media import Layer, Picture, Shot, SpokenWord
from apps.contracts.story import Depiction, Purpose
from apps.image.providers import Request
from apps.image.providers.drawn import Drawn
from apps.video.caption_styles import STYLES
from apps.video.composition import ShotPlan
from apps.video.cues import into_cards, time_cards

FRAME = FrameSpec(width=1080, height=1920, fps=30)
#: The union box of the platforms (field guide 1.3).
SAFE_BOX = Box(left=120, top=288, right=888, bottom=1248)
#: Frames of each scene: six make 25 s.
SCENE_FRAMES = 125
#: Milliseconds of a scene before its first word and after its last.
LEAD_MS, TAIL_MS = 100, 250

#: (purpose, what is said, what is shown, valence, arousal)
SCENES = (
    (Purpose.HOOK, "Why does an octopus need three hearts to stay alive?", "octopus; three hearts", 0.3, 0.6),
    (
        Purpose.ESCALATE,
        "Two of them pump blood through the gills, where it takes up oxygen.",
        "two hearts, gills, blood; octopus",
        0.3,
        0.3,
    ),
    (
        Purpose.ESCALATE,
        "The third one sends it round the rest of the body, arms and all.",
        "heart, arms, body; octopus",
        0.4,
        0.4,
    ),
    (
        Purpose.ESCALATE,
        "But its blood is blue, because copper carries the oxygen, not iron.",
        "blue blood, copper, iron; octopus",
        0.5,
        0.7,
    ),
    (
        Purpose.TWIST,
        "And when it swims, the main heart stops beating: it would rather crawl.",
        "heart stops, octopus swims; octopus",
        -0.2,
        0.9,
    ),
    (Purpose.LOOP, "So look at one that sits still for a moment, and ask:", "octopus; question", 0.4, 0.3),
)


@dataclass(frozen=True)
class Scene:
    """One scene of the short: its plan, and the flattened picture as JPEG."""

    plan: ShotPlan
    still: Path


def draw(folder: Path, repeats: int = 1, frame: FrameSpec = FRAME) -> list[Scene]:
    """The short's scenes, `repeats` times over; their pictures are drawn into `folder`."""
    pictures = [_picture(n, folder, frame) for n in range(len(SCENES))]
    shots = [_shot(n, frame.fps) for n in range(len(SCENES) * repeats)]
    scenes = []
    for n, shot in enumerate(shots):
        picture, layers, still = pictures[n % len(SCENES)]
        returns = n == len(shots) - 1
        plan = ShotPlan(
            shot=shot,
            picture=picture,
            frame=frame,
            safe_box=SAFE_BOX,
            style=STYLES["bold_pop"],
            visual_energy="high",
            layers=layers,
            opening=shots[0] if returns else None,
            opening_picture=pictures[0][0] if returns else None,
            opening_layers=pictures[0][1] if returns else (),
        )
        scenes.append(Scene(plan, still))
    return scenes


def _shot(n: int, fps: int) -> Shot:
    purpose, said, _, valence, arousal = SCENES[n % len(SCENES)]
    start, end = (round(k * SCENE_FRAMES * 1000 / fps) for k in (n, n + 1))
    words = _words(said.split(), start + LEAD_MS, end - TAIL_MS)
    return Shot(
        ordinal=n,
        purpose=Purpose.ESCALATE if n >= len(SCENES) and purpose is Purpose.HOOK else purpose,
        start_ms=start,
        end_ms=end,
        voice_ms=start + LEAD_MS,
        arousal=arousal,
        valence=valence,
        emotion="curiosity",
        cues=time_cards(into_cards(words), from_ms=start, until_ms=end),
    )


def _words(texts: list[str], start: int, end: int) -> list[SpokenWord]:
    """Words spread by their letters."""
    weights = [2 + len(text) for text in texts]
    edges = [start + (end - start) * sum(weights[:k]) // sum(weights) for k in range(len(texts) + 1)]
    return [SpokenWord(text=t, start_ms=edges[k], end_ms=edges[k + 1]) for k, t in enumerate(texts)]


def _depiction(n: int) -> Depiction:
    purpose, said, visual, _, _ = SCENES[n]
    return Depiction(ordinal=n, purpose=purpose, visual=visual, words=tuple(said.split()))


def _picture(n: int, folder: Path, frame: FrameSpec) -> tuple[Picture, tuple[Path, ...], Path]:
    shown = _depiction(n)
    _, _, _, valence, arousal = SCENES[n]
    request = Request(
        words=shown.words,
        visual=shown.visual,
        mood=Mood(emotion="curiosity", valence=valence, arousal=arousal),
        visual_energy="high",
        frame=frame,
        safe_box=SAFE_BOX,
        seed=7,
        ordinal=n,
        opening=n == 0,
        earlier=tuple(_depiction(k) for k in range(n)),
        variation=0,
    )
    made = Drawn().draw(request)
    files = tuple(folder / f"scene{n}-layer{k}.png" for k in range(len(made.layers)))
    for file, layer in zip(files, made.layers, strict=True):
        file.write_bytes(layer.data)
    still = folder / f"scene{n}.jpg"
    still.write_bytes(made.preview)
    picture = Picture(
        id=UUID(int=n + 1),
        ordinal=n,
        width=frame.width,
        height=frame.height,
        overscan=made.overscan,
        layers=tuple(
            Layer(
                key=digest(layer.data.hex())[:16],
                depth=layer.depth,
                act=layer.act,
                word=layer.word,
                left=layer.left,
                top=layer.top,
            )
            for layer in made.layers
        ),
        palette=made.palette,
        style=made.style,
        subjects=made.subjects,
    )
    return picture, files, still
