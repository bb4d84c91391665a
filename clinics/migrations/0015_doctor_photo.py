"""Photos of doctors."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import tenants.base.clock


class Migration(migrations.Migration):
    dependencies = [
        ("clinics", "0014_patient_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="DoctorPhoto",
            fields=[
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=tenants.base.clock.now,
                        editable=False,
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=tenants.base.clock.now,
                        editable=False,
                    ),
                ),
                (
                    "doctor",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="photo",
                        serialize=False,
                        to="clinics.doctor",
                    ),
                ),
                ("digest", models.CharField(max_length=32)),
                ("large", models.BinaryField()),
                ("small", models.BinaryField()),
            ],
            options={
                "ordering": ["doctor"],
            },
        ),
        migrations.AddField(
            model_name="doctor",
            name="photo_digest",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=32),
        ),
    ]
