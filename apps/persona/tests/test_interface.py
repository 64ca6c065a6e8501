"""The persona door on a real database."""

from collections import Counter
from uuid import uuid4

import pytest

from apps.contracts.brief import Brief
from apps.contracts.decision import Advice, AudienceProfile, FactorKind
from apps.persona import interface, models

pytestmark = pytest.mark.django_db(databases=["persona"])


@pytest.fixture(autouse=True)
def _seeded() -> None:
    interface.seed()


def audience(
    energy: str = "high", attention: float = 4.0, languages: dict[str, float] | None = None
) -> AudienceProfile:
    return AudienceProfile(
        key="a",
        name="Testers",
        attention_span=attention,
        language_mix=languages or {"en": 1.0},
        visual_energy=energy,
        emotion_bias=(),
    )


def test_seeding_twice_changes_nothing_and_keeps_what_a_curator_edited() -> None:
    models.Persona.objects.filter(id="spark").update(energy_level="low")

    report = interface.seed()

    assert (report.added, report.updated, report.kept) == (0, 0, 1)
    assert interface.persona("spark").energy_level == "low"


def test_the_catalogue_speaks_every_language_with_at_least_three_distinct_voices() -> None:
    personas = interface.personas()
    spoken = Counter(tag for persona in personas for tag in persona.voice.voices)

    assert len(personas) >= 8
    assert spoken["en"] == len(personas)
    assert all(spoken[tag] >= 3 for tag in ("es", "fr", "de", "it", "pt", "hi"))
    for tag in spoken:
        voices = [persona.voice.voices[tag] for persona in personas if tag in persona.voice.voices]
        assert len(set(voices)) == len(voices)
    assert all(150 <= persona.voice.rate <= 190 for persona in personas)
    assert {persona.caption_style for persona in personas} == {"bold_pop", "clean_box", "karaoke_glow"}


def test_energy_and_patience_of_the_audience_decide_without_advice() -> None:
    quick, why = interface.choose(job_id=uuid4(), language="en", audience=audience())
    calm, _ = interface.choose(job_id=uuid4(), language="en", audience=audience("low", 11.0))

    assert (quick.energy_level, quick.sentence_length, quick.vocabulary_level) == ("high", "short", "simple")
    assert calm.energy_level == "low"
    assert why.value == quick.id
    assert quick.name in why.reason


def test_only_speakers_of_the_language_are_chosen_even_against_advice() -> None:
    told = (
        Advice(kind=FactorKind.PERSONA, reference_id="max_volt", score=99, sd=1, n=9, draw=99, reason="r"),
        Advice(kind=FactorKind.PERSONA, reference_id="dadi", score=80, sd=1, n=9, draw=90, reason="drew 90"),
        Advice(kind=FactorKind.PERSONA, reference_id="pixel", score=40, sd=1, n=9, draw=40, reason="r"),
    )

    chosen, decision = interface.choose(job_id=uuid4(), language="hi", audience=audience(), advice=told)

    assert chosen.id == "dadi"
    assert "drew 90" in decision.reason


def test_the_briefs_persona_wins_and_choosing_twice_is_one_use() -> None:
    job_id = uuid4()

    for _ in range(2):
        chosen, _reason = interface.choose(
            job_id=job_id, language="en", audience=audience(), persona_id="night_owl"
        )

    assert chosen.id == "night_owl"
    (use,) = models.PersonaUsage.objects.filter(job_id=job_id)
    assert use.persona_id == "night_owl"


def test_problems_name_field_reason_and_remedy() -> None:
    (unknown,) = interface.problems_with(Brief(topic="x", persona="<i>nobody</i>"))
    (mute,) = interface.problems_with(Brief(topic="x", persona="max_volt", language="hi"))
    (unspoken,) = interface.problems_with(Brief(topic="x", language="tlh"))

    assert (unknown.field, unknown.code) == ("persona", "unknown_persona")
    assert "spark" in unknown.remedy
    assert (mute.field, mute.code) == ("persona", "persona_does_not_speak_language")
    assert "dadi" in mute.remedy
    assert "max_volt" not in mute.remedy
    assert (unspoken.field, unspoken.code) == ("language", "unspoken_language")
    assert "hi" in unspoken.remedy
    assert interface.problems_with(Brief(topic="x", persona="dadi", language="hi")) == ()


def test_each_persona_has_a_sample_in_a_language_it_speaks() -> None:
    for persona in interface.personas():
        language, sentence = interface.sample(persona.id)
        assert language in persona.voice.voices
        assert len(sentence.split()) >= 6
    with pytest.raises(interface.UnknownPersona):
        interface.sample("nobody\x00")


def test_no_draw_lifts_a_speaker_who_does_not_suit_the_audience_at_all() -> None:
    told = tuple(
        Advice(
            kind=FactorKind.PERSONA,
            reference_id=p.id,
            score=60,
            sd=9,
            n=9,
            draw=99 if p.id == "abuelo_cuento" else 50,
            reason="r",
        )
        for p in interface.personas()
    )

    chosen, _ = interface.choose(job_id=uuid4(), language="en", audience=audience(), advice=told)

    assert chosen.energy_level == "high"
