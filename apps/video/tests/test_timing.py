from dataclasses import replace
from itertools import pairwise

import pytest

from apps.contracts.judgement import Directive, DirectiveKind
from apps.contracts.media import Transition
from apps.contracts.story import Purpose
from apps.video import timing
from apps.video.cues import LINE_CHARACTERS, into_cards, split_lines, time_cards, visible_length
from apps.video.tests.examples import CURVE, LINES, narrations, spoken, story


def laid(lines=LINES, *, fps=30, directives=(), pace=1.0):
    return timing.lay_out(
        story=story(lines),
        narrations=narrations(lines, pace),
        curve=CURVE,
        fps=fps,
        directives=directives,
    )


@pytest.mark.parametrize("fps", [24, 25, 30, 60])
def test_cuts_on_whole_frames_and_ends_on_a_whole_bar(fps):
    timeline = laid(fps=fps)
    for shot in timeline.shots:
        assert shot.start_ms == round(round(shot.start_ms * fps / 1000) * 1000 / fps)
    assert all(a.end_ms == b.start_ms for a, b in zip(timeline.shots, timeline.shots[1:], strict=False))
    assert timeline.shots[-1].end_ms == timeline.total_ms
    assert timeline.total_ms * fps % 1000 == 0
    assert timeline.bars * 240_000 / timeline.bpm == pytest.approx(timeline.total_ms, abs=1e-6)
    assert 84 <= timeline.bpm <= 144


def test_speaks_at_once_and_stays_silent_only_before_the_twist():
    timeline = laid()
    assert timeline.cues[0].words[0].start_ms <= 300
    airs = {shot.purpose: shot.voice_ms - shot.start_ms for shot in timeline.shots[1:]}
    assert 300 <= airs.pop(Purpose.TWIST) <= 500
    assert 100 <= airs[Purpose.ESCALATE] <= 260
    assert 100 <= airs[Purpose.LOOP] <= 700, "the last line may wait for a beat"
    voice = sum(n.duration_ms for n in narrations())
    assert 1 - voice / timeline.total_ms <= 0.125
    assert timeline.total_ms - timeline.cues[-1].words[-1].end_ms <= 180


def test_less_air_is_left_where_silence_is_to_be_trimmed():
    order = Directive(kind=DirectiveKind.TRIM_SILENCE, ordinal=None, amount=1.0, reason="16 % silent")
    assert laid(directives=(order,)).total_ms < laid().total_ms - 200


def test_a_long_shot_is_cut_to_another_framing_where_that_is_ordered_and_nothing_else_moves():
    plain = laid(pace=1.4)
    longest = max(plain.shots, key=lambda shot: shot.end_ms - shot.start_ms)
    order = Directive(
        kind=DirectiveKind.QUICKEN_CUTS, ordinal=longest.ordinal, amount=1.0, reason="stands for 5 s"
    )

    quick = laid(pace=1.4, directives=(order,))

    assert [replace(shot, reframes=()) for shot in quick.shots] == list(plain.shots)
    cuts = {shot.ordinal: shot.reframes for shot in quick.shots if shot.reframes}
    assert list(cuts) == [longest.ordinal]
    bounds = [0, *cuts[longest.ordinal], longest.end_ms - longest.start_ms]
    assert all(1_000 <= b - a < longest.end_ms - longest.start_ms for a, b in pairwise(bounds))


def test_mending_one_line_leaves_the_other_shots_as_they_were():
    longer = (LINES[0], LINES[1] + " Really, it does.", *LINES[2:])
    before, after = laid(), laid(longer)

    def frames(shot):
        return round(shot.end_ms * 0.03) - round(shot.start_ms * 0.03)

    assert frames(before.shots[0]) == frames(after.shots[0])
    assert frames(before.shots[2]) == frames(after.shots[2])
    assert frames(before.shots[1]) < frames(after.shots[1])


def test_only_the_twist_is_not_cut_to_and_each_shot_leaves_as_the_next_begins():
    seen = set()
    for n in range(3):
        shots = timing.lay_out(
            story=replace(story(), total_duration=12 + n), narrations=narrations(), curve=CURVE, fps=30
        ).shots
        assert [s.enters for s in shots if s.purpose is not Purpose.TWIST] == [Transition.CUT] * 3
        assert [s.leaves for s in shots[:-1]] == [s.enters for s in shots[1:]]
        assert shots[-1].leaves is Transition.CUT
        seen |= {s.enters for s in shots if s.purpose is Purpose.TWIST}
    assert len(seen) == 3


def test_a_line_as_long_as_it_was_told_to_be_is_cut_on_a_beat():
    many = (*LINES[:2] * 4, *LINES[2:])
    told = story(many)
    lengths = [timing.line_lengths(scene, told, CURVE, 30) for scene in told.scenes]
    lines = [
        replace(n, duration_ms=ms[len(ms) // 2]) for n, ms in zip(narrations(many), lengths, strict=True)
    ]
    timeline = timing.lay_out(story=told, narrations=lines, curve=CURVE, fps=30)
    beat = 60_000 / timeline.bpm
    for shot in timeline.shots[1:]:
        assert abs((shot.start_ms + beat / 2) % beat - beat / 2) <= 35


def test_refuses_a_scene_without_a_voice():
    with pytest.raises(timing.UnableToLayOut):
        timing.lay_out(story=story(), narrations=narrations()[1:], curve=CURVE, fps=30)


def test_cards_hold_few_words_on_two_short_lines_and_never_overlap():
    timeline = laid((*LINES, "Supercalifragilisticexpialidocious internationalisation, unbelievably!"))
    for shot in timeline.shots:
        previous = shot.start_ms
        for cue in shot.cues:
            assert 1 <= len(cue.words) <= 5
            assert previous <= cue.start_ms < cue.end_ms <= shot.end_ms
            previous = cue.end_ms
            texts = [w.text for w in cue.words]
            breaks = (*split_lines(texts), len(texts))
            for a, b in pairwise(breaks):
                assert visible_length(" ".join(texts[a:b])) <= LINE_CHARACTERS or b - a == 1


def test_every_spoken_word_is_captioned_once_and_in_order():
    timeline = laid()
    assert " ".join(w.text for c in timeline.cues for w in c.words) == " ".join(LINES)
    starts = [w.start_ms for c in timeline.cues for w in c.words]
    assert starts == sorted(starts)


def test_cards_break_after_punctuation_rather_than_inside_a_phrase():
    cards = into_cards(spoken("When it swims, the main heart simply stops. Nobody knows why."))
    assert [w.text for w in cards[0]] == ["When", "it", "swims,"]
    assert any(card[-1].text == "stops." for card in cards)


def texts(line, pace=1.0):
    return [" ".join(w.text for w in card) for card in into_cards(spoken(line, pace=pace))]


def test_cards_keep_together_what_belongs_together():
    assert "घड़े में" in " | ".join(texts("फिर उसने घड़े में एक-एक करके कंकड़ डाले।"))
    assert "कौए ने" in " | ".join(texts("आखिरकार कौए ने पानी पिया और उड़ गया।"))
    assert not any(
        card.endswith(" when") for card in texts("The heart stops beating when the octopus swims.")
    )
    assert not any(
        card.startswith(("ka ", "mein ")) for card in texts("Kauwe ne ghade mein paani ka star dekha.")
    )


@pytest.mark.parametrize(
    "line",
    [
        "No. Never. Not once.",
        "1,000,000 dollars, 99.9% of it: gone!",
        "Donaudampfschifffahrtsgesellschaftskapitän. Das ist ein sehr, sehr langes Wort.",
        "Un pulpo tiene tres corazones, y su sangre es azul porque contiene cobre.",
        "La tour Eiffel grandit de 15 cm en été, parce que le fer se dilate.",
        "मेहनत और अक्ल से हर मुश्किल आसान हो जाती है।",
        "a b c d e f g h i j k l m n o p q r s t u v w x y z",
    ],
)
@pytest.mark.parametrize("pace", [0.7, 1.0])
def test_a_card_can_be_read_in_its_time(line, pace):
    words = spoken(line, pace=pace)
    for cue in time_cards(into_cards(words), from_ms=0, until_ms=words[-1].end_ms + 300):
        assert cue.end_ms - cue.start_ms >= 450
        shown = [w.text for w in cue.words]
        assert len(shown) <= 5
        breaks = (*split_lines(shown), len(shown))
        assert all(visible_length(" ".join(shown[a:b])) <= 20 or b - a == 1 for a, b in pairwise(breaks))


def test_devanagari_is_counted_by_what_is_seen():
    assert visible_length("क्षत्रिय") < len("क्षत्रिय")


def test_a_scene_without_a_word_is_still_a_shot():
    lines = (LINES[0], "", *LINES[2:])
    timeline = laid(lines)
    assert timeline.shots[1].cues == ()
    assert timeline.shots[1].end_ms > timeline.shots[1].start_ms
