"""docs/ names every call of the API with its scope, and none that there is not."""

import re
from pathlib import Path

import pytest
from drf_spectacular.generators import SchemaGenerator

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "api.md"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CALL = re.compile(r"`(GET|POST|PUT|PATCH|DELETE) (?:/api/v1)?(/[\w/{}.-]*)")


@pytest.fixture(scope="module")
def operations():
    """Scope by method and path, with whatever stands in braces left out."""
    found = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return {
        (method.upper(), _plain(path.removeprefix("/api/v1"))): _scope(operation)
        for path, ways in found.items()
        for method, operation in ways.items()
    }


def _plain(path):
    return re.sub(r"\{\w+\}", "{}", path)


def _scope(operation):
    needed = re.search(r"Needs the scope (`[^`]+`)", operation["description"])
    return needed[1] if needed else "any key"


def test_every_call_stands_on_the_page_with_its_scope(operations):
    table = PAGE.read_text().partition("## Every call")[2]
    rows = [line.split("|") for line in table.splitlines() if CALL.search(line)]
    told = {(found[1], _plain(found[2])): row[-2].strip() for row in rows if (found := CALL.search(row[1]))}

    assert told == operations
    assert len(rows) == len(told)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_names_a_call_that_there_is_not(operations, page):
    named = {(method, _plain(path)) for method, path in CALL.findall(page.read_text())}

    assert named <= set(operations)


def test_the_page_s_scopes_are_those_there_are():
    from apps.gateway.scopes import SCOPES

    listed = dict(re.findall(r"^\| `([a-z]+:[a-z]+)` \| (.*) \|$", PAGE.read_text(), re.MULTILINE))
    assert set(listed) == set(SCOPES)
