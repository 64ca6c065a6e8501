"""Each damage, made on a real file, lowers its own part, the larger the more, and leaves the others alone."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from apps.contracts.decision import Plan, Recent
from apps.contracts.judgement import Signal
from apps.contracts.opening import opening_of
from apps.critic.bands import bands_for
from apps.critic.decode import watch
from apps.critic.examine import examine
from apps.critic.likeness import perceptual_hash
from apps.critic.scoring import gates_failed, part_scores
from apps.critic.tests import takes
from apps.critic.tests.takes import FPS, RATE, Draft
from apps.foundation import ffmpeg, mp4

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
    clean, start = takes.clean_frames(), round(2.4 * FPS)
    frames = clean.copy()
    for n in range(start, round(seconds * FPS)):
        lap, step = divmod(n - start, FPS)
        frames[n] = clean[start - 1 - (step if lap % 2 == 0 else FPS - 1 - step)]
    return replace(draft, frames=takes.captioned(frames, draft.timeline))


def caption_outside(draft: Draft, pixels: float) -> Draft:
    return replace(draft, captions=(takes.moved(draft.captions[0], round(pixels)), *draft.captions[1:]))


def pale_caption(draft: Draft, loss: float) -> Draft:
    return replace(draft, captions=(replace(draft.captions[0], contrast=5.0 - loss), *draft.captions[1:]))


def faint_letters(_: Draft, loss: float) -> Draft:
    """Paler in the file alone: what was reported of them stays."""
    return takes.sound_draft(grey=round(255 - loss))


def fallen_captions(_: Draft, pixels: float) -> Draft:
    """Lower in the file alone."""
    return takes.sound_draft(drop=round(pixels))


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
    (caption_outside, (30, 45), "text", "caption_outside"),
    (pale_caption, (1.0, 3.2), "text", None),
    (faint_letters, (110, 170), "text", None),
    (fallen_captions, (36,), "text", "caption_outside"),
    (invented_figures, (1, 2), "text", "unsourced_figures"),
    (invented_names, (1, 2), "text", None),
    (broken_seam, (0.1, 0.3, 1.0), "loop", None),
    (loud_bed, (10.0, 20.0), "sound", "voice_over_bed"),
    (clipped, (2.5, 3.5), "sound", "true_peak"),
]


@pytest.fixture(scope="module")
def whole() -> Draft:
    return takes.sound_draft()


@pytest.fixture(scope="module")
def judged(whole: Draft, tmp_path_factory: pytest.TempPathFactory) -> tuple[Signal, ...]:
    return measured(whole, tmp_path_factory.mktemp("whole"))


def measured(draft: Draft, folder: Path, plan: Plan | None = None) -> tuple[Signal, ...]:
    video, _ = takes.render(draft, folder)
    return examined(draft, video, folder, plan)


def examined(draft: Draft, video: Path, folder: Path, plan: Plan | None = None) -> tuple[Signal, ...]:
    return examine(
        video=video,
        voice=folder / "voice.wav",
        scratch=folder,
        take=takes.take_of(draft),
        timeline=draft.timeline,
        story=draft.story,
        script=draft.script,
        plan=plan or takes.plan(),
    ).signals


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


def value(signals: tuple[Signal, ...], name: str) -> float:
    return next(signal.value for signal in signals if signal.name == name)


def test_every_signal_says_in_words_what_it_is_and_what_mends_it(judged: tuple[Signal, ...]) -> None:
    assert all(signal.label and signal.label != signal.name for signal in judged)
    mends = {signal.name: signal.directive for signal in judged}
    assert (mends["visual_seam"], mends["longest_hold"]) == ("mend_seam", "quicken_cuts")
    assert (mends["emotion_fidelity"], mends["edit_lists"]) == ("follow_curve", "")


def test_a_take_is_the_less_true_to_its_curve_the_more_the_curve_asks_for_the_opposite(
    whole: Draft, judged: tuple[Signal, ...], tmp_path: Path
) -> None:
    """The sound swells and dies away twice; curves that do so too, partly, and the other way round."""
    t = np.arange(len(whole.voice)) / RATE
    swell = 0.55 - 0.45 * np.cos(2 * np.pi * t / takes.SECONDS)
    draft = replace(whole, voice=(whole.voice * swell).astype(np.float32), bed=whole.bed * swell)
    found = [measured(draft, tmp_path, takes.plan(shape)) for shape in (1.0, 0.2, -1.0)]
    fidelity = [value(signals, "emotion_fidelity") for signals in found]
    pacing = [parts(signals)["pacing"] for signals in found]
    assert fidelity[0] > 0.5
    assert fidelity[0] > fidelity[1] > fidelity[2]
    assert fidelity[2] == pytest.approx(-fidelity[0], abs=0.05)
    assert pacing == sorted(pacing, reverse=True)
    gap = next(signal for signal in found[2] if signal.name == "emotion_gap")
    assert gap.value > 0.5
    assert gap.ordinal is not None


@pytest.mark.parametrize(("flipped", "trips"), [(0, True), (10, True), (11, False), (40, False)])
def test_a_first_frame_the_channel_has_shown_of_late_trips_the_gate(
    flipped: int, trips: bool, whole: Draft, tmp_path: Path
) -> None:
    look = f"{int(a_look(whole, tmp_path), 16) ^ ((1 << flipped) - 1):016x}"
    plan = replace(takes.plan(), recent=Recent(looks=("f" * 16, look)))
    found = measured(whole, tmp_path, plan)
    assert value(found, "look_alike") <= flipped
    assert gates(found) == (("look_alike",) if trips else ())


def test_words_a_channel_has_begun_with_of_late_trip_the_gate(whole: Draft, tmp_path: Path) -> None:
    used = opening_of(" ".join(takes.LINES))
    assert used == "nobody told you"
    for openings, tripped in (((used,), ("repeat_opening",)), (("nobody told me",), ())):
        found = measured(whole, tmp_path, replace(takes.plan(), recent=Recent(openings=openings)))
        assert gates(found) == tripped


def test_what_stands_outside_the_safe_box_draws_the_eye_away(
    whole: Draft, judged: tuple[Signal, ...], tmp_path: Path
) -> None:
    shares, hooks = [value(judged, "saliency")], [parts(judged)["hook"]]
    for size in (16, 32):
        frames = whole.frames.copy()
        frames[:45, 400 : 400 + size, 120 : 120 + 2 * size] = 255
        found = measured(replace(whole, frames=frames), tmp_path)
        shares.append(value(found, "saliency"))
        hooks.append(parts(found)["hook"])
    assert shares == sorted(shares, reverse=True)
    assert hooks[0] > hooks[1]


def test_sound_that_is_shifted_against_its_captions_is_late_and_is_still_the_voice(
    whole: Draft, judged: tuple[Signal, ...], tmp_path: Path
) -> None:
    video, _ = takes.render(whole, tmp_path)
    late = tmp_path / "late.mp4"
    ffmpeg.run(["-i", str(video), "-af", "adelay=700:all=1", "-c:v", "copy", *whole.flags, str(late)])
    found = {signal.name: signal for signal in examined(whole, late, tmp_path)}
    assert found["caption_lag"].value == pytest.approx(0.7, abs=0.06)
    assert found["speech_onset"].value == pytest.approx(0.8, abs=0.1)
    assert found["voice_over_bed"].value == pytest.approx(value(judged, "voice_over_bed"), abs=3)


def a_look(draft: Draft, folder: Path) -> str:
    video, _ = takes.render(draft, folder)
    return perceptual_hash(watch(video, mp4.read(video), scratch=folder).luma[0])
