"""Which voice speaks for a job: one, however many scenes are narrated at once. Speaks nothing itself."""

from uuid import UUID

from apps.audio.models import JobVoice
from apps.contracts.identity import row_id
from apps.foundation.transactions import in_transaction

ALIAS = "audio"


def decided(job_id: UUID) -> str | None:
    """The provider that speaks for this job, if its first line is done."""
    return JobVoice.objects.using(ALIAS).filter(id=_id(job_id)).values_list("provider", flat=True).first()


def decide(job_id: UUID, provider: str) -> str:
    """Let `provider` speak for the job, unless another one already does; returns the one that does."""
    with in_transaction(ALIAS):
        row, _ = JobVoice.objects.using(ALIAS).get_or_create(
            id=_id(job_id), defaults={"job_id": job_id, "provider": provider}
        )
    return row.provider


def _id(job_id: UUID) -> UUID:
    """The same for every attempt: a second attempt keeps the voice of the first."""
    return row_id(job_id, 0, "voice")
