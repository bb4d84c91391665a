"""Say why the address of an outside calendar has to be entered again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0019_paused_visit_types"),
    ]

    operations = [
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
                    ("enter_again", "The clinic was restored from an export. Enter the address again."),
                ],
                editable=False,
                max_length=12,
            ),
        ),
    ]
