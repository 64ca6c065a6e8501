"""What Dramatiq's command line imports: Django, its broker, and every actor."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import apps.gateway.tasks  # noqa: E402
import apps.orchestrator.tasks  # noqa: E402, F401
