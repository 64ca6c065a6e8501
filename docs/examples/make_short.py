"""From a brief to a video with nothing but Python's standard library.

KEY=hl_... python make_short.py short.mp4
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from typing import Any
from uuid import uuid4

BASE = os.environ.get("BASE", "http://127.0.0.1:8000")
KEY = os.environ["KEY"]
BRIEF = {
    "topic": "Why an octopus has three hearts",
    "facts": [
        "An octopus has three hearts.",
        "Two of them serve the gills.",
        "The third rests while it swims.",
    ],
    "platform": "tiktok",
    "audience": "genz_us",
}


def call(method: str, path: str, body: object = None, **headers: str) -> Any:
    """One request. What cannot be used comes back as a problem document that says what to do."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", **headers}
    request = urllib.request.Request(BASE + path, data=data, headers=headers, method=method)
    try:
        return urllib.request.urlopen(request, timeout=120)
    except urllib.error.HTTPError as refused:
        problem = json.load(refused)
        lines = [f"{e['field']}: {e['reason']} {e['remedy']}" for e in problem.get("errors", [])]
        sys.exit("\n".join([problem["detail"], *lines]))


def follow(job_id: str) -> str:
    """Print what happens to a job until it ends; returns its status."""
    last, name = "0", ""
    while True:
        with call("GET", f"/api/v1/jobs/{job_id}/stream", **{"Last-Event-ID": last}) as stream:
            for line in stream:
                kind, _, value = line.decode().strip().partition(": ")
                if kind == "id":
                    last = value
                elif kind == "event":
                    name = value
                elif kind == "data":
                    told = json.loads(value)
                    if name == "end":
                        return told["status"]
                    print(" ", told.get("event_type") or f"{told['progress']:.0%} {told['stage']}")
                elif not kind:
                    name = ""
        time.sleep(1)  # a stream lasts a minute; the next one goes on after `last`


def main() -> None:
    out = sys.argv[1] if len(sys.argv) > 1 else "short.mp4"
    with call("POST", "/api/v1/jobs", BRIEF, **{"Idempotency-Key": str(uuid4())}) as answer:
        job_id = json.load(answer)["id"]
    print("job", job_id)
    if (status := follow(job_id)) != "completed":
        sys.exit(f"The job was {status}: see {BASE}/jobs/{job_id}")
    with call("GET", f"/api/v1/jobs/{job_id}/video") as video, open(out, "wb") as file:
        while piece := video.read(1 << 20):
            file.write(piece)
    print("VIDEO", out)


if __name__ == "__main__":
    main()
