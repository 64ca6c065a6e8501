import uuid
from typing import ClassVar

from django.db import migrations, models

import apps.foundation.fields


class Migration(migrations.Migration):
    dependencies: ClassVar = [("persona", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="PersonaChange",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", apps.foundation.fields.UtcTimestampField(auto_now_add=True)),
                ("persona_key", models.CharField(max_length=50)),
                (
                    "action",
                    models.CharField(
                        choices=[("added", "added"), ("changed", "changed"), ("removed", "removed")],
                        max_length=10,
                    ),
                ),
                ("changed_by", models.CharField(max_length=150)),
                ("changes", models.JSONField()),
            ],
            options={
                "db_table": "persona_changes",
                "ordering": ["-created_at"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["persona_key", "-created_at"], name="persona_changes_of_one"),
                    models.Index(fields=["-created_at"], name="persona_changes_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("action__in", ["added", "changed", "removed"])),
                        name="persona_changes_action",
                    )
                ],
            },
        ),
    ]
