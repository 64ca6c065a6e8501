"""`manage.py make_bucket`: the S3 bucket that media go to, made where it is missing."""

from typing import Any

from botocore.exceptions import ClientError
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Create the bucket that S3_BUCKET names, if it does not exist."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.S3_BUCKET:
            raise CommandError("S3_BUCKET is not set: media are kept as local files and need no bucket.")
        client = default_storage.connection.meta.client  # type: ignore[attr-defined]
        try:
            client.head_bucket(Bucket=settings.S3_BUCKET)
        except ClientError:
            client.create_bucket(Bucket=settings.S3_BUCKET)
        self.stdout.write(f"bucket {settings.S3_BUCKET} is there")
