import uuid
from typing import ClassVar

from django.db import migrations, models

import apps.foundation.fields


class Migration(migrations.Migration):
    dependencies: ClassVar = [("orchestrator", "0002_mends")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="PausedProvider",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", apps.foundation.fields.UtcTimestampField(auto_now_add=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("writer", "writer"),
                            ("pictures", "pictures"),
                            ("voice", "voice"),
                            ("music", "music"),
                        ],
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("paused_by", models.CharField(max_length=150)),
                ("reason", models.CharField(blank=True, default="", max_length=300)),
                ("resumed_at", apps.foundation.fields.UtcTimestampField(blank=True, null=True)),
                ("resumed_by", models.CharField(blank=True, default="", max_length=150)),
            ],
            options={
                "db_table": "paused_providers",
                "ordering": ["-created_at"],
                "abstract": False,
                "indexes": [models.Index(fields=["-created_at"], name="pauses_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["writer", "pictures", "voice", "music"])),
                        name="paused_providers_kind",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("resumed_at", None)),
                        fields=("kind", "name"),
                        name="paused_providers_once",
                    ),
                ],
            },
        ),
    ]
