"""Messages that the clinic writes to the patients of a selection of bookings."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0019_started_and_reopened"),
    ]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[
                    ("confirmation", "appointment booked"),
                    ("requested", "appointment requested"),
                    ("rescheduled", "appointment rescheduled"),
                    ("details_changed", "appointment details changed"),
                    ("cancellation", "appointment cancelled"),
                    ("reminder", "reminder"),
                    ("questionnaire", "questions before the visit"),
                    ("follow_up", "follow-up after the visit"),
                    ("clinic_note", "message from the clinic"),
                    ("offer", "waiting list offer"),
                    ("offer_withdrawn", "waiting list offer withdrawn"),
                    ("staff_booked", "to staff: appointment booked"),
                    ("staff_cancelled", "to staff: appointment cancelled"),
                    ("staff_rescheduled", "to staff: appointment rescheduled"),
                    ("staff_offer_taken", "to staff: waiting list offer accepted"),
                    ("staff_attendance", "to staff: patient will come"),
                    ("staff_not_delivered", "to staff: message not delivered"),
                    ("staff_digest", "to staff: changes of a day"),
                    ("staff_day", "to staff: schedule of a day"),
                ],
                max_length=24,
                verbose_name="about",
            ),
        ),
    ]
