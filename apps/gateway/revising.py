"""A person's changes to one scene of a finished short. What they do to it is the orchestrator's business."""

from uuid import UUID

from apps.contracts.brief import UnableToUseBrief
from apps.contracts.progress import JobStatus
from apps.contracts.story import SceneEdit
from apps.gateway import jobs
from apps.gateway.shapes import JobSummary
from apps.orchestrator import interface as orchestrator


class UnableToRevise(RuntimeError):
    """Only a completed short can be revised. Wait until it is, or retry it."""


class UnableToFindScene(LookupError):
    """The short has no such scene. Its scenes are numbered from 0."""


def revise_scene(job_id: UUID, ordinal: int, *, narration: str = "", visual: str = "") -> JobSummary:
    """Let scene `ordinal` (from 0) of a finished short say or show something else; "" leaves it as it is.

    Only what that touches is made anew; what was delivered stays until the new take is there. Raises
    UnableToFindJob, UnableToFindScene, UnableToRevise, and UnableToUseBrief (what is wrong with the words).
    """
    summary = jobs.summary(job_id)
    edit = SceneEdit(ordinal=ordinal, narration=narration.strip(), visual=visual.strip())
    if problems := orchestrator.problems_with_edit(edit):
        raise UnableToUseBrief(problems)
    if summary.status is not JobStatus.COMPLETED:
        raise UnableToRevise(UnableToRevise.__doc__)
    snapshot = orchestrator.snapshot(job_id)
    if snapshot is None or snapshot.story is None or not 0 <= ordinal < len(snapshot.story.scenes):
        raise UnableToFindScene(UnableToFindScene.__doc__)
    # First, since a fast worker may have told of the new take's end before revise returns.
    jobs.reopen(job_id)
    if not orchestrator.revise(job_id=job_id, edits=(edit,)):
        jobs.follow(job_id)
        raise UnableToRevise(UnableToRevise.__doc__)
    return jobs.summary(job_id)
