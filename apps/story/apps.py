"""Registers the story service with Django."""

from django.apps import AppConfig


class StoryConfig(AppConfig):
    name = "apps.story"
    label = "story"
