"""The gateway by itself: the orchestrator's door does as the test says."""

import pytest
from rest_framework.test import APIClient

from apps.gateway import interface as gateway
from apps.gateway.tests.orchestrating import FakeOrchestrator
from apps.orchestrator import interface as door

BRIEF = {"topic": "Why an octopus has three hearts", "facts": ["An octopus has three hearts."]}


@pytest.fixture(autouse=True)
def orchestrator(monkeypatch):
    fake = FakeOrchestrator()
    for name in dir(fake):
        if hasattr(door, name) and not name.startswith("_"):
            monkeypatch.setattr(door, name, getattr(fake, name))
    return fake


@pytest.fixture
def api():
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {gateway.create_key('tests').key}")
    return client


@pytest.fixture
def job(api):
    """A job as the API returned it at its creation."""
    return api.post("/api/v1/jobs", BRIEF, format="json").json()
