"""Every error as a problem document (RFC 9457). Says what is wrong and what to do, never how it is built."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from apps.contracts.brief import BriefProblem, UnableToUseBrief
from apps.gateway import interface as gateway
from apps.gateway.briefs import SHAPE_CODES
from apps.gateway.media import UnableToFindBlob

MEDIA_TYPE = "application/problem+json"
#: A problem's type is a stable name, not a page; RFC 9457 3.1.1 allows any URI.
TYPE = "urn:hookloop:problem:"

#: What the door raises: status, type and title. The detail is the exception's own message.
_FORESEEN: dict[type[Exception], tuple[int, str, str]] = {
    gateway.UnableToFindJob: (404, "not-found", "No such job"),
    gateway.UnableToShowMedia: (404, "not-ready", "No such file yet"),
    UnableToFindBlob: (404, "not-found", "No such file"),
    gateway.UnableToReadCursor: (400, "bad-cursor", "Unreadable cursor"),
    gateway.UnableToRepeatRequest: (422, "idempotency-key-reused", "Idempotency key reused"),
    gateway.UnableToLearn: (409, "not-decided", "Nothing to learn from"),
    gateway.UnableToReport: (409, "not-finished", "No finished short"),
    gateway.UnableToPublish: (409, "already-published", "Another job's video"),
    gateway.UnableToFindPublication: (404, "not-published", "Not published"),
    gateway.UnableToFindExperiment: (404, "not-found", "No such experiment"),
    gateway.UnableToCancel: (409, "already-ended", "Nothing to cancel"),
    gateway.UnableToRetry: (409, "not-retryable", "Nothing to retry"),
    gateway.UnableToRevise: (409, "not-completed", "Nothing to revise"),
    gateway.UnableToFindScene: (404, "not-found", "No such scene"),
    gateway.UnableToUseChannel: (403, "channel-not-allowed", "Another channel"),
    gateway.UnableToSpeak: (503, "no-voice", "No voice"),
    gateway.UnableToStream: (503, "too-many-streams", "Too many streams"),
    gateway.UnableToFindWebhook: (404, "not-found", "No such webhook"),
    gateway.UnableToFindDelivery: (404, "not-found", "No such delivery"),
    gateway.UnableToFindBatch: (404, "not-found", "No such batch"),
    gateway.UnableToSubmitBatch: (409, "nothing-to-submit", "Nothing to submit"),
    gateway.UnableToReadSheet: (422, "unreadable-file", "Unreadable file"),
    gateway.UnableToOrder: (422, "unusable-order", "Unusable order"),
    gateway.UnableToFindProvider: (404, "not-found", "No such provider"),
    gateway.UnableToPause: (409, "already-paused", "Nothing to pause"),
    gateway.UnableToResume: (409, "not-paused", "Nothing to resume"),
    gateway.UnableToIssueKey: (422, "unusable-key", "Unusable key"),
}


class UnableToReadParameters(exceptions.APIException):
    """Query parameters or headers that cannot be used; `problems` names every one."""

    status_code = status.HTTP_400_BAD_REQUEST

    def __init__(self, problems: Sequence[BriefProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("Some parameters cannot be used.")


class UnableToReadBody(UnableToReadParameters):
    """Fields of a JSON body that cannot be used; `problems` names every one."""


class BodyTooLarge(exceptions.APIException):
    """The request body is larger than this server reads."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The request body is too large. Shorten source_text."
    default_code = "body-too-large"


def problem_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None (a plain 500) for what nobody foresaw."""
    document = document_for(exc)
    if document is None:
        return None
    set_rollback()
    document["instance"] = context["request"].path
    response = Response(
        document, status=document["status"], headers=_headers(exc), content_type=MEDIA_TYPE, exception=True
    )
    # What was refused as it should be is no error for the log, as Django takes any 503 for one.
    vars(response)["_has_been_logged"] = isinstance(exc, gateway.UnableToStream | gateway.UnableToSpeak)
    return response


def document_for(exc: Exception) -> dict[str, Any] | None:
    """The problem document of an exception that is foreseen, without its instance."""
    if isinstance(exc, UnableToUseBrief):
        shape = any(problem.code in SHAPE_CODES for problem in exc.problems)
        count = len(exc.problems)
        what = "One thing" if count == 1 else f"{count} things"
        detail = f"{what} in the brief cannot be used; nothing was written."
        return problem(400 if shape else 422, "bad-brief", "Unusable brief", detail, exc.problems)
    if isinstance(exc, UnableToReadBody):
        return problem(400, "bad-body", "Unusable body", "Nothing was changed.", exc.problems)
    if isinstance(exc, UnableToReadParameters):
        return problem(400, "bad-parameters", "Unusable parameters", str(exc.detail), exc.problems)
    if isinstance(exc, gateway.UnableToUseNumbers):
        return problem(400, "bad-numbers", "Unusable numbers", "Nothing was written.", exc.problems)
    if isinstance(exc, gateway.UnableToReadExport):
        unusable = BriefProblem(field="file", code="unusable_file", reason=exc.reason, remedy=exc.remedy)
        return problem(422, "unusable-export", "Unusable file", "Nothing was written.", (unusable,))
    if isinstance(exc, gateway.UnableToKeepUpload):
        unusable = BriefProblem(field="file", code="unusable_file", reason=exc.reason, remedy=exc.remedy)
        return problem(422, "unusable-upload", "Unusable file", "Nothing was kept.", (unusable,))
    if isinstance(exc, gateway.UnableToUseWebhook):
        return problem(422, "unusable-webhook", "Unusable webhook", "Nothing was changed.", exc.problems)
    if type(exc) in _FORESEEN:
        code, name, title = _FORESEEN[type(exc)]
        return problem(code, name, title, str(exc))
    return _document_for_drf(exc)


def _document_for_drf(exc: Exception) -> dict[str, Any] | None:
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if not isinstance(exc, exceptions.APIException):
        return None
    name = str(exc.default_code).replace("_", "-")
    return problem(exc.status_code, name, HTTPStatus(exc.status_code).phrase, _sentence(exc.detail))


def problem(
    code: int, name: str, title: str, detail: str, errors: Sequence[BriefProblem] = ()
) -> dict[str, Any]:
    """A problem document's members."""
    document: dict[str, Any] = {"type": TYPE + name, "title": title, "status": code, "detail": detail}
    if errors:
        document["errors"] = [asdict(error) for error in errors]
    return document


def problem_response(request: HttpRequest, code: int, detail: str) -> JsonResponse:
    """A problem document outside of a view, for addresses that lead nowhere and for what broke."""
    phrase = HTTPStatus(code).phrase
    document = problem(code, phrase.lower().replace(" ", "-"), phrase, detail)
    return JsonResponse(
        {**document, "instance": request.path}, status=code, content_type=MEDIA_TYPE, json_dumps_params={}
    )


def _headers(exc: Exception) -> dict[str, str]:
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(max(1, math.ceil(wait)))
    return headers


def _sentence(detail: Any) -> str:
    return " ".join(str(part) for part in detail) if isinstance(detail, list) else str(detail)
