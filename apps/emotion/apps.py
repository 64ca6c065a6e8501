"""Registers the emotion service with Django."""

from django.apps import AppConfig


class EmotionConfig(AppConfig):
    name = "apps.emotion"
    label = "emotion"
