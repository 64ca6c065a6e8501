"""What the gateway's door returns of publications, imports and experiments. Frozen, no Django."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.contracts.experiment import Findings
from apps.contracts.performance import Performance, Rewards
from apps.contracts.progress import JobStatus


@dataclass(frozen=True, kw_only=True)
class Publication:
    """Where a short was published. `external_id` is what the platform calls it."""

    job_id: UUID
    platform: str
    external_id: str
    url: str
    published_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ImportRow:
    """One line of an export: the video it names, the job that is, and its numbers; or why it is left out.

    `matched_by` is publication, job_id or title, "" where no job was found. Without `problems` it is ready.
    """

    line: int
    video: str
    title: str
    job_id: UUID | None
    matched_by: str
    performance: Performance | None
    problems: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PerformanceImport:
    """An export read against the jobs there are. `written`: rows that were taken over, 0 for a preview.

    `jobs`: shorts that ready rows are about. `columns` maps each header used to its meaning, `ignored` names
    the others; `totals` counts rows that sum up the file. `notes` say what was assumed.
    """

    source: str
    rows: tuple[ImportRow, ...]
    columns: dict[str, str]
    ignored: tuple[str, ...]
    totals: int
    notes: tuple[str, ...]
    ready: int
    jobs: int
    written: int = 0

    @property
    def left_out(self) -> tuple[ImportRow, ...]:
        """The rows that are not taken over, each with its reasons."""
        return tuple(row for row in self.rows if row.problems)


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One short of an experiment. `factors` is what was really decided for it, empty before that."""

    ordinal: int
    level: str
    job_id: UUID
    status: JobStatus
    factors: dict[str, str]
    rewards: Rewards | None
    critic: float | None


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """Shorts that differ in one factor, and what they show. `held` maps the other factors to their choices.

    `only_factor_differs`: no variant was decided otherwise than planned; None before all were decided.
    `findings` pools every experiment of the same factor, platform and channel: `alike` of them, this one too.
    """

    id: UUID
    created_at: datetime
    platform: str
    channel: str
    topic: str
    factor: str
    levels: tuple[str, ...]
    held: dict[str, str]
    reason: str
    variants: tuple[Variant, ...]
    only_factor_differs: bool | None
    alike: int
    findings: Findings


@dataclass(frozen=True, kw_only=True)
class ExperimentSummary:
    """An experiment in a list."""

    id: UUID
    created_at: datetime
    platform: str
    channel: str
    factor: str
    levels: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ExperimentPage:
    """One page of experiments, newest first; `next_cursor` is empty on the last."""

    experiments: tuple[ExperimentSummary, ...]
    next_cursor: str = ""
