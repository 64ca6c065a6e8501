"""The language model writer over real HTTP, against a server on loopback."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest

from apps.contracts.brief import Brief
from apps.contracts.judgement import Directive, DirectiveKind
from apps.contracts.story import Purpose
from apps.foundation.providers import ProviderUnavailable, UnableToProvide
from apps.story.providers.llm import LlmWriter, Model

from . import briefs

CANARY = "zanzibar-canary-7431"
GOOD = {
    "hook": {"say": "Why would swimming stop a heart?", "show": "octopus, heart"},
    "escalate": [
        {"say": "An octopus has three hearts.", "show": "octopus, three hearts"},
        {"say": "Two pump blood to the gills.", "show": "two hearts, gills"},
    ],
    "twist": {"say": "One stops whenever it swims.", "show": "stopped heart"},
    "loop": {"say": "So ask yourself again:", "show": "octopus"},
}


class Provider:
    """What the loopback server answers, in order, and what it was asked."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, Any]] = []
        self.asked: list[dict[str, Any]] = []
        self.released = Event()
        self.url = ""

    def reply(self, content: Any, *, finish: str = "stop", refusal: str | None = None) -> None:
        text = content if isinstance(content, str) else json.dumps(content)
        message = {"role": "assistant", "content": text, "refusal": refusal}
        choice = {"index": 0, "finish_reason": finish, "message": message}
        body = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
        self.answers.append((200, body))

    def fail(self, status: int) -> None:
        self.answers.append((status, {"error": {"message": f"no: {CANARY}"}}))


@pytest.fixture
def provider() -> Iterator[Provider]:
    played = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            played.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status, body = played.answers.pop(0) if played.answers else (0, None)
            if not status:
                played.released.wait(5)
                return
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    played.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield played
    played.released.set()
    server.shutdown()
    server.server_close()
    thread.join()


def writer(provider: Provider, timeout: float = 10.0) -> LlmWriter:
    return LlmWriter(Model(base_url=provider.url, key="k", name="m"), timeout=timeout)


def test_turns_a_good_answer_into_beats(provider: Provider) -> None:
    provider.reply(GOOD)
    beats = writer(provider).write(briefs.assignment(briefs.OCTOPUS))
    purposes = [Purpose.HOOK, Purpose.ESCALATE, Purpose.ESCALATE, Purpose.TWIST, Purpose.LOOP]
    assert [b.purpose for b in beats] == purposes
    assert beats[1].visual == "octopus, three hearts"
    assert "An octopus has three hearts." in provider.asked[0]["messages"][1]["content"]


def test_takes_the_object_out_of_a_code_fence(provider: Provider) -> None:
    provider.reply(f"```json\n{json.dumps(GOOD)}\n```")
    assert len(writer(provider).write(briefs.assignment(briefs.OCTOPUS))) == 5


@pytest.mark.parametrize(
    "wrong",
    [
        "Sure! Here is your story.",
        {**GOOD, "escalate": []},
        {**GOOD, "outro": {"say": "Follow me"}},
        json.dumps(GOOD)[:80],
        {**GOOD, "twist": {"say": "It has 97 hearts.", "show": ""}},
        {**GOOD, "hook": {"say": "word " * 30, "show": ""}},
    ],
    ids=["prose", "no escalation", "invented structure", "half an answer", "invented number", "endless hook"],
)
def test_has_an_unusable_answer_repaired_once(provider: Provider, wrong: Any) -> None:
    provider.reply(wrong)
    provider.reply(GOOD)
    assert len(writer(provider).write(briefs.assignment(briefs.OCTOPUS))) == 5
    assert len(provider.asked) == 2
    assert provider.asked[1]["messages"][-1]["content"].startswith("That cannot be used")


def test_gives_up_after_the_second_unusable_answer(provider: Provider) -> None:
    provider.reply(f"no {CANARY}")
    provider.reply(f"still no {CANARY}")
    with pytest.raises(UnableToProvide, match="Try another model"):
        writer(provider).write(briefs.assignment(briefs.OCTOPUS))
    assert len(provider.asked) == 2


@pytest.mark.parametrize("status", [429, 500, 503])
def test_calls_a_busy_provider_unavailable(provider: Provider, status: int) -> None:
    provider.fail(status)
    with pytest.raises(ProviderUnavailable, match=str(status)):
        writer(provider).write(briefs.assignment(briefs.OCTOPUS))


def test_calls_a_silent_provider_unavailable(provider: Provider) -> None:
    with pytest.raises(ProviderUnavailable):
        writer(provider, timeout=0.3).write(briefs.assignment(briefs.OCTOPUS))


@pytest.mark.parametrize(("status", "variable"), [(401, "LLM_API_KEY"), (404, "LLM_MODEL")])
def test_says_which_setting_is_wrong(provider: Provider, status: int, variable: str) -> None:
    provider.fail(status)
    with pytest.raises(UnableToProvide, match=variable):
        writer(provider).write(briefs.assignment(briefs.OCTOPUS))


def test_tells_a_refusal_from_an_outage(provider: Provider) -> None:
    provider.reply("", finish="content_filter")
    with pytest.raises(UnableToProvide, match="Reword the brief"):
        writer(provider).write(briefs.assignment(briefs.OCTOPUS))


def test_keeps_prompt_and_reply_out_of_logs_and_errors(
    provider: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    brief = Brief(topic=CANARY, facts=(f"The {CANARY} sings at night.",))
    provider.reply(f"no {CANARY}")
    provider.reply({"hook": CANARY})
    provider.fail(400)
    for _ in range(2):
        with pytest.raises(UnableToProvide) as raised:
            writer(provider).write(briefs.assignment(brief))
        error: BaseException | None = raised.value
        while error is not None:
            assert CANARY not in f"{error!r} {error}"
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    assert CANARY in json.dumps(provider.asked)
    assert CANARY not in caplog.text


def test_takes_over_only_the_hook_that_was_to_be_rewritten(provider: Provider) -> None:
    provider.reply(GOOD)
    before = writer(provider).write(briefs.assignment(briefs.OCTOPUS))
    other = {**GOOD, "hook": {"say": "Swimming can stop a heart.", "show": "heart"}}
    provider.reply({**other, "twist": {"say": "Something else.", "show": ""}})
    order = Directive(kind=DirectiveKind.REWRITE_HOOK, ordinal=0, amount=1.0, reason="measured")
    task = replace(briefs.assignment(briefs.OCTOPUS), previous=before, directives=(order,), attempt=2)
    after = writer(provider).write(task)
    assert after[0].narration == "Swimming can stop a heart."
    assert after[1:] == before[1:]
