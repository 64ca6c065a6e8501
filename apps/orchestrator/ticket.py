"""Whose work a stage does. No behaviour."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Ticket:
    """One stage run: its job, attempt, and scene (0 where the stage is not per scene)."""

    job_id: UUID
    attempt: int
    ordinal: int
