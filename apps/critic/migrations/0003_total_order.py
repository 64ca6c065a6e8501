from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("critic", "0002_look")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="criticscore",
            index=models.Index(fields=["total_score"], name="critic_scores_by_total"),
        ),
    ]
