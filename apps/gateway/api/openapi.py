"""What the schema says of every operation alike: its scope, its examples, and 304 where nothing changed."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from drf_spectacular.openapi import AutoSchema

from apps.gateway.scopes import wanted_scope

#: By operation: `request`, and `response` (of success), as they really were.
EXAMPLES = Path(__file__).with_name("examples.json")
PROBLEM_TYPE = "application/problem+json"
_TYPE = "urn:hookloop:problem:"
#: By status: type, title and detail of a typical problem.
PROBLEMS: dict[str, tuple[str, str, str]] = {
    "400": ("bad-parameters", "Unusable parameters", "Some parameters cannot be used."),
    "401": ("not-authenticated", "Unauthorized", "Authentication credentials were not provided."),
    "403": ("scope-missing", "Forbidden", "This API key lacks the scope jobs:write."),
    "404": ("not-found", "Not Found", "There is no job with this id. List the jobs to see which there are."),
    "409": ("not-retryable", "Nothing to retry", "Only a failed or cancelled job can be retried."),
    "413": ("body-too-large", "Content Too Large", "The request body is too large. Shorten source_text."),
    "415": (
        "unsupported-media-type",
        "Unsupported Media Type",
        'Unsupported media type "text/plain" in request.',
    ),
    "422": ("bad-brief", "Unusable brief", "One thing in the brief cannot be used; nothing was written."),
    "429": ("throttled", "Too Many Requests", "Request was throttled. Expected available in 12 seconds."),
    "503": (
        "too-many-streams",
        "Too many streams",
        "As many streams are open as this server takes. Ask for the job every second or two instead.",
    ),
}
#: The same where an operation's own problem is another: by operation and status.
OWN_PROBLEMS: dict[tuple[str, str], tuple[str, str, str]] = {
    ("cancel_job", "409"): (
        "already-ended",
        "Nothing to cancel",
        "The job has already ended, so there is nothing to cancel.",
    ),
    ("revise_scene", "409"): (
        "not-completed",
        "Nothing to revise",
        "Only a completed short can be revised. Wait until it is, or retry it.",
    ),
    ("report_performance", "409"): (
        "not-finished",
        "No finished short",
        "The job has no finished short yet.",
    ),
    ("publish_job", "409"): ("already-published", "Another job's video", "This video is another job's."),
    ("submit_batch", "409"): (
        "nothing-to-submit",
        "Nothing to submit",
        "None of this batch's rows can be made. Put them right in the file and send it again.",
    ),
    ("pause_provider", "409"): ("already-paused", "Nothing to pause", "pexels is paused already."),
    ("resume_provider", "409"): ("not-paused", "Nothing to resume", "The provider is not paused."),
    ("read_persona_sample", "503"): (
        "no-voice",
        "No voice",
        "No voice can say it now: espeak: paused by an operator.",
    ),
}
_FIELD = {
    "field": "duration",
    "code": "out_of_range",
    "reason": "This must lie between 1 and 3600.",
    "remedy": "Choose a whole number from 1 to 3600.",
}
_IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "schema": {"type": "string"},
    "description": "The ETag of what you have: 304 where it is still the same.",
}
_ETAG = {"ETag": {"schema": {"type": "string"}, "description": "Changes when the answer does."}}


class CompleteSchema(AutoSchema):
    """drf-spectacular's, with what it cannot know."""

    def get_description(self) -> str:
        """What an operation says of itself; a view's docstring is for whoever reads the code."""
        own: str = super().get_description() or ""
        return "" if own == (self.view.__doc__ or "").strip() else own

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """The operation, complete."""
        operation = super().get_operation(*args, **kwargs)
        if operation:
            _add_scope(operation, wanted_scope(self.view, self.method))
            _add_conditions(operation, self.method)
            _add_examples(operation)
            _add_problems(operation)
        return operation


@cache
def examples() -> dict[str, dict[str, Any]]:
    """Request and response by operation."""
    found: dict[str, dict[str, Any]] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return found


def _add_scope(operation: dict[str, Any], scope: str) -> None:
    needs = f"Needs the scope `{scope}`." if scope else "Any key will do."
    operation["description"] = f"{operation.get('description', '')} {needs}".strip()


def _add_conditions(operation: dict[str, Any], method: str) -> None:
    answer = operation["responses"].get("200", {})
    if method == "GET" and "application/json" in answer.get("content", {}):
        operation.setdefault("parameters", []).append(_IF_NONE_MATCH)
        operation["responses"]["304"] = {"description": "Unchanged since the given ETag.", "headers": _ETAG}
        answer["headers"] = {**answer.get("headers", {}), **_ETAG}


def _add_examples(operation: dict[str, Any]) -> None:
    known = examples().get(operation["operationId"], {})
    for code, answer in operation["responses"].items():
        content = answer.get("content", {}).get("application/json")
        if code.startswith("2") and content is not None and "response" in known and "examples" not in content:
            content["example"] = known["response"]
    body = operation.get("requestBody", {}).get("content", {})
    if "request" in known and "examples" not in body.get("application/json", {"examples": ()}):
        body["application/json"]["example"] = known["request"]


def _add_problems(operation: dict[str, Any]) -> None:
    for code, answer in operation["responses"].items():
        content = answer.get("content", {}).get(PROBLEM_TYPE)
        if content is not None and code in PROBLEMS:
            name, title, detail = OWN_PROBLEMS.get((operation["operationId"], code), PROBLEMS[code])
            errors = [_FIELD] if code in ("400", "422") else []
            content["example"] = {
                "type": _TYPE + name,
                "title": title,
                "status": int(code),
                "detail": detail,
                "instance": "/api/v1/jobs",
                **({"errors": errors} if errors else {}),
            }
