"""The story service's door: rows written once, and clear words for what is wrong with a brief."""

from dataclasses import replace
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError

from apps.contracts.brief import Brief, Providers
from apps.contracts.decision import HookType
from apps.contracts.judgement import Directive, DirectiveKind
from apps.contracts.story import Purpose, SceneEdit, Story
from apps.story import interface as story
from apps.story.models import StoryRow, StoryScene
from apps.story.timing import Beat, still_fit

from . import briefs


def write(job_id: object, attempt: int = 1, **changes: object) -> Story:
    return story.write(
        job_id=job_id,
        attempt=attempt,
        brief=briefs.OCTOPUS,
        strategy=briefs.strategy(),
        curve=briefs.CURVE,
        persona=briefs.PERSONA,
        hook_type=HookType.QUESTION,
        **changes,
    )


def found(brief: Brief) -> list[tuple[str, str]]:
    problems = story.problems_with(brief)
    assert all(p.reason and p.remedy for p in problems)
    return [(p.field, p.code) for p in problems]


@pytest.mark.django_db(databases=["story"])
def test_keeps_one_story_however_often_it_is_written() -> None:
    job_id = uuid4()
    first, again = write(job_id), write(job_id)
    assert first == again == story.story_of(job_id)
    assert StoryRow.objects.filter(job_id=job_id).count() == 1
    assert StoryScene.objects.filter(story_id=first.id).count() == len(first.scenes)


@pytest.mark.django_db(databases=["story"])
def test_covers_the_length_with_contiguous_whole_seconds() -> None:
    scenes = write(uuid4()).scenes
    assert scenes[0].start_sec == 0
    assert all(a.end_sec == b.start_sec for a, b in pairwise(scenes))
    assert all(s.end_sec > s.start_sec for s in scenes)
    assert [s.ordinal for s in scenes] == list(range(len(scenes)))


@pytest.mark.django_db(databases=["story"])
def test_returns_the_newest_attempt_and_keeps_the_older_one() -> None:
    job_id = uuid4()
    first = write(job_id)
    order = Directive(kind=DirectiveKind.REWRITE_HOOK, ordinal=0, amount=1.0, reason="measured")
    second = write(job_id, attempt=2, previous=first, directives=(order,))
    assert story.story_of(job_id) == second
    assert second.scenes[0].narration != first.scenes[0].narration
    assert [s.narration for s in second.scenes[1:]] == [s.narration for s in first.scenes[1:]]
    assert StoryRow.objects.filter(job_id=job_id).count() == 2


@pytest.mark.django_db(databases=["story"])
def test_has_no_story_of_an_unknown_job() -> None:
    assert story.story_of(uuid4()) is None


@pytest.mark.django_db(databases=["story"])
def test_refuses_a_purpose_that_is_not_listed() -> None:
    written = write(uuid4())
    with pytest.raises(IntegrityError):
        StoryScene.objects.filter(story_id=written.id).update(purpose="outro")


def test_accepts_every_brief_that_can_be_told() -> None:
    assert [found(brief) for brief in briefs.ALL] == [[] for _ in briefs.ALL]


@pytest.mark.parametrize(
    ("brief", "problem"),
    [
        (replace(briefs.HONEY, topic=" 🐙 "), ("topic", "empty")),
        (replace(briefs.HONEY, topic="x " * 100), ("topic", "too_long")),
        (replace(briefs.HONEY, topic="Honey\nbees"), ("topic", "control_characters")),
        (replace(briefs.HONEY, facts=("It is sweet and good.",) * 41), ("facts", "too_many")),
        (replace(briefs.HONEY, facts=("Bees make honey.", "a " * 300)), ("facts.1", "too_long")),
        (replace(briefs.HONEY, facts=("Bees make\x00 honey in summer.",)), ("facts.0", "control_characters")),
        (replace(briefs.HONEY, source_text="a " * 20_000), ("source_text", "too_long")),
        (replace(briefs.HONEY, facts=()), ("facts", "missing")),
        (replace(briefs.HONEY, facts=("Sweet.",)), ("facts", "too_few_words")),
        (replace(briefs.HONEY, providers=Providers(writer="ghost")), ("providers.writer", "unknown")),
        (replace(briefs.HONEY, providers=Providers(writer="llm")), ("providers.writer", "unconfigured")),
        (
            replace(briefs.HONEY, providers=Providers(writer="facts, llm")),
            ("providers.writer", "unconfigured"),
        ),
        (replace(briefs.HONEY, providers=Providers(writer="facts,ghost")), ("providers.writer", "unknown")),
    ],
)
def test_names_field_and_remedy_of_what_is_wrong(brief: Brief, problem: tuple[str, str]) -> None:
    assert found(brief) == [problem]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, "Set LLM_MODEL and LLM_BASE_URL, LLM_API_KEY or both, or use the writer facts."),
        ({"LLM_MODEL": "m"}, "Set LLM_BASE_URL, LLM_API_KEY or both, or use the writer facts."),
        ({"LLM_API_KEY": "k"}, "Set LLM_MODEL, or use the writer facts."),
        (
            {"LLM_MODEL": "m", "LLM_BASE_URL": "localhost:11434"},
            "Set LLM_BASE_URL like http://127.0.0.1:11434/v1.",
        ),
    ],
    ids=["nothing", "a model", "a key", "no address"],
)
def test_says_which_setting_of_the_language_model_is_missing(
    settings: Any, given: dict[str, str], wanted: str
) -> None:
    settings.WRITER = "llm"
    for name, value in given.items():
        setattr(settings, name, value)
    assert [(p.field, p.remedy) for p in story.problems_with(briefs.HONEY)] == [("WRITER", wanted)]


def test_asks_for_facts_only_where_they_are_told_from(settings: Any) -> None:
    settings.LLM_MODEL, settings.LLM_API_KEY, settings.WRITER = "m", "k", "llm"
    bare = Brief(topic="Honey")
    assert found(bare) == []
    settings.WRITER = "llm, facts"
    assert found(bare) == [("facts", "missing")]


def test_plans_the_seconds_anew_only_where_the_words_no_longer_fit() -> None:
    beats = tuple(
        Beat(purpose=Purpose.ESCALATE, narration=text, visual="")
        for text in ("An octopus has three hearts.", "Two of them pump blood to the gills.")
    )
    longer = (beats[0], replace(beats[1], narration=f"{beats[1].narration} {beats[0].narration}"))
    assert still_fit(beats, [0, 2, 5], speed=2.5)
    assert not still_fit(longer, [0, 2, 5], speed=2.5)
    assert not still_fit((*beats, beats[0]), [0, 2, 5], speed=2.5)


@pytest.mark.django_db(databases=["story"])
def test_a_persons_words_replace_a_scenes_and_leave_the_others() -> None:
    job_id = uuid4()
    first = write(job_id)
    edits = (SceneEdit(ordinal=1, narration="Two hearts feed the gills."),)

    again = write(job_id, attempt=2, previous=first, edits=edits)

    assert again.scenes[1].narration == "Two hearts feed the gills."
    assert again.scenes[1].visual == first.scenes[1].visual
    others = [(s.narration, s.visual) for s in again.scenes if s.ordinal != 1]
    assert others == [(s.narration, s.visual) for s in first.scenes if s.ordinal != 1]


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        (SceneEdit(ordinal=0), "narration"),
        (SceneEdit(ordinal=0, narration="?!"), "narration"),
        (SceneEdit(ordinal=0, narration="x" * 301), "narration"),
        (SceneEdit(ordinal=0, visual="a\x00b"), "visual"),
    ],
)
def test_refuses_what_nobody_can_say_or_show(edit: SceneEdit, field: str) -> None:
    (problem,) = story.problems_with_edit(edit)
    assert problem.field == field
