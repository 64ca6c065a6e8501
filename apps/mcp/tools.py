"""The tools: each parses, asks the gateway's door, and answers. A refusal is words that say what to do."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, TypeVar
from uuid import UUID

import anyio
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from apps.contracts.brief import UnableToUseBrief
from apps.contracts.progress import JobStatus
from apps.gateway import interface as gateway
from apps.mcp import present
from apps.mcp.access import check_job, holder_of, require
from apps.mcp.shapes import Choices, JobList, JobState, Learned, Result
from apps.mcp.threads import in_thread

T = TypeVar("T")
READ, WRITE, REPORT = "jobs:read", "jobs:write", "performance:write"
#: Seconds between two looks at a job that is followed.
LOOK_EVERY = 1.0
#: Seconds that one call may follow a job: clients give up on calls that last longer.
FOLLOW_MOST = 300.0
#: Characters of an idempotency key, and of a channel's name.
KEY_LIMIT, NAME_LIMIT = 200, 50
#: ASCII that can be seen, and text without control characters: what is neither cannot be looked for.
PLAIN, PRINTABLE = r"^[ -~]*$", r"^[^\x00-\x1f\x7f]*$"
#: What the door says no with; its message is for people.
NO = (
    gateway.UnableToFindJob,
    gateway.UnableToCancel,
    gateway.UnableToRetry,
    gateway.UnableToRepeatRequest,
    gateway.UnableToReport,
    gateway.UnableToUseChannel,
)

JobId = Annotated[UUID, Field(description="the job_id that make_short answered")]


class Tools:
    """Every tool, for an installation whose Studio is reached at `site`."""

    def __init__(self, site: str) -> None:
        self.site = site.rstrip("/")

    async def make_short(
        self,
        ctx: Context,
        topic: Annotated[str, Field(description="what the short is about, in a few words")],
        facts: Annotated[
            list[str] | None, Field(description="true statements to tell, one each; the writer invents none")
        ] = None,
        source_text: Annotated[str, Field(description="text to draw the facts from instead")] = "",
        platform: Annotated[str, Field(description="a key of list_platforms")] = "youtube_shorts",
        audience: Annotated[str, Field(description="a key of list_audiences")] = "genz_us",
        persona: Annotated[str, Field(description="a key of list_personas; empty: chosen")] = "",
        curve: Annotated[str, Field(description="a key of list_curves; empty: chosen")] = "",
        language: Annotated[str, Field(description="language tag such as en or hi")] = "en",
        duration: Annotated[int | None, Field(description="whole seconds; empty: chosen")] = None,
        channel: Annotated[str, Field(description="whose video it is")] = "default",
        seed: Annotated[int, Field(description="the same seed makes the same choices")] = 0,
        idempotency_key: Annotated[
            str,
            Field(
                max_length=KEY_LIMIT,
                pattern=PLAIN,
                description="the same key with the same brief is the same job, made once",
            ),
        ] = "",
    ) -> JobState:
        """Start making a vertical short video from a topic and facts. Answers at once: follow the job."""
        given = {
            "topic": topic,
            "facts": facts or [],
            "source_text": source_text,
            "platform": platform,
            "audience": audience,
            "persona": persona,
            "curve": curve,
            "language": language,
            "duration": duration,
            "channel": channel,
            "seed": seed,
        }
        brief = {name: value for name, value in given.items() if value not in (None, "", [])}
        holder = holder_of(ctx)
        key = f"mcp:{idempotency_key}" if idempotency_key else ""
        job = await _ask(
            ctx,
            WRITE,
            lambda: gateway.submit_brief(
                brief,
                idempotency_key=key,
                key_id=holder.id if holder else None,
                channels=holder.channels if holder else (),
            ),
        )
        return present.job_state(job, self.site)

    async def job_status(self, ctx: Context, job_id: JobId) -> JobState:
        """How a job stands now."""
        detail = await _ask(ctx, READ, lambda: gateway.job(job_id), job_id)
        return present.job_state(detail.summary, self.site)

    async def follow_job(
        self,
        ctx: Context,
        job_id: JobId,
        seconds: Annotated[float, Field(gt=0, le=FOLLOW_MOST, description="how long to wait")] = 60.0,
    ) -> JobState:
        """Wait until a job ends, or so many seconds, with progress on the way. Call again if it goes on."""
        told = -1.0
        with anyio.move_on_after(seconds):
            while True:
                job = await _ask(ctx, READ, lambda: _summary(job_id), job_id)
                if job.progress > told:
                    told = job.progress
                    await ctx.report_progress(told, 1.0, job.stage or job.status.value)
                if job.ended:
                    break
                await anyio.sleep(LOOK_EVERY)
        return await self.job_status(ctx, job_id)

    async def get_result(self, ctx: Context, job_id: JobId) -> Result:
        """A finished short: links to its files, how it was judged, why it is as it is, what is said in it."""
        detail = await _ask(ctx, READ, lambda: gateway.job(job_id), job_id)
        snapshot = detail.snapshot
        if snapshot is None or snapshot.take is None:
            state = detail.summary
            failure = f" {state.failure.reason} {state.failure.remedy}" if state.failure else ""
            raise ToolError(
                f"There is no video yet: the job is {state.status.value}, {state.percent} % done.{failure} "
                "Wait for it with follow_job."
            )
        return present.result(detail, snapshot, self.site)

    async def list_jobs(
        self,
        ctx: Context,
        status: Annotated[JobStatus | None, Field(description="only jobs of this status")] = None,
        channel: Annotated[
            str, Field(max_length=NAME_LIMIT, pattern=PRINTABLE, description="only jobs of this channel")
        ] = "",
        limit: Annotated[int, Field(ge=1, le=100)] = 20,
    ) -> JobList:
        """The newest jobs."""
        holder = holder_of(ctx)
        filters = {"status": status.value if status else "", "channel": channel}
        kept = {name: value for name, value in filters.items() if value}
        page = await _ask(
            ctx,
            READ,
            lambda: gateway.jobs(kept, limit=limit, channels=holder.channels if holder else ()),
        )
        return JobList(jobs=[present.job_state(job, self.site) for job in page.jobs])

    async def cancel_job(self, ctx: Context, job_id: JobId) -> JobState:
        """Stop a job that has not ended. What is finished is kept, so that it can be retried."""
        return present.job_state(await _ask(ctx, WRITE, lambda: gateway.cancel(job_id), job_id), self.site)

    async def retry_job(self, ctx: Context, job_id: JobId) -> JobState:
        """Go on with a failed or cancelled job where it stopped."""
        return present.job_state(await _ask(ctx, WRITE, lambda: gateway.retry(job_id), job_id), self.site)

    async def report_performance(
        self,
        ctx: Context,
        job_id: JobId,
        views: Annotated[int, Field(ge=0, description="all views from publication up to the day")],
        day: Annotated[date | None, Field(description="the day the numbers are of; empty: today")] = None,
        engaged_views: int | None = None,
        average_watch_seconds: float | None = None,
        completion: Annotated[
            float | None, Field(description="share of views watched to the end, 0-1")
        ] = None,
        replays: int | None = None,
        shares: int | None = None,
        reach: int | None = None,
        skip_rate: Annotated[float | None, Field(description="share that left in the first 3 s, 0-1")] = None,
    ) -> Learned:
        """Report what a platform says of a published short, so that memory learns which choices win."""
        given = {
            "views": views,
            "day": day.isoformat() if day else None,
            "engaged_views": engaged_views,
            "average_watch_seconds": average_watch_seconds,
            "completion": completion,
            "replays": replays,
            "shares": shares,
            "reach": reach,
            "skip_rate": skip_rate,
        }
        numbers = {name: value for name, value in given.items() if value is not None}
        lesson = await _ask(
            ctx, REPORT, lambda: gateway.record_performance(job_id, numbers, source="mcp"), job_id
        )
        return Learned(
            job_id=job_id, said=lesson.said, rewards=vars(lesson.rewards) if lesson.rewards else {}
        )

    async def list_personas(self, ctx: Context) -> Choices:
        """Who may speak."""
        found = await _ask(ctx, "", gateway.personas)
        return Choices(choices=[present.persona_choice(one) for one in found])

    async def list_platforms(self, ctx: Context) -> Choices:
        """The platforms a short may be made for, and what each implies."""
        found = await _ask(ctx, "", gateway.platforms)
        return Choices(choices=[present.platform_choice(one) for one in found])

    async def list_audiences(self, ctx: Context) -> Choices:
        """Whom a short may be made for."""
        found = await _ask(ctx, "", gateway.audiences)
        return Choices(choices=[present.audience_choice(one) for one in found])

    async def list_curves(self, ctx: Context) -> Choices:
        """How a short may feel from second to second."""
        found = {curve.name: curve for curve in await _ask(ctx, "", gateway.curves)}
        return Choices(choices=[present.curve_choice(one) for one in found.values()])


async def _ask(ctx: Context, scope: str, work: Callable[[], T], job_id: UUID | None = None) -> T:
    """What the door answers, for whoever may ask it; what it refuses, in its own words."""
    holder = holder_of(ctx)
    if scope:
        require(holder, scope)

    def asked() -> T:
        if job_id is not None:
            check_job(holder, job_id)
        return work()

    try:
        return await in_thread(asked)
    except (UnableToUseBrief, gateway.UnableToUseNumbers) as unusable:
        lines = [f"- {problem.field}: {problem.reason} {problem.remedy}" for problem in unusable.problems]
        raise ToolError("\n".join(["This cannot be used; nothing was written.", *lines])) from None
    except NO as refused:
        raise ToolError(str(refused)) from None


def _summary(job_id: UUID) -> Any:
    found = gateway.some_jobs((job_id,))
    if not found:
        raise gateway.UnableToFindJob(gateway.UnableToFindJob.__doc__)
    return found[0]
