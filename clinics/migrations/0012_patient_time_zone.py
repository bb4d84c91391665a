"""A patient's own time zone."""

from django.db import migrations, models

import tenants.base.clock


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0011_text_messages"),
    ]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="time_zone",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="If the patient lives in another time zone, for example Europe/Paris. Reminders then respect the night there.",
                max_length=64,
                validators=[tenants.base.clock.validate_time_zone],
                verbose_name="time zone",
            ),
        ),
    ]
