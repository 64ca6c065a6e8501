"""The examples in docs/examples do what they say: a live server, real workers, stages that take no time."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from apps.foundation import blobs
from apps.gateway import interface as gateway
from apps.gateway.tests.receiver import receiver
from apps.orchestrator import interface as orchestrator
from tests.workers import ROOT, wait_for, worker

EXAMPLES = ROOT / "docs" / "examples"
VIDEO = b"not really a video"


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_every_example_makes_a_short_and_a_webhook_hears_of_each(live_server, settings, tmp_path):
    settings.WEBHOOK_ALLOW_PRIVATE = True
    orchestrator.seed()
    blobs.put_bytes("t", VIDEO)  # where instant stages say that their video is
    key = gateway.create_key("examples", scopes=["jobs:read", "jobs:write"]).key
    place = {"BASE": live_server.url, "KEY": key}
    with receiver() as there, worker(STAGES="benchmarks.instant", WEBHOOK_ALLOW_PRIVATE="1"):
        gateway.create_webhook(there.url)
        _run(["sh", str(EXAMPLES / "curl.sh")], place, tmp_path / "curl.mp4")
        _run([sys.executable, str(EXAMPLES / "make_short.py")], place, tmp_path / "python.mp4")
        _run_workflow(place)
        wait_for(lambda: len(there.got) >= 3, 30, "three messages")

    told = [json.loads(body) for _, body in there.got]
    ended = {str(job.id) for job in gateway.jobs().jobs if job.status == "completed"}
    assert {message["data"]["id"] for message in told} == ended
    assert {message["type"] for message in told} == {"job.completed"}


def _run(command: list[str], place: dict[str, str], out: Path) -> None:
    run = subprocess.run(
        [*command, str(out)], env={**os.environ, **place}, capture_output=True, text=True, timeout=90
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert "completed" in run.stdout
    assert out.read_bytes() == VIDEO


def _run_workflow(place: dict[str, str]) -> None:
    """The workflow's HTTP Request nodes, one after the other, as n8n would send them."""
    workflow = json.loads((EXAMPLES / "n8n.json").read_text())
    nodes = {node["name"]: node for node in workflow["nodes"]}
    given = {**json.loads(nodes["Brief"]["parameters"]["jsonOutput"]), "base": place["BASE"]}
    made = _send(nodes["Make the short"], given, place["KEY"]).json()
    looks: list[dict[str, Any]] = []

    def completed() -> bool:
        looks.append(_send(nodes["Look"], {"made": made}, place["KEY"]).json())
        return looks[-1]["status"] == "completed"

    wait_for(completed, 60, "the job's end")
    assert _send(nodes["Fetch the video"], looks[-1], place["KEY"]).content == VIDEO

    linked = {to["node"] for ways in workflow["connections"].values() for way in ways["main"] for to in way}
    assert linked | set(workflow["connections"]) == set(nodes)


def _send(node: dict[str, Any], item: dict[str, Any], key: str) -> httpx.Response:
    """What an HTTP Request node gets; `item` is what it is given, `made` in it what the first one got."""
    asked = node["parameters"]
    headers = {h["name"]: "an-execution" for h in asked.get("headerParameters", {}).get("parameters", [])}
    body = {"json": _value(asked["jsonBody"], item)} if asked.get("sendBody") else {}
    headers["Authorization"] = f"Bearer {key}"
    answer = httpx.request(asked["method"], _filled(asked["url"], item), headers=headers, timeout=30, **body)
    return answer.raise_for_status()


def _filled(template: str, item: dict[str, Any]) -> str:
    return re.sub(r"\{\{.*?\}\}", lambda found: str(_value(found[0], item)), template.removeprefix("="))


def _value(expression: str, item: dict[str, Any]) -> Any:
    """The value of an expression such as {{ $json.links.video }}."""
    path = expression.strip("={} ").replace("$('Make the short').item.json", "$json.made")
    for name in path.removeprefix("JSON.stringify(").rstrip(")").removeprefix("$json.").split("."):
        item = item[name]
    return item
