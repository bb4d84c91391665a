"""The email about a withdrawn offer. The choices are not in the database: no SQL."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0006_unconfirmed_addresses")]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[
                    ("confirmation", "appointment booked"),
                    ("requested", "appointment requested"),
                    ("rescheduled", "appointment rescheduled"),
                    ("cancellation", "appointment cancelled"),
                    ("offer", "waiting list offer"),
                    ("offer_withdrawn", "waiting list offer withdrawn"),
                ],
                max_length=16,
                verbose_name="about",
            ),
        ),
    ]
