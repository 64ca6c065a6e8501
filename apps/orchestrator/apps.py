"""Registers the orchestrator with Django, and its actors with the broker that config has set."""

from django.apps import AppConfig


class OrchestratorConfig(AppConfig):
    name = "apps.orchestrator"
    label = "orchestrator"

    def ready(self) -> None:
        import apps.orchestrator.tasks  # noqa: F401 (declares the actors)
