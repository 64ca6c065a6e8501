"""The script service's door."""

from uuid import uuid4

import pytest

from apps.contracts.brief import Brief
from apps.contracts.decision import Persona, VoiceProfile
from apps.contracts.story import Purpose, Scene, Story
from apps.script import interface as script
from apps.script.models import ScriptRow

PERSONA = Persona(
    id="p",
    name="P",
    sentence_length="short",
    energy_level="high",
    vocabulary_level="simple",
    voice=VoiceProfile(),
)


def story() -> Story:
    said = ["An octopus has 3 hearts.", "It can cost $1,200 🐙."]
    scenes = tuple(
        Scene(
            id=uuid4(),
            ordinal=n,
            start_sec=3 * n,
            end_sec=3 * n + 3,
            purpose=Purpose.HOOK,
            narration=s,
            visual=s,
        )
        for n, s in enumerate(said)
    )
    return Story(id=uuid4(), total_duration=6, scenes=scenes)


@pytest.mark.django_db(databases=["script"])
def test_keeps_one_row_however_often_a_script_is_composed() -> None:
    job_id, told = uuid4(), story()
    first = script.compose(job_id=job_id, attempt=1, story=told, persona=PERSONA, language="en")
    again = script.compose(job_id=job_id, attempt=1, story=told, persona=PERSONA, language="en")
    assert first == again
    row = ScriptRow.objects.get(job_id=job_id)
    assert row.story_id == told.id
    assert row.full_script == "An octopus has 3 hearts.\nIt can cost $1,200."
    assert row.lines[1]["words"][-1] == {"display": "$1,200.", "spoken": "twelve hundred dollars."}
    assert [line.ordinal for line in first.lines] == [0, 1]
    assert first.lines[0].spoken == "An octopus has three hearts."


def test_names_the_supported_languages_when_it_refuses_one() -> None:
    (problem,) = script.problems_with(Brief(topic="寿司", language="ja"))
    assert problem.field == "language"
    assert "hi (Hindi)" in problem.remedy


@pytest.mark.parametrize("text", ["مرحبا بالعالم", "漢字", "Привет", "प्यासा"])
def test_refuses_letters_that_do_not_fit_the_language(text: str) -> None:
    problems = script.problems_with(Brief(topic="Octopus", facts=("It swims.", f"It says {text}.")))
    assert [(p.field, p.code) for p in problems] == [("facts.1", "wrong_script")]


@pytest.mark.parametrize(
    ("language", "text"),
    [("hi", "प्यासा कौआ and 5 km"), ("en", "Déjà vu: π ≈ 3.14, 20 µm, 1º ½ 🐙"), ("de", "Straße")],
)
def test_accepts_what_it_can_show_and_say(language: str, text: str) -> None:
    assert script.problems_with(Brief(topic=text, language=language)) == ()
