"""App label to alias, and nothing else."""

from typing import Any

from django.conf import settings
from django.db import connections
from django.db.models import Model

from config.services import SERVICES


class ServiceRouter:
    """Each service's models live on its alias; everything else lives on `default`."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        home = self.db_for_write(model)
        replica = f"{home}_replica"
        if replica not in settings.DATABASES or connections[home].in_atomic_block:
            return home  # what a transaction reads must be what it has written
        return replica

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return _home(model._meta.app_label)

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return _home(one._meta.app_label) == _home(other._meta.app_label)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == _home(app_label)


def _home(app_label: str) -> str:
    return app_label if app_label in SERVICES else "default"
