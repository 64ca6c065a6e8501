"""`manage.py roles`: the admin's roles made or brought up to date, and given to people."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError

from config.roles import ROLES, make_roles


class Command(BaseCommand):
    help = "Make the roles viewer, curator and operator; with --give, give one to somebody."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--give", choices=sorted(ROLES), help="the role to give")
        parser.add_argument("--to", help="a username that exists (manage.py createsuperuser, or the admin)")

    def handle(self, *args: Any, give: str | None, to: str | None, **options: Any) -> None:
        for role, count in make_roles().items():
            self.stdout.write(f"{role}: {ROLES[role]} ({count} rights)")
        if give or to:
            self.stdout.write(_given(give, to))


def _given(role: str | None, username: str | None) -> str:
    if not (role and username):
        raise CommandError("Give both: --give ROLE --to USERNAME.")
    person = User.objects.filter(username=username).first()
    if person is None:
        raise CommandError(f"There is nobody called {username}. Add them in the admin under People first.")
    person.groups.add(Group.objects.get(name=role))
    User.objects.filter(pk=person.pk).update(is_staff=True)
    return f"{username} is {role} now."
