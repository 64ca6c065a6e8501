"""Registers the pages with Django; the studio has no models."""

from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "apps.studio"
    label = "studio"
