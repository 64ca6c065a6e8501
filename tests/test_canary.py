"""A prompt goes to its provider and nowhere else: a phrase put into every prompt is found nowhere."""

import importlib
import inspect
import json
import logging
import pkgutil
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connections

import apps
from apps.contracts.brief import Brief, Providers
from apps.contracts.progress import JobStatus
from apps.orchestrator import interface as orchestrator
from apps.orchestrator import machine
from apps.story.tests.test_llm_writer import GOOD, Provider, provider
from tests.inline import run_job

CANARY = "quetzal-canary-90210"
#: More answers than a job asks for: the server keeps silent after the last, and silence is waited for.
ENOUGH = 40
BRIEF = Brief(
    topic="Why an octopus has three hearts",
    facts=("An octopus has three hearts.", "One of them stops when it swims."),
    duration=12,
    providers=Providers(writer="llm"),
)

pytestmark = pytest.mark.django_db(databases="__all__")
__all__ = ["provider"]


def prompt_builders() -> list[tuple[Any, str]]:
    """Every public function of every module named `prompts`: the only places where prompts are built."""
    names = [m.name for m in pkgutil.walk_packages(apps.__path__, "apps.") if m.name.endswith(".prompts")]
    modules = [importlib.import_module(name) for name in names]
    return [
        (module, name)
        for module in modules
        for name, _ in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_")
    ]


def put_canary_into_every_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in prompt_builders():
        build = getattr(module, name)

        def with_canary(*args: Any, _build: Any = build, **kwargs: Any) -> Any:
            messages = _build(*args, **kwargs)
            return [{**message, "content": f"{message['content']} {CANARY}"} for message in messages]

        users = [m for m in pkgutil.walk_packages(apps.__path__, "apps.") if ".tests" not in m.name]
        for user in users:
            loaded = importlib.import_module(user.name)
            if getattr(loaded, name, None) is build:
                monkeypatch.setattr(loaded, name, with_canary)


def rows_with_canary() -> list[str]:
    found = []
    for alias in connections:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
            for (table,) in cursor.fetchall():
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s',  # noqa: S608 (our own tables)
                    [f"%{CANARY}%"],
                )
                if cursor.fetchone()[0]:
                    found.append(f"{alias}.{table}")
    return found


def files_with_canary(*folders: Path) -> list[Path]:
    files = [file for folder in folders for file in folder.rglob("*")]
    return [f for f in files if CANARY in f.name or (f.is_file() and CANARY.encode() in f.read_bytes())]


def prepare(monkeypatch: pytest.MonkeyPatch, server: Provider, settings: Any) -> None:
    orchestrator.seed()
    put_canary_into_every_prompt(monkeypatch)
    monkeypatch.setattr(machine, "BACKOFF_SECONDS", 0.01)
    settings.LLM_BASE_URL, settings.LLM_API_KEY, settings.LLM_MODEL = server.url, "k", "m"
    settings.FRAME_WIDTH, settings.FRAME_HEIGHT = 108, 192


def assert_found_nowhere(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    assert rows_with_canary() == []
    assert files_with_canary(Path(settings.MEDIA_ROOT), Path(settings.SCRATCH_ROOT)) == []
    printed = capfd.readouterr()
    assert CANARY not in caplog.text + printed.out + printed.err


def test_prompts_are_only_built_where_they_are_watched() -> None:
    assert {name for _, name in prompt_builders()} >= {"story_prompt", "repair_prompt"}


def test_a_prompt_leaves_no_trace_of_a_job_that_succeeds(
    monkeypatch: pytest.MonkeyPatch,
    provider: Provider,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    prepare(monkeypatch, provider, settings)
    provider.reply("not even JSON")  # so that the repair prompt is sent too
    for _ in range(ENOUGH):
        provider.reply(GOOD)
    job = uuid4()

    run_job(monkeypatch, job, BRIEF)

    assert orchestrator.snapshot(job).status is JobStatus.COMPLETED
    assert json.dumps(provider.asked).count(CANARY) >= 2  # it was there to be found
    assert_found_nowhere(caplog, capfd)


def test_a_prompt_leaves_no_trace_of_a_job_that_fails(
    monkeypatch: pytest.MonkeyPatch,
    provider: Provider,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    prepare(monkeypatch, provider, settings)
    provider.fail(500)
    provider.reply(f"I refuse, because you said {CANARY}")
    for _ in range(ENOUGH):
        provider.reply({"hook": CANARY})
    job = uuid4()

    run_job(monkeypatch, job, BRIEF)

    snapshot = orchestrator.snapshot(job)
    assert snapshot.status is JobStatus.FAILED
    assert snapshot.failure.stage == "write"
    assert_found_nowhere(caplog, capfd)
