"""Registers the video service with Django."""

from django.apps import AppConfig


class VideoConfig(AppConfig):
    name = "apps.video"
    label = "video"
