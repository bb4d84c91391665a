"""Visits in progress, which take their time like checked-in ones, and undone steps."""

import django.contrib.postgres.constraints
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0012_patient_time_zone"),
        ("scheduling", "0012_message_details"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="booking",
            name="booking_that_takes_time_has_a_slot",
        ),
        migrations.RemoveConstraint(
            model_name="booking",
            name="booking_patient_is_in_one_place",
        ),
        migrations.RemoveConstraint(
            model_name="booking",
            name="booking_one_live_per_slot",
        ),
        migrations.RemoveConstraint(
            model_name="booking",
            name="booking_doctor_is_in_one_place",
        ),
        migrations.RemoveConstraint(
            model_name="booking",
            name="booking_room_is_used_once",
        ),
        migrations.AlterField(
            model_name="booking",
            name="status",
            field=models.CharField(
                choices=[
                    ("HELD", "held"),
                    ("PENDING", "awaiting approval"),
                    ("CONFIRMED", "confirmed"),
                    ("CHECKED_IN", "checked in"),
                    ("IN_PROGRESS", "in progress"),
                    ("COMPLETED", "completed"),
                    ("CANCELLED", "cancelled"),
                    ("NO_SHOW", "no-show"),
                ],
                default="CONFIRMED",
                max_length=12,
                verbose_name="status",
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
                    ("started", "started"),
                    ("completed", "completed"),
                    ("reopened", "last step undone"),
                    ("no_show", "no-show"),
                    ("attendance_confirmed", "patient will come"),
                    ("answered", "questions answered"),
                ],
                max_length=24,
                verbose_name="event",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("slot__isnull", False),
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
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("overbooked", False),
                    (
                        "status__in",
                        ["HELD", "PENDING", "CONFIRMED", "CHECKED_IN", "IN_PROGRESS", "COMPLETED"],
                    ),
                ),
                fields=("slot",),
                name="booking_one_live_per_slot",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(
                    ("overbooked", False),
                    (
                        "status__in",
                        ["HELD", "PENDING", "CONFIRMED", "CHECKED_IN", "IN_PROGRESS", "COMPLETED"],
                    ),
                ),
                expressions=[
                    ("doctor", "="),
                    (
                        models.Func(
                            django.db.models.functions.comparison.Coalesce("busy_from", "starts_at"),
                            django.db.models.functions.comparison.Coalesce("busy_until", "ends_at"),
                            function="tstzrange",
                        ),
                        "&&",
                    ),
                ],
                name="booking_doctor_is_in_one_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(
                    ("room__isnull", False),
                    (
                        "status__in",
                        ["HELD", "PENDING", "CONFIRMED", "CHECKED_IN", "IN_PROGRESS", "COMPLETED"],
                    ),
                ),
                expressions=[
                    ("room", "="),
                    (
                        models.Func(
                            django.db.models.functions.comparison.Coalesce("busy_from", "starts_at"),
                            django.db.models.functions.comparison.Coalesce("busy_until", "ends_at"),
                            function="tstzrange",
                        ),
                        "&&",
                    ),
                ],
                name="booking_room_is_used_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(
                    ("status__in", ["HELD", "PENDING", "CONFIRMED", "CHECKED_IN", "IN_PROGRESS", "COMPLETED"])
                ),
                expressions=[
                    ("patient", "="),
                    (models.Func(models.F("starts_at"), models.F("ends_at"), function="tstzrange"), "&&"),
                ],
                name="booking_patient_is_in_one_place",
            ),
        ),
    ]
