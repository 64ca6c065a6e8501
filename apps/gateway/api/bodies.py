"""JSON bodies as frozen dataclasses, read strictly: no unknown field, no number in quotes."""

import json
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from apps.contracts.brief import BriefProblem
from apps.gateway.briefs import UNKNOWN_LIMIT, shown_name
from apps.gateway.problems import UnableToReadBody

T = TypeVar("T")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def read(data: object, kind: type[T]) -> T:
    """The body as `kind`. Raises UnableToReadBody."""
    try:
        # As JSON again, because strict Python input would have to be an instance already.
        return cast(T, _adapter(cast(Any, kind)).validate_json(json.dumps(data), strict=True))
    except ValidationError as wrong:
        found = wrong.errors(include_url=False, include_input=False, include_context=False)
        raise UnableToReadBody([_problem(one) for one in found[:UNKNOWN_LIMIT]]) from wrong


def _problem(error: Any) -> BriefProblem:
    field = ".".join(shown_name(part) for part in error["loc"]) or "body"
    return BriefProblem(
        field=field,
        code=error["type"],
        reason=f"{error['msg']}.",
        remedy="See /api/v1/docs.",
    )
