"""Visits at times where no slot starts, and moves that can be undone before they are announced."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0012_patient_time_zone"),
        ("scheduling", "0015_visit_notes"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="booking",
            name="booking_that_takes_time_has_a_slot",
        ),
        migrations.AddField(
            model_name="booking",
            name="hand_placed",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name="booking",
            name="undo_until",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("slot__isnull", False),
                    ("hand_placed", True),
                    models.Q(
                        (
                            "status__in",
                            ["HELD", "PENDING", "CONFIRMED", "CHECKED_IN", "IN_PROGRESS", "COMPLETED"],
                        ),
                        _negated=True,
                    ),
                    _connector="OR",
                ),
                name="booking_that_takes_time_has_a_slot",
            ),
        ),
    ]
