"""Registers the gateway service with Django."""

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "apps.gateway"
    label = "gateway"

    def ready(self) -> None:
        """Listen to the orchestrator and teach the schema generator about keys and contracts."""
        from apps.gateway import receivers
        from apps.gateway.api import schema

        del receivers, schema
