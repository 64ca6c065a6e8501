"""Each damage, made on a real file, lowers its own part, the larger the more, and leaves the others alone."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from apps.contracts.judgement import Signal
from apps.critic.examine import examine
from apps.critic.scoring import bands_for, gates_failed, part_scores
from apps.critic.tests import takes
from apps.critic.tests.takes import FPS, RATE, Draft

#: Points by which a part may move when something else is damaged.
MARGIN = 3.0


def late_first_word(draft: Draft, seconds: float) -> Draft:
    voice = draft.voice.copy()
    voice[: round((0.1 + seconds) * RATE)] = 0
    return replace(draft, voice=voice)


def freeze(draft: Draft, seconds: float) -> Draft:
    frames, start = draft.frames.copy(), round(2.5 * FPS)
    frames[start : start + round(seconds * FPS)] = frames[start]
    return replace(draft, frames=frames)


def black(draft: Draft, seconds: float) -> Draft:
    frames, start = draft.frames.copy(), round(3.0 * FPS)
    frames[start : start + round(seconds * FPS)] = 0
    return replace(draft, frames=frames)


def silence(draft: Draft, seconds: float) -> Draft:
    voice, start = draft.voice.copy(), round(2.6 * RATE)
    voice[start : start + round(seconds * RATE)] = 0
    return replace(draft, voice=voice)


def missing_cuts(draft: Draft, seconds: float) -> Draft:
    """The first scene stays on screen for `seconds`, to and fro, whatever the timeline says."""
    frames, start = draft.frames.copy(), round(2.4 * FPS)
    for n in range(start, round(seconds * FPS)):
        lap, step = divmod(n - start, FPS)
        frames[n] = draft.frames[start - 1 - (step if lap % 2 == 0 else FPS - 1 - step)]
    return replace(draft, frames=frames)


def caption_outside(draft: Draft, pixels: float) -> Draft:
    return replace(draft, captions=(takes.moved(draft.captions[0], round(pixels)), *draft.captions[1:]))


def pale_caption(draft: Draft, loss: float) -> Draft:
    return replace(draft, captions=(replace(draft.captions[0], contrast=5.0 - loss), *draft.captions[1:]))


def broken_seam(draft: Draft, share: float) -> Draft:
    """The last moments move on from the first picture towards another one."""
    frames = draft.frames.copy()
    end = round(0.4 * FPS)
    frames[-end:] = (1 - share) * frames[-end:] + share * draft.frames[-end - 1]
    return replace(draft, frames=frames)


def loud_bed(draft: Draft, decibels: float) -> Draft:
    """A louder bed, the whole then brought back to its peak, as a mixer does."""
    louder = replace(draft, bed=draft.bed * 10 ** (decibels / 20))
    return replace(louder, gain=float(np.abs(draft.sound).max() / np.abs(louder.sound).max()))


def clipped(draft: Draft, gain: float) -> Draft:
    return replace(draft, gain=gain)


def invented_figures(draft: Draft, count: float) -> Draft:
    return takes.claiming(draft, 1, unsourced=("97",) * round(count))


def invented_names(draft: Draft, count: float) -> Draft:
    return takes.claiming(draft, 1, unsourced_names=("Atlantis",) * round(count))


#: damage, sizes from small to large, the part that falls, the gate that trips at the last size.
CASES = [
    (late_first_word, (0.6, 1.6), "hook", None),
    (freeze, (0.8, 1.4, 2.2), "pacing", "freeze"),
    (black, (0.07, 0.3), "pacing", "black"),
    (silence, (0.9, 2.0), "pacing", None),
    (missing_cuts, (4.2, 5.6), "pacing", None),
    (caption_outside, (20, 30), "text", "caption_outside"),
    (pale_caption, (1.0, 3.2), "text", None),
    (invented_figures, (1, 2), "text", "unsourced_figures"),
    (invented_names, (1, 2), "text", None),
    (broken_seam, (0.1, 0.3, 1.0), "loop", None),
    (loud_bed, (10.0, 20.0), "sound", "voice_over_bed"),
    (clipped, (3.0, 6.0), "sound", "true_peak"),
]


@pytest.fixture(scope="module")
def whole() -> Draft:
    return takes.sound_draft()


@pytest.fixture(scope="module")
def judged(whole: Draft, tmp_path_factory: pytest.TempPathFactory) -> tuple[Signal, ...]:
    return measured(whole, tmp_path_factory.mktemp("whole"))


def measured(draft: Draft, folder: Path) -> tuple[Signal, ...]:
    video, voice = takes.render(draft, folder)
    return examine(
        video=video,
        voice=voice,
        scratch=folder,
        take=takes.take_of(draft),
        timeline=draft.timeline,
        story=draft.story,
        script=draft.script,
        plan=takes.plan(),
    )


def parts(signals: tuple[Signal, ...]) -> dict[str, float]:
    return part_scores(signals, bands_for(takes.plan().strategy))


def gates(signals: tuple[Signal, ...]) -> tuple[str, ...]:
    return gates_failed(signals, bands_for(takes.plan().strategy))


def test_a_take_without_faults_trips_no_gate_and_scores_high(judged: tuple[Signal, ...]) -> None:
    assert gates(judged) == ()
    assert min(parts(judged).values()) > 80, parts(judged)


@pytest.mark.parametrize(
    ("damage", "sizes", "part", "gate"), CASES, ids=[f"{d.__name__}-{g or p}" for d, _, p, g in CASES]
)
def test_a_damage_lowers_its_own_part_and_no_other(
    damage: Callable[[Draft, float], Draft],
    sizes: tuple[float, ...],
    part: str,
    gate: str | None,
    whole: Draft,
    judged: tuple[Signal, ...],
    tmp_path: Path,
) -> None:
    before = parts(judged)
    found = [measured(damage(whole, size), tmp_path) for size in sizes]
    own = [before[part], *(parts(signals)[part] for signals in found)]
    moved = {p: [round(parts(s)[p] - before[p], 1) for s in found] for p in before}
    print(damage.__name__, moved)
    assert all(after < earlier for earlier, after in pairwise(own)), own
    assert gates(found[-1]) == ((gate,) if gate else ())
    others = {p: m for p, m in moved.items() if p != part}
    assert all(abs(by) <= MARGIN for m in others.values() for by in m), others


def test_a_file_without_sound_trips_the_gate(whole: Draft, tmp_path: Path) -> None:
    assert "audio_present" in gates(measured(replace(whole, silent=True), tmp_path))


def test_an_edit_list_and_a_late_index_trip_their_gates(whole: Draft, tmp_path: Path) -> None:
    assert gates(measured(replace(whole, flags=()), tmp_path)) == ("edit_lists", "index_first")


def test_a_picture_that_starts_late_is_seen_in_the_boxes(whole: Draft, tmp_path: Path) -> None:
    shifted = replace(whole, flags=("-movflags", "+faststart", "-use_editlist", "0"))
    found = {signal.name: signal for signal in measured(shifted, tmp_path)}
    assert found["start_offset"].value == pytest.approx(2 / FPS, abs=0.002)
    assert found["start_offset"].score < 1


def test_flashing_light_trips_the_gate(whole: Draft, tmp_path: Path) -> None:
    frames = whole.frames.copy()
    frames[80:110:6] = 255
    found = measured(replace(whole, frames=frames), tmp_path)
    assert "flashes" in gates(found)
    assert np.isclose(next(s.value for s in found if s.name == "flashes"), 5, atol=1)


def test_a_take_of_three_frames_and_no_voice_is_measured_all_the_same(whole: Draft, tmp_path: Path) -> None:
    stub = replace(whole, frames=whole.frames[:3], voice=whole.voice[:9600] * 0, bed=whole.bed[:9600] * 0)
    found = measured(stub, tmp_path)
    assert all(np.isfinite(signal.value) for signal in found)
    assert "audio_present" in gates(found)


def test_a_file_that_is_cut_short_is_refused_with_a_reason(whole: Draft, tmp_path: Path) -> None:
    video, voice = takes.render(whole, tmp_path)
    video.write_bytes(video.read_bytes()[:5000])
    with pytest.raises(ValueError, match="render it again"):
        examine(
            video=video,
            voice=voice,
            scratch=tmp_path,
            take=takes.take_of(whole),
            timeline=whole.timeline,
            story=whole.story,
            script=whole.script,
            plan=takes.plan(),
        )
