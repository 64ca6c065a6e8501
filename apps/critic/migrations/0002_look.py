from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("critic", "0001_initial")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="criticscore",
            name="look",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Perceptual hash of the first frame, 16 hex digits.",
                max_length=16,
            ),
        ),
    ]
