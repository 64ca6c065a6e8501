"""Tells the rooms above how a job stands, after the fact is committed."""

from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

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
    plan = with_current_stage().using("orchestrator").filter(job_id=job_id).first()
    if plan is None:
        return
    job_progressed.send(
        sender=ExecutionPlan,
        job_id=job_id,
        status=status_of(plan),
        progress=plan.progress,
        stage=plan.current_stage or "",
        persona=plan.persona_id,
    )
    if not plan.announced:
        ExecutionPlan.objects.filter(id=plan.id, ended_at=plan.ended_at).update(announced=True)


def with_current_stage() -> "QuerySet[Any]":
    """Plans with `current_stage`: what is under way, else what waits; null once the job has ended."""
    open_runs = StageRun.objects.filter(plan=OuterRef("pk"), state__in=("running", "ready"))
    newest = open_runs.order_by("-state", "-created_at").values("stage")[:1]  # running before ready
    return ExecutionPlan.objects.annotate(current_stage=Subquery(newest))
