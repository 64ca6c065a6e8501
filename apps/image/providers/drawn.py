"""Pictures drawn here: emoji illustrations in a designed setting. No network, no Django, no storage."""

from dataclasses import replace
from random import Random

from apps.contracts.decision import Box
from apps.image import drawing, layouts, palette, subjects, typesetting
from apps.image.composition import Area
from apps.image.providers import RenderedLayer, Rendering, Request
from apps.image.stickers import ink_of
from apps.image.subjects import Reading, Subject

#: Lowest pixel of the subjects' zone; captions are read below it.
CAPTION_TOP = 1000
#: Index of the word on which the first subject may still appear; later, the stage would stand empty.
LATEST_FIRST = 2
#: Stands where the text can be neither drawn nor set in the wheels' typefaces.
LAST_RESORT = Subject(emoji="💬", name="", theme="ideas")


class Drawn:
    """The embedded provider."""

    def draw(self, request: Request) -> Rendering:
        """Read the scene, arrange it, colour it by its mood, draw it."""
        # The palette has the job's chance, not the scene's: two schemes take turns in one video.
        rng = Random(f"{request.seed}/{request.ordinal}/{request.variation}")
        reading = never_bare(drawable(subjects.read(words=request.words, visual=request.visual)))
        turn = request.ordinal % 2 + request.variation
        colours = palette.choose(request.mood, rng=Random(request.seed), turn=turn)
        composition = layouts.compose(
            reading,
            zone_of(request.safe_box),
            rng=rng,
            turn=request.ordinal,
            previous=request.previous_style,
            variation=request.variation,
            complete=request.opening,
        )
        size = (request.frame.width, request.frame.height)
        layers = drawing.draw_layers(
            composition, colours, theme=reading.theme, energy=request.visual_energy, size=size, rng=rng
        )
        return Rendering(
            layers=tuple(
                RenderedLayer(png=drawing.png_of(layer), depth=layer.depth, act=layer.act, word=layer.word)
                for layer in layers
            ),
            preview=drawing.jpeg(drawing.flatten(layers, size)),
            overscan=drawing.OVERSCAN,
            palette=colours.colours,
            style=composition.style,
            subjects=tuple(subject.emoji for subject in reading.subjects),
        )


def drawable(reading: Reading) -> Reading:
    """The reading without pictures that the typeface lacks; never without anything to show."""
    known = tuple(subject for subject in reading.subjects if ink_of(subject.emoji))
    if not known and not reading.figure and not typesetting.can_set(reading.keyword):
        known = (LAST_RESORT,)
    return reading if known == reading.subjects else subjects.with_subjects(reading, known)


def never_bare(reading: Reading) -> Reading:
    """The reading with its first subject there from the start where its word comes late."""
    spoken = [s.word for s in reading.subjects if s.word is not None]
    if len(spoken) < len(reading.subjects) or reading.figure or min(spoken, default=0) <= LATEST_FIRST:
        return reading
    first = min(spoken)
    shown = tuple(replace(s, word=None) if s.word == first else s for s in reading.subjects)
    return replace(reading, subjects=shown)


def zone_of(safe_box: Box) -> Area:
    """Where the subjects go: the safe box above the captions."""
    return Area(
        left=safe_box.left,
        top=safe_box.top,
        right=safe_box.right,
        bottom=max(safe_box.top + 300, min(CAPTION_TOP, safe_box.bottom)),
    )
