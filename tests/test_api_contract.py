"""The schema is kept: whatever a machine thinks up, there is no 5xx and no answer outside of the schema."""

import logging
import os

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as pace
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from apps.foundation import blobs
from apps.gateway import interface as gateway
from apps.gateway import media, streams
from apps.gateway import waking as gateway_waking
from apps.orchestrator import interface as orchestrator
from apps.orchestrator import runner
from tests.inline import inline, run_all

pytestmark = [
    pytest.mark.django_db(databases="__all__", transaction=True),
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),  # the client leaves forms open
]

#: Requests of each kind thought up for each operation; together they take well under 40 s on an idle machine.
EXAMPLES = int(os.environ.get("API_EXAMPLES", "3"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
BRIEF = {"topic": "Why an octopus has three hearts", "facts": ["An octopus has three hearts."]}


@pytest.fixture
def known(settings, monkeypatch):
    """Things that are there, by the name of the path parameter that leads to them."""
    settings.WEBHOOK_ALLOW_PRIVATE, settings.STAGES = True, "benchmarks.instant"
    monkeypatch.setattr(gateway_waking, "wake_sender", lambda: None)
    monkeypatch.setattr(streams, "LIFETIME", 0.2)
    monkeypatch.setitem(media._TYPES, ".t", "video/mp4")  # an instant take has no extension
    runner.work_of.cache_clear()
    orchestrator.seed()
    for key in ("t", "tp", "ts", "tsrt", "tvtt"):
        blobs.put_bytes(key, b"not really a video")
    with inline(monkeypatch) as waiting:
        job = gateway.submit_brief(BRIEF).id
        run_all(waiting)
        hook = gateway.create_webhook("http://127.0.0.1:9999/").webhook.id
        yield {
            "job_id": str(job),
            "webhook_id": str(hook),
            "delivery_id": str(gateway.ping_webhook(hook).id),
            "key_id": str(gateway.create_key("to be revoked").id),
            "persona_id": gateway.personas()[0].id,
            "platform": "tiktok",
            "key": gateway.audiences()[0].key,
            "curve_id": str(gateway.curves()[0].id),
            "kind": "music",
            "name": "own",
        }
    runner.work_of.cache_clear()


def test_no_answer_lies_outside_of_the_schema(known):
    logging.disable(logging.CRITICAL)  # what is refused on purpose fills pages
    key = gateway.create_key("machine", reads_per_minute=10_000, writes_per_minute=10_000).key
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema", app=get_wsgi_application())
    operations = [found.ok() for found in schema.get_all_operations()]
    try:
        broken = [told for operation in operations if (told := _broken(operation, key, known))]
    finally:
        logging.disable(logging.NOTSET)

    assert broken == []
    assert len(operations) > 40


def _broken(operation, key, known):
    """What went wrong with EXAMPLES requests of each kind, half of them about what is there; or nothing."""
    sent = []

    def send(case):
        named = {name: known[name] for name in case.path_parameters or {} if name in known}
        checks = [*CHECKS, negative_data_rejection]
        if named and len(sent) % 2 == 0:
            case.path_parameters = (case.path_parameters or {}) | named
            checks = CHECKS  # what made it wrong may just have been put right
        sent.append(case)
        response = case.call(headers={"Authorization": f"Bearer {key}"})
        case.validate_response(response, checks=checks)

    slowly = pace(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    try:
        for mode in (
            GenerationMode.POSITIVE,
            GenerationMode.NEGATIVE,
        ):  # what fits the schema, and what does not
            slowly(given(case=operation.as_strategy(generation_mode=mode))(send))()
    except BaseExceptionGroup as wrong:
        return f"{operation.label}: {wrong}"
    return ""
