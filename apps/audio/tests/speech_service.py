"""A small speech service on loopback that says what a test tells it to, and remembers what it was asked."""

import io
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import soundfile


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`cut`: bytes that are announced and never sent. `delay` in seconds, before the answer."""

    status: int = 200
    kind: str = "audio/wav"
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0
    delay: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Asked:
    path: str
    headers: dict[str, str]
    body: dict


class Service:
    """Gives the answers in turn, the last one for ever."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[Asked] = []
        self.url = ""
        self._lock = threading.Lock()

    def next(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def serving(*answers: Answer, kind: type[Service] = Service) -> Iterator[Service]:
    """The service, running while the block does."""
    service = kind(*answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            body = json.loads(self.rfile.read(length) or b"{}")
            headers = {k.lower(): v for k, v in self.headers.items()}
            answer = service.next(Asked(path=self.path, headers=headers, body=body))
            time.sleep(answer.delay)
            self.send_response(answer.status)
            self.send_header("content-type", answer.kind)
            self.send_header("content-length", str(len(answer.body) + answer.cut))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *about: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()


def syllables_of_sound(count: int, *, rate: int = 24_000, seconds: float = 0.2) -> np.ndarray:
    """A buzz that swells and falls once for each syllable, after a tenth of a second of silence."""
    time_axis = np.arange(int(count * seconds * rate)) / rate
    swell = np.sin(np.pi * time_axis / seconds) ** 2
    buzz = np.sign(np.sin(2 * np.pi * 140 * time_axis)) * 0.3 * swell
    return np.concatenate([np.zeros(rate // 10), buzz]).astype(np.float32)


def as_file(samples: np.ndarray, *, rate: int = 24_000, kind: str = "WAV") -> bytes:
    """The samples as a file of that format."""
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=kind)
    return file.getvalue()
