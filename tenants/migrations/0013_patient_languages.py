"""The languages that a clinic offers its patients, and the default."""

import django.contrib.postgres.fields
from django.db import migrations, models

import tenants.base.locales


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0012_queueline_request_id"),
    ]

    operations = [
        migrations.AddField(
            model_name="clinic",
            name="default_language",
            field=models.CharField(
                choices=[("en", "English"), ("es", "Español"), ("de", "Deutsch"), ("ar", "العربية")],
                db_default="en",
                default="en",
                max_length=2,
                verbose_name="default language",
            ),
        ),
        migrations.AddField(
            model_name="clinic",
            name="patient_languages",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[("en", "English"), ("es", "Español"), ("de", "Deutsch"), ("ar", "العربية")],
                    max_length=2,
                ),
                db_default=["en"],
                default=tenants.base.locales.default_patient_languages,
                size=None,
                verbose_name="languages for patients",
            ),
        ),
        migrations.AddConstraint(
            model_name="clinic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("patient_languages__contained_by", ["en", "es", "de", "ar"]),
                    ("patient_languages__contains", [models.F("default_language")]),
                ),
                name="clinic_offers_its_default_language",
            ),
        ),
    ]
