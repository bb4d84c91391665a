"""The version of a booking, counted from its history: every reschedule makes a new one."""

from django.db import migrations, models

BACKFILL = """
UPDATE scheduling_booking AS booking SET updated_at = now(), version = moved.times
FROM (
    SELECT booking_id, count(*) AS times FROM scheduling_bookingevent
    WHERE kind = 'rescheduled' GROUP BY booking_id
) AS moved WHERE moved.booking_id = booking.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0008_withdrawn_offers"),
    ]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="version",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop, elidable=True),
    ]
