"""The schema is complete: every operation has examples that are true, its scope, and its errors."""

import jsonschema_rs
import pytest
from drf_spectacular.generators import SchemaGenerator

#: Operations whose bodies are no JSON.
NO_EXAMPLE = {"create_upload"}


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(schema):
    return [operation for ways in schema["paths"].values() for operation in ways.values()]


def contents(operation):
    """Every JSON content of an operation: its name, media type and content."""
    body = operation.get("requestBody", {}).get("content", {})
    named = [("request", kind, content) for kind, content in body.items()]
    for code, answer in operation["responses"].items():
        named += [(code, kind, content) for kind, content in answer.get("content", {}).items()]
    return [entry for entry in named if "json" in entry[1]]


def test_every_example_is_true(schema):
    wrong = []
    for operation in operations(schema):
        for name, _, content in contents(operation):
            told = [content["example"]] if "example" in content else []
            told += [example["value"] for example in content.get("examples", {}).values()]
            whole = {**content["schema"], "components": schema["components"]}
            validator = jsonschema_rs.Draft202012Validator(whole)
            if not told:
                wrong.append(f"{operation['operationId']} {name}: no example")
            wrong += [
                f"{operation['operationId']} {name}: {e.message}"
                for t in told
                for e in validator.iter_errors(t)
            ]

    assert [text for text in wrong if text.split()[0] not in NO_EXAMPLE] == []


def test_every_operation_says_what_it_needs_and_what_may_go_wrong(schema):
    for operation in operations(schema):
        assert "scope `" in operation["description"] or "Any key will do." in operation["description"]
        assert {"401", "403", "429"} <= set(operation["responses"]), operation["operationId"]
        assert operation["summary"]


def test_every_kind_of_message_is_described(schema):
    from apps.gateway.webhooks import EVENT_TYPES

    assert set(schema["webhooks"]) == set(EVENT_TYPES)
