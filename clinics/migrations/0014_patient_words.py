"""Indexes by which staff find a patient while they type."""

import django.contrib.postgres.indexes
from django.db import migrations, models

import clinics.models.patient_words


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0013_merged_patients"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="patient",
            index=django.contrib.postgres.indexes.GinIndex(
                clinics.models.patient_words.PatientWords("first_name", "last_name", "phone"),
                name="patient_by_words",
            ),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["date_of_birth"], name="patient_by_date_of_birth"),
        ),
    ]
