"""A file of somebody else's as a Rendering: what kind it is, its palette, its frame."""

from pathlib import Path
from random import Random

from apps.contracts.media import LayerKind
from apps.foundation import blobs
from apps.image import clips, framing, palette, photos
from apps.image.palette import Palette
from apps.image.providers import RenderedLayer, Rendering, Request

#: Bytes of a photo; a larger one is refused before it is read.
MOST_PHOTO = 60_000_000
#: Bytes by which a container is told from a photo.
_HEAD = 16


def show(
    file: Path,
    request: Request,
    *,
    subjects: tuple[str, ...],
    credit: str = "",
    precious: bool = False,
    always_fill: bool = False,
) -> Rendering:
    """A photo or a clip as the scene's picture. `precious` and `always_fill`: see framing.

    Raises UnableToReadImage, UnableToReadClip.
    """
    colours = palette.choose(request.mood, rng=Random(request.seed))
    if is_clip(file):
        return _clip(file, request, colours, subjects, credit, precious)
    if file.stat().st_size > MOST_PHOTO:
        raise photos.UnableToReadImage("The image is too large. Make it smaller than 60 MB.")
    photo = photos.read(file.read_bytes())
    framed = framing.frame_photo(photo, request.frame, colours, precious=precious, always_fill=always_fill)
    return _rendering(framed, LayerKind.IMAGE, colours, subjects, credit)


def is_clip(file: Path) -> bool:
    """Whether the file's first bytes are a clip's and not a photo's."""
    with file.open("rb") as handle:
        head = handle.read(_HEAD)
    try:
        clips.container_of(head)
    except clips.UnableToReadClip:
        return False
    return True


def _clip(
    file: Path, request: Request, colours: Palette, subjects: tuple[str, ...], credit: str, precious: bool
) -> Rendering:
    with blobs.scratch() as folder:
        framed = clips.frame_clip(
            clips.look_at(file),
            folder / "clip.mp4",
            request.frame,
            colours,
            seconds=request.seconds,
            precious=precious,
        )
    return _rendering(framed, LayerKind.CLIP, colours, subjects, credit)


def _rendering(
    framed: framing.Framed, backmost: LayerKind, colours: Palette, subjects: tuple[str, ...], credit: str
) -> Rendering:
    layers = tuple(
        RenderedLayer(
            data=layer.data,
            depth=layer.depth,
            act="still",
            word=None,
            left=layer.left,
            top=layer.top,
            kind=LayerKind.IMAGE if n else backmost,
        )
        for n, layer in enumerate(framed.layers)
    )
    return Rendering(
        layers=layers,
        preview=framed.preview,
        overscan=framing.OVERSCAN,
        palette=colours.colours,
        style=framed.style,
        subjects=subjects,
        credit=credit,
    )
