"""Makes config a Django app, for its commands and to set the broker before any actor; and the admin ours."""

import dramatiq
from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig


class ConfigAppConfig(AppConfig):
    name = "config"
    label = "config"

    def ready(self) -> None:
        from config.broker import make_broker  # needs the settings, which importing apps must not

        dramatiq.set_broker(make_broker(settings.BROKER_URL))


class HookloopAdminConfig(AdminConfig):
    """Django's admin with our site in place of the plain one."""

    default_site = "config.admin_site.HookloopAdminSite"
