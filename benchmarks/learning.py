"""Whether the whole platform learns: 300 jobs through the real stack, watched by a simulated audience.

Run by `make bench-learning` (4 minutes). Briefs go in over the REST API, a real worker decides them with
memory's advice over real Postgres and Redis, media are instant, and each short's numbers are posted back over
the API after nine more shorts - three days at three a day. The audience's tastes are hidden and drift
(benchmarks/worlds.py); its opinion of a recipe never reaches anything but through the numbers.

Prints the share of the gain that an oracle, who knows every taste, would have had over random choice, and
what the last 100 shorts gained over the first 30, in standard deviations of success; draws
docs/gallery/learning.png. One audience is one draw: a share moves by some 15 points from seed to seed
(`--seed`). make bench-memory averages over many.
"""

import argparse
import json
import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import installation

installation.fresh(
    "learning",
    STAGES="benchmarks.learning_stages",
    INSTANT_SCENES="3",  # hook, twist, loop: fewer stage runs than six, and nothing else
    ALLOWED_HOSTS="testserver",
    THROTTLE_READ="1000000/min",
    THROTTLE_WRITE="1000000/min",
)
installation.prepare()

from django.test import Client  # noqa: E402

from apps.contracts.choosing import SENSIBLE  # noqa: E402
from apps.gateway import interface as gateway  # noqa: E402
from benchmarks.curves import Line, draw_curves  # noqa: E402
from benchmarks.worlds import DELAY, Audience  # noqa: E402
from config.management.commands import work  # noqa: E402

JOBS = 300
#: Shorts made in a day.
A_DAY = 3
PLATFORM, CHANNEL = "youtube_shorts", "benchmark"
#: Seconds that a job may take before the run is given up.
PATIENCE = 180.0
#: Seconds a worker needs to boot.
BOOT = 6.0
#: Seconds between two looks at a job.
POLL = 0.2
#: Shorts in a moving average of the plot, and the fewest at its beginning.
SMOOTHED, FEWEST = 30, 10
PLOT = installation.ROOT / "docs" / "gallery" / "learning.png"
FACTS = [
    "An octopus has three hearts and nine brains.",
    "Two of the hearts pump blood through the gills, and the third serves the rest of the body.",
    "The third heart stops beating whenever the octopus swims, which is why it prefers to crawl.",
    "Its blood is blue, because it carries oxygen with copper instead of iron.",
    "Most of its 500 million neurons sit in its arms, so an arm can taste and decide by itself.",
    "It is not true that an octopus is colour-blind to light: its very skin senses it.",
    "It can squeeze through any hole that is larger than its beak.",
]


@dataclass(frozen=True, kw_only=True)
class Made:
    """One short: what was decided, and what each choice could have been."""

    job: str
    factors: dict[str, str]
    choices: dict[str, tuple[str, ...]]
    length: float


class Stack:
    """The REST API as a client with a key sees it."""

    def __init__(self) -> None:
        key = gateway.create_key(name="bench-learning").key
        self.client = Client(headers={"Authorization": f"Bearer {key}"})

    def submit(self, n: int) -> str:
        brief = {
            "topic": f"Three hearts, part {n}",
            "facts": FACTS,
            "platform": PLATFORM,
            "channel": CHANNEL,
            "seed": n,
        }
        answer = self.client.post("/api/v1/jobs", brief, content_type="application/json")
        assert answer.status_code == 202, answer.content
        job: str = answer.json()["id"]
        return job

    def finished(self, job: str) -> Made:
        """Wait for a job, and read what was decided."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            document = self.client.get(f"/api/v1/jobs/{job}").json()
            if document["status"] == "completed":
                return _made(document)
            assert document["status"] in ("queued", "running"), document["failure"]
            time.sleep(POLL)
        raise AssertionError(f"the job did not end within {PATIENCE:.0f} s: {document['stage']}")

    def report(self, job: str, numbers: dict[str, Any]) -> dict[str, Any]:
        answer = self.client.post(
            f"/api/v1/jobs/{job}/performance",
            json.dumps(numbers, default=str),
            content_type="application/json",
        )
        assert answer.status_code == 200, answer.content
        lesson: dict[str, Any] = answer.json()
        return lesson


def _made(document: dict[str, Any]) -> Made:
    """The factors the audience reacts to, and for each the levels that were sensible for this brief."""
    plan = document["plan"]
    beliefs = {d["name"]: d["belief"] for d in plan["decisions"] if d["belief"]}
    factors = {kind: value for kind, value in plan["factors"].items() if kind in beliefs}
    return Made(
        job=document["id"],
        factors=factors,
        choices={kind: _sensible(beliefs[kind]["rivals"], own) for kind, own in factors.items()},
        length=float(plan["strategy"]["length_seconds"]),
    )


def _sensible(rivals: Sequence[dict[str, Any]], own: str) -> tuple[str, ...]:
    floor = max(rival["fit"] for rival in rivals) - SENSIBLE
    return tuple(sorted({own, *(r["reference_id"] for r in rivals if r["fit"] >= floor)}))


@dataclass(frozen=True)
class Worth:
    """One short's expected success in sd, beside a random choice and the oracle's."""

    earned: float
    random: float
    best: float


def worth(audience: Audience, made: Made, n: int) -> Worth:
    """Additive tastes alone: luck and the oddities of single recipes are left out of all three."""
    tastes = {
        kind: {level: float(audience.taste(kind, level)[n]) for level in levels}
        for kind, levels in made.choices.items()
    }
    return Worth(
        earned=sum(tastes[kind][level] for kind, level in made.factors.items()),
        random=sum(float(np.mean(list(of.values()))) for of in tastes.values()),
        best=sum(max(of.values()) for of in tastes.values()),
    )


def run(audience: Audience, jobs: int) -> list[Worth]:
    """Make `jobs` shorts, at most DELAY at once: each is begun when the one DELAY before it was reported."""
    stack, began = Stack(), datetime.now(UTC).date() - timedelta(days=jobs // A_DAY + 1)
    ids: list[str] = []
    values: list[Worth] = []

    def report_next() -> None:
        n = len(values)
        made = stack.finished(ids[n])
        values.append(worth(audience, made, n))
        _report(stack, audience, made, n, began + timedelta(days=n // A_DAY))

    for n in range(jobs):
        if n >= DELAY:
            report_next()
        ids.append(stack.submit(n))
    while len(values) < jobs:
        report_next()
    return values


def _report(stack: Stack, audience: Audience, made: Made, n: int, day: date) -> None:
    numbers = audience.performance(made.factors, n, length_seconds=made.length, day=day)
    stack.report(made.job, {k: v for k, v in asdict(numbers).items() if v is not None})


def share(values: Sequence[Worth], horizon: int) -> float:
    """Per cent of the oracle's gain over random choice in the first `horizon` shorts."""
    early = values[:horizon]
    gained = sum(v.earned - v.random for v in early)
    return 100 * gained / max(sum(v.best - v.random for v in early), 1e-9)


def smoothed(values: Sequence[float]) -> list[float]:
    """Means of the newest SMOOTHED; of the first FEWEST at the beginning, where there are no more."""
    ends = [max(n, min(FEWEST, len(values))) for n in range(1, len(values) + 1)]
    return [float(np.mean(values[max(0, end - SMOOTHED) : end])) for end in ends]


def draw(values: Sequence[Worth], path: Path) -> None:
    """The learning curve: what was earned, between random choice and the oracle."""
    lines = (
        Line("an oracle who knows every taste", smoothed([v.best for v in values]), "#8a93a3", dashed=True),
        Line("what was made", smoothed([v.earned for v in values]), "#0f8f6f"),
        Line("random choice", smoothed([v.random for v in values]), "#c0563b", dashed=True),
    )
    draw_curves(
        lines,
        path,
        title=f"{len(values)} shorts through the whole stack, watched by a simulated audience",
        across="shorts made (numbers come back three days later)",
        upward=f"expected success, standard deviations (mean of {SMOOTHED})",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7, help="of the audience")
    parser.add_argument("--jobs", type=int, default=JOBS)
    parser.add_argument("--plot", type=Path, default=PLOT)
    options = parser.parse_args()
    child = work.worker(["quick", "heavy"], processes=1, threads=4)
    workers = subprocess.Popen(
        child.command,
        cwd=installation.ROOT,
        env={**os.environ, **child.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        time.sleep(BOOT)
        began = time.monotonic()
        values = run(Audience(seed=options.seed, horizon=options.jobs), options.jobs)
        seconds = time.monotonic() - began
    finally:
        workers.terminate()
        workers.wait()
    draw(values, options.plot)
    gains = [v.earned - v.random for v in values]
    installation.bench(
        **{f"stack_share_{n}": share(values, n) for n in (30, 100, 300) if n <= len(values)},
        stack_gain_last_100_over_first_30=float(np.mean(gains[-100:]) - np.mean(gains[:30])),
        stack_seconds=seconds,
    )


if __name__ == "__main__":
    main()
