"""Exempt ended visits from the rule that a patient is in one place, once two records were merged."""

import django.contrib.postgres.constraints
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0015_doctor_photo"),
        ("scheduling", "0017_messages_to_patients"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="booking",
            name="booking_patient_is_in_one_place",
        ),
        migrations.AddField(
            model_name="booking",
            name="past_overlap",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(
                    ("past_overlap", False),
                    (
                        "status__in",
                        ["HELD", "PENDING", "CONFIRMED", "CHECKED_IN", "IN_PROGRESS", "COMPLETED"],
                    ),
                ),
                expressions=[
                    ("patient", "="),
                    (models.Func(models.F("starts_at"), models.F("ends_at"), function="tstzrange"), "&&"),
                ],
                name="booking_patient_is_in_one_place",
            ),
        ),
    ]
