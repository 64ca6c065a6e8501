"""Small stories, voices and pictures for the tests of this service."""

from pathlib import Path
from uuid import UUID

import cv2
import numpy as np

from apps.contracts.decision import (
    Box,
    Curve,
    CurvePoint,
    Decision,
    FrameSpec,
    HookType,
    LoopTechnique,
    Strategy,
)
from apps.contracts.media import Layer, Narration, Picture, SpokenWord
from apps.contracts.story import Purpose, Scene, Story

FRAME = FrameSpec(width=270, height=480, fps=30)
SAFE = Box(left=120, top=288, right=888, bottom=1248)
JOB = UUID("0b5c6a0e-8d6e-4d0a-9a8e-0d4d6f3f0a01")
LINES = (
    "An octopus has three hearts.",
    "Two of them pump blood through the gills, and one feeds the whole body.",
    "When it swims, the main heart stops.",
    "So the next time you see one hiding, remember:",
)
PURPOSES = (Purpose.HOOK, Purpose.ESCALATE, Purpose.TWIST, Purpose.LOOP)
CURVE = Curve(
    id=UUID(int=7),
    name="wonder",
    points=(
        CurvePoint(sec=0, emotion="curiosity", valence=0.3, arousal=0.5),
        CurvePoint(sec=8, emotion="shock", valence=-0.1, arousal=0.95),
        CurvePoint(sec=12, emotion="awe", valence=0.6, arousal=0.6),
    ),
)
STRATEGY = Strategy(
    platform="youtube_shorts",
    length_seconds=12,
    min_length=8,
    max_length=60,
    hook_window_seconds=2.0,
    scene_count=4,
    cut_seconds=3.0,
    loop_technique=LoopTechnique.RETURN,
    hook_types=(HookType.NUMBER,),
    weights={"hook": 0.4, "pacing": 0.35, "loop": 0.25},
    safe_box=SAFE,
    decisions=(Decision(name="length", value="12", reason="a test"),),
)


def story(lines: tuple[str, ...] = LINES) -> Story:
    purposes = (PURPOSES[0], *[Purpose.ESCALATE] * (len(lines) - 3), *PURPOSES[-2:])[-len(lines) :]
    scenes = tuple(
        Scene(
            id=UUID(int=n + 1),
            ordinal=n,
            start_sec=3 * n,
            end_sec=3 * n + 3,
            purpose=purpose,
            narration=line,
            visual="an octopus",
        )
        for n, (line, purpose) in enumerate(zip(lines, purposes, strict=True))
    )
    return Story(id=UUID(int=99), total_duration=3 * len(lines), scenes=scenes)


def spoken(line: str, start_ms: int = 30, pace: float = 1.0) -> tuple[SpokenWord, ...]:
    words, at = [], start_ms
    for token in line.split():
        length = round((120 + 45 * min(len(token), 9)) * pace)
        words.append(SpokenWord(text=token, start_ms=at, end_ms=at + length - 15))
        at += length + (160 if token[-1] in ",.?" else 0)
    return tuple(words)


def narrations(lines: tuple[str, ...] = LINES, pace: float = 1.0) -> tuple[Narration, ...]:
    made = []
    for n, line in enumerate(lines):
        words = spoken(line, pace=pace)
        end = words[-1].end_ms + 20 if words else 400
        made.append(
            Narration(ordinal=n, key=f"n{n}.wav", duration_ms=end, words=words, voice_id="v", provider="test")
        )
    return tuple(made)


def write_layers(folder: Path, ordinal: int, frame: FrameSpec = FRAME) -> tuple[Path, ...]:
    """A gradient with soft blotches, and two discs to act; all with 12 % overscan."""
    width, height = (2 * round(n * 1.12 / 2) for n in (frame.width, frame.height))
    rng = np.random.default_rng(ordinal)
    coarse = rng.integers(30, 220, (9, 5, 3), dtype=np.uint8)
    ground = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    files = [folder / f"{ordinal}-0.png"]
    cv2.imwrite(str(files[0]), ground)
    for n, (x, y, radius) in enumerate(((0.4, 0.35, 0.16), (0.68, 0.42, 0.1)), start=1):
        disc = np.zeros((height, width, 4), np.uint8)
        colour = [int(c) for c in rng.integers(60, 255, 3)]
        middle = (round(x * width), round(y * height))
        cv2.circle(disc, middle, round(radius * width), [*colour, 255], -1, cv2.LINE_AA)
        files.append(folder / f"{ordinal}-{n}.png")
        cv2.imwrite(str(files[-1]), disc)
    return tuple(files)


def picture(ordinal: int, keys: tuple[str, ...]) -> Picture:
    behaviours = ((0.0, "still", None), (0.7, "pop", None), (0.9, "slide_left", 1))
    return Picture(
        id=UUID(int=ordinal + 1),
        ordinal=ordinal,
        width=FRAME.width,
        height=FRAME.height,
        overscan=0.12,
        layers=tuple(
            Layer(key=key, depth=depth, act=act, word=word)
            for key, (depth, act, word) in zip(keys, behaviours, strict=True)
        ),
        palette=("#203040",),
        style="hero",
        subjects=("octopus",),
    )
