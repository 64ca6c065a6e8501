"""Makes config a Django app: for its management commands, and to set the broker before any actor."""

import dramatiq
from django.apps import AppConfig
from django.conf import settings


class ConfigAppConfig(AppConfig):
    name = "config"
    label = "config"

    def ready(self) -> None:
        from config.broker import make_broker  # needs the settings, which importing apps must not

        dramatiq.set_broker(make_broker(settings.BROKER_URL))
