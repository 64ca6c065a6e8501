from itertools import pairwise

import pytest

from apps.contracts.judgement import Directive, DirectiveKind
from apps.contracts.story import Purpose
from apps.video import timing
from apps.video.cues import LINE_CHARACTERS, into_cards, split_lines, visible_length
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
    assert all(100 <= air <= 260 for air in airs.values())
    voice = sum(n.duration_ms for n in narrations())
    assert 1 - voice / timeline.total_ms <= 0.125
    assert timeline.total_ms - timeline.cues[-1].words[-1].end_ms <= 180


def test_less_air_is_left_where_silence_is_to_be_trimmed():
    order = Directive(kind=DirectiveKind.TRIM_SILENCE, ordinal=None, amount=1.0, reason="16 % silent")
    assert laid(directives=(order,)).total_ms < laid().total_ms - 200


def test_mending_one_line_leaves_the_other_shots_as_they_were():
    longer = (LINES[0], LINES[1] + " Really, it does.", *LINES[2:])
    before, after = laid(), laid(longer)

    def frames(shot):
        return round(shot.end_ms * 0.03) - round(shot.start_ms * 0.03)

    assert frames(before.shots[0]) == frames(after.shots[0])
    assert frames(before.shots[2]) == frames(after.shots[2])
    assert frames(before.shots[1]) < frames(after.shots[1])


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


def test_devanagari_is_counted_by_what_is_seen():
    assert visible_length("क्षत्रिय") < len("क्षत्रिय")


def test_a_scene_without_a_word_is_still_a_shot():
    lines = (LINES[0], "", *LINES[2:])
    timeline = laid(lines)
    assert timeline.shots[1].cues == ()
    assert timeline.shots[1].end_ms > timeline.shots[1].start_ms
