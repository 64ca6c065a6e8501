"""Pictures drawn here: emoji illustrations in a designed setting. No network, no Django, no storage."""

from dataclasses import replace
from functools import lru_cache
from random import Random

from apps.contracts.decision import Box
from apps.contracts.story import Depiction, Purpose
from apps.image import drawing, layouts, palette, subjects, typesetting
from apps.image.composition import Area
from apps.image.lexicon import hints
from apps.image.providers import RenderedLayer, Rendering, Request
from apps.image.readings import Reading, Subject
from apps.image.stickers import ink_of

#: Lowest pixel of the zone of subjects; captions are read below it, also once the camera has come nearer.
CAPTION_TOP = 965
#: Index of the word on which the first subject may still appear; later, the stage would stand empty.
LATEST_FIRST = 2
#: Stands where the text can be neither drawn nor set in the wheels' typefaces.
LAST_RESORT = Subject(emoji="💬", name="", theme="ideas")


class Drawn:
    """The embedded provider."""

    def draw(self, request: Request) -> Rendering:
        """Read the scene, arrange it, colour it by its place and mood, draw it."""
        scene = request.depiction
        before = _shown_before(request.earlier, request.seed, request.language)
        rng = _chance(request.seed, scene)
        reading, pose = _fresh(reading_of(scene, request.language), before)
        composition = layouts.compose(
            reading,
            zone_of(request.safe_box),
            rng=rng,
            previous=before[-1][0] if before else "",
            variation=scene.variation,
            complete=scene.purpose is Purpose.HOOK,
            pose=pose,
        )
        # The palette has the job's chance, not the scene's: its schemes take turns in one video.
        colours = palette.choose(
            request.mood,
            rng=Random(request.seed),
            turn=request.ordinal % 2 + request.variation,
            place=reading.place,
            energy=request.visual_energy,
        )
        size = (request.frame.width, request.frame.height)
        layers = drawing.draw_layers(composition, colours, place=reading.place, size=size, rng=rng)
        return Rendering(
            layers=tuple(map(_rendered, layers)),
            preview=drawing.jpeg(drawing.flatten(layers, size)),
            overscan=drawing.OVERSCAN,
            palette=colours.colours,
            style=composition.style,
            subjects=tuple(subject.emoji for subject in reading.subjects),
        )


def reading_of(scene: Depiction, language: str) -> Reading:
    """What of a scene can be drawn; `language` is the brief's."""
    opening = scene.purpose is Purpose.HOOK
    read = subjects.read(words=scene.words, visual=scene.visual, opening=opening, language=language)
    return never_bare(drawable(read))


def _chance(seed: int, scene: Depiction) -> Random:
    return Random(f"{seed}/{scene.ordinal}")


@lru_cache(maxsize=32)
def _shown_before(earlier: tuple[Depiction, ...], seed: int, language: str) -> tuple[tuple[str, str], ...]:
    """Layout and main subject of each scene, as they were chosen: each knew only those before it."""
    if not earlier:
        return ()
    *_, scene = earlier
    before = _shown_before(earlier[:-1], seed, language)
    read = reading_of(scene, language)
    layout = layouts.choose(
        _fresh(read, before)[0],
        rng=_chance(seed, scene),
        previous=before[-1][0] if before else "",
        variation=scene.variation,
    )
    return (*before, (layout.style, _main(read)))


def _fresh(reading: Reading, before: tuple[tuple[str, str], ...]) -> tuple[Reading, int]:
    """The reading in other pictures where it repeats itself, and how often its main subject was seen."""
    pose = sum(shown == _main(reading) for _, shown in before)
    return another(reading, pose), pose


def _main(reading: Reading) -> str:
    return max(reading.subjects, key=lambda s: s.weight).emoji if reading.subjects else ""


def another(reading: Reading, pose: int) -> Reading:
    """The reading with another picture of the same idea, where one that nobody speaks of was seen before."""
    return replace(
        reading,
        subjects=tuple(
            replace(s, emoji=likes[(pose - 1) % len(likes)])
            if pose and s.word is None and (likes := alike(s.emoji)) and s.count == 1
            else s
            for s in reading.subjects
        ),
    )


def alike(emoji: str) -> tuple[str, ...]:
    """Other pictures of the same idea."""
    return hints().alike.get(emoji, ())


def _rendered(layer: drawing.DrawnLayer) -> RenderedLayer:
    return RenderedLayer(
        data=drawing.file_of(layer),
        depth=layer.depth,
        act=layer.act,
        word=layer.word,
        left=layer.left,
        top=layer.top,
    )


def drawable(reading: Reading) -> Reading:
    """The reading without pictures that the typeface lacks; never without anything to show."""
    known = tuple(subject for subject in reading.subjects if ink_of(subject.emoji))
    if not known and not reading.figure and not typesetting.can_set(reading.keyword):
        known = (LAST_RESORT,)
    if not typesetting.can_set(reading.headline):
        reading = replace(reading, headline="")
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
