"""The learning curve's shorts in their order, and how many there are of a platform."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("memory", "0003_carry_over")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="rememberedshort",
            index=models.Index(
                condition=models.Q(("critic__isnull", False), ("rewards__isnull", False), _connector="OR"),
                fields=["platform", "-created_at"],
                name="memory_shorts_learned",
            ),
        ),
    ]
