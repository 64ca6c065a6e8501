import uuid
from typing import ClassVar

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform

import apps.foundation.fields

TITLE = KeyTextTransform("topic", "request_payload")


def _key(to: str, **more: object) -> models.ForeignKey:
    return models.ForeignKey(to=to, on_delete=django.db.models.deletion.PROTECT, **more)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("gateway", "0003_learning")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", apps.foundation.fields.UtcTimestampField(auto_now_add=True)),
                ("name", models.CharField(max_length=120)),
                ("total", models.IntegerField()),
                ("good", models.IntegerField()),
                ("submitted_at", apps.foundation.fields.UtcTimestampField(blank=True, null=True)),
                ("digest", models.CharField(max_length=64)),
                ("key", _key("gateway.apikey", blank=True, null=True, db_index=False)),
            ],
            options={
                "verbose_name_plural": "batches",
                "db_table": "batches",
                "ordering": ["-created_at", "-id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["-created_at", "-id"], name="batches_newest"),
                    models.Index(
                        condition=models.Q(("submitted_at", None)),
                        fields=["created_at"],
                        name="batches_drafted",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="job",
            name="title",
            field=models.GeneratedField(db_persist=True, expression=TITLE, output_field=models.TextField()),
        ),
        migrations.AddField(
            model_name="job",
            name="words",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector(TITLE, config="simple"),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="persona",
            field=models.CharField(blank=True, db_default="", default="", max_length=50),
        ),
        migrations.AddField(model_name="job", name="score", field=models.FloatField(blank=True, null=True)),
        migrations.AddField(
            model_name="job",
            name="poster_key",
            field=models.CharField(blank=True, max_length=300, null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="video_key",
            field=models.CharField(blank=True, max_length=300, null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="batch",
            field=_key("gateway.batch", blank=True, null=True, db_index=False, related_name="jobs"),
        ),
        migrations.RunSQL(
            "UPDATE jobs SET persona = request_payload->>'persona' WHERE request_payload->>'persona' <> ''",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(fields=["persona", "-created_at", "-id"], name="jobs_by_persona"),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)),
                fields=["batch", "-created_at", "-id"],
                name="jobs_by_batch",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("score__isnull", False)),
                fields=["score", "-created_at", "-id"],
                name="jobs_by_score",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("poster_key", None), ("status", "completed")),
                fields=["-created_at"],
                name="jobs_to_picture",
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=django.contrib.postgres.indexes.GinIndex(fields=["words"], name="jobs_by_words"),
        ),
        migrations.CreateModel(
            name="BatchRow",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", apps.foundation.fields.UtcTimestampField(auto_now_add=True)),
                ("line", models.IntegerField()),
                ("reference", models.CharField(blank=True, default="", max_length=100)),
                ("sent", models.JSONField()),
                ("brief", models.JSONField(null=True)),
                ("problems", models.JSONField(default=list)),
                (
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="gateway.batch",
                    ),
                ),
                ("job", _key("gateway.job", null=True, related_name="batch_rows")),
            ],
            options={
                "db_table": "batch_rows",
                "ordering": ["line"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "line"), name="batch_rows_one_a_line")
                ],
            },
        ),
    ]
