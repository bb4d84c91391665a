"""When a patient confirmed that they will come, and the kinds of events for what patients tell the clinic."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0010_visit_type_messages"),
    ]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="attendance_confirmed_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="patient will come, said at"
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
