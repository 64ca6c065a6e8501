"""Registers the critic service with Django."""

from django.apps import AppConfig


class CriticConfig(AppConfig):
    name = "apps.critic"
    label = "critic"
