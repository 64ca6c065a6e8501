"""Registers the gateway service with Django."""

import logging

from django.apps import AppConfig

from apps.gateway.redaction import SignedLinks


class GatewayConfig(AppConfig):
    name = "apps.gateway"
    label = "gateway"

    def ready(self) -> None:
        """Listen to the orchestrator, declare the actor, teach the schema, keep links out of the log."""
        from apps.gateway import receivers, tasks
        from apps.gateway.api import schema

        del receivers, schema, tasks
        logging.getLogger("django.request").addFilter(SignedLinks())
