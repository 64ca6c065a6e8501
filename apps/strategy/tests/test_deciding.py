"""What is decided, and why: pure functions on contracts."""

import pytest

from apps.contracts.brief import Brief
from apps.contracts.decision import (
    Advice,
    AudienceProfile,
    Box,
    FactorKind,
    HookType,
    LoopTechnique,
    PlatformProfile,
)
from apps.strategy.deciding import candidates, decide, weights
from apps.strategy.hooks import material_of
from apps.strategy.length import FRAME_SECONDS, length_trials, scene_count, spoken_words, wanted_length

SHORTS = PlatformProfile(
    platform="youtube_shorts",
    name="YouTube Shorts",
    ideal_length=30,
    min_length=10,
    max_length=179,
    hook_window_seconds=2.0,
    loop_weight=0.25,
    priority_metrics=("replays",),
    safe_box=Box(left=48, top=288, right=888, bottom=1248),
)
FACT = "An octopus has three hearts and nine brains and blue blood in its body."  # 14 words


def audience(attention: float = 6.0, energy: str = "medium", bias: tuple[str, ...] = ()) -> AudienceProfile:
    return AudienceProfile(
        key="a",
        name="Testers",
        attention_span=attention,
        language_mix={"en": 1.0},
        visual_energy=energy,
        emotion_bias=bias,
    )


def advice(kind: FactorKind, reference_id: str, draw: float) -> Advice:
    return Advice(
        kind=kind, reference_id=reference_id, score=60, sd=9, n=5, draw=draw, reason=f"drew {draw:g}"
    )


def test_weights_are_those_of_the_field_guide_and_sum_to_one() -> None:
    assert weights(0.25) == {"hook": 0.4, "pacing": 0.35, "loop": 0.25}
    assert all(sum(weights(w).values()) == pytest.approx(1.0) for w in (0.0, 0.2, 0.3, 0.6))


def test_patient_audiences_get_longer_shorts_with_fewer_cuts() -> None:
    hasty = decide(SHORTS, audience(4, "high"), Brief(topic="x"), ())
    patient = decide(SHORTS, audience(11, "low"), Brief(topic="x"), ())

    assert hasty.length_seconds < SHORTS.ideal_length < patient.length_seconds
    assert hasty.cut_seconds < patient.cut_seconds


def test_a_thin_brief_is_not_stretched_to_the_ideal_length() -> None:
    strategy = decide(SHORTS, audience(), Brief(topic="x", facts=(FACT,) * 2), ())

    assert strategy.length_seconds == FRAME_SECONDS + 12  # 28 words at 2.5 a second, rounded up
    assert f"fills about {FRAME_SECONDS + 12} s" in strategy.decisions[0].reason


def test_figures_count_as_the_words_they_are_said_in() -> None:
    assert spoken_words("only two words here") == 4
    assert spoken_words("$121,997 after 30 years") == 7 + 1 + 2 + 1


def test_memory_cannot_tip_a_few_facts_into_a_length_that_drops_one() -> None:
    brief = Brief(topic="x", facts=(FACT,) * 2)

    assert list(length_trials(SHORTS, audience(), brief).values()) == [FRAME_SECONDS + 12]


def test_material_beyond_the_ideal_does_not_lengthen_the_short() -> None:
    assert wanted_length(SHORTS, audience(), Brief(topic="x", source_text=FACT * 100)) == 30


def test_what_the_brief_asks_for_wins_over_any_advice() -> None:
    brief = Brief(topic="x", facts=(FACT,) * 3, duration=40, hook_type="challenge")
    told = (advice(FactorKind.HOOK, "question", 99), advice(FactorKind.LENGTH_BAND, "15_21", 99))

    strategy = decide(SHORTS, audience(), brief, told)

    assert strategy.length_seconds == 40
    assert strategy.hook_types[0] is HookType.CHALLENGE
    assert set(strategy.hook_types) == set(HookType)
    assert "asks for 40 s" in strategy.decisions[0].reason
    assert candidates(SHORTS, audience(), brief)[FactorKind.HOOK] == ("challenge",)


@pytest.mark.parametrize(
    "kind", [FactorKind.HOOK, FactorKind.LENGTH_BAND, FactorKind.CUT_RATE_BAND, FactorKind.LOOP_TECHNIQUE]
)
def test_a_strong_draw_tips_each_choice_and_is_quoted(kind: FactorKind) -> None:
    brief = Brief(topic="x", facts=(FACT,) * 20)
    names = candidates(SHORTS, audience(), brief)[kind]
    plain = {d.name: d.value for d in decide(SHORTS, audience(), brief, ()).decisions}
    other = next(name for name in reversed(names) if name != plain[str(kind)])

    told = tuple(advice(kind, name, 95.0 if name == other else 55.0) for name in names)
    strategy = decide(SHORTS, audience(), brief, told)

    assert next(d.value for d in strategy.decisions if d.name == kind) == other
    assert any("Memory: drew 95" in d.reason for d in strategy.decisions)


def test_every_decision_of_a_factor_is_among_its_candidates() -> None:
    for attention, energy in ((4, "high"), (6, "medium"), (11, "low")):
        for brief in (Brief(topic="x"), Brief(topic="x", facts=(FACT,)), Brief(topic="x", duration=12)):
            decided = {
                d.name: d.value for d in decide(SHORTS, audience(attention, energy), brief, ()).decisions
            }
            for kind, names in candidates(SHORTS, audience(attention, energy), brief).items():
                assert decided[str(kind)] in names


@pytest.mark.parametrize(
    ("length", "low", "high"), [(10, 4, 4), (24, 6, 9), (54, 12, 12), (90, 20, 20), (600, 134, 134)]
)
def test_scenes_stay_between_four_and_twelve_unless_they_would_outlast_attention(
    length: int, low: int, high: int
) -> None:
    assert low <= scene_count(length, 3.2) <= high
    assert 2.5 <= length / scene_count(length, 2.5) <= length / scene_count(length, 3.2) <= 4.5


@pytest.mark.parametrize(
    ("language", "text", "figures", "denials"),
    [
        ("en", "Three hearts. It never sleeps!", True, True),
        ("de", "Er hat drei Herzen, aber keine Knochen.", True, True),
        ("hi", "उसके तीन दिल हैं।", True, False),
        ("hi", "वह ९ साल का है।", True, False),
        ("xx", "{}\\ <b>two</b>", False, False),
    ],
)
def test_material_is_read_in_its_own_language(language: str, text: str, figures: bool, denials: bool) -> None:
    material = material_of(Brief(topic="x", facts=(text,), language=language))

    assert (material.figures, material.denials) == (figures, denials)


def test_a_number_hook_needs_a_number() -> None:
    def rank(fact: str) -> int:
        return decide(SHORTS, audience(), Brief(topic="x", facts=(fact,)), ()).hook_types.index(
            HookType.NUMBER
        )

    assert rank("It weighs 300 kilograms.") < rank("It is very heavy indeed.")


def test_an_open_hook_is_answered_last_and_a_closed_one_reads_on() -> None:
    asked = decide(SHORTS, audience(), Brief(topic="x", hook_type="question"), ())
    denied = decide(SHORTS, audience(), Brief(topic="x", hook_type="contradiction"), ())

    assert asked.loop_technique is LoopTechnique.ANSWER_LAST
    assert denied.loop_technique is LoopTechnique.OPEN_SENTENCE


@pytest.mark.parametrize("band", ["fast", "medium", "slow"])
@pytest.mark.parametrize("length", [15, 30, 59, 179])
def test_a_cut_rate_that_the_brief_asks_for_is_the_one_that_is_cut(band: str, length: int) -> None:
    strategy = decide(SHORTS, audience(), Brief(topic="x", duration=length, cut_rate_band=band), ())

    (decided,) = [d for d in strategy.decisions if d.name == FactorKind.CUT_RATE_BAND]
    assert decided.value == band
    assert strategy.cut_seconds == round(length / strategy.scene_count, 2)


@pytest.mark.parametrize("technique", list(LoopTechnique))
def test_a_loop_technique_that_the_brief_asks_for_wins_over_advice(technique: LoopTechnique) -> None:
    told = tuple(
        advice(FactorKind.LOOP_TECHNIQUE, other, 99) for other in LoopTechnique if other != technique
    )

    strategy = decide(SHORTS, audience(), Brief(topic="x", loop_technique=technique), told)

    assert strategy.loop_technique is technique


def test_memory_is_asked_about_nothing_that_the_brief_settles() -> None:
    asked = Brief(topic="x", hook_type="number", cut_rate_band="slow", loop_technique="return", duration=30)

    assert set(candidates(SHORTS, audience(), asked).values()) == {
        ("number",),
        ("slow",),
        ("return",),
        ("30_44",),
    }
