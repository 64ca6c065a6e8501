"""Makes the MCP server a Django app, for its management command; it has no models."""

from django.apps import AppConfig


class McpConfig(AppConfig):
    name = "apps.mcp"
    label = "mcp"
