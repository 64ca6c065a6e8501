"""Registers the script service with Django."""

from django.apps import AppConfig


class ScriptConfig(AppConfig):
    name = "apps.script"
    label = "script"
