"""Registers the audio service with Django."""

from django.apps import AppConfig


class AudioConfig(AppConfig):
    name = "apps.audio"
    label = "audio"
