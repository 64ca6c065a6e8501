from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("orchestrator", "0002_mends")]
    operations: ClassVar = []
