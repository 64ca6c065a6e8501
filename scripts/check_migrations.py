"""Fails where a model and its migrations disagree."""

import os
import sys

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def main() -> None:
    django.setup()
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        sys.exit("Models and migrations differ: run `manage.py makemigrations`.")


if __name__ == "__main__":
    main()
