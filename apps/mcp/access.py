"""Who may call the tools: over HTTP an API key, held to its scopes and channels; over stdio none is asked."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from uuid import UUID

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from starlette.datastructures import Headers
from starlette.responses import JSONResponse

from apps.gateway import interface as gateway
from apps.mcp.threads import in_thread

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Any, Any], Awaitable[None]]

#: Where a request's scope keeps whose key it came with.
HOLDER = "hookloop.holder"
REFUSED = (
    "Send an API key as 'Authorization: Bearer hl_...'. "
    "Make one in Studio, or with `manage.py create_key NAME`."
)


class KeyGuard:
    """ASGI: lets a request through to `app` only with a key that works."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            holder = await in_thread(lambda: _holder(Headers(scope=scope)))
            if holder is None:
                refusal = JSONResponse(
                    {"error": REFUSED}, 401, headers={"WWW-Authenticate": 'Bearer realm="hookloop"'}
                )
                await refusal(scope, receive, send)
                return
            scope[HOLDER] = holder
        await self.app(scope, receive, send)


def _holder(headers: Headers) -> gateway.KeyHolder | None:
    scheme, _, key = headers.get("authorization", "").partition(" ")
    return gateway.verify_key(key.strip()) if scheme.lower() == "bearer" else None


def holder_of(ctx: Context) -> gateway.KeyHolder | None:
    """Whose key the call came with; None over stdio, where there is none and everything is allowed."""
    request = ctx.request_context.request
    return request.scope[HOLDER] if request is not None else None


async def take_turn(ctx: Context, *, reads: bool) -> None:
    """Count the call. Raises ToolError, which says how long to wait, where the key calls too often."""
    holder = holder_of(ctx)
    if holder is None:
        return
    seconds = await in_thread(lambda: gateway.count_call(holder, reads=reads))
    if seconds:
        what = "that only read" if reads else "that change something"
        raise ToolError(
            f"Too many calls {what} were made with this API key. "
            f"Nothing was done; wait {seconds} seconds, then call again."
        )


def require(holder: gateway.KeyHolder | None, scope: str) -> None:
    """Raises ToolError, which names the scope, where the key lacks it."""
    if holder is not None and scope not in holder.scopes:
        raise ToolError(
            f"This API key lacks the scope {scope}. Use a key that has it, or make one in Studio."
        )


def check_job(holder: gateway.KeyHolder | None, job_id: UUID) -> None:
    """A job of a channel that the key is not held to does not exist for it. Raises UnableToFindJob."""
    if holder is not None and holder.channels and gateway.channel_of(job_id) not in holder.channels:
        raise gateway.UnableToFindJob(gateway.UnableToFindJob.__doc__)
