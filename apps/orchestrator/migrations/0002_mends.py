import uuid
from typing import ClassVar

from django.db import migrations, models

import apps.foundation.fields

KINDS = [
    "rewrite_hook",
    "tighten_pacing",
    "close_loop",
    "trim_silence",
    "lower_bed",
    "fix_loudness",
    "redraw_scene",
    "more_motion",
    "restyle_captions",
    "mend_facts",
    "quicken_cuts",
    "mend_seam",
    "follow_curve",
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("orchestrator", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="MendRow",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", apps.foundation.fields.UtcTimestampField(auto_now_add=True)),
                ("job_id", models.UUIDField(db_index=True)),
                ("platform", models.CharField(max_length=50)),
                ("base", models.IntegerField()),
                ("attempt", models.IntegerField()),
                ("kind", models.CharField(choices=[(kind, kind) for kind in KINDS], max_length=30)),
                ("ordinal", models.IntegerField(null=True)),
                ("signal", models.CharField(blank=True, default="", max_length=50)),
                ("before", models.FloatField()),
                ("after", models.FloatField()),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
                ("score_before", models.FloatField()),
                ("score_after", models.FloatField()),
                ("improved", models.BooleanField()),
                ("total_before", models.FloatField()),
                ("total_after", models.FloatField()),
                ("fell", models.JSONField(default=list)),
                ("kept", models.BooleanField()),
            ],
            options={
                "db_table": "mends",
                "verbose_name": "mend",
                "ordering": ["-created_at"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["platform", "kind", "signal"], name="mends_of_a_kind"),
                    models.Index(fields=["-created_at"], name="mends_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("kind__in", KINDS)), name="mends_kind")
                ],
            },
        ),
    ]
