"""How scenes follow one another, what opens them, and what their layers are."""

from itertools import combinations, pairwise
from math import hypot
from pathlib import Path
from random import Random

import cv2
import numpy as np
import pytest
import yaml

from apps.contracts.decision import Box, FrameSpec, Mood
from apps.contracts.story import Purpose
from apps.image import layouts, palette, places, staged, worlds
from apps.image.composition import WIDTH, Area, Lettering, Sticker
from apps.image.drawing import OVERSCAN
from apps.image.providers import Request
from apps.image.providers.drawn import Drawn
from apps.image.subjects import read

SAFE = Box(left=120, top=288, right=888, bottom=1248)
ZONE = Area(left=120, top=288, right=888, bottom=1000)
FRAME = FrameSpec(width=216, height=384)
BRIEFS = yaml.safe_load((Path(__file__).parent / "briefs.yaml").read_text(encoding="utf-8"))
#: One topic told in scenes that all show the same animal.
OCTOPUS = (
    "An octopus waits.",
    "The octopus hunts.",
    "An octopus hides.",
    "The octopus returns.",
    "An octopus.",
)


def request(text, *, ordinal=0, earlier=(), topic="", frame=FRAME, variation=0):
    return Request(
        words=tuple(text.split()),
        visual=f"{text.replace(';', ',')}; {topic}" if topic else "",
        mood=Mood(emotion="curiosity", valence=0.3, arousal=0.5),
        visual_energy="medium",
        frame=frame,
        safe_box=SAFE,
        seed=11,
        ordinal=ordinal,
        opening=ordinal == 0,
        purpose=Purpose.ESCALATE if ordinal else Purpose.HOOK,
        variation=variation,
        earlier=earlier,
    )


def told(lines, topic=""):
    """The renderings of a whole story, each scene knowing those before it."""
    requests = []
    for n, line in enumerate(lines):
        earlier = tuple(r.depiction for r in requests)
        requests.append(request(line, ordinal=n, earlier=earlier, topic=topic))
    return [Drawn().draw(r) for r in requests]


@pytest.mark.parametrize("brief", BRIEFS[::6], ids=lambda b: b["topic"])
def test_neighbours_never_share_a_layout(brief):
    styles = [r.style for r in told([*brief["scenes"], *list(brief["scenes"])[:2]], brief["topic"])]

    assert all(a != b for a, b in pairwise(styles)), styles


def test_an_ordered_redraw_is_another_layout():
    drawn = {Drawn().draw(request("The lion waits.", ordinal=1, variation=n)).style for n in range(3)}

    assert len(drawn) == 3


def test_a_subject_that_comes_back_stands_elsewhere():
    shown = []
    for pose in range(2):
        reading = read(words=("The", "lion", "waits."), visual="")
        composition = layouts.compose(reading, ZONE, rng=Random(4), pose=pose)
        shown += [p for actor in composition.actors for p in actor.pieces if isinstance(p, Sticker)]

    assert (shown[0].x, shown[0].size) != (shown[1].x, shown[1].size)


@pytest.mark.parametrize("pose", [0, 1])
@pytest.mark.parametrize(
    "text", ["A dog and a cat sleep on a bed.", "A dog and a cat and a lion wait for a bird by a tree."]
)
def test_what_stands_together_is_whole_and_nobody_hides_another(text, pose):
    reading = read(words=tuple(text.split()), visual="")
    _, actors = staged.gathering(reading, ZONE, Random(4), pose)
    pieces = [p for actor in actors for p in actor.pieces]

    assert len(pieces) > 2
    assert all(p.size / 2 <= p.x <= WIDTH - p.size / 2 for p in pieces)
    assert all(hypot(a.x - b.x, a.y - b.y) > min(a.size, b.size) / 2 for a, b in combinations(pieces, 2))


def test_the_same_scene_after_the_same_scenes_is_the_same_bytes():
    assert told(OCTOPUS)[-1] == told(OCTOPUS)[-1]


def test_the_first_frame_says_in_letters_what_it_shows():
    text = "Nobody told you why an octopus has three hearts."
    reading = read(words=tuple(text.split()), visual="", opening=True)
    composition = layouts.compose(reading, ZONE, rng=Random(2), complete=True)
    said = " ".join(p.text for actor in composition.actors for p in actor.pieces if isinstance(p, Lettering))

    assert "THREE HEARTS" in said
    assert all(actor.word is None for actor in composition.actors)


def test_the_first_frame_shows_what_the_video_is_about():
    words, visual = ("Nine", "brains,", "and", "none", "rules."), "nine brains; octopus"

    assert "🐙" in [s.emoji for s in read(words=words, visual=visual, opening=True).subjects]


def test_layers_are_cut_to_what_is_seen_and_lie_on_even_pixels():
    rendering = Drawn().draw(request("A cat and a dog beneath the moon.", ordinal=1))
    canvas = [2 * round(n * (1 + OVERSCAN) / 2) for n in (FRAME.height, FRAME.width)]
    ground, *others = [
        (layer, cv2.imdecode(np.frombuffer(layer.data, np.uint8), cv2.IMREAD_UNCHANGED))
        for layer in rendering.layers
    ]

    assert list(ground[1].shape) == [*canvas, 3]
    for layer, image in others:
        assert layer.left % 2 == layer.top % 2 == image.shape[0] % 2 == image.shape[1] % 2 == 0
        assert layer.top + image.shape[0] <= canvas[0]
        assert layer.left + image.shape[1] <= canvas[1]
        _, _, width, height = cv2.boundingRect(np.ascontiguousarray(image[:, :, 3]))
        assert image.shape[1] - width <= 2
        assert image.shape[0] - height <= 2


def test_near_layers_are_deeper_than_far_ones():
    depths = [layer.depth for layer in Drawn().draw(request("A cat and a dog.", ordinal=1)).layers]

    assert depths == sorted(depths)
    assert len(set(depths)) >= 4


@pytest.mark.parametrize(
    ("text", "act", "word"), [("The fox came closer.", "near", 2), ("Then the fox ran away.", "leave", 3)]
)
def test_who_comes_or_goes_does_so_on_its_word(text, act, word):
    reading = read(words=tuple(text.split()), visual="")
    actors = layouts.compose(reading, ZONE, rng=Random(1)).actors

    assert any(actor.act == act and actor.word in (word, None) for actor in actors)


@pytest.mark.parametrize(
    ("text", "visual", "place"),
    [
        ("Octopus blood is blue.", "", "sea"),
        ("Its blood is blue.", "blood, blue; octopus three hearts", "sea"),
        ("A camel crosses the desert.", "", "desert"),
        ("Interest earns interest.", "interest; compound interest", "vault"),
        ("खरगोश सो गया।", "खरगोश; खरगोश और कछुआ", "meadow"),
        ("Trust takes effort.", "", "studio"),
    ],
)
def test_a_scene_is_set_where_its_story_is(text, visual, place):
    assert read(words=tuple(text.split()), visual=visual).place == place


def test_every_place_has_a_world_and_colours_of_its_own():
    named = {*places.places().words.values(), *places.places().themes.values(), places.NOWHERE}

    assert named <= worlds.WORLDS.keys()
    assert worlds.WORLDS.keys() == palette.PLACES.keys()


def test_a_place_is_not_shown_as_a_picture_too():
    assert [s.emoji for s in read(words=("A", "camel", "crosses", "the", "desert."), visual="").subjects] == [
        "🐪"
    ]


def test_joy_and_dread_differ_at_a_glance_in_every_place():
    for place in palette.PLACES:
        joy, fear = (
            palette.choose(Mood(emotion=e, valence=v, arousal=0.6), rng=Random(3), place=place)
            for e, v in (("joy", 0.8), ("fear", -0.7))
        )
        apart = max(
            abs(a - b) for a, b in zip(palette.channels(joy.top), palette.channels(fear.top), strict=True)
        )
        assert apart >= 40, place


def test_any_text_can_be_drawn():
    rng = Random(9)
    alphabet = "aZ9 .,$%{}\\<>'\"\u200d\ufe0f\u202e\u0915\u093f\u0627\u4f60🐙👩\u200d🚀\n\tß\u0301"
    small = FrameSpec(width=54, height=96)
    for n in range(40):
        text = "".join(rng.choice(alphabet) for _ in range(rng.randrange(60))) or " "
        assert Drawn().draw(request(text, ordinal=n % 2, topic=text[::-1], frame=small)).layers
