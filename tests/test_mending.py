"""An invented figure on its whole way: written, marked, sent back by the critic, mended in its line alone."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from apps.contracts.brief import Providers
from apps.contracts.decision import HookType
from apps.contracts.judgement import DirectiveKind, Judgement, Verdict
from apps.contracts.story import Story
from apps.critic import interface as critic
from apps.critic.tests import takes
from apps.foundation import blobs
from apps.foundation.notices import heard
from apps.story import interface as story
from apps.story.providers import chat
from apps.story.tests import briefs
from apps.story.tests.provider import GOOD, Provider, serving

INVENTED = {**GOOD, "escalate": [*GOOD["escalate"], {"say": "It beats 97 times a minute.", "show": "heart"}]}


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    monkeypatch.setattr(chat, "_taken", {})
    monkeypatch.setattr(chat, "PAUSES", (0.01,))
    with serving() as played:
        settings.LLM_BASE_URL, settings.LLM_MODEL, settings.WRITER = played.url, "m", "llm"
        yield played


def write(job_id: object, **changes: Any) -> Story:
    given = {
        "attempt": 0,
        "brief": briefs.OCTOPUS,
        "strategy": briefs.strategy(),
        "curve": briefs.CURVE,
        "persona": briefs.PERSONA,
        "hook_type": HookType.QUESTION,
    }
    return story.write(job_id=job_id, **{**given, **changes})


def judged(job_id: object, attempt: int, written: Story, folder: Path) -> Judgement:
    draft = takes.sound_draft()
    video, voice = takes.render(draft, folder)
    blobs.put("take.mp4", video)
    blobs.put("voice.wav", voice)
    return critic.judge(
        job_id=job_id,
        attempt=attempt,
        take=takes.take_of(draft),
        timeline=draft.timeline,
        story=written,
        script=draft.script,
        plan=takes.plan(),
        mix=takes.mix_of(draft),
    )


@pytest.mark.django_db(databases=["story", "critic"])
@pytest.mark.parametrize("mended_by", ["llm", "facts"])
def test_an_invented_figure_is_sent_back_and_only_its_line_is_written_again(
    provider: Provider, settings: Any, tmp_path: Path, mended_by: str
) -> None:
    job_id = uuid4()
    provider.reply(INVENTED)
    provider.reply(INVENTED)
    first = write(job_id)
    assert [s.unsourced for s in first.scenes if s.unsourced] == [("97",)]
    assert story.story_of(job_id) == first

    verdict = judged(job_id, 0, first, tmp_path)
    assert verdict.verdict is Verdict.RETRY
    assert verdict.gates_failed == ("unsourced_figures",)
    order = verdict.directives[0]  # gates first
    assert (order.kind, order.ordinal) == (DirectiveKind.MEND_FACTS, 3)

    settings.WRITER = mended_by
    provider.reply({"lines": [{"scene": 3, "say": "Its blood is blue.", "show": "blue blood"}]})
    second = write(job_id, attempt=1, directives=(order,), previous=first)
    others = [s.narration for s in second.scenes if s.ordinal != 3]
    assert others == [s.narration for s in first.scenes if s.ordinal != 3]
    assert second.scenes[3].narration != first.scenes[3].narration
    assert not judged(job_id, 1, second, tmp_path).gates_failed


@pytest.mark.django_db(databases=["story"])
def test_the_next_writer_in_the_list_takes_over_and_that_is_told(provider: Provider) -> None:
    for _ in range(3):
        provider.fail(503)
    with heard() as told:
        written = write(uuid4(), brief=replace(briefs.OCTOPUS, providers=Providers(writer="llm, facts")))
    assert "octopus" in " ".join(s.narration for s in written.scenes)
    kinds = [n.kind for n in told]
    assert kinds == ["writer_retried", "writer_retried", "provider_fell_back"]
    assert told[-1].facts["to"] == "facts"
