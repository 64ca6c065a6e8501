"""Tells the rooms above how a job stands, after the fact is committed."""

from uuid import UUID

from apps.contracts.progress import JobStatus
from apps.orchestrator.models import ExecutionPlan, PlanStatus, StageRun
from apps.orchestrator.signals import job_progressed

STATUS = {
    PlanStatus.ACTIVE: JobStatus.RUNNING,
    PlanStatus.RETRYING: JobStatus.RUNNING,
    PlanStatus.COMPLETED: JobStatus.COMPLETED,
    PlanStatus.FAILED: JobStatus.FAILED,
    PlanStatus.CANCELLED: JobStatus.CANCELLED,
}


def status_of(plan: ExecutionPlan) -> JobStatus:
    """The job's status: queued until its first stage is done."""
    if plan.status == PlanStatus.ACTIVE and plan.progress == 0:
        return JobStatus.QUEUED
    return STATUS[PlanStatus(plan.status)]


def announce(job_id: UUID) -> None:
    """Send job_progressed for a job. An ending is marked as told only once the listeners returned."""
    plan = ExecutionPlan.objects.filter(job_id=job_id).first()
    if plan is None:
        return
    job_progressed.send(
        sender=ExecutionPlan,
        job_id=job_id,
        status=status_of(plan),
        progress=plan.progress,
        stage=current_stage(plan),
    )
    if not plan.announced:
        ExecutionPlan.objects.filter(id=plan.id, ended_at=plan.ended_at).update(announced=True)


def current_stage(plan: ExecutionPlan) -> str:
    """The newest stage that is under way or waiting; empty once the job has ended."""
    open_runs = StageRun.objects.filter(plan=plan, state__in=("running", "ready"))
    return open_runs.order_by("state", "-created_at").values_list("stage", flat=True).last() or ""
