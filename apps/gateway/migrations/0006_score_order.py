from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("gateway", "0005_search")]
    operations: ClassVar = [
        migrations.RemoveIndex(model_name="job", name="jobs_by_score"),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(fields=["score", "-created_at", "-id"], name="jobs_by_total"),
        ),
    ]
