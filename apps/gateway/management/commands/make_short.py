"""manage.py make_short: a brief from the command line, a video at its end. Workers do the work."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from apps.contracts.brief import UnableToUseBrief
from apps.contracts.progress import JobStatus
from apps.gateway import interface as gateway

#: Seconds between two looks at the job.
LOOK_EVERY = 0.5
#: Seconds without any progress after which it is worth saying that no worker may be running.
PATIENCE = 20.0
#: Seconds after which the command gives up waiting; the job itself goes on.
TIMEOUT = 3600.0
#: Brief fields that are plain text options.
TEXT_FIELDS = ("platform", "audience", "persona", "curve", "language", "channel")


class Command(BaseCommand):
    """Submits through the gateway's door, follows the job, copies the video."""

    help = "Make a short from a topic and facts. Needs running workers (`make studio` starts them)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--topic", required=True, help="what the short is about")
        parser.add_argument("--facts", type=Path, help="a text file with one fact on each line")
        parser.add_argument("--source", type=Path, help="a text file to draw the facts from")
        parser.add_argument(
            "--media", type=Path, nargs="+", default=[], help="images and clips of your own to show"
        )
        parser.add_argument("--credit", default="", help="who made them and under which licence")
        for field in TEXT_FIELDS:
            parser.add_argument(f"--{field}")
        parser.add_argument("--duration", type=int, help="whole seconds")
        parser.add_argument("--seed", type=int, help="the same seed makes the same choices")
        parser.add_argument("--out", type=Path, required=True, help="where to write the MP4")
        parser.add_argument("--timeout", type=float, default=TIMEOUT, help="seconds to wait")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(stderr=True)
        job_id = self._submit(options)
        console.print(f"Job {job_id}")
        detail = self._follow(job_id, console, options["timeout"])
        if detail.summary.status is not JobStatus.COMPLETED:
            raise CommandError(_why_not(detail))
        console.print(*_tables(detail))
        for line in _credits(detail):
            console.print(line, markup=False, highlight=False)
        gateway.copy_video(job_id, options["out"])
        self.stdout.write(f"VIDEO {options['out']}")

    def _submit(self, options: dict[str, Any]) -> UUID:
        try:
            return gateway.submit_brief(_brief(options)).id
        except UnableToUseBrief as unusable:
            lines = (f"  {p.field}: {p.reason} {p.remedy}" for p in unusable.problems)
            raise CommandError("\n".join(["The brief cannot be used:", *lines])) from unusable

    def _follow(self, job_id: UUID, console: Console, timeout: float) -> gateway.JobDetail:
        began = time.monotonic()
        columns = (TextColumn("{task.description:>9}"), BarColumn(), TextColumn("{task.percentage:3.0f} %"))
        with Progress(*columns, TimeElapsedColumn(), console=console) as bar:
            task = bar.add_task("queued", total=1.0)
            while True:
                detail = gateway.job(job_id)
                _show(bar, task, detail, time.monotonic() - began)
                if detail.summary.ended:
                    return detail
                if time.monotonic() - began > timeout:
                    raise CommandError(f"Still not done after {timeout:.0f} s; job {job_id} goes on.")
                time.sleep(LOOK_EVERY)


def _show(bar: Progress, task: TaskID, detail: gateway.JobDetail, waited: float) -> None:
    summary = detail.summary
    idle = summary.status is JobStatus.QUEUED or (summary.progress == 0 and not summary.stage)
    text = "no worker?" if idle and waited > PATIENCE else summary.stage or summary.status
    bar.update(task, completed=summary.progress, description=text)


def _brief(options: dict[str, Any]) -> dict[str, Any]:
    brief: dict[str, Any] = {"topic": options["topic"]}
    names = (*TEXT_FIELDS, "duration", "seed")
    brief.update({name: options[name] for name in names if options[name] is not None})
    if options["facts"]:
        brief["facts"] = [line.strip(" \t-*•") for line in _read(options["facts"]).splitlines()]
    if options["media"]:
        brief["media"] = [_upload(path, options["credit"]) for path in options["media"]]
    if options["source"]:
        brief["source_text"] = _read(options["source"])
    return brief


def _upload(path: Path, credit: str) -> str:
    try:
        return gateway.keep_upload(path, name=path.name, credit=credit).key
    except gateway.UnableToKeepUpload as unusable:
        raise CommandError(f"Cannot use {path}: {unusable}") from unusable
    except OSError as unreadable:
        raise CommandError(f"Cannot read {path}: {unreadable.strerror}") from unreadable


def _credits(detail: gateway.JobDetail) -> list[str]:
    """Whose work is in the video, and what it cost."""
    if detail.snapshot is None or detail.snapshot.take is None:
        return []
    lines = [f"  {credit}" for credit in detail.snapshot.take.credits]
    cost = detail.snapshot.usage.cost_usd
    return [
        *(["Credits, for the description:"] if lines else []),
        *lines,
        *([f"Cost: ${cost:.4f}"] if cost else []),
    ]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as unreadable:
        raise CommandError(f"Cannot read {path}: {unreadable}") from unreadable


def _why_not(detail: gateway.JobDetail) -> str:
    failure = detail.summary.failure
    if failure is None:
        return f"The job was {detail.summary.status}."
    return f"The job failed in {failure.stage or 'an unknown stage'}: {failure.reason} {failure.remedy}"


def _tables(detail: gateway.JobDetail) -> list[Table]:
    tables = []
    snapshot = detail.snapshot
    if snapshot and snapshot.plan:
        table = Table("decision", "value", "reason", title="What was decided")
        every = (*snapshot.plan.strategy.decisions, *snapshot.plan.decisions)
        for decision in {decision.name: decision for decision in every}.values():
            table.add_row(decision.name, decision.value, decision.reason)
        tables.append(table)
    if snapshot and snapshot.judgements:
        table = Table("attempt", "total", "hook", "pacing", "loop", "verdict", title="How it was scored")
        for judged in snapshot.judgements:
            scores = judged.scores
            numbers = (f"{n:.0f}" for n in (scores.total, scores.hook, scores.pacing, scores.loop))
            table.add_row(str(judged.attempt + 1), *numbers, judged.verdict)
        tables.append(table)
    return tables
