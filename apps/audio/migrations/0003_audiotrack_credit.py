from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audio", "0002_job_voices"),
    ]

    operations = [
        migrations.AddField(
            model_name="audiotrack",
            name="credit",
            field=models.TextField(blank=True, default=""),
        ),
    ]
