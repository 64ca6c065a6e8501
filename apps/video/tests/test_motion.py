"""How pictures move: transitions, framings, acts. Numbers only."""

import numpy as np
import pytest

from apps.contracts.media import Transition
from apps.contracts.story import Purpose
from apps.video import motion
from apps.video.motion import Camera

FPS = 30
CHANGES = (Transition.WHIP, Transition.ZOOM, Transition.DIP)


def camera(**changes) -> Camera:
    wanted = {
        "ordinal": 3,
        "seconds": 3.0,
        "energy": 1.0,
        "purpose": Purpose.ESCALATE,
        "first": False,
    }
    return Camera(**{**wanted, **changes})


def passages(transition, fps=FPS):
    """A shot that leaves by a transition, then the one that it leads to, frame by frame."""
    before, after = camera(leaves=transition), camera(ordinal=4, enters=transition)
    return [[shot.passage(n / fps) for n in range(round(3 * fps))] for shot in (before, after)]


def test_every_cut_is_hard_but_the_one_into_the_twist():
    for purpose in Purpose:
        kinds = {motion.transition_into(purpose, n) for n in range(9)}
        assert kinds == (set(CHANGES) if purpose is Purpose.TWIST else {Transition.CUT})


def test_a_twist_is_never_cut_to_plainly():
    assert camera(purpose=Purpose.TWIST).arrival(0.0) > 1.1
    assert camera().arrival(0.0) == 1.0


def test_the_video_opens_with_a_leap_from_its_whole_first_picture():
    zooms = np.array(
        [camera(ordinal=0, first=True, purpose=Purpose.HOOK).arrival(n / FPS) for n in range(60)]
    )
    assert zooms[0] == 1.0
    assert 4 <= zooms.argmax() <= 9
    assert 1.05 < zooms.max() < 1.12
    assert zooms[-1] < 1.01
    assert np.abs(np.diff(zooms, 2)).max() < 0.02


@pytest.mark.parametrize("transition", CHANGES)
def test_a_transition_stays_near_its_cut_and_comes_to_rest_without_a_jolt(transition):
    before, after = passages(transition)
    at_rest = motion.Passage()
    assert all(p == at_rest for p in before[: round((3.0 - motion.DEPARTURE) * FPS)])
    assert all(p == at_rest for p in after[round(motion.ARRIVAL * FPS) + 1 :])
    assert before[-1] != at_rest
    assert after[0] != at_rest
    for half in (before, after[::-1]):
        values = np.array([(p.x, p.zoom, p.light) for p in half])
        steps = np.abs(np.diff(values, axis=0))
        assert (steps[: -round(motion.DEPARTURE * FPS) + 1] < 0.05).all(), "rest is reached slowly"
        assert (np.diff(steps[-5:], axis=0) > -1e-9).all(), "faster and faster towards the cut"


def test_a_whip_goes_on_in_the_direction_it_began():
    before, after = passages(Transition.WHIP)
    speed_out = before[-1].x - before[-2].x
    speed_in = after[1].x - after[0].x
    assert speed_out * speed_in > 0
    assert abs(speed_in / speed_out) == pytest.approx(1, abs=0.5)
    assert before[-1].smear > before[-4].smear > 0
    assert sum(p.smear > 0.005 for p in before + after) <= 10, "blurring costs time"


@pytest.mark.parametrize("transition", CHANGES)
def test_no_transition_shows_an_edge_of_the_picture(transition):
    overscan = 0.12
    for shot in (camera(leaves=transition), camera(ordinal=4, enters=transition)):
        for n in range(90):
            passage, pose = shot.passage(n / FPS), shot.at(n / FPS, 0.0)
            spare = ((1 + overscan) * passage.zoom - 1) / 2
            assert abs(pose.x) * passage.zoom <= spare + 0.02


@pytest.mark.parametrize("fps", [24, 30, 60])
def test_light_dips_once_without_flashing_or_going_black(fps):
    lights = [p.light for half in passages(Transition.DIP, fps) for p in half]
    assert min(lights) >= 0.3
    assert max(lights) == 1.0
    # WCAG 2.3.1: a flash is a pair of opposing changes of a tenth or more; three a second are too many.
    turns = np.diff(np.sign([d for d in np.diff(lights) if abs(d) > 1e-9]))
    assert np.count_nonzero(turns) == 1


@pytest.mark.parametrize("seconds", [1.0, 3.1, 3.3, 5.0, 7.2, 12.0])
def test_no_framing_stands_too_long_or_too_short(seconds):
    cues = [0.0, 0.9, 1.7, 2.4, 3.6, 4.1, 5.5, 6.6, 7.0, 9.5, 11.5]
    for begins in (cues, []):
        changes = motion.framings(seconds, [b for b in begins if b < seconds])
        stands = np.diff([0.0, *changes, seconds])
        assert stands.max() <= 4.0
        assert len(stands) == 1 or stands.min() >= motion.SHORTEST_FRAMING - 1e-9
    zooms = [motion.framing_at(t, changes) for t in np.arange(0, seconds, 0.1)]
    assert zooms[0] == 1.0
    assert np.count_nonzero(np.diff(zooms)) == len(changes)


def test_framings_change_when_a_caption_comes_up():
    assert motion.framings(5.0, [0.0, 1.1, 2.3, 3.9]) == (2.3,)


def test_what_draws_near_grows_all_the_while_and_slower_and_slower():
    acts = [motion.entrance("near", n / FPS) for n in range(round(motion.NEARING * FPS) + 2)]
    steps = np.diff([a.scale for a in acts])
    assert acts[0].scale < 0.7
    assert acts[-1].scale == 1.0
    assert (steps >= 0).all()
    assert (np.diff(steps) <= 1e-9).all()
    assert motion.entrance("near", -0.01) is None


@pytest.mark.parametrize("side", [1, -1])
def test_what_leaves_is_there_until_its_word_and_then_gone_for_good(side):
    assert motion.entrance("leave", -2.0, side) == motion.Entrance()
    way = [motion.entrance("leave", n / 60, side) for n in range(round(motion.LEAVING * 60))]
    xs = np.array([w.x for w in way]) * side
    assert -0.1 < xs.min() < -0.01, "it leans back first"
    assert xs[-1] > 1.5, "wherever it stood, it is out of the frame"
    assert motion.entrance("leave", motion.LEAVING, side) is None
    assert motion.entrance("leave", 60.0, side) is None


@pytest.mark.parametrize(
    "act", ["still", "pop", "rise", "slide_left", "slide_right", "shake", "count", "near"]
)
def test_acts_arrive_without_a_jolt(act):
    times = np.arange(0, 6, 1 / 240)
    values = np.array([(a.x, a.y, a.scale) for a in (motion.entrance(act, t) for t in times)])
    speeds = np.diff(values, axis=0) * 240
    jolts = np.abs(np.diff(speeds, axis=0)).max(axis=1)
    begun = times[2:] > 0.02
    assert jolts[begun].max() < 1.6, "shares of the width a second, from one 240th to the next"


def test_neighbouring_shots_move_in_different_directions():
    for n in range(12):
        ways = []
        for ordinal in (n, n + 1):
            shot = camera(ordinal=ordinal)
            a, b = shot.at(0.0, 1.0), shot.at(3.0, 1.0)
            ways.append(np.array([b.x - a.x, b.y - a.y]))
        cosine = ways[0] @ ways[1] / (np.linalg.norm(ways[0]) * np.linalg.norm(ways[1]))
        assert cosine < 0.8


def test_motion_follows_arousal_and_the_audience():
    assert motion.energy(0.9, "high") > motion.energy(0.0, "high") > motion.energy(-0.8, "high")
    assert motion.energy(0.5, "high") > motion.energy(0.5, "low")
    assert motion.energy(0.0, "medium", 0.8) > motion.energy(0.0, "medium")
    calm, wild = camera(energy=0.4), camera(energy=1.0)
    assert abs(wild.at(3.0, 1.0).x) > 2 * abs(calm.at(3.0, 1.0).x)


def test_what_rests_a_little_outside_goes_no_further_out_and_what_rests_far_outside_may_leave():
    def left_edge(rest, asked):
        return motion.kept(asked, rest, 200.0, 240.0, 30.0, 1050.0, 100.0) - 120

    assert left_edge(110.0, -500.0) >= 10  # rests at 10
    assert left_edge(60.0, -500.0) >= -40  # rests at -40
    assert left_edge(0.0, -500.0) == -620  # rests at -100, half outside: on its way out
