"""The MCP server: the tools over stdio, or over streamable HTTP behind API keys."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import ToolAnnotations

from apps.mcp.access import KeyGuard, take_turn
from apps.mcp.tools import Tools

INSTRUCTIONS = """Hookloop makes finished vertical short videos from a topic and facts.
Call make_short with a topic and three to eight true facts (it invents none), then follow_job until the job
has ended (half a minute to several minutes), then get_result for the video's link, its scores and the reasons
for every choice. list_personas, list_platforms, list_audiences and list_curves tell what a brief may name;
what you leave out is chosen from what won before. Once a short is out, report_performance teaches it."""
PATH = "/mcp"
Tool = Callable[..., Awaitable[Any]]
#: Tool by whether it changes nothing; in the order in which a client shows them.
TOOLS = {
    "make_short": False,
    "follow_job": True,
    "get_result": True,
    "job_status": True,
    "list_jobs": True,
    "list_personas": True,
    "list_platforms": True,
    "list_audiences": True,
    "list_curves": True,
    "report_performance": False,
    "retry_job": False,
    "cancel_job": False,
}
#: Those that end something which was under way.
STOPS = frozenset({"cancel_job"})


def build(site: str) -> "MCPServer[Any]":
    """A server with every tool; `site` leads its links, as http://127.0.0.1:8000."""
    server: MCPServer[Any] = MCPServer(
        "hookloop", title="Hookloop", instructions=INSTRUCTIONS, website_url=site, log_level="WARNING"
    )
    tools = Tools(site)
    for name, reads in TOOLS.items():
        hints = ToolAnnotations(read_only_hint=reads, destructive_hint=name in STOPS, open_world_hint=False)
        server.add_tool(_paced(getattr(tools, name), reads), annotations=hints)
    return server


def _paced(tool: Tool, reads: bool) -> Tool:
    """The tool, called no more often than its key may; waiting for a job is one call, however long."""

    @wraps(tool)
    async def paced(ctx: Context, **given: Any) -> Any:
        await take_turn(ctx, reads=reads)
        return await tool(ctx, **given)

    return paced


def serve_http(server: "MCPServer[Any]", *, host: str, port: int, names: tuple[str, ...] = ()) -> None:
    """Serve over streamable HTTP until told to stop. Nothing is kept between requests.

    Requests whose Host or Origin is neither the address itself nor one of `names` (hosts, or origins with
    their scheme) are refused: a page on the web may not reach a server on this machine through its browser.
    """
    app = KeyGuard(http_app(server, host=host, port=port, names=names))
    uvicorn.Server(
        uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False, lifespan="on")
    ).run()


def http_app(server: "MCPServer[Any]", *, host: str, port: int, names: tuple[str, ...] = ()) -> Any:
    """The ASGI application without its guard."""
    origins = [name for name in names if "://" in name]
    given = [urlsplit(name).netloc if "://" in name else name for name in names if name != "*"]
    hosts = [
        f"{host}:{port}",
        f"127.0.0.1:{port}",
        f"localhost:{port}",
        *given,
        *(f"{h}:{port}" for h in given),
    ]
    return server.streamable_http_app(
        streamable_http_path=PATH,
        stateless_http=True,
        host=host,
        transport_security=TransportSecuritySettings(
            allowed_hosts=hosts, allowed_origins=[*(f"http://{h}" for h in hosts), *origins]
        ),
    )
