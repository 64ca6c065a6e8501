"""What an experiment shows, arranged for the eye: shorts side by side, intervals as drawings. No I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.contracts.decision import Persona
from apps.contracts.experiment import Comparison, Findings
from apps.contracts.performance import Performance
from apps.gateway.interface import Experiment, JobSummary, Variant
from apps.studio import names

#: Width of an interval's drawing in SVG units, zero in its middle; points that its scale is rounded to.
SPAN, STEP = 240, 5
#: What each measure counts, in words.
MEASURES = {
    "total": "overall success",
    "hook": "how many stayed past the first seconds",
    "pacing": "how long people watched",
    "loop": "how often it was watched again",
}


@dataclass(frozen=True)
class Short:
    """One of the shorts: its level in words, the job as a list shows it, and its newest real numbers."""

    level: str
    variant: Variant
    job: JobSummary
    numbers: Performance | None
    reward: float | None
    wins: bool


@dataclass(frozen=True)
class Versus:
    """Two levels beside each other, the one that now looks better first, and their interval as a drawing."""

    better: str
    worse: str
    by: float
    low: float
    high: float
    n: int
    apart: bool
    more: int
    start: float
    wide: float
    dot: float


@dataclass(frozen=True)
class Verdict:
    """What can be said: `tone` is good (a winner), info (numbers, but too few) or "" (none yet)."""

    tone: str
    title: str
    words: str


def shorts(
    experiment: Experiment,
    jobs: Mapping[UUID, JobSummary],
    numbers: Mapping[UUID, Performance],
    personas: Sequence[Persona],
) -> list[Short]:
    """The shorts of an experiment, in the order of its levels."""
    return [
        Short(
            level=names.level(experiment.factor, one.level, personas),
            variant=one,
            job=jobs[one.job_id],
            numbers=numbers.get(one.job_id),
            reward=getattr(one.rewards, experiment.findings.measure) if one.rewards else None,
            wins=one.level == experiment.findings.winner,
        )
        for one in experiment.variants
    ]


def versus(findings: Findings, factor: str, personas: Sequence[Persona]) -> tuple[list[Versus], int]:
    """Every pair of levels, those told apart first, on one scale; and the points at the scale's end."""
    reach = max((abs(end) for one in findings.comparisons for end in (one.low, one.high)), default=STEP)
    scale = -int(-reach // STEP) * STEP or STEP
    drawn = [_versus(one, factor, personas, scale) for one in findings.comparisons]
    return sorted(drawn, key=lambda one: (not one.apart, -one.by)), scale


def _versus(one: Comparison, factor: str, personas: Sequence[Persona], scale: int) -> Versus:
    flip = one.difference < 0
    first, second = (one.second, one.first) if flip else (one.first, one.second)
    low, high = (-one.high, -one.low) if flip else (one.low, one.high)
    start, end = _at(low, scale), _at(high, scale)
    return Versus(
        better=names.level(factor, first, personas),
        worse=names.level(factor, second, personas),
        by=abs(one.difference),
        low=low,
        high=high,
        n=one.n,
        apart=one.apart,
        more=one.more,
        start=start,
        wide=round(max(end - start, 1), 1),
        dot=_at(abs(one.difference), scale),
    )


def _at(value: float, scale: int) -> float:
    return round((min(max(value / scale, -1), 1) + 1) / 2 * SPAN, 1)


def verdict(experiment: Experiment, pairs: Sequence[Versus], personas: Sequence[Persona]) -> Verdict:
    """The verdict in a sentence or two: a winner only where every interval excludes 0."""
    found = experiment.findings
    if found.winner:
        rest = "the other" if len(found.levels) == 2 else f"each of the other {len(found.levels) - 1}"
        title = f"{names.level(experiment.factor, found.winner, personas)} wins"
        return Verdict("good", title, f"It does better than {rest}: every interval below excludes 0.")
    more = min((pair.more for pair in pairs if not pair.apart), default=0)
    if not found.shorts:
        words = f"Publish the shorts, then enter how they did. It usually takes about {more:,} shorts of each"
        return Verdict("", "No real numbers yet", f"{words}, over several experiments, to tell two apart.")
    told = "".join(f"{pair.better} does better than {pair.worse}. " for pair in pairs if pair.apart)
    title = "No winner yet" if told else "Too close to call"
    missing = sum(one.rewards is None for one in experiment.variants)
    has = "has" if missing == 1 else "have"
    still = f" {missing} of these {len(experiment.variants)} shorts {has} no numbers yet." if missing else ""
    return Verdict("info", title, told + _needed(more) + still)


def _needed(more: int) -> str:
    return (
        f"About {more:,} more short{'s' if more != 1 else ''} of each are needed to tell the next two apart, "
        "if they differ as much as now seems likely."
    )
