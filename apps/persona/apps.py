"""Registers the persona service with Django."""

from django.apps import AppConfig


class PersonaConfig(AppConfig):
    name = "apps.persona"
    label = "persona"
