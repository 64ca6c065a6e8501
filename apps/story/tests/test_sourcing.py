"""What a narration claims beyond its sources: every invention found, nothing faithful suspected."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from apps.contracts.decision import HookType, LoopTechnique
from apps.story.figures import figures
from apps.story.phrases import by_name
from apps.story.providers.facts import FactsWriter
from apps.story.sourcing import Sources, sources_of

from . import briefs

REPLIES = yaml.safe_load((Path(__file__).parent / "replies.yaml").read_text(encoding="utf-8"))


def read(language: str, *texts: str) -> Sources:
    found = sources_of(texts, by_name(language))
    assert found
    return found


@pytest.mark.parametrize("reply", REPLIES["faithful"])
def test_suspects_nothing_that_the_sources_say_in_other_words(reply: dict[str, str]) -> None:
    assert read(reply["language"], reply["sources"]).beyond(reply["said"]) == ()


@pytest.mark.parametrize("reply", REPLIES["invented"])
def test_finds_every_invented_figure(reply: dict[str, Any]) -> None:
    found = read(reply["language"], reply["sources"]).figures_beyond(reply["said"])
    assert list(found) == reply["invented"]


@pytest.mark.parametrize("reply", REPLIES["named"])
def test_finds_names_that_nobody_mentioned(reply: dict[str, Any]) -> None:
    assert list(read("en", reply["sources"]).names_beyond(reply["said"])) == reply["invented"]


def test_takes_no_german_noun_for_a_name() -> None:
    assert read("de", "Ein Krake hat drei Herzen.").names_beyond("Der Krake liebt Muscheln und Musik.") == ()


@pytest.mark.parametrize("brief", briefs.ALL, ids=lambda b: b.topic)
@pytest.mark.parametrize("hook_type", HookType)
def test_the_embedded_writer_claims_nothing_of_its_own(brief: object, hook_type: HookType) -> None:
    for loop in LoopTechnique:
        task = briefs.assignment(brief, hook_type, strategy=briefs.strategy(loop=loop))
        said = [beat.narration for beat in FactsWriter().write(task)]
        assert task.sources
        assert [task.sources.beyond(line) for line in said] == [()] * len(said)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "½ ¾ %",
        "1.2.3.4 1,,2 ...",
        "٣ १२ ④ ²",
        "9" * 400,
        "a-1-b-2/3",
        "million million",
        "\u202e12\u202c {0} \\1",
        "and and hundred hundred of of in",
        "二 三",
        "-" * 300,
        "1e309 0x1F 1/0 0/0",
        "It grows by 7 percent",
    ],
)
def test_reads_figures_out_of_anything_without_failing(text: str) -> None:
    for language in ("en", "de", "fr", "hi"):
        figures(text, language)
        read(language, f"x {text}").beyond(text)
