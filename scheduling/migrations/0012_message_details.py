"""Whether emails name a visit type, and the event of changed details of a booking."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0011_attendance_confirmed")]

    operations = [
        migrations.AddField(
            model_name="visittype",
            name="is_named_in_messages",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="Patients then read the name of the visit type in emails about their appointment. "
                "Subjects and text messages never contain it.",
                verbose_name="name it in emails",
            ),
        ),
        migrations.AlterField(
            model_name="bookingevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("held", "held"),
                    ("released", "hold released"),
                    ("booked", "booked"),
                    ("confirmed", "confirmed"),
                    ("rescheduled", "rescheduled"),
                    ("details_changed", "details changed"),
                    ("cancelled", "cancelled"),
                    ("checked_in", "checked in"),
                    ("completed", "completed"),
                    ("no_show", "no-show"),
                    ("attendance_confirmed", "patient will come"),
                    ("answered", "questions answered"),
                ],
                max_length=24,
                verbose_name="event",
            ),
        ),
    ]
