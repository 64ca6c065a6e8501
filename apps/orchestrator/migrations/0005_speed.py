"""What the admin's first page counts: plans that are open, and a day's events that say how jobs went."""

from typing import ClassVar

from django.db import migrations, models

_OPEN = ("active", "retrying")
_TOLD = ("completed", "attempt_abandoned", "failed", "cancelled", "accepted", "delivered_best")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("orchestrator", "0004_revisions")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="executionplan",
            index=models.Index(
                condition=models.Q(("status__in", _OPEN)), fields=["created_at"], name="plans_open"
            ),
        ),
        migrations.AddIndex(
            model_name="orchestratorevent",
            index=models.Index(
                condition=models.Q(("event_type__in", _TOLD)), fields=["created_at"], name="events_of_a_day"
            ),
        ),
    ]
