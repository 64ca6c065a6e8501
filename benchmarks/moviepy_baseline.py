"""The same short as popular generators make it: MoviePy 2, a resize lambda, a TextClip for each caption.

A baseline to measure against; nothing of the product is made this way.
"""

from collections.abc import Sequence
from pathlib import Path

from moviepy import ColorClip, CompositeVideoClip, ImageClip, TextClip

from apps.foundation.typefaces import typeface_path
from benchmarks.short import Scene

#: Growth of the still picture a second: the usual slow zoom.
ZOOM = 0.04
THREADS = 2


def render(scenes: Sequence[Scene], target: Path, *, preset: str = "medium", crf: int = 23) -> None:
    """Render all scenes into one file, as such scripts do: preset and CRF are MoviePy's and x264's own."""
    frame = scenes[0].plan.frame
    size = (frame.width, frame.height)
    total = scenes[-1].plan.shot.end_ms / 1000
    layers = [ColorClip(size, color=(0, 0, 0), duration=total)]
    for scene in scenes:
        layers += [_picture(scene, size), *_captions(scene, frame.width, frame.height)]
    options = ["-crf", str(crf), "-pix_fmt", "yuv420p"]
    CompositeVideoClip(layers, size=size).write_videofile(
        str(target), fps=frame.fps, codec="libx264", audio=False, preset=preset, threads=THREADS,
        ffmpeg_params=options, logger=None,
    )  # fmt: skip


def _picture(scene: Scene, size: tuple[int, int]) -> ImageClip:
    shot = scene.plan.shot
    still = ImageClip(str(scene.still)).resized(size)
    moving = still.with_duration((shot.end_ms - shot.start_ms) / 1000).resized(lambda t: 1 + ZOOM * t)
    return moving.with_start(shot.start_ms / 1000).with_position("center")


def _captions(scene: Scene, width: int, height: int) -> list[TextClip]:
    return [
        TextClip(
            font=str(typeface_path("Anton")),
            text=" ".join(word.text for word in cue.words).upper(),
            font_size=width * 96 // 1080,
            color="white",
            stroke_color="black",
            stroke_width=6,
            method="caption",
            size=(round(width * 0.8), None),
        )
        .with_start(cue.start_ms / 1000)
        .with_duration((cue.end_ms - cue.start_ms) / 1000)
        .with_position(("center", round(height * 0.55)))
        for cue in scene.plan.shot.cues
    ]
