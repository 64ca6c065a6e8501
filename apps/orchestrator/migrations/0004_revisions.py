from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("orchestrator", "0003_pauses")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="executionplan",
            name="revisions",
            field=models.JSONField(
                db_default=[], default=list, help_text="A person's own retries (lineage.Revision)."
            ),
        ),
    ]
