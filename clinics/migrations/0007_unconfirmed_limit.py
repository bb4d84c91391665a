"""Limit the upcoming bookings of accounts whose email address is not confirmed."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0006_timestamps"),
    ]

    operations = [
        migrations.AddField(
            model_name="clinicsettings",
            name="unconfirmed_limit",
            field=models.PositiveSmallIntegerField(
                db_default=2,
                default=2,
                help_text=(
                    "The most upcoming bookings of an account whose email address is not confirmed, "
                    "with those of the people it cares for. Holds count too."
                ),
                validators=[django.core.validators.MaxValueValidator(100)],
                verbose_name="upcoming bookings before the email address is confirmed",
            ),
        ),
    ]
