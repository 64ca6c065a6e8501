"""The pages over a gateway whose orchestrator does as the test says."""

from apps.gateway.tests.conftest import orchestrator

__all__ = ["orchestrator"]
