"""`manage.py provision`: roles, schemas and migrations; run it again at any time."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.provisioning import UnableToCreateRoles, provision


class Command(BaseCommand):
    help = "Create every service's role and schema where missing, and migrate every alias."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            provision(self.stdout.write)
        except UnableToCreateRoles as refused:
            raise CommandError(str(refused)) from refused
