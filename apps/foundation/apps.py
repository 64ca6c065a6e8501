"""Makes the shared plumbing a Django app; it has no models."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "apps.foundation"
    label = "foundation"
