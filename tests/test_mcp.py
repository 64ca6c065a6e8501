"""The MCP server as its clients meet it: the SDK's own client, over both transports, with real workers."""

import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import anyio
import httpx2
import pytest
from django.conf import settings
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from redis import Redis
from rest_framework.test import APIClient

from apps.gateway import interface as gateway
from apps.orchestrator import interface as orchestrator
from tests.workers import ROOT, environment, kill, wait_for, worker

INSTANT = {"STAGES": "benchmarks.instant", "LOG_LEVEL": "WARNING"}
FACTS = ["An octopus has three hearts.", "Two of them pump blood to the gills.", "One stops when it swims."]
NUMBERS = {"views": 1200, "completion": 0.71, "shares": 14}
#: Seconds in which a job of instant stages ends, on a busy machine.
PATIENCE = 60

pytestmark = [
    pytest.mark.django_db(databases="__all__", transaction=True),
    pytest.mark.xdist_group("recovery"),
]

Session = Callable[[Client], Awaitable[None]]


@pytest.fixture(autouse=True)
def _ready() -> None:
    Redis.from_url(settings.BROKER_URL).flushdb()
    orchestrator.seed()


def over_stdio(session: Session) -> None:
    """Run `session` with a client of a server that it starts itself."""
    server = StdioServerParameters(
        command=sys.executable, args=["manage.py", "mcp"], cwd=ROOT, env=environment(**INSTANT)
    )

    async def run() -> None:
        async with Client(server) as client:
            await session(client)

    anyio.run(run)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The address of a server over HTTP."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "manage.py", "mcp", "--http", str(port), "--site", "https://shorts.example"]
    with (tmp_path / "mcp.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(**INSTANT), stdout=log, stderr=log, start_new_session=True
        )
    try:
        wait_for(lambda: answers(port), 40, "the MCP server's start")
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        kill(process)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def over_http(address: str, key: str, session: Session) -> None:
    async def run() -> None:
        async with (
            httpx2.AsyncClient(headers={"Authorization": f"Bearer {key}"}, timeout=PATIENCE) as http,
            Client(streamable_http_client(address, http_client=http)) as client,
        ):
            await session(client)

    anyio.run(run)


async def called(client: Client, tool: str, **arguments: Any) -> Any:
    """A tool's structured answer."""
    answer = await client.call_tool(tool, arguments)
    assert not answer.is_error, answer.content
    return answer.structured_content


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    """The words in which a tool refuses."""
    answer = await client.call_tool(tool, arguments)
    assert answer.is_error
    return str(answer.content[0].text)


async def a_whole_short(client: Client) -> None:
    """What a model does: look around, make a short, follow it, read the result, report how it did."""
    shown: list[float] = []

    async def on_progress(progress: float, total: float | None, message: str | None) -> None:
        shown.append(progress)

    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert tools["make_short"].input_schema["required"] == ["topic"]
    assert all(tool.output_schema for tool in tools.values())
    platforms = await called(client, "list_platforms")
    assert "youtube_shorts" in [one["key"] for one in platforms["choices"]]
    assert (await called(client, "list_personas"))["choices"][0]["about"]

    made = await called(client, "make_short", topic="Octopus hearts", facts=FACTS, idempotency_key="one")
    again = await called(client, "make_short", topic="Octopus hearts", facts=FACTS, idempotency_key="one")
    assert again["job_id"] == made["job_id"]
    job = made["job_id"]

    followed = await client.call_tool(
        "follow_job", {"job_id": job, "seconds": PATIENCE}, progress_callback=on_progress
    )
    assert not followed.is_error, followed.content
    assert followed.structured_content["status"] == "completed"
    assert shown == sorted(shown)
    assert shown[-1] == 1.0

    result = await called(client, "get_result", job_id=job)
    assert result["video"].startswith(("http://127.0.0.1:8000/media/", "https://shorts.example/media/"))
    assert result["verdicts"][0]["total"] > 0
    assert len(result["script"]) == 6
    assert job in [one["job_id"] for one in (await called(client, "list_jobs", status="completed"))["jobs"]]
    assert "already ended" in await refused(client, "cancel_job", job_id=job)
    assert "Only a failed or cancelled" in await refused(client, "retry_job", job_id=job)
    assert "views" in await refused(client, "report_performance", job_id=job, views=10**15)
    learned = await called(client, "report_performance", job_id=job, **NUMBERS)
    assert learned["said"]


async def what_is_refused_in_words(client: Client) -> None:
    unusable = await refused(client, "make_short", topic="", facts=["x"], persona="nobody")
    assert "topic: This field is required. Say in a few words what the short is about." in unusable
    assert "nothing was written" in unusable
    assert "no job with this id" in await refused(client, "job_status", job_id=str(uuid4()))
    brief = {"topic": "Octopus hearts", "facts": FACTS}
    for key in ("x" * 300, "a\x00b"):
        assert "idempotency_key" in await refused(client, "make_short", **brief, idempotency_key=key)
    assert "channel" in await refused(client, "list_jobs", channel="\x00")
    assert "valid UUID" in await refused(client, "get_result", job_id="the last one")


def test_a_short_is_made_over_stdio_and_stdout_carries_the_protocol_alone() -> None:
    async def session(client: Client) -> None:
        await a_whole_short(client)
        await what_is_refused_in_words(client)

    with worker(**INSTANT):
        over_stdio(session)  # the client breaks off at a line that is no message


def test_a_short_is_made_over_http_with_an_api_key(served: str) -> None:
    with worker(**INSTANT):
        over_http(served, gateway.create_key("a model").key, a_whole_short)


def test_a_key_is_held_to_its_scopes_and_channels(served: str) -> None:
    reader = gateway.create_key("reader", scopes=("jobs:read",), channels=("deep_sea",)).key
    other = gateway.submit_brief({"topic": "Octopus hearts", "facts": FACTS, "channel": "default"}).id

    async def session(client: Client) -> None:
        assert "lacks the scope jobs:write" in await refused(client, "make_short", topic="x", facts=FACTS)
        assert "no job with this id" in await refused(client, "job_status", job_id=str(other))
        assert (await called(client, "list_jobs"))["jobs"] == []
        assert "performance:write" in await refused(client, "report_performance", job_id=str(other), views=1)

    over_http(served, reader, session)


def test_a_key_that_calls_too_often_is_told_how_long_to_wait(served: str) -> None:
    hasty = gateway.create_key("hasty", reads_per_minute=4, writes_per_minute=1)
    other = gateway.create_key("patient").key
    brief = {"topic": "Octopus hearts", "facts": FACTS}

    async def session(client: Client) -> None:
        made = await called(client, "make_short", **brief)
        refusal = await refused(client, "make_short", **brief)
        seconds = int(refusal.partition("wait ")[2].split()[0])
        assert 1 <= seconds <= 60
        assert "Nothing was done" in refusal
        await called(client, "follow_job", job_id=made["job_id"], seconds=3)  # looks often, is one call
        for _ in range(3):
            await called(client, "list_platforms")
        assert "too many calls that only read" in (await refused(client, "list_jobs")).lower()

    over_http(served, hasty.key, session)
    assert len(gateway.jobs().jobs) == 1
    rest = APIClient()
    rest.credentials(HTTP_AUTHORIZATION=f"Bearer {hasty.key}")
    refusal = rest.get("/api/v1/jobs")
    assert refusal.status_code == 429  # one key, one pace, whichever way it comes
    assert 1 <= int(refusal["Retry-After"]) <= 60

    async def another(client: Client) -> None:
        await called(client, "list_platforms")

    over_http(served, other, another)


def test_strangers_and_rebound_names_are_turned_away(served: str) -> None:
    key = gateway.create_key("a model").key
    bearer = {"Authorization": f"Bearer {key}"}

    assert status(served, {}) == 401
    assert status(served, {"Authorization": "Bearer hl_000000000000_wrong"}) == 401
    assert status(served, {**bearer, "Host": "evil.example"}) == 421
    assert status(served, {**bearer, "Origin": "http://evil.example"}) == 403
    assert status(served, bearer) == 200


def status(address: str, headers: dict[str, str]) -> int:
    """The status of an `initialize` with these headers."""
    body = (
        b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",'
        b'"capabilities":{},"clientInfo":{"name":"x","version":"1"}}}'
    )
    told = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream", **headers}
    try:
        with urlopen(Request(address, body, told), timeout=20) as answer:  # noqa: S310 - our own loopback server
            return int(answer.status)
    except HTTPError as refusal:
        return refusal.code
