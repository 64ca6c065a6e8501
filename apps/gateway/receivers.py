"""What the orchestrator announces, taken over into the job record. Nothing else."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from apps.contracts.progress import JobStatus
from apps.gateway import batches, deliveries, jobs, library
from apps.orchestrator.signals import job_progressed, sweeping


@receiver(job_progressed, dispatch_uid="gateway.job_progressed")
def take_over(
    sender: object,
    *,
    job_id: UUID,
    status: JobStatus,
    progress: float,
    stage: str,
    persona: str = "",
    **ignored: Any,
) -> None:
    """A job has moved."""
    jobs.progressed(job_id=job_id, status=status, progress=progress, stage=stage, persona=persona)


@receiver(sweeping, dispatch_uid="gateway.sweeping")
def mend(sender: object, **ignored: Any) -> None:
    """A worker sweeps."""
    jobs.sweep()
    deliveries.sweep()
    batches.sweep()
    library.backfill()
