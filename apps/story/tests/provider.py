"""A chat server on loopback that plays what a test wrote down, and remembers what it was asked."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

CANARY = "zanzibar-canary-7431"
#: What an octopus story may look like; every figure in it is in briefs.OCTOPUS.
GOOD = {
    "hook": {"say": "Why would swimming stop a heart?", "show": "octopus, heart"},
    "escalate": [
        {"say": "An octopus has three hearts.", "show": "octopus, three hearts"},
        {"say": "Two pump blood to the gills.", "show": "two hearts, gills"},
    ],
    "twist": {"say": "One stops whenever it swims.", "show": "stopped heart"},
    "loop": {"say": "So ask yourself again:", "show": "octopus"},
}
USAGE = {"prompt_tokens": 1000, "completion_tokens": 200}


class Provider:
    """What the server answers, in order, and what it was asked: bodies and headers."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.released = Event()
        self.url = ""

    def reply(self, content: Any, *, finish: str = "stop", refusal: str | None = None, **more: Any) -> None:
        """A chat completion whose message is `content`; `more` are further fields of the reply."""
        text = content if isinstance(content, str | list) or content is None else json.dumps(content)
        message = {"role": "assistant", "content": text, "refusal": refusal}
        choice = {"index": 0, "finish_reason": finish, "message": message}
        self.say(200, {"object": "chat.completion", "choices": [choice], "usage": USAGE, **more})

    def fail(self, status: int, code: str = "", **headers: str) -> None:
        """An error whose body holds the canary."""
        self.say(status, {"error": {"message": f"no: {CANARY}", "code": code}}, **headers)

    def say(self, status: int, body: Any, **headers: str) -> None:
        """Whatever is to be sent; headers with _ for -."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append((status, {"Content-Type": "application/json", **named}, data))

    def formats(self) -> list[str]:
        """The response format of each question; "" where there was none."""
        return [body.get("response_format", {}).get("type", "") for body in self.asked]


@contextmanager
def serving() -> Iterator[Provider]:
    """A Provider behind a real server. With no answer left it keeps silent."""
    played = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            played.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            played.headers.append({name.lower(): value for name, value in self.headers.items()})
            if not played.answers:
                played.released.wait(5)
                return
            status, headers, data = played.answers.pop(0)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(data)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    played.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield played
    finally:
        played.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
