"""What the tools answer: typed structures whose schema a client sees, with words for people and models."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field


class Trouble(BaseModel):
    """Why a job failed, and what to do."""

    code: str
    reason: str
    remedy: str


class JobState(BaseModel):
    """How a job stands."""

    job_id: UUID
    topic: str
    status: str = Field(description="queued, running, completed, failed or cancelled")
    ended: bool = Field(description="nothing more happens by itself")
    progress: float = Field(ge=0, le=1)
    stage: str = Field(description="what runs now; empty between stages and after the end")
    platform: str
    channel: str
    created_at: datetime
    failure: Trouble | None = None
    page: str = Field(description="the job's page in Studio")


class JobList(BaseModel):
    """Jobs, newest first."""

    jobs: list[JobState]


class Verdict(BaseModel):
    """How the critic judged one attempt, 0-100 each; `weak` names what lies outside its interval."""

    attempt: int
    verdict: str = Field(description="accept or retry")
    total: float
    hook: float
    pacing: float
    loop: float
    threshold: float
    gates_failed: list[str]
    weak: list[str]


class Reason(BaseModel):
    """One decision of the plan."""

    decision: str
    value: str
    why: str


class Result(BaseModel):
    """A finished short: links that work for an hour, how it was judged, and why it is as it is."""

    job: JobState
    video: str
    poster: str
    subtitles: str
    contact_sheet: str
    seconds: float
    verdicts: list[Verdict]
    reasons: list[Reason]
    script: list[str] = Field(description="what is said, scene by scene")
    credits: list[str] = Field(description="lines to put into the description")
    cost_usd: float


class Choice(BaseModel):
    """One thing that a brief may name."""

    key: str = Field(description="what the brief's field takes")
    name: str
    about: str


class Choices(BaseModel):
    """What a field of the brief may hold."""

    choices: list[Choice]


class Learned(BaseModel):
    """What memory made of reported numbers."""

    job_id: UUID
    said: str
    rewards: dict[str, float | None] = Field(
        description="of 100, beside shorts of its platform and length; 50: the middle; empty: none to compare"
    )
