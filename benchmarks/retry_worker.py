"""One process of the retry benchmark: runs its share of the briefs whole, and counts the CPU time.

Started by benchmarks.retry, which made the installation; writes one JSON line a job to standard output.
"""

import argparse
import json
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import django
import yaml

django.setup()

from django.conf import settings  # noqa: E402

from apps.contracts.brief import Brief  # noqa: E402
from apps.contracts.judgement import Judgement, Verdict  # noqa: E402
from apps.contracts.progress import JobSnapshot  # noqa: E402
from apps.critic.models import CriticScore  # noqa: E402
from apps.orchestrator import interface as orchestrator  # noqa: E402
from apps.orchestrator import runner, waking  # noqa: E402
from apps.orchestrator.graph import Stage  # noqa: E402
from apps.orchestrator.machine import Wake  # noqa: E402
from apps.orchestrator.models import StageRun  # noqa: E402

BRIEFS = Path(__file__).with_name("retry_briefs.yaml")
#: Added to a brief's seed to have everything made anew, and to warm the critic's bar with other drafts.
ANEW, WARMING = 1, 1000

Spent = dict[int, float]


def briefs() -> list[Brief]:
    """All sixty, in the order of the file dealt out so that languages and platforms alternate."""
    found = yaml.safe_load(BRIEFS.read_text(encoding="utf-8"))
    made = [Brief(**{**one, "facts": tuple(one["facts"]), "seed": n}) for n, one in enumerate(found)]
    return [made[n * 23 % len(made)] for n in range(len(made))]


def run(brief: Brief, *, rounds: int, remembered: bool) -> tuple[JobSnapshot, Spent]:
    """A job from its brief to its end, with at most `rounds` retries; and CPU seconds by attempt.

    One that is not to be `remembered` leaves the memory as it was.
    """
    settings.RETRY_LIMIT = rounds
    job, spent, waiting = uuid4(), defaultdict[int, float](float), list[Wake]()
    waking.wake = waiting.extend  # type: ignore[assignment]
    orchestrator.submit(job_id=job, brief=brief)
    while waiting:
        wake = waiting.pop(0)
        time.sleep(wake.delay)
        stage = StageRun.objects.only("stage", "attempt").get(id=wake.run_id)
        if stage.stage == Stage.REMEMBER and not remembered:
            continue
        began = _cpu()
        runner.run(wake.run_id)
        spent[stage.attempt] += _cpu() - began
    snapshot = orchestrator.snapshot(job)
    if snapshot is None or not snapshot.judgements:
        raise SystemExit(f"The job of {brief.topic!r} failed: {snapshot and snapshot.failure}")
    return snapshot, dict(spent)


def _cpu() -> float:
    """CPU seconds of this process and of the children it has waited for."""
    return sum(os.times()[:4])


def measured(brief: Brief, rounds: int) -> dict[str, Any]:
    """A brief retried by what was flagged and, where its first draft was sent back, made anew as a rival."""
    snapshot, spent = run(brief, rounds=rounds, remembered=True)
    first, delivered = snapshot.judgements[0], snapshot.judgements[snapshot.attempt]
    found = {
        "topic": brief.topic,
        "accepted": first.verdict is Verdict.ACCEPT,
        "before": _figures(first),
        "after": _figures(delivered),
        "first_cpu": spent[0],
        "retry_cpu": [cpu for attempt, cpu in sorted(spent.items()) if attempt],
        "mends": [[m.kind.value, m.signal, m.kept, m.score_after - m.score_before] for m in snapshot.mends],
    }
    if first.verdict is not Verdict.ACCEPT and rounds:
        found["anew"] = _anew(brief, first)
    return found


def _anew(brief: Brief, first: Judgement) -> dict[str, Any]:
    """What another whole draft gives: the better of the two, and its cost. It does not move the bar."""
    snapshot, spent = run(replace(brief, seed=brief.seed + ANEW), rounds=0, remembered=False)
    other = snapshot.judgements[0]
    _forget(snapshot.job_id)
    return {**_figures(max(first, other, key=_merit)), "cpu": spent[0]}


def _merit(judgement: Judgement) -> tuple[bool, int, float]:
    return (
        judgement.verdict is Verdict.ACCEPT,
        -len(judgement.gates_failed),
        judgement.scores.total,
    )


def _figures(judgement: Judgement) -> dict[str, Any]:
    return {
        "total": judgement.scores.total,
        "gates": len(judgement.gates_failed),
        "accepted": judgement.verdict is Verdict.ACCEPT,
    }


def _forget(job: UUID) -> None:
    CriticScore.objects.using("critic").filter(job_id=job).delete()


def main() -> None:
    options = argparse.ArgumentParser()
    for name in ("share", "of", "briefs", "rounds", "warm"):
        options.add_argument(f"--{name}", type=int, required=True)
    asked = options.parse_args()
    for found in _work(asked):
        print(json.dumps(found), flush=True)


def _work(asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    chosen = briefs()[: asked.briefs]
    if asked.warm:
        for brief in _warming(asked.warm)[asked.share :: asked.of]:
            run(brief, rounds=0, remembered=False)
            yield {"warmed": brief.platform}
        return
    for brief in chosen[asked.share :: asked.of]:
        yield measured(brief, asked.rounds)


def _warming(count: int) -> list[Brief]:
    """`count` briefs of each platform, with other seeds than those that are measured."""
    platforms = defaultdict[str, list[Brief]](list)
    for brief in briefs():
        platforms[brief.platform].append(replace(brief, seed=brief.seed + WARMING))
    return [brief for found in platforms.values() for brief in found[:count]]


if __name__ == "__main__":
    main()
