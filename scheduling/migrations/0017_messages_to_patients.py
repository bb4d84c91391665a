"""Messages that staff write to patients, as events of bookings; and clearer reasons of unreadable calendars."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0016_hand_placed_visits"),
    ]

    operations = [
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
                    ("started", "started"),
                    ("completed", "completed"),
                    ("reopened", "last step undone"),
                    ("no_show", "no-show"),
                    ("attendance_confirmed", "patient will come"),
                    ("answered", "questions answered"),
                    ("written_to", "message sent to the patient"),
                ],
                max_length=24,
                verbose_name="event",
            ),
        ),
        migrations.AlterField(
            model_name="outsidecalendar",
            name="problem",
            field=models.CharField(
                blank=True,
                choices=[
                    ("not_allowed", "This address cannot be read. Use a public https address."),
                    ("not_reached", "The server did not answer in time."),
                    ("refused", "The server refused access. Check the link, or the user name and password."),
                    ("not_found", "There is no calendar at this address."),
                    ("no_calendar", "The answer is not a calendar."),
                    ("too_large", "The calendar is too large to be read."),
                    ("enter_again", "Remove the calendar and add it again."),
                ],
                editable=False,
                max_length=12,
            ),
        ),
    ]
