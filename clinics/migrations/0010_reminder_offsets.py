"""The offsets of reminders before each visit."""

import datetime

import django.contrib.postgres.fields
from django.db import migrations, models

import clinics.reminder_offsets


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0009_staff_idle_minutes"),
    ]

    operations = [
        migrations.AddField(
            model_name="clinicsettings",
            name="reminder_minutes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveIntegerField(),
                blank=True,
                db_default=[10080, 1440, 120],
                default=clinics.reminder_offsets.default_reminder_minutes,
                size=None,
                validators=[clinics.reminder_offsets.check_reminder_offsets],
                verbose_name="reminders before each visit",
            ),
        ),
        migrations.AlterField(
            model_name="clinicsettings",
            name="quiet_from",
            field=models.TimeField(
                db_default=datetime.time(21, 0),
                default=datetime.time(21, 0),
                verbose_name="send no reminders or offers from",
            ),
        ),
    ]
