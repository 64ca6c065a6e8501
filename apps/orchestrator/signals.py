"""What the orchestrator tells whoever is above it. Sent after commit; may repeat; may come late."""

from django.dispatch import Signal

#: job_id: UUID, status: JobStatus, progress: float, stage: str, persona: str
job_progressed = Signal()
#: Sent in a worker at every sweep, so that a higher room can mend what only it can see.
sweeping = Signal()
