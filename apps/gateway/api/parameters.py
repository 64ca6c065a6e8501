"""Query parameters, headers and form fields, checked before they reach the door. Every wrong one is named."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from rest_framework.request import Request

from apps.contracts.brief import BriefProblem
from apps.contracts.progress import JobStatus
from apps.gateway.briefs import NAME_LIMIT, PLATFORM_LIMIT, UNKNOWN_LIMIT, shown_name, storable
from apps.gateway.csv_columns import SOURCES
from apps.gateway.filters import SEARCH_LIMIT
from apps.gateway.insights import CURVE_LIMIT, KINDS
from apps.gateway.jobs import IDEMPOTENCY_KEY_LIMIT, PAGE_LIMIT
from apps.gateway.models import DeliveryStatus
from apps.gateway.problems import UnableToReadParameters
from apps.gateway.receiving import ReceivedFile

#: The largest event number there can be: the column is a bigint.
SEQ_LIMIT = 2**63 - 1
#: Events in one answer at most.
EVENTS_LIMIT = 500
#: Items on a page of jobs unless asked otherwise.
PAGE_DEFAULT = 25

#: Characters of an upload's credit line.
CREDIT_LIMIT = 200
#: The form of an upload.
UPLOAD_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "file": {
            "type": "string",
            "format": "binary",
            "description": "JPEG, PNG, WebP, MP4, MOV or WebM. Words in its name say which scene it is for.",
        },
        "credit": {
            "type": "string",
            "maxLength": CREDIT_LIMIT,
            "description": "Who made it and under which licence, in one line; shown with the job's credits.",
        },
    },
    "required": ["file"],
    "additionalProperties": False,
}


class _Unusable(ValueError):
    """Why, and what to do about it."""

    def __init__(self, reason: str, remedy: str) -> None:
        self.reason, self.remedy = reason, remedy
        super().__init__(reason)


Check = Callable[[str], Any]


def _status(value: str) -> str:
    if value not in set(JobStatus):
        raise _Unusable("There is no such status.", f"Use one of: {', '.join(JobStatus)}.")
    return value


def _one_of(values: tuple[str, ...]) -> Check:
    def check(value: str) -> str:
        if value not in values:
            raise _Unusable("There is no such choice.", f"Use one of: {', '.join(values)}.")
        return value

    return check


def _uuid(value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        raise _Unusable("This is not an id.", "Use an id as the API gave it out.") from None


def _name(limit: int) -> Check:
    def check(value: str) -> str:
        if not value or len(value) > limit or not storable(value):
            raise _Unusable(
                "This is empty, too long or not printable.", f"Use 1 to {limit} printable characters."
            )
        return value

    return check


def _number(low: int, high: int) -> Check:
    def check(value: str) -> int:
        if not (value.isascii() and value.isdigit() and len(value) < 20 and low <= int(value) <= high):
            raise _Unusable(
                f"This is not a whole number from {low} to {high}.", "Write it in digits, or leave it out."
            )
        return int(value)

    return check


JOB_FILTERS: dict[str, Check] = {
    "status": _status,
    "platform": _name(PLATFORM_LIMIT),
    "channel": _name(NAME_LIMIT),
    "persona": _name(NAME_LIMIT),
    "batch": _uuid,
    "min_score": _number(0, 100),
    "max_score": _number(0, 100),
    "q": _name(SEARCH_LIMIT),
}
BATCH_ROWS: dict[str, Check] = {
    "only": _one_of(("problems", "good", *JobStatus)),
    "after": _number(0, SEQ_LIMIT),
    "limit": _number(1, PAGE_LIMIT),
}
PAGE: dict[str, Check] = {"cursor": _name(100), "limit": _number(1, PAGE_LIMIT)}
LEADERBOARD: dict[str, Check] = {"platform": _name(PLATFORM_LIMIT), "kind": _one_of(KINDS)}
LEARNING_CURVE: dict[str, Check] = {
    "platform": _name(PLATFORM_LIMIT),
    "channel": _name(NAME_LIMIT),
    "limit": _number(1, CURVE_LIMIT),
}
VARIETY: dict[str, Check] = {"channel": _name(NAME_LIMIT)}
MENDS: dict[str, Check] = {"platform": _name(PLATFORM_LIMIT)}
IMPORTS: dict[str, Check] = {
    "dry_run": _one_of(("true", "false")),
    "source": _one_of(tuple(SOURCES)),
    "filename": _name(200),
}
EVENTS: dict[str, Check] = {"after": _number(0, SEQ_LIMIT), "limit": _number(1, EVENTS_LIMIT)}


def _delivery_state(value: str) -> str:
    if value not in DeliveryStatus.values:
        raise _Unusable("There is no such status.", f"Use one of: {', '.join(DeliveryStatus.values)}.")
    return value


#: Days of statistics in one answer; each is counted.
DAYS_LIMIT = 90
STATISTICS: dict[str, Check] = {"days": _number(1, DAYS_LIMIT)}
DELIVERIES: dict[str, Check] = {"status": _delivery_state, **PAGE}


def read_last_event_id(request: Request) -> int | None:
    """The Last-Event-ID header, or None where there is none. Raises UnableToReadParameters."""
    given: str = request.headers.get("Last-Event-ID", "")
    try:
        return int(EVENTS["after"](given)) if given else None
    except _Unusable as unusable:
        raise UnableToReadParameters([_problem("Last-Event-ID", unusable)]) from unusable


def read_parameters(
    request: Request, known: dict[str, Check], *, required: Sequence[str] = ()
) -> dict[str, Any]:
    """The request's query parameters. Raises UnableToReadParameters, also for unknown and missing ones."""
    values: dict[str, Any] = {}
    problems: list[BriefProblem] = []
    for name in request.query_params:
        try:
            values[name] = _known(name, known)(request.query_params[name])
        except _Unusable as unusable:
            problems.append(_problem(name, unusable))
    missing = _Unusable("This parameter is required.", "Add it to the address.")
    problems += [_problem(name, missing) for name in required if name not in request.query_params]
    if problems:
        raise UnableToReadParameters(problems[:UNKNOWN_LIMIT])
    return values


def read_idempotency_key(request: Request) -> str:
    """The Idempotency-Key header, or "". Raises UnableToReadParameters."""
    key: str = request.headers.get("Idempotency-Key", "")
    if len(key) > IDEMPOTENCY_KEY_LIMIT or not (key.isascii() and key.isprintable()):
        remedy = f"Use at most {IDEMPOTENCY_KEY_LIMIT} printable ASCII characters, for example a UUID."
        unusable = _Unusable("This key is too long or not plain ASCII.", remedy)
        raise UnableToReadParameters([_problem("Idempotency-Key", unusable)])
    return key


def read_upload(request: Request) -> tuple[ReceivedFile, str]:
    """The one file of an upload's form, and its credit or "". Raises UnableToReadParameters."""
    problems = [
        _problem(name, _Unusable("There is no such field.", "Send file, and credit if there is one."))
        for name in request.data
        if name not in UPLOAD_SCHEMA["properties"]
    ]
    files, credit = request.FILES.getlist("file"), request.POST.get("credit", "")
    if len(files) != 1:
        problems.append(_problem("file", _Unusable("There must be one file here.", "Send one at a time.")))
    if len(credit) > CREDIT_LIMIT or not storable(credit):
        remedy = f"Use at most {CREDIT_LIMIT} printable characters."
        problems.append(_problem("credit", _Unusable("This is too long or not printable.", remedy)))
    if problems:
        raise UnableToReadParameters(problems[:UNKNOWN_LIMIT])
    return files[0], credit


def _known(name: str, known: dict[str, Check]) -> Check:
    if name not in known:
        raise _Unusable("There is no such parameter.", f"Remove it, or use one of: {', '.join(known)}.")
    return known[name]


def _problem(name: str, unusable: _Unusable) -> BriefProblem:
    return BriefProblem(
        field=shown_name(name), code="bad_parameter", reason=unusable.reason, remedy=unusable.remedy
    )
